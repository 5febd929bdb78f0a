import NeuralNets
import Tensors

/// A layer whose work is a function of the program: a class derived from `Layer` or `Model`, or a
/// `Lambda`. The function is run once on symbolic tensors; what it does with them is the layer.
final class TracedLayer: GraphLayer {
  /// What the program wrote.
  enum Source {
    case instance(SubclassedLayer)
    case function(PythonValue)
  }

  /// What following the function found.
  struct Trace {
    let inference: FunctionalGraph
    let training: FunctionalGraph?
    /// Each once: the parts of the class in the order of its attributes, then what else there is.
    let layers: [any GraphLayer]
    let weights: [(handle: WeightHandle, spec: WeightSpec)]
    let losses: [SymbolicTensor]
  }

  private let source: Source
  /// The keys of what the function gives, where that is a dict.
  private(set) var outputKeys: [String]?
  private let kind: String
  let layerName: String
  let place: Range<Int>
  let statement: Range<Int>
  let store = LayerStore()
  private(set) var trace: Trace?
  /// What each argument of the call is; its name is nil where it has none.
  fileprivate var form: [(name: String?, slot: Slot)] = [(nil, .tensor)]

  /// An argument of a call.
  fileprivate enum Slot {
    case tensor
    /// A list of so many tensors.
    case list(Int)
    /// A setting, as True: the function is followed with it.
    case setting(PythonValue)

    var described: String {
      switch self {
      case .tensor: "a tensor"
      case .list(let count): "a list of \(count)"
      case .setting(let value): value.described
      }
    }
  }

  init(_ source: Source, kind: String, name: String, place: Range<Int>, statement: Range<Int>) {
    self.source = source
    self.kind = kind
    layerName = name
    self.place = place
    self.statement = statement
  }

  /// The layer that stands for an instance of a class of the program.
  static func of(_ layer: SubclassedLayer) -> TracedLayer {
    if let known = layer.payload as? TracedLayer { return known }
    let made = TracedLayer(
      .instance(layer), kind: layer.instance?.type.name ?? "Layer", name: layer.name,
      place: layer.place, statement: layer.statement)
    made.store.isTrainable = layer.isTrainable
    layer.payload = made
    return made
  }

  var typeName: String { kind }
  var shown: String { "<\(kind) name=\(layerName)>" }

  /// The layers within, once it is built; before, those that the class names.
  var innerLayers: [any GraphLayer] { trace?.layers ?? parts }

  private var parts: [any GraphLayer] {
    guard case .instance(let layer) = source else { return [] }
    return layer.parts.compactMap(\.value.graphLayer)
  }

  func call(_ arguments: CallArguments, _ evaluator: Evaluator) throws -> PythonValue {
    var (tensors, options) = ([PythonValue](), CallOptions())
    var form: [(name: String?, slot: Slot)] = []
    let names = parameterNames
    let all =
      arguments.positional.enumerated().map { i, value in
        (name: String?.none, parameter: i < names.count ? names[i] : "", value: value)
      } + arguments.keywords.map { (name: $0.name, parameter: $0.name, value: $0.value) }
    for (name, parameter, value) in all {
      if parameter == "training" {
        options.isTraining = try LayerCall.flag(value, "training", kind)
      } else if let items = value.sequence, items.contains(where: { $0.isTensor || $0.isArray }) {
        form.append((name, .list(items.count)))
        tensors += items
      } else if value.isSymbolic || value.isArray || name == nil && form.isEmpty {
        form.append((name, .tensor))
        tensors.append(value)
      } else {
        guard names.contains(parameter) || name == nil || takesAnyName else {
          throw Complaint(
            "\(kind)'s call has no argument \"\(parameter)\"",
            remedy: Suggestions.remedy(parameter, among: names, of: "it"), at: .keyword(parameter))
        }
        form.append((name, .setting(value)))
      }
    }
    try take(form)
    let result = try perform(LayerCall(tensors, options), evaluator)
    return try evaluator.keyed(result, by: outputKeys)
  }

  /// Notes the form of a call; every call of a layer has one form.
  private func take(_ form: [(name: String?, slot: Slot)]) throws {
    func words(_ form: [(name: String?, slot: Slot)]) -> String {
      form.map { ($0.name.map { $0 + "=" } ?? "") + $0.slot.described }.joined(separator: ", ")
    }
    guard trace == nil || words(self.form) == words(form) else {
      throw Complaint(
        "\(kind) is called with \(words(form)), and was called with \(words(self.form)) before",
        remedy: "make a second one, or call it the same way")
    }
    self.form = form
  }

  /// What the function of the program takes, `self` left out.
  private var parameterNames: [String] {
    switch source {
    case .instance(let layer): layer.callParameters
    case .function(.object(let function as FunctionObject)): function.parameterNames
    case .function: []
    }
  }

  private var takesAnyName: Bool {
    switch source {
    case .instance(let layer): layer.callTakesAnyName
    case .function: true
    }
  }

  // MARK: Following the function

  func build(for inputs: [Shape], _ evaluator: Evaluator) throws {
    guard trace == nil else { return }
    if case .instance(let layer) = source, let first = inputs.first {
      try layer.build(first, evaluator)
    }
    let counted = evaluator.modelCount
    evaluator.modelCount = [:]
    let outer = evaluator.tracing
    defer {
      evaluator.modelCount = counted
      evaluator.tracing = outer
    }
    evaluator.tracing = Tracing()
    evaluator.weightScopes.append(layerName)
    defer { evaluator.weightScopes.removeLast() }
    let inference = try follow(inputs, isTraining: false, evaluator)
    let losses = evaluator.tracing?.losses ?? []
    var training: FunctionalGraph?
    if case .instance(let layer) = source, layer.callParameters.contains("training") {
      training = try follow(inputs, isTraining: true, evaluator)
    }
    trace = Trace(
      inference: inference, training: training, layers: ordered(inference, training),
      weights: try specs(evaluator), losses: losses)
  }

  private func follow(
    _ shapes: [Shape], isTraining: Bool, _ evaluator: Evaluator
  ) throws -> FunctionalGraph {
    let inputs = shapes.enumerated().map { i, shape in
      let input = LayerObject(
        nil, inputShape: shape, name: "input_\(i)", place: place, statement: statement)
      input.batchSize = evaluator.followedBatch
      if evaluator.knowsOpenLengths { input.openAxes = OpenLength.axes(of: shape) }
      return SymbolicTensor(input: input, shape: shape)
    }
    var rest = inputs[...]
    var arguments = CallArguments()
    for (name, slot) in form {
      let value: PythonValue
      switch slot {
      case .setting(let setting): value = setting
      case .list(let count):
        value = try evaluator.list(rest.prefix(count).map { .object($0) })
        rest = rest.dropFirst(count)
      case .tensor:
        guard let first = rest.popFirst() else { continue }
        value = .object(first)
      }
      if let name {
        arguments.keywords.append((name, value))
      } else {
        arguments.positional.append(value)
      }
    }
    let result: PythonValue
    switch source {
    case .instance(let layer):
      if layer.callParameters.contains("training") {
        arguments.keywords.append(("training", .boolean(isTraining)))
      }
      result = try layer.call(arguments, evaluator)
    case .function(let function): result = try evaluator.invoke(function, arguments)
    }
    var results = result.sequence ?? [result]
    if case .dictionary(let table) = result {
      outputKeys = table.sortedTexts
      results = table.sortedTexts.compactMap { table.value(.text($0)) }
    }
    let outputs = try results.map { value -> SymbolicTensor in
      guard case .object(let tensor as SymbolicTensor) = value else {
        throw Complaint(
          "\(kind) gives \(value.described)", remedy: "give back what is made of its inputs")
      }
      return tensor
    }
    return try FunctionalGraph(
      inputs: inputs, outputs: outputs, others: evaluator.tracing?.losses ?? [])
  }

  private func ordered(
    _ inference: FunctionalGraph, _ training: FunctionalGraph?
  ) -> [any GraphLayer] {
    let used = inference.layers + (training?.layers ?? [])
    var seen: Set<ObjectIdentifier> = []
    let all = parts.filter { part in used.contains { $0 === part } } + used
    return all.filter { seen.insert(ObjectIdentifier($0)).inserted }
  }

  private func specs(
    _ evaluator: Evaluator
  ) throws -> [(handle: WeightHandle, spec: WeightSpec)] {
    guard case .instance(let layer) = source else { return [] }
    var seen: [String: Int] = [:]
    let all = try layer.weights.map { weight -> (handle: WeightHandle, spec: WeightSpec) in
      let n = seen[weight.name, default: 0]
      seen[weight.name] = n + 1
      let path = n == 0 ? weight.name : "\(weight.name)_\(n)"
      let initializer = try Self.member(weight.initializer, .initializer) ?? .known("GlorotUniform")
      return (
        weight.handle,
        WeightSpec(
          path, Shape(weight.shape), Initializer(initializer),
          isTrainable: weight.isTrainable && store.isTrainable,
          regularizer: try Self.member(weight.regularizer, .regularizer),
          constraint: try Self.member(weight.constraint, .constraint))
      )
    }
    // Keras lists what is learned first.
    return all.filter(\.spec.isTrainable) + all.filter { !$0.spec.isTrainable }
  }

  /// A member of a family by name or as an object; nil for None.
  private static func member(
    _ value: PythonValue, _ family: ComponentFamily
  ) throws -> Component? {
    switch value {
    case .none: return nil
    case .text(let name):
      if let known = family.named(name), known.hasDefaults { return known.standard }
    case .object(let object as ComponentObject): return object.component
    case .object(let type as KerasClass):
      if let known = family.named(type.typeName), known.hasDefaults { return known.standard }
    default: break
    }
    throw Complaint(
      "\(value.described) as \(family.rawValue) of a weight",
      remedy: "name one, as \"\(family.names.first ?? "")\"")
  }

  // MARK: As a value

  /// The function as a model: its layers and how they hang together.
  func model() throws -> ModelDescription {
    guard let trace else {
      throw Complaint(
        "\(kind) was not called yet", remedy: "call it on an Input or on data first")
    }
    var layers = try trace.layers.map { try $0.component() }
    var names: Set<String> = []
    for i in layers.indices {
      var name = layers[i].givenName ?? layers[i].countedName ?? layers[i].kind.snakeCased
      while !names.insert(name).inserted { name += "_op" }
      if layers[i].givenName == nil { layers[i].countedName = name }
    }
    var wiring = trace.inference.wiring(
      weights: trace.weights, losses: trace.losses, places: trace.layers,
      outputKeys: outputKeys ?? [])
    wiring.isEager = true
    if let training = trace.training {
      let other = training.wiring(weights: trace.weights, places: trace.layers)
      wiring.training = Wiring.TrainingDifference(calls: other.calls, outputs: other.outputs)
    }
    return ModelDescription(
      name: layerName, inputShape: trace.inference.inputs[0].shape, layers: layers,
      wiring: wiring, batchSize: trace.inference.batchSize)
  }

  func component() throws -> Component {
    Component(
      kind: kind, arguments: .ofModel(name: layerName, isTrainable: store.isTrainable),
      body: .model(try model()), countedName: layerName)
  }

  func attribute(_ name: String, _ evaluator: Evaluator) throws -> PythonValue? {
    try layerAttribute(name, evaluator)
  }

  func assign(_ name: String, _ value: PythonValue, _ evaluator: Evaluator) throws -> Bool {
    try assignLayerAttribute(name, value)
  }
}

/// What is gathered while a function is followed.
final class Tracing {
  /// What `add_loss` was given.
  var losses: [SymbolicTensor] = []
}

extension PythonValue {
  /// The layer that it is: one of Keras's, a model, or an instance of a class of the program.
  var graphLayer: (any GraphLayer)? {
    guard case .object(let object) = self else { return nil }
    if let layer = object as? any GraphLayer { return layer }
    guard let instance = object as? InstanceObject, let layer = instance.state as? SubclassedLayer
    else { return nil }
    return layer.graphLayer
  }

  /// Whether it is a function of the program, or something else that is called.
  var isProgramFunction: Bool {
    guard case .object(let object) = self else { return false }
    return object is FunctionObject || object is BoundMethod
  }
}

extension SubclassedLayer {
  /// The layer or model that it stands for.
  var graphLayer: any GraphLayer {
    if let model = payload as? ModelHandle { return model }
    return TracedLayer.of(self)
  }
}

extension Evaluator {
  /// A function of the program as a component: followed on tensors of these shapes.
  ///
  /// - Parameter isOpen: whether it may then be applied to other shapes of that rank.
  func traced(
    _ function: PythonValue, _ shapes: [Shape], isOpen: Bool = false
  ) throws -> Component {
    var (callee, name) = (function, "function")
    if case .object(let object as FunctionObject) = function { name = object.name }
    if case .object(let instance as InstanceObject) = function {
      name = instance.type.name.snakeCased
      guard let member = instance.type.member("call") ?? instance.type.member("__call__") else {
        throw Complaint("\(instance.type.name) has no call()", remedy: "define it in the class")
      }
      callee = try bound(member, to: function)
    }
    if name == "<lambda>" { name = "lambda" }
    let layer = TracedLayer(
      .function(callee), kind: name, name: name, place: callPlace, statement: topStatement)
    layer.form = shapes.map { _ in (nil, .tensor) }
    try layer.build(for: shapes, self)
    var model = try layer.model()
    model.wiring?.isOpen = isOpen
    return Component(
      kind: name, arguments: .ofModel(name: name, isTrainable: true), body: .model(model))
  }

  /// A function of the program that is applied to what a layer makes, whatever its shape: followed on
  /// arrays of as many axes as layers make.
  func tracedActivation(_ function: PythonValue) throws -> Component {
    var component = try traced(function, [[4]], isOpen: true)
    guard case .model(var model)? = component.body else { return component }
    model.wiring?.ofOtherRanks = (2...4).compactMap { rank in
      let shape = Shape([Int](repeating: 4, count: rank))
      guard case .model(let other)? = try? traced(function, [shape], isOpen: true).body else {
        return nil
      }
      return other
    }
    component.body = .model(model)
    return component
  }
}
