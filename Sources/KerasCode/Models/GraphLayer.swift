import NeuralNets
import Tensors

/// What a program calls on arrays or symbolic tensors: a layer, a model, a class of its own.
package protocol GraphLayer: Callable, AttributeStore {
  /// The name in the model: given, or counted as a fresh Keras process counts.
  var layerName: String { get }
  /// Where in the source it was made, and by which statement at the top of the program.
  var place: Range<Int> { get }
  var statement: Range<Int> { get }
  /// What it has learned, and where it is at home.
  var store: LayerStore { get }
  /// As a model description has it now.
  func component() throws -> Component
  /// The layers within, in the order of the body of its component.
  var innerLayers: [any GraphLayer] { get }
  /// Whether it, or a layer within, carries something from batch to batch.
  var carriesStates: Bool { get }
  /// What its call takes.
  var callArguments: [CallArgument] { get }
  /// What it gives for inputs, with the batch.
  func outputExtents(
    for inputs: [NodeInput], _ options: CallOptions, _ evaluator: Evaluator
  ) throws -> [[Int?]]
  /// Takes note of the inputs that it is called with first.
  func build(for inputs: [Shape], _ evaluator: Evaluator) throws
  var builtShapes: [Shape]? { get }
}

/// What is kept with a layer of a running program: models that share it share these.
package final class LayerStore {
  /// Its own weights by their paths below it, once they are drawn, set or learned.
  package var numbers: [String: Tensor] = [:]
  /// A model that it belongs to.
  package weak var home: ModelHandle?
  var isTrainable = true
  /// What it carries from batch to batch, by paths below it; 0 where nothing stands.
  package var carried: [String: Tensor] = [:]
  /// How many examples its batches have, once that is known of a layer that carries something.
  var batchSize: Int?
  /// The shapes of the inputs that it was called with first.
  package var builtShapes: [Shape]?
  /// The models and layers that it was called in first.
  var scope: [String] = []
  /// Its first call on symbolic tensors, which `layer.output` is of; of an input the tensor itself.
  weak var firstCall: GraphNode?
  weak var inputTensor: SymbolicTensor?
}

extension GraphLayer {
  /// The shapes that it gives for inputs of these shapes.
  func outputShapes(
    for inputs: [Shape], _ evaluator: Evaluator, _ options: CallOptions = CallOptions()
  ) throws -> [Shape] {
    try build(for: inputs, evaluator)
    if store.builtShapes == nil {
      store.scope = evaluator.weightScopes
      // What it is built for are the arrays it works on; masks come and go.
      store.builtShapes =
        options.roles.isEmpty
        ? inputs
        : callArguments.compactMap { argument in
          argument.name.hasSuffix("mask")
            ? nil : zip(options.roles, inputs).first { $0.0 == argument.name }?.1
        }
    }
    let component = try component()
    do throws(LayerFailure) {
      return try LayerCatalog.layer(component, inputs: inputs, depth: 0).called(with: options)
        .outputShapes(for: inputs)
    } catch {
      throw Complaint("\(typeName) \(error.problem)", remedy: error.remedy)
    }
  }

  /// The shapes of the inputs that it was built for.
  package var builtShapes: [Shape]? { store.builtShapes }

  /// The weights that it has for inputs of these shapes, in Keras's order.
  package func specs(for inputs: [Shape]) throws -> [WeightSpec] {
    let component = try component()
    do throws(LayerFailure) {
      return try LayerCatalog.layer(component, inputs: inputs, depth: 0).weights(for: inputs)
    } catch {
      throw Complaint("\(typeName) \(error.problem)", remedy: error.remedy)
    }
  }

  package var callArguments: [CallArgument] { CallArgument.ofEveryLayer }

  package func outputExtents(
    for inputs: [NodeInput], _ options: CallOptions, _ evaluator: Evaluator
  ) throws -> [[Int?]] {
    // Numbers and weights hold no examples: their first axis stands for itself.
    let first = inputs.map { $0.extents.first ?? nil }
    guard !first.contains(nil), let rows = first.first else {
      return try outputShapes(for: inputs.map(\.shape), evaluator, options)
        .map { [nil] + $0.extents }
    }
    guard self is LayerObject else {
      throw Complaint(
        "\(typeName) is called on numbers alone", remedy: "call it on what comes of the inputs")
    }
    let shapes = inputs.map { Shape($0.extents.dropFirst().map { $0 ?? 1 }) }
    return try outputShapes(for: shapes, evaluator, options).map { [rows] + $0.extents }
  }

  package func build(for inputs: [Shape], _ evaluator: Evaluator) throws {}
  package var innerLayers: [any GraphLayer] { [] }
  package var carriesStates: Bool { innerLayers.contains(where: \.carriesStates) }

  /// `Dense(4)(x)`: of symbolic tensors the next tensor of the graph, of arrays their values.
  func callAsLayer(_ arguments: CallArguments, _ evaluator: Evaluator) throws -> PythonValue {
    try perform(try LayerCall(arguments, of: self), evaluator)
  }

  /// Calls the layer: of symbolic tensors the next tensor of the graph, of arrays their values.
  func perform(_ call: LayerCall, _ evaluator: Evaluator) throws -> PythonValue {
    guard !call.arrays.isEmpty else {
      throw Complaint("\(typeName) is called with nothing", remedy: "give a tensor or an array")
    }
    // Within a function that is followed, what a layer makes of numbers is part of the model.
    let isFollowed = evaluator.tracing != nil && self is LayerObject
    guard isFollowed || call.arrays.contains(where: \.value.isTensor) else {
      return try evaluator.apply(self, to: call)
    }
    let inputs = try call.arrays.map { try NodeInput($0.value, at: $0.anchor, evaluator) }
    try call.checkMasks(inputs)
    let tensors = try node(on: inputs, call.options, evaluator).map { PythonValue.object($0) }
    return tensors.count == 1 ? tensors[0] : try evaluator.list(tensors)
  }

  /// The tensors that a call gives.
  func node(
    on inputs: [NodeInput], _ options: CallOptions, _ evaluator: Evaluator
  ) throws -> [SymbolicTensor] {
    let batch = try batchSize(of: inputs)
    let extents = try evaluator.withBatches(of: carriesStates ? batch : nil) {
      try outputExtents(for: inputs, options, evaluator)
    }
    try checkBatches(of: batch)
    let node = GraphNode(
      self, inputs: inputs, options: options, extents: extents, number: evaluator.nextNode(),
      statement: evaluator.topStatement)
    if store.firstCall == nil, evaluator.tracing == nil { store.firstCall = node }
    return try extents.indices.map { try SymbolicTensor(node, output: $0) }
  }

  /// Where each weight of its network lies: with which layer, under which path below it.
  package func owners(of graph: PlacedGraph) -> [(store: LayerStore, path: String)] {
    graph.wiring.weights.map { (store, $0.path) }
      + zip(innerLayers, graph.layers).flatMap { layer, placed in
        placed.inner.map { layer.owners(of: $0) }
          ?? placed.weights.map { (layer.store, $0.path) }
      }
  }

  /// What every layer answers to.
  func layerAttribute(_ name: String, _ evaluator: Evaluator) throws -> PythonValue? {
    switch name {
    case "name": return .text(layerName)
    case "trainable": return .boolean(store.isTrainable)
    case "built": return .boolean(builtShapes != nil)
    case "input", "output": return try LayerMethods.end(name, of: self, evaluator)
    case "get_weights", "set_weights", "count_params", "get_config", "compute_output_shape":
      return LayerMethods.method(name, self).map { .object($0) }
    case "weights", "trainable_weights", "non_trainable_weights", "variables",
      "trainable_variables", "non_trainable_variables":
      return try LayerMethods.weights(name, of: self, evaluator)
    default: return nil
    }
  }

  static var layerAttributeNames: [String] {
    [
      "built", "compute_output_shape", "count_params", "get_weights", "input", "name",
      "non_trainable_weights", "output",
      "set_weights", "trainable", "trainable_weights", "weights",
    ]
  }

  func assignLayerAttribute(_ name: String, _ value: PythonValue) throws -> Bool {
    guard name == "trainable" else { return false }
    guard let flag = value.flag else {
      throw Complaint("\(value.described) for trainable", remedy: "it takes True or False")
    }
    setTrainable(flag)
    return true
  }

  /// A model hands it on to its layers.
  func setTrainable(_ flag: Bool) {
    store.isTrainable = flag
    for layer in innerLayers { layer.setTrainable(flag) }
  }
}

extension PythonValue {
  /// Whether it stands for numbers to come.
  var isTensor: Bool {
    if case .object(let object) = self { return object is SymbolicTensor }
    return false
  }

  var flag: Bool? {
    switch self {
    case .boolean(let flag): flag
    case .integer(let i) where i == 0 || i == 1: i == 1
    default: nil
    }
  }
}

/// A layer of Keras that a program made; an `Input` when it has no class.
final class LayerObject: GraphLayer {
  /// Nil for an input.
  private var made: Component?
  let inputShape: Shape?
  /// How many examples come at a time, where an input says so.
  var batchSize: Int?
  /// The class that the program made it by, where it is that of another in the lab.
  var writtenKind: String?
  /// The axes of an input's example that are None.
  var openAxes: Set<Int> = []
  let layerName: String
  let place: Range<Int>
  let statement: Range<Int>
  let store = LayerStore()

  init(
    _ component: Component?, inputShape: Shape?, name: String, place: Range<Int>,
    statement: Range<Int>
  ) {
    made = component
    self.inputShape = inputShape
    layerName = name
    self.place = place
    self.statement = statement
    store.isTrainable = component?.isTrainable ?? true
  }

  var isInput: Bool { made == nil }
  var carriesStates: Bool { made?.carriesStates ?? false }
  var callArguments: [CallArgument] {
    LayerCatalog.type(named: typeName)?.callArguments ?? CallArgument.ofEveryLayer
  }
  var typeName: String { made?.kind ?? "InputLayer" }
  var shown: String { "<\(writtenKind ?? typeName) name=\(layerName)>" }

  func component() throws -> Component {
    guard var component = made else {
      throw Complaint("an Input is no layer that works", remedy: "give layers after it")
    }
    if component.givenName == nil { component.countedName = layerName }
    if component.isTrainable != store.isTrainable {
      try? component.arguments.set("trainable", .boolean(store.isTrainable))
    }
    return component
  }

  /// Changes an argument of the layer, as `adapt` does.
  func set(_ name: String, _ value: ArgumentValue) throws {
    try made?.arguments.set(name, value)
  }

  var attributeNames: [String] {
    Self.layerAttributeNames + StateMethods.names(of: self)
      + (made?.arguments.specs.map(\.name) ?? [])
  }

  func attribute(_ name: String, _ evaluator: Evaluator) throws -> PythonValue? {
    if let known = try layerAttribute(name, evaluator) { return known }
    if let known = try StateMethods.attribute(name, self, evaluator) { return known }
    if name == "adapt", made?.kind == "Normalization" { return .object(adapting) }
    if made?.kind == "Normalization", let numbers = store.numbers[name] {
      return try evaluator.value(
        NDArray(numbers.reshaped(to: Shape([1] + numbers.shape.extents))))
    }
    if let weight = try LayerMethods.weight(name, of: self, evaluator) { return weight }
    guard let made, made.arguments.specs.contains(where: { $0.name == name }) else { return nil }
    return try evaluator.value(of: made.arguments[name])
  }

  /// `layer.adapt(data)`: measures means and variances.
  private var adapting: NativeFunction {
    NativeFunction("adapt(data, batch_size=None, steps=None)") { call in
      let data = try call.array("data").tensor
      guard let made = self.made else { return .none }
      do throws(LayerFailure) {
        for (path, tensor) in try Normalization.adapted(made.arguments, to: data) {
          self.store.numbers[path] = tensor
        }
      } catch {
        throw Complaint("Normalization \(error.problem)", remedy: error.remedy)
      }
      self.store.builtShapes = [Shape(Array(data.shape.extents.dropFirst()))]
      return .none
    }
  }

  func assign(_ name: String, _ value: PythonValue, _ evaluator: Evaluator) throws -> Bool {
    try assignLayerAttribute(name, value)
  }

  func call(_ arguments: CallArguments, _ evaluator: Evaluator) throws -> PythonValue {
    guard !isInput else { throw Complaint("an Input cannot be called", remedy: "call a layer") }
    return try callAsLayer(arguments, evaluator)
  }
}
