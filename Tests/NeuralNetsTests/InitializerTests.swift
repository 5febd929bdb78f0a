import NeuralNets
import Tensors
import Testing

@Suite("Initializers")
struct InitializerTests {
  /// Draws as earlier runs keep them: the form must not change with the code.
  @Test("the draws of a run stay the same to the last bit")
  func frozen() throws {
    let shape: Shape = [7, 5]
    let random = CounterRandom(seed: 11, name: "dense/kernel")
    func numbers(_ kind: String) -> [Float] {
      Initializer(.known(kind)).numbers(shape: shape, seed: 11, name: "dense/kernel")
    }
    func even(_ variance: Double) -> [Float] {
      (0..<35).map { Float((2 * random.uniform(at: $0) - 1) * variance.squareRoot()) }
    }
    func cut(_ variance: Double) -> [Float] {
      let widened = variance.squareRoot() / 0.87962566103423978
      let draws = (0..<60).map { random.normal(at: $0) }.filter { abs($0) <= 2 }
      return draws.prefix(35).map { Float($0 * widened) }
    }
    #expect(numbers("GlorotUniform") == even(6.0 / 12))
    #expect(numbers("HeUniform") == even(6.0 / 7))
    #expect(numbers("GlorotNormal") == cut(2.0 / 12))
    #expect(numbers("HeNormal") == cut(2.0 / 7))
  }

  @Test("an initializer with a seed of its own gives the same numbers everywhere")
  func seeds() {
    func numbers(_ seed: Int, run: UInt64, _ name: String) -> [Float] {
      Initializer(.known("HeNormal", [("seed", .integer(seed))]))
        .numbers(shape: [6, 5], seed: run, name: name)
    }
    #expect(numbers(4, run: 1, "dense/kernel") == numbers(4, run: 2, "dense_1/kernel"))
    #expect(numbers(4, run: 1, "dense/kernel") != numbers(5, run: 1, "dense/kernel"))
    #expect(numbers(-1, run: 1, "dense/kernel").count == 30)
  }

  @Test("an array as a constant fills the last axes; another shape is refused")
  func arrays() throws {
    func constant(_ shape: Shape) -> Initializer {
      let scalars = (0..<shape.count).map(Float.init)
      return Initializer(
        .known("Constant", [("value", .tensor(Tensor(shape: shape, scalars: scalars)))]))
    }
    #expect(constant([3]).numbers(shape: [2, 3], seed: 1, name: "w") == [0, 1, 2, 0, 1, 2])
    #expect(constant([2, 1]).numbers(shape: [2, 3], seed: 1, name: "w") == [0, 0, 0, 1, 1, 1])
    #expect(throws: LayerFailure.self) { try constant([2]).check([2, 3]) }
    #expect(throws: LayerFailure.self) { try constant([1, 2, 3]).check([2, 3]) }
    #expect(throws: LayerFailure.self) { try Initializer.orthogonal.check([4]) }
    let identity = try #require(ComponentFamily.initializer.named("Identity"))
    #expect(throws: LayerFailure.self) { try Initializer(identity.standard).check([2, 3, 4]) }
  }

  @Test("fans of chosen axes decide the spread")
  func axes() {
    let chosen = Initializer(
      .known(
        "LecunUniform", [("input_axes", .integers([0])), ("output_axes", .integers([1, 2]))]))
    let limit = (3.0 / 4).squareRoot()
    let largest = chosen.numbers(shape: [4, 30, 30], seed: 1, name: "w").map(abs).max() ?? 0
    #expect(Double(largest) <= limit && Double(largest) > 0.98 * limit)
  }

  @Test("an initializer that does not fit a weight is refused with the layer's name")
  func refused() {
    #expect(throws: Network.Failure.self) {
      try Network(
        ModelDescription(
          inputShape: [3],
          layers: [
            .known(
              "Dense", [("units", .integer(2)), ("bias_initializer", .text("orthogonal"))])
          ]))
    }
  }

  @Test("constants are constant")
  func constants() {
    #expect(Initializer.zeros.numbers(shape: [2, 3], seed: 1, name: "w") == [0, 0, 0, 0, 0, 0])
    #expect(Initializer.ones.numbers(shape: [3], seed: 1, name: "w") == [1, 1, 1])
  }

  @Test(
    "orthogonal rows or columns are at right angles and of length one",
    arguments: [[16, 64], [64, 16], [7, 7], [3, 3, 2, 5]] as [Shape])
  func orthogonal(shape: Shape) {
    let numbers = Initializer.orthogonal.numbers(shape: shape, seed: 5, name: "u").map(Double.init)
    let (rows, columns) = (shape.rows, shape.last)
    let tall = rows >= columns
    let vectors = (0..<min(rows, columns)).map { i in
      (0..<max(rows, columns)).map { numbers[tall ? $0 * columns + i : i * columns + $0] }
    }
    for (i, a) in vectors.enumerated() {
      for (j, b) in vectors.enumerated() {
        let product = zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(product - (i == j ? 1 : 0)) < 1e-6)
      }
    }
  }

  @Test(
    "draws depend on seed and name alone",
    arguments: InitializerCatalog.all.map { Initializer($0.standard) })
  func keys(initializer: Initializer) {
    let first = initializer.numbers(shape: [6, 5], seed: 1, name: "dense/kernel")
    #expect(initializer.numbers(shape: [6, 5], seed: 1, name: "dense/kernel") == first)
    guard !["Constant", "Identity", "Ones", "Zeros"].contains(initializer.component.kind) else {
      return
    }
    #expect(initializer.numbers(shape: [6, 5], seed: 2, name: "dense/kernel") != first)
    #expect(initializer.numbers(shape: [6, 5], seed: 1, name: "dense_1/kernel") != first)
  }

  @Test("an open forget gate is one, the other gates start as asked")
  func forgetGate() {
    func bias(_ initializer: Initializer, opens: Bool) -> [Float] {
      WeightSpec("bias", [8], initializer, opensForgetGate: opens)
        .initialNumbers(seed: 1, name: "lstm/bias")
    }
    #expect(bias(.zeros, opens: true) == [0, 0, 1, 1, 0, 0, 0, 0])
    #expect(bias(.ones, opens: true) == [1, 1, 1, 1, 1, 1, 1, 1])
    #expect(bias(.zeros, opens: false) == [0, 0, 0, 0, 0, 0, 0, 0])
    let drawn = bias(.glorotUniform, opens: true)
    #expect(drawn[2] == 1 && drawn[3] == 1)
    #expect(Set(drawn).count == 7)
  }
}
