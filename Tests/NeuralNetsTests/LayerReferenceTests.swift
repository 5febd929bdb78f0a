import Autodiff
import NeuralNets
import Tensors
import Testing

/// One layer at work on given inputs: forward, the loss `Σ output · cotangent`, gradients.
struct LayerRun {
  let network: Network
  let plan: Plan
  let execution: Execution
  let weights: [Value]
  let inputs: [Value]
  let penalties: [Value]

  /// - Parameters:
  ///   - learnsInputs: whether the loss is derived by the inputs too.
  ///   - weights: the numbers of weights by their paths below the layer; the others as they start.
  init(
    _ component: Component, _ tensors: [Tensor], training: Bool, learnsInputs: Bool = true,
    weights given: [String: Tensor] = [:], cotangent: Tensor? = nil, seed: UInt64 = 5
  ) throws {
    let shapes = tensors.map { Shape(Array($0.shape.extents.dropFirst())) }
    network = try Network(
      ModelDescription(
        name: "model", layers: [component],
        wiring: Wiring(
          inputs: shapes.map { Wiring.Input(shape: $0) },
          calls: [Wiring.Call(layer: 0, inputs: shapes.indices.map { .input($0) })],
          outputs: [.call(0)])))
    var builder = GraphBuilder(mode: training ? .training : .inference)
    let weights = network.weights.map { builder.parameter($0.name, $0.spec.symbol, $0.spec.shape) }
    let inputs = tensors.enumerated().map { i, tensor in
      learnsInputs
        ? builder.parameter("x\(i)", "x", tensor.shape) : builder.input("x\(i)", "x", tensor.shape)
    }
    let output = network.graph.lower(inputs, weights: weights, into: &builder)[0]
    builder.beginLoss()
    builder.computePenalties()
    let factor = builder.constant(
      cotangent
        ?? Tensor(
          shape: output.shape, scalars: (0..<output.shape.count).map { Float($0 % 7) - 2.5 }))
    let product = builder.formula(
      "product", "p", .operand(0) * .operand(1), [output, factor])
    let loss = builder.reduce(.sum, product, name: "loss", symbol: "L")
    let trained = zip(weights, network.weights).filter { $1.spec.isTrainable }.map(\.0)
    plan = Planner.plan(
      builder, inputs: inputs, outputs: [output],
      parameters: weights + (learnsInputs ? inputs : []),
      learned: trained + (learnsInputs ? inputs : []), judgment: Judgment(loss: loss),
      optimizer: NoUpdate())
    (self.weights, self.inputs) = (weights, inputs)
    penalties = builder.penalties.map(\.value)
    execution = Execution(plan)
    for (value, weight) in zip(weights, network.weights) {
      let path = String(weight.name.drop { $0 != "/" }.dropFirst())
      execution.write(
        given[path]?.scalars ?? weight.spec.initialNumbers(seed: 1, name: weight.name), to: value)
    }
    for (value, tensor) in zip(inputs, tensors) { execution.write(tensor.scalars, to: value) }
    execution.begin(seed: seed, step: 3, learningRate: 0.1)
  }

  var output: Tensor { execution.tensor(plan.output) }

  /// The gradient of the loss by a value, zeros where it does not depend on it.
  func gradient(of value: Value) -> Tensor {
    plan.gradients[value].map { execution.tensor($0).reshaped(to: value.shape) }
      ?? Tensor(shape: value.shape, repeating: 0)
  }
}

/// The layer that code names; nil when its code names a member of a family that is not here.
func layerComponent(_ code: String) throws -> Component {
  let call = try KerasCall(code)
  guard let type = LayerCatalog.type(named: call.name) else {
    throw KerasCall.Failure(description: "no layer \(call.name)")
  }
  return Component(
    kind: type.kind,
    arguments: try Arguments(
      type.arguments, positional: call.positional, keywords: call.keywords))
}

@Suite("Layers against Keras")
struct LayerReferenceTests {
  struct File: Decodable {
    let adaptations: [Adaptation]?
    let cases: [Case]
  }

  struct Adaptation: Decodable {
    let code: String
    let data, output: KerasReference.Array
    let inputs: [KerasReference.Array]
    let weights: [String: KerasReference.Array]
  }

  struct Case: Decodable {
    let name, code, layerName: String
    let training: Bool
    let inputs: [KerasReference.Array]
    let weights: [String: KerasReference.Array]
    let starts: [String: Double]
    let outputShape: [Int?]
    let parameters, trainableParameters: Int
    let output: KerasReference.Array
    let cotangent: KerasReference.Array?
    let inputGradients: [KerasReference.Array]?
    let weightGradients, weightsAfter: [String: KerasReference.Array]?
    let losses: [KerasReference.Array]?

    var isOfClasses: Bool { inputGradients == nil }

    func run(_ component: Component) throws -> LayerRun {
      try LayerRun(
        component, inputs.map(\.tensor), training: training, learnsInputs: !isOfClasses,
        weights: weights.mapValues(\.tensor), cotangent: cotangent?.tensor)
    }
  }

  /// One file of cases for each family of layers.
  static let files = ["layers", "layers_convolution", "layers_pooling"]

  static func cases() throws -> [Case] { try files.flatMap(cases(in:)) }

  static func cases(in file: String) throws -> [Case] {
    try KerasReference.read(file, as: File.self).cases.filter {
      !names($0.code)
    }
  }

  /// Whether code names a member of a family that is not here yet.
  static func names(_ code: String) -> Bool {
    do {
      let component = try layerComponent(code)
      return component.kind == "ActivityRegularization"
        && ComponentFamily.regularizer.named("L1L2") == nil
    } catch Arguments.Failure.unsuitable(let spec, found: .text(let name)) {
      guard case .component(let family) = spec.kind else { return false }
      return family.named(name) == nil
    } catch let failure as KerasCall.Failure {
      return failure.description.hasPrefix("no regularizer")
        || failure.description.hasPrefix("no constraint")
    } catch { return false }
  }

  /// Whether two tensors agree to six digits of the largest number.
  private func expectEqual(
    _ ours: Tensor, _ theirs: Tensor, _ what: String, within tolerance: Float = 2e-6
  ) {
    #expect(ours.shape == theirs.shape, "\(what)")
    guard ours.shape == theirs.shape else { return }
    let size = theirs.scalars.reduce(Float(1)) { max($0, abs($1)) }
    let worst = zip(ours.scalars, theirs.scalars).map { abs($0 - $1) }.max() ?? 0
    #expect(worst <= tolerance * size, "\(what): off by \(worst)")
  }

  @Test("every layer gives Keras's outputs, gradients, weights and shapes")
  func cases() throws {
    for example in try Self.cases() {
      let what = "\(example.code) \(example.training ? "training" : "")"
      let run = try example.run(try layerComponent(example.code))
      let placed = run.network.graph.layers[0]
      #expect(placed.name == example.layerName, "\(what)")
      // Keras leaves open what an argument leaves open.
      let ours = placed.outputShape.extents
      let theirs = example.outputShape.dropFirst()
      #expect(
        ours.count == theirs.count && zip(ours, theirs).allSatisfy { $1 ?? $0 == $0 }, "\(what)")
      #expect(placed.parameterCount == example.parameters, "\(what)")
      let trained = placed.weights.filter(\.isTrainable).reduce(0) { $0 + $1.shape.count }
      #expect(trained == example.trainableParameters, "\(what)")
      #expect(Set(placed.weights.map(\.path)) == Set(example.weights.keys), "\(what)")
      for weight in placed.weights {
        guard let start = example.starts[weight.path] else { continue }
        let numbers = weight.initialNumbers(seed: 3, name: weight.path)
        #expect(numbers.allSatisfy { $0 == Float(start) }, "\(what) \(weight.path)")
      }
      run.execution.run()
      expectEqual(run.output, example.output.tensor, what)
      for (input, theirs) in zip(run.inputs, example.inputGradients ?? []) {
        expectEqual(run.gradient(of: input), theirs.tensor, "\(what) ∂x", within: 1e-5)
      }
      for (value, weight) in zip(run.weights, placed.weights) {
        if let theirs = example.weightGradients?[weight.path] {
          expectEqual(run.gradient(of: value), theirs.tensor, "\(what) ∂\(weight.path)")
        }
        let after = example.weightsAfter?[weight.path] ?? example.weights[weight.path]
        let now = run.execution.tensor(value)
        if let after { expectEqual(now, after.tensor, "\(what) \(weight.path) after") }
      }
      for penalty in run.penalties {
        let ours = run.execution.number(penalty, at: 0)
        let theirs = (example.losses ?? []).map { $0.tensor.scalars[0] }
        #expect(
          theirs.contains { abs($0 - ours) <= 2e-6 * max(1, abs($0)) },
          "\(what): \(ours), \(theirs)")
      }
    }
  }

  @Test("no layer is forgotten")
  func completeness() throws {
    let further = try Self.further.map { try KerasCall($0.code).name }
    let held = Set(try Self.cases().map(\.name)).union(further)
    // Images and sequences are held against Keras as whole networks.
    var missing = Set(LayerCatalog.all.map { $0.kind }).subtracting(held)
    missing.subtract(["Bidirectional", "Masking", "TimeDistributed"])
    // Layers whose inputs have names have a file of their own.
    missing.subtract(try AttentionReferenceTests.cases().map(\.name))
    missing.subtract(try RecurrentReferenceTests.file().cases.map(\.name))
    if ComponentFamily.regularizer.named("L1L2") == nil { missing.remove("ActivityRegularization") }
    #expect(missing.isEmpty)
    #expect(try Self.cases().count > 100)
  }

  @Test("gradients are those of central differences, in every mode")
  func gradients() throws {
    var seen: Set<String> = []
    for example in try Self.cases() where example.cotangent != nil {
      // One case for each class and shape in each mode.
      let shapes = example.inputs.map { "\($0.shape)" }.joined()
      guard seen.insert("\(example.name) \(shapes) \(example.training)").inserted else { continue }
      let run = try example.run(try layerComponent(example.code))
      let worst = GradientCheck(run.execution).worst(
        stride: 3, of: run.weights + run.inputs)
      #expect(worst?.1 ?? 0 < 1e-5, "\(example.code): \(String(describing: worst))")
    }
  }

  /// Layers in forms that Keras's values do not cover, in training.
  static let further: [(code: String, shapes: [Shape])] = [
    ("keras.layers.Dropout(0.4)", [[3, 2, 4]]),
    ("keras.layers.Dropout(0.4, noise_shape=(None, 1, 4), seed=3)", [[3, 2, 4]]),
    ("keras.layers.SpatialDropout1D(0.4)", [[3, 2, 4]]),
    ("keras.layers.SpatialDropout2D(0.4)", [[2, 2, 3, 4]]),
    ("keras.layers.RandomFlip()", [[4, 3, 2, 2]]),
    ("keras.layers.RandomFlip('vertical')", [[4, 3, 2, 2]]),
    ("keras.layers.RandomTranslation(0.5, (-0.3, 0.8))", [[3, 4, 3, 2]]),
    ("keras.layers.RandomRotation(0.4, 'wrap')", [[3, 4, 3, 2]]),
    ("keras.layers.RandomZoom(0.5, None, 'constant', 'nearest')", [[3, 4, 3, 2]]),
    ("keras.layers.RandomContrast(0.8, (-0.5, 0.5))", [[3, 4, 3, 2]]),
    ("keras.layers.AlphaDropout(0.3)", [[3, 4]]),
    ("keras.layers.AlphaDropout(0.3, noise_shape=(None, 2, 1))", [[3, 2, 4]]),
    ("keras.layers.GaussianDropout(0.3)", [[3, 4]]),
    ("keras.layers.GaussianNoise(0.3)", [[3, 4]]),
    ("keras.layers.BatchNormalization(axis=2)", [[3, 2, 4, 2]]),
    ("keras.layers.LayerNormalization(axis=1)", [[3, 2, 4]]),
    ("keras.layers.LayerNormalization(rms_scaling=True)", [[3, 4]]),
    ("keras.layers.GroupNormalization(groups=2, axis=1)", [[3, 4, 2]]),
    ("keras.layers.RMSNormalization(axis=1)", [[3, 2, 4]]),
    ("keras.layers.GlobalAveragePooling1D()", [[3, 2, 4]]),
    ("keras.layers.GlobalAveragePooling1D(keepdims=True)", [[3, 2, 4]]),
    ("keras.layers.Softmax(axis=(1, 3))", [[3, 2, 2, 3]]),
    ("keras.layers.Dot(axes=(2, 1))", [[3, 2, 4, 2], [3, 4, 2, 3]]),
    ("keras.layers.Dot(axes=(1, 3), normalize=True)", [[3, 4, 2], [3, 2, 3, 4]]),
    ("keras.layers.Add()", [Shape](repeating: [2, 3], count: 14)),
    ("keras.layers.Maximum()", [Shape](repeating: [2, 3], count: 8)),
    ("keras.layers.Average()", [[2, 3, 4], [2, 4], [2, 3, 1]]),
  ]

  @Test("so are gradients of layers that draw by chance, and of further forms", arguments: further)
  func furtherGradients(code: String, shapes: [Shape]) throws {
    let run = try LayerRun(
      try layerComponent(code), shapes.enumerated().map { Self.draws($1, name: "x\($0)") },
      training: true)
    let worst = try #require(
      GradientCheck(run.execution).worst(of: run.weights + run.inputs))
    #expect(worst.1 < 1e-5, "\(worst.0)")
    run.execution.run()
    #expect(run.output.scalars.allSatisfy { $0.isFinite })
  }

  static func draws(_ shape: Shape, name: String = "x") -> Tensor {
    let random = CounterRandom(seed: 7, name: name, call: 0)
    return Tensor(shape: shape, scalars: (0..<shape.count).map { Float(random.normal(at: $0)) })
  }

  @Test("Normalization takes its numbers from data as Keras does")
  func adaptation() throws {
    for example in try KerasReference.read("layers", as: File.self).adaptations ?? [] {
      let component = try layerComponent(example.code)
      let weights = try Normalization.adapted(component.arguments, to: example.data.tensor)
      for (name, theirs) in example.weights {
        expectEqual(try #require(weights[name]), theirs.tensor, "\(example.code) \(name)")
      }
      let run = try LayerRun(
        component, example.inputs.map(\.tensor), training: false, weights: weights)
      run.execution.run()
      expectEqual(run.output, example.output.tensor, example.code)
    }
  }

  /// What a class here takes beside Keras's own list: what hides in its `**kwargs`.
  private static let hidden = ["rms_scaling", "input_length", "zero_output_for_mask"]

  @Test("layers take Keras's arguments: names, order and defaults")
  func signatures() throws {
    let all = try KerasReference.read("signatures", as: [String: [KerasReference.Parameter]].self)
    let every = Set(ArgumentSpec.namesOfEveryLayer)
    // Images and sequences are completed elsewhere.
    for type in LayerCatalog.all {
      let theirs = try #require(all["keras.layers.\(type.kind)"], "\(type.kind)")
        .filter { $0.name != "kwargs" && !["dtype", "name"].contains($0.name) }
      let ours = type.ownArguments.filter { !Self.hidden.contains($0.name) }
      #expect(ours.map(\.name) == theirs.map(\.name), "\(type.kind)")
      for (spec, parameter) in zip(ours, theirs) {
        guard let standard = spec.defaultValue else {
          // What Keras refuses when it is None.
          #expect(parameter.default == nil || parameter.default == "None", "\(type.kind)")
          continue
        }
        var reader = LiteralReader(text: Substring(parameter.default ?? "?"))
        #expect(
          spec.normalized(try reader.value()) == spec.normalized(standard),
          "\(type.kind).\(spec.name)")
      }
      #expect(Set(type.arguments.map(\.name)).isSuperset(of: every), "\(type.kind)")
    }
  }

  @Test("layers without a name are called as in Keras")
  func defaultNames() throws {
    let aliases = try KerasReference.read("aliases", as: [String: [String: String?]].self)
    let names = try #require(aliases["layers/defaultNames"])
    for type in LayerCatalog.all {
      #expect(names[type.kind] == type.defaultName ?? type.kind.snakeCased)
    }
  }
}

extension ArgumentSpec {
  /// What every layer of Keras takes by name.
  fileprivate static let namesOfEveryLayer = [
    "activity_regularizer", "trainable", "dtype", "name",
  ]
}
