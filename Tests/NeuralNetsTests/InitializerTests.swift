import NeuralNets
import Tensors
import Testing

@Suite("Initializers")
struct InitializerTests {
  /// Weights with what Keras takes as their inputs and outputs.
  static let weights: [(shape: Shape, fanIn: Double, fanOut: Double)] = [
    ([64, 96], 64, 96), ([3, 3, 16, 32], 144, 288), ([5, 2, 1, 300], 10, 3000),
    ([2000], 2000, 2000),
  ]

  /// The variance that Keras's documentation gives, and the bound of its draws in deviations.
  private static func formula(
    _ initializer: Initializer, _ fanIn: Double, _ fanOut: Double
  ) -> (variance: Double, bound: Double)? {
    // A uniform number up to √(3 v) has variance v; a normal one is cut at two deviations, and
    // widened by 1 / 0.8796 so that its variance is v all the same.
    switch initializer.component.kind {
    case "GlorotUniform": (2 / (fanIn + fanOut), 3.0.squareRoot())
    case "GlorotNormal": (2 / (fanIn + fanOut), 2 / 0.879_625_661)
    case "HeUniform": (2 / fanIn, 3.0.squareRoot())
    case "HeNormal": (2 / fanIn, 2 / 0.879_625_661)
    default: nil
    }
  }

  @Test("draws have Keras's bounds, mean and variance", arguments: InitializerCatalog.all.map { Initializer($0.standard) })
  func moments(initializer: Initializer) {
    for (shape, fanIn, fanOut) in Self.weights {
      guard let (variance, bound) = Self.formula(initializer, fanIn, fanOut) else { continue }
      let numbers = initializer.numbers(shape: shape, seed: 3, name: "w").map(Double.init)
      let (n, deviation) = (Double(numbers.count), variance.squareRoot())
      let mean = numbers.reduce(0, +) / n
      let spread = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
      let largest = numbers.map(abs).max() ?? 0
      #expect(largest <= bound * deviation * (1 + 1e-6), "\(shape)")
      #expect(largest >= 0.95 * bound * deviation, "\(shape)")
      // Four standard errors of a mean and of a variance.
      #expect(abs(mean) <= 4 * deviation / n.squareRoot(), "\(shape)")
      #expect(abs(spread / variance - 1) <= 4 * (2 / n).squareRoot(), "\(shape)")
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

  @Test("draws depend on seed and name alone", arguments: InitializerCatalog.all.map { Initializer($0.standard) })
  func keys(initializer: Initializer) {
    let first = initializer.numbers(shape: [6, 5], seed: 1, name: "dense/kernel")
    #expect(initializer.numbers(shape: [6, 5], seed: 1, name: "dense/kernel") == first)
    guard initializer != .zeros, initializer != .ones else { return }
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
