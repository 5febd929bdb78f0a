import Autodiff
import NeuralNets
import Tensors
import Testing

@Suite("Activations against Keras")
struct ActivationReferenceTests {
  private struct File: Decodable {
    let inputs, weights: [String: ReferenceTensor]
    let cases: [Case]
  }

  private struct Case: Decodable {
    let name, code, input: String
    let output, gradient: ReferenceTensor
  }

  private static let file = try? KerasFamilies.load("activations", as: File.self)

  /// The activation of a case as a layer; the gradient is that of Σ weight · output.
  private func run(_ one: Case, _ file: File) throws -> ActivationRun {
    let component = try ReferenceCall(one.code).component(of: .activation)
    return try ActivationRun(
      ActivationFunction(component), input: try #require(file.inputs[one.input]).tensor,
      weights: Array(
        try Self.share(of: try #require(file.weights[one.input]).tensor, one.output.tensor.shape)))
  }

  /// The first numbers along each axis.
  private static func share(of weights: Tensor, _ shape: Shape) throws -> [Float] {
    (0..<shape.count).map { place in
      var (rest, offset) = (place, 0)
      for (axis, stride) in weights.shape.strides.enumerated() {
        offset += rest / shape.strides[axis] * stride
        rest %= shape.strides[axis]
      }
      return weights.scalars[offset]
    }
  }

  @Test(
    "values and gradients are Keras's, at bends and far out too",
    arguments: ActivationCatalog.all.flatMap(\.entry.shortNames))
  func values(name: String) throws {
    let file = try #require(Self.file)
    let cases = file.cases.filter { $0.name == name }
    #expect(!cases.isEmpty)
    for one in cases {
      let run = try run(one, file)
      #expect(one.output.distance(to: run.output) < 1e-5, "\(one.code) of \(one.input)")
      #expect(one.gradient.distance(to: run.gradient) < 1e-5, "\(one.code) of \(one.input)")
    }
  }

  @Test(
    "every gradient is the slope of its activation, in Float64",
    arguments: ActivationCatalog.all.map(\.entry.kind))
  func slopes(kind: String) throws {
    let file = try #require(Self.file)
    for one in file.cases where one.name == kind && one.input == "plain" {
      let (finding, error) = try #require(GradientCheck(try run(one, file).atStart).worst())
      #expect(error < 1e-5, "\(one.code): \(finding)")
    }
  }

  @Test("curves of formulas are Keras's outputs and slopes")
  func curves() throws {
    let file = try #require(Self.file)
    for one in file.cases where one.input != "cube" {
      let activation = ActivationFunction(try ReferenceCall(one.code).component(of: .activation))
      let input = try #require(file.inputs[one.input]).tensor
      guard let curve = activation.curve(over: input.scalars) else {
        #expect(activation.formula == nil)
        continue
      }
      #expect(one.output.distance(to: curve.values) < 1e-5, "\(one.code)")
      let weights = try #require(file.weights[one.input]).tensor.scalars
      let gradient = zip(curve.slopes, weights).map { $0 * $1 }
      #expect(one.gradient.distance(to: gradient) < 1e-5, "\(one.code)")
    }
  }

  @Test("far from 0 nothing overflows", arguments: ActivationCatalog.all.map(\.entry.kind))
  func far(kind: String) throws {
    guard let activation = ActivationFunction(named: kind), kind != "exponential" else { return }
    let run = try ActivationRun(
      activation, input: Tensor(shape: [1, 4], scalars: [-1000, -100, 100, 1000]),
      weights: [Float](repeating: 1, count: kind == "glu" ? 2 : 4))
    #expect(run.output.allSatisfy(\.isFinite) && run.gradient.allSatisfy(\.isFinite))
  }

  @Test("arguments, their order and defaults are Keras's")
  func signatures() throws {
    let all = try KerasFamilies.load("signatures", as: [String: [KerasFamilies.Argument]].self)
    for activation in ActivationCatalog.all {
      for name in activation.entry.shortNames {
        let signature = try #require(all["keras.activations.\(name)"])
        let specs = activation.entry.arguments
        #expect(["x"] + specs.map(\.name) == signature.map(\.name), "\(name)")
        for (spec, argument) in zip(specs, signature.dropFirst()) {
          let standard = argument.default.map(ReferenceCall.literal)
          #expect(standard.flatMap(spec.normalized) == spec.defaultValue, "\(name) \(spec.name)")
        }
      }
    }
    let functions = all.keys.filter { $0.hasPrefix("keras.activations.") }
      .map { String($0.dropFirst("keras.activations.".count)) }
    #expect(
      Set(functions).subtracting(["get", "serialize", "deserialize"])
        == Set(ActivationCatalog.all.flatMap(\.entry.shortNames)))
  }

  @Test("the strings that Keras takes for an activation stand for it, others for none")
  func names() throws {
    let aliases = try KerasFamilies.load("aliases", as: [String: [String: String?]].self)
    for (name, meaning) in try #require(aliases["activations/strings"]) {
      let found = ActivationFunction(named: name)?.name
      // Keras takes "threshold" and fails when it is called without its arguments.
      #expect(found == (name == "threshold" ? nil : meaning), "\(name)")
    }
    let kinds = ActivationCatalog.all.map(\.entry.kind)
    #expect(kinds == kinds.sorted())
  }

  @Test("rows that do not fit are refused with what would be right")
  func misfits() throws {
    func failure(_ code: String, _ shape: Shape) throws -> LayerFailure? {
      let activation = ActivationFunction(try ReferenceCall(code).component(of: .activation))
      do {
        _ = try activation.outputShape(for: shape)
        return nil
      } catch { return error }
    }
    #expect(try failure("glu(x)", [5])?.problem.contains("no two halves") == true)
    #expect(try failure("glu(x)", [6]) == nil)
    #expect(try failure("softmax(x, axis=2)", [5])?.problem.contains("along axis 2") == true)
    #expect(try failure("softmax(x, axis=0)", [5]) != nil)
    let dense = Component.known("Dense", [("units", .integer(3)), ("activation", .text("glu"))])
    #expect(throws: Network.Failure.self) {
      try Network(ModelDescription(inputShape: [2], layers: [dense]))
    }
    let even = Component.known("Dense", [("units", .integer(6)), ("activation", .text("glu"))])
    let network = try Network(ModelDescription(inputShape: [2], layers: [even]))
    #expect(network.outputShape == [3])
    #expect(network.plan(batchSize: 2, for: .prediction).output.shape == [2, 3])
  }
}

/// An activation of given numbers, and the gradient of Σ weight · output.
private struct ActivationRun {
  let output, gradient: [Float]
  let atStart: Execution

  init(_ activation: ActivationFunction, input: Tensor, weights: [Float]) throws {
    let layer = try LayerCatalog.layer(
      .known("Activation", [("activation", .component(activation.component))]),
      inputs: [Shape(Array(input.shape.extents.dropFirst()))], depth: 0)
    var builder = GraphBuilder(mode: .training)
    let x = builder.parameter("input", "x", input.shape)
    let y = builder.layer("activation") { layer.lower([x], weights: [], into: &$0)[0] }
    builder.beginLoss()
    let w = builder.target("weights", "w", y.shape)
    let each = builder.formula("weighted", "e", .operand(0) * .operand(1), [y, w])
    let total = builder.reduce(.sum, each, name: "loss")
    var judgment = Judgment(loss: total)
    judgment.targets = [w]
    let plan = Planner.plan(
      builder, inputs: [x], outputs: [y], parameters: [x], judgment: judgment,
      optimizer: NoUpdate())
    func begun() -> Execution {
      let execution = Execution(plan)
      execution.begin(seed: 0, step: 0, learningRate: 0)
      execution.write(input.scalars, to: x)
      execution.write(weights, to: w)
      return execution
    }
    atStart = begun()
    let execution = begun()
    execution.run()
    output = execution.numbers(of: y)
    gradient = plan.gradients[x].map { execution.numbers(of: $0) } ?? []
  }
}
