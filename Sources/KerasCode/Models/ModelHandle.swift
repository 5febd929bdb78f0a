import NeuralNets
import Tensors

/// A model of a running program: it grows by `add` and `compile`.
///
/// It has an identity, since a program may give one model several names; a host keeps with it what
/// it trained. What its layers have learned lies with the layers, which other models may share.
package final class ModelHandle: GraphLayer {
  /// What the host keeps: its session.
  package var payload: AnyObject?
  /// The statements at the top of the program that made the layers.
  package internal(set) var makers: [Range<Int>] = []
  /// How often it was compiled: each time the optimizer begins anew.
  package internal(set) var compilationCount = 0
  /// What `set_random_seed` was told before the model was used.
  package private(set) var programSeed: Int?
  /// The statement that compiled it.
  package internal(set) var compileStatement: Range<Int>?
  package let layerName: String
  package let place: Range<Int>
  package let statement: Range<Int>
  package let store = LayerStore()
  /// The class that the program derived from `Model`, if it did.
  let kind: String?
  var compilation: Compilation?
  /// The optimizer that it was compiled with.
  package var compiledOptimizer: Component? { compilation?.optimizer }
  /// The keys of the outputs, of a model that gives a dict.
  var outputKeys: [String]?
  /// The rest of `compile`, which has to know the outputs of a class of the program.
  var openCompile: (() throws -> Void)?
  /// The keys of the inputs, of a model that was made with a dict of them.
  var inputKeys: [String]?
  /// The outputs in the order in which Keras lists their losses; none where it is their own.
  package internal(set) var lossOrder: [Int] = []
  /// Whether it was compiled with metrics, be it with none of them.
  var hasMetrics = false
  /// Whether it was trained or judged since it was compiled: Keras builds the losses of single
  /// outputs then.
  var isJudged = false
  /// Whether a layer does not fit what comes before it; no shape after it is known then.
  private(set) var hasMisfit = false
  /// Whether a callback asked `fit` to end.
  package var stopsTraining = false

  private enum Form {
    case sequential(layers: [any GraphLayer], input: Shape?, shapes: [Shape])
    case functional(FunctionalGraph)
    /// A class of the program: known once it is built.
    case derived(TracedLayer)
  }
  private var form: Form

  /// A model of layers one after the other.
  init(sequential name: String, place: Range<Int>, statement: Range<Int>) {
    layerName = name
    self.place = place
    self.statement = statement
    kind = nil
    form = .sequential(layers: [], input: nil, shapes: [])
    made(by: statement)
  }

  /// A model between tensors.
  init(
    _ graph: FunctionalGraph, name: String, kind: String? = nil, place: Range<Int>,
    statement: Range<Int>
  ) {
    layerName = name
    self.place = place
    self.statement = statement
    self.kind = kind
    form = .functional(graph)
    for tensor in graph.inputs { made(by: tensor.statement) }
    for layer in graph.layers {
      made(by: layer.statement)
      if layer.store.home == nil { layer.store.home = self }
    }
    for node in graph.nodes { made(by: node.statement) }
    made(by: statement)
  }

  /// A model whose work is a class of the program's own.
  init(_ layer: TracedLayer) {
    layerName = layer.layerName
    place = layer.place
    statement = layer.statement
    kind = layer.typeName
    form = .derived(layer)
    made(by: layer.statement)
  }

  /// The shapes of the inputs as the data has them, where their length is open.
  var dataShapes: [Shape]?
  /// Whether its layers were found to work on any length.
  package var isLengthChecked = false
  /// Whether a row of layers took its input's shape from the first data.
  private(set) var isBuiltOnData = false
  private var rowOpenAxes: Set<Int> = []

  /// For each input the axes of an example that are None.
  var openAxes: [Set<Int>] {
    switch form {
    case .sequential(_, let input, _): input == nil ? [] : [rowOpenAxes]
    case .functional(let graph): graph.inputs.map { $0.input?.openAxes ?? [] }
    case .derived: []
    }
  }

  /// How many examples the batches of layers one after the other have, where that is said.
  private var rowBatchSize: Int?

  /// How many examples a batch has, nil where that is open.
  package var batchSize: Int? {
    switch form {
    case .sequential: rowBatchSize
    case .functional, .derived: graph?.batchSize
    }
  }

  /// Takes what the first batch or the input says.
  func takeBatchSize(_ size: Int?) { rowBatchSize = rowBatchSize ?? size }

  /// The graph between its tensors, where it is known.
  private var graph: FunctionalGraph? {
    switch form {
    case .sequential: nil
    case .functional(let graph): graph
    case .derived(let layer): layer.trace?.inference
    }
  }

  package var isFunctional: Bool {
    if case .functional = form { true } else { false }
  }

  package var typeName: String { kind ?? (isFunctional ? "Functional" : "Sequential") }
  package var shown: String { "<\(typeName) name=\(layerName)>" }

  func made(by statement: Range<Int>) {
    if makers.last != statement && !makers.contains(statement) { makers.append(statement) }
  }

  // MARK: What it consists of

  /// Every layer once, in Keras's order.
  package var innerLayers: [any GraphLayer] {
    switch form {
    case .sequential(let layers, _, _): layers
    case .functional(let graph): graph.layers
    case .derived(let layer): layer.innerLayers
    }
  }

  /// The same with the inputs of a functional model, where Keras has them.
  var listedLayers: [any GraphLayer] {
    guard case .functional(let graph) = form else { return innerLayers }
    return graph.listed
  }

  /// For each layer, where in the source it was made.
  package var layerPlaces: [Range<Int>] { innerLayers.map(\.place) }

  /// The shapes of one example, nil while they are open.
  package var inputShapes: [Shape]? {
    if let dataShapes { return dataShapes }
    switch form {
    case .sequential(_, let input, _): return input.map { [$0] }
    case .functional, .derived: return graph?.inputs.map(\.shape)
    }
  }

  package var outputShapes: [Shape]? {
    resolvedOutputShapes ?? writtenOutputShapes
  }

  /// The same as the program wrote it, where the data does not say how long they are.
  private var writtenOutputShapes: [Shape]? {
    switch form {
    case .sequential(_, let input, let shapes): input.map { [shapes.last ?? $0] }
    case .functional, .derived: graph?.outputs.map(\.shape)
    }
  }

  /// What the inputs are called.
  package var inputNames: [String] {
    guard case .functional(let graph) = form else { return [] }
    return graph.inputs.map { $0.input?.layerName ?? "" }
  }

  /// What the outputs are called: as the layers that give them.
  var outputNames: [String] {
    if let outputKeys { return outputKeys }
    switch form {
    case .sequential(let layers, _, _): return [layers.last?.layerName ?? layerName]
    case .functional, .derived:
      return graph?.outputs.map { $0.node?.layer.layerName ?? "" } ?? [layerName]
    }
  }

  /// The tensors that come in, and those that come out.
  func ends(_ evaluator: Evaluator) throws -> (inputs: [SymbolicTensor], outputs: [SymbolicTensor])
  {
    switch form {
    case .functional(let graph): return (graph.inputs, graph.outputs)
    case .derived:
      throw Complaint(
        "\(typeName), a model of the program's own class, has no symbolic inputs and outputs",
        remedy: "call it on an Input")
    case .sequential(let layers, let input, _):
      guard let input else {
        throw Complaint("the model has no inputs yet", remedy: "begin it with an Input(shape=…)")
      }
      if let known = sequentialEnds, known.count == layers.count { return known.ends }
      let beginning = LayerObject(
        nil, inputShape: input, name: "input_layer", place: place, statement: statement)
      beginning.openAxes = rowOpenAxes
      beginning.batchSize = batchSize
      let first = SymbolicTensor(input: beginning, shape: input)
      var tensor = PythonValue.object(first)
      for layer in layers {
        tensor = try layer.call(CallArguments(positional: [tensor]), evaluator)
      }
      guard case .object(let last as SymbolicTensor) = tensor else {
        throw Complaint("the model has several outputs")
      }
      sequentialEnds = (layers.count, ([first], [last]))
      return ([first], [last])
    }
  }

  private var sequentialEnds:
    (count: Int, ends: (inputs: [SymbolicTensor], outputs: [SymbolicTensor]))?

  /// The model as a value.
  package func description() throws -> ModelDescription {
    switch form {
    case .sequential(_, let input, _):
      return ModelDescription(
        name: layerName, inputShape: openShape(input),
        layers: try innerLayers.map { try $0.component() },
        compilation: try resolved(writtenOutputShapes ?? []), batchSize: batchSize)
    case .functional(let graph):
      let layers = try innerLayers.map { try $0.component() }
      var wiring = graph.wiring(outputKeys: outputKeys ?? [])
      for (i, shape) in (dataShapes ?? []).enumerated() { wiring.inputs[i].shape = shape }
      let isChain =
        graph.isChain && outputKeys == nil && graph.layers.allSatisfy { !($0 is ModelHandle) }
      return ModelDescription(
        name: layerName, inputShape: openShape(graph.inputs[0].shape), layers: layers,
        wiring: isChain ? nil : wiring,
        compilation: try resolved(graph.outputs.map(\.shape)),
        batchSize: batchSize)
    case .derived(let layer):
      var model = try layer.model()
      model.name = layerName
      model.compilation = try resolved(layer.trace?.inference.outputs.map(\.shape) ?? [])
      return model
    }
  }

  /// The shape of the first input; nil while its length is open.
  private func openShape(_ written: Shape?) -> Shape? {
    dataShapes?.first ?? (isOpen ? nil : written)
  }

  /// The compilation, with functions of the program followed now that the outputs are known.
  private func resolved(_ shapes: [Shape]) throws -> Compilation? {
    guard let evaluator, !pending.isEmpty, !shapes.isEmpty else { return compilation }
    let todo = pending
    pending = []
    for part in todo where shapes.indices.contains(part.output) {
      let shape = shapes[part.output]
      let component = try evaluator.traced(part.function, [shape, shape])
      switch part.role {
      case .loss: compilation?.outputs[part.output].loss = component
      case .metric(let place):
        compilation?.outputs[part.output].metrics[place] = .object(component)
      case .weightedMetric(let place):
        compilation?.outputs[part.output].weightedMetrics[place] = .object(component)
      }
    }
    return compilation
  }

  /// A loss or metric that is a function of the program, until the outputs are known.
  struct Pending {
    enum Role { case loss, metric(Int), weightedMetric(Int) }
    let function: PythonValue
    let role: Role
    let output: Int
  }
  var pending: [Pending] = []
  weak var evaluator: Evaluator?

  package var builtShapes: [Shape]? { inputShapes }

  // MARK: Growing

  /// Adds a layer; throws when its input does not fit.
  func add(_ layer: any GraphLayer, by statement: Range<Int>, _ evaluator: Evaluator) throws {
    guard case .sequential(var layers, var input, var shapes) = form else {
      throw Complaint("only a Sequential model has add()")
    }
    if let shape = (layer as? LayerObject)?.inputShape
      ?? (layer as? ModelHandle)?.inputShapes?.first
    {
      guard (layers.isEmpty && (input == nil || input == shape)) || layer is ModelHandle else {
        throw Complaint(
          "an input shape on a layer that is not the first", remedy: "only the first layer has one")
      }
      if layers.isEmpty {
        input = shape
        takeBatchSize((layer as? LayerObject)?.batchSize ?? (layer as? ModelHandle)?.batchSize)
        rowOpenAxes =
          (layer as? LayerObject)?.openAxes ?? (layer as? ModelHandle)?.openAxes.first ?? []
      }
    }
    if (layer as? LayerObject)?.isInput != true {
      if let input, let output = try output(of: layer, for: shapes.last ?? input, evaluator) {
        shapes.append(output)
      }
      layers.append(layer)
      if layer.store.home == nil { layer.store.home = self }
    }
    form = .sequential(layers: layers, input: input, shapes: shapes)
    made(by: layer.statement)
    made(by: statement)
  }

  /// What the next layer of a row gives; nil where it does not fit and the program is only read.
  private func output(
    of layer: any GraphLayer, for input: Shape, _ evaluator: Evaluator
  ) throws -> Shape? {
    guard !hasMisfit else { return nil }
    let outputs: [Shape]
    do {
      outputs = try evaluator.withBatches(of: layer.carriesStates ? batchSize : nil) {
        try evaluator.within(layerName) { try layer.outputShapes(for: [input], evaluator) }
      }
      try layer.checkBatches(of: batchSize)
    } catch {
      guard evaluator.keepsMisfits else { throw error }
      hasMisfit = true
      return nil
    }
    guard outputs.count == 1 else {
      throw Complaint(
        "\(layer.typeName) gives \(outputs.count) arrays", remedy: "layers of one output")
    }
    return outputs[0]
  }

  /// Takes the last layer away.
  func pop() throws {
    guard case .sequential(var layers, let input, var shapes) = form, !layers.isEmpty else {
      throw Complaint("there is no layer to take away")
    }
    layers.removeLast()
    if !shapes.isEmpty { shapes.removeLast() }
    form = .sequential(layers: layers, input: input, shapes: shapes)
  }

  /// Fixes the input's shape from data and resolves what follows.
  package func build(for inputs: [Shape], _ evaluator: Evaluator) throws {
    if case .derived(let layer) = form {
      try layer.build(for: inputs, evaluator)
      try takeFollowed(layer)
      return
    }
    guard case .sequential(let layers, nil, _) = form, let shape = inputs.first else { return }
    var shapes: [Shape] = []
    takeBatchSize(evaluator.followedBatch)
    try evaluator.within(layerName) {
      for layer in layers {
        shapes.append(contentsOf: try layer.outputShapes(for: [shapes.last ?? shape], evaluator))
        try layer.checkBatches(of: batchSize)
      }
    }
    form = .sequential(layers: layers, input: shape, shapes: shapes)
    isBuiltOnData = true
  }

  // MARK: As a layer

  package func component() throws -> Component {
    var inner = try description()
    inner.compilation = nil
    // As a layer it takes sequences of any length.
    if isOpen { inner.inputShape = nil }
    return Component(
      kind: typeName, arguments: Arguments.ofModel(name: layerName, isTrainable: store.isTrainable),
      body: .model(inner), countedName: layerName)
  }

  package func call(_ arguments: CallArguments, _ evaluator: Evaluator) throws -> PythonValue {
    if case .derived(let layer) = form {
      let result = try layer.call(arguments, evaluator)
      try takeFollowed(layer)
      return result
    }
    return try evaluator.keyed(
      try callAsLayer(try listing(arguments, evaluator), evaluator), by: outputKeys)
  }

  package var attributeNames: [String] { ModelMethods.names + Self.layerAttributeNames }

  package func attribute(_ name: String, _ evaluator: Evaluator) throws -> PythonValue? {
    programSeed = programSeed ?? evaluator.seeds.programSeed
    return try ModelMethods.attribute(name, self, evaluator) ?? layerAttribute(name, evaluator)
  }

  package func assign(
    _ name: String, _ value: PythonValue, _ evaluator: Evaluator
  ) throws -> Bool {
    if name == "stop_training", let flag = value.flag {
      stopsTraining = flag
      return true
    }
    return try assignLayerAttribute(name, value)
  }
}
