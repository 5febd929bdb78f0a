import NeuralNets
import Tensors

// How the arguments of a call become those of a layer, loss or optimizer.

extension KerasNames {
  /// Checks arguments against their specs and says what is wrong in words.
  static func component(
    _ kind: String, _ specs: [ArgumentSpec], _ given: CallArguments, _ evaluator: Evaluator? = nil
  ) throws
    -> Component
  {
    func converted(
      _ value: PythonValue, _ anchor: Complaint.Anchor, _ name: String?
    ) throws
      -> ArgumentValue
    {
      let spec = specs.first { $0.name == name }
      if let evaluator, value.isProgramFunction, spec?.kind == .component(.activation) {
        return .component(try evaluator.tracedActivation(value))
      }
      if spec?.kind == .component(.activation), let layer = value.graphLayer as? LayerObject,
        let function = try layer.component().asActivation
      {
        return .component(function)
      }
      if spec?.kind == .layer, let layer = value.graphLayer {
        return .component(try layer.component())
      }
      guard let result = argument(value) else {
        throw Complaint(
          "\(kind)() got \(value.described)" + (name.map { " for \"\($0)\"" } ?? ""),
          remedy: spec.map { "it takes " + $0.expectation }, at: anchor)
      }
      return result
    }
    let positional = try given.positional.enumerated().map { i, value in
      try converted(value, .argument(i), i < specs.count ? specs[i].name : nil)
    }
    let keywords = try given.keywords.map { name, value in
      (name: name, value: try converted(value, .keyword(name), name))
    }
    do {
      return Component(
        kind: kind,
        arguments: try Arguments(specs, positional: positional, keywords: keywords))
    } catch {
      throw complaint(error, kind, given, specs)
    }
  }

  private static func complaint(
    _ failure: Arguments.Failure, _ kind: String, _ given: CallArguments, _ specs: [ArgumentSpec]
  ) -> Complaint {
    switch failure {
    case .missing(let spec):
      Complaint(
        "\(kind)() needs \"\(spec.name)\"", remedy: "it is \(spec.help): \(spec.expectation)")
    case .unknown(let name, let known):
      Complaint(
        "\(kind)() has no argument \"\(name)\"",
        remedy: Suggestions.remedy(name, among: known, of: "it"), at: .keyword(name))
    case .tooMany(let count, let taken):
      Complaint(
        "\(kind)() got \(count) arguments without a name",
        remedy: taken == 0 ? "its arguments must be named" : "it takes at most \(taken)",
        at: .argument(taken))
    case .repeated(let name): Complaint("\(kind)() got \"\(name)\" twice", at: .keyword(name))
    case .unsuitable(let spec, let found):
      Complaint(
        "\(kind)() got \(Printer.code(found)) for \"\(spec.name)\"",
        remedy: suggestion(spec, found) ?? "it takes " + spec.expectation,
        at: given.keywords.contains { $0.name == spec.name }
          ? .keyword(spec.name)
          : specs.firstIndex { $0.name == spec.name }.map { .argument($0) } ?? .call)
    }
  }

  private static func suggestion(_ spec: ArgumentSpec, _ found: ArgumentValue) -> String? {
    if spec.name == "data_format", found == .text("channels_first") { return lastChannels }
    // A single choice, as where channels are, is better said than guessed.
    guard let names = spec.choices, names.count > 1, case .text(let text) = found else {
      return nil
    }
    return Suggestions.didYouMean(text, among: names)
  }

  /// What is right where a program has the channels in front.
  static let lastChannels =
    "channels are the last axis here: \"channels_last\", and np.moveaxis(x, 1, -1) for such data"

  /// A value as layers, losses and optimizers keep their arguments.
  private static func argument(_ value: PythonValue) -> ArgumentValue? {
    switch value {
    case .none: return ArgumentValue.none
    case .boolean(let flag): return .boolean(flag)
    case .integer(let i): return .integer(i)
    case .number(let x): return .number(x)
    case .text(let text): return .text(text)
    case .list, .tuple:
      let items = value.sequence ?? []
      let whole = items.compactMap(\.wholeNumber)
      if whole.count == items.count { return .integers(whole) }
      let all = items.compactMap(argument)
      return all.count == items.count ? .list(all) : nil
    case .array(let r) where r.array.rank == 0:
      return argument(NumPy.plain(r.array.scalars[0], r.array.kind))
    case .array(let r): return .tensor(r.array.tensor)
    case .object(let object as ComponentObject): return .component(object.component)
    case .object(let activation as ActivationObject): return .text(activation.entry.shortName)
    case .object(let function as NativeFunction): return function.kerasName.map { .text($0) }
    case .object(let type as KerasClass): return .text(type.typeName)
    default:
      guard let component = try? value.graphLayer?.component() else { return nil }
      return .component(component)
    }
  }
}

extension Component {
  /// The function that a layer without weights applies, number by number or row by row: Keras takes
  /// one where a function is asked for.
  fileprivate var asActivation: Component? {
    let name: String
    switch kind {
    case "Activation": return arguments.component("activation")
    case "LeakyReLU": name = "leaky_relu"
    case "ELU", "ReLU", "Softmax": name = kind.lowercased()
    default: return nil
    }
    guard let entry = ComponentFamily.activation.named(name) else { return nil }
    var function = entry.standard
    // Layers and functions call them alike.
    for argument in entry.arguments.map(\.name) {
      guard (try? function.arguments.set(argument, arguments[argument])) != nil else { return nil }
    }
    return function
  }
}

extension Evaluator {
  /// An argument of a layer as a value of the program.
  func value(of argument: ArgumentValue) throws -> PythonValue {
    switch argument {
    case .none: .none
    case .boolean(let flag): .boolean(flag)
    case .integer(let i): .integer(i)
    case .number(let x): .number(x)
    case .text(let text): .text(text)
    case .integers(let all): try tuple(all.map { .integer($0) })
    case .list(let all): try list(try all.map { try value(of: $0) })
    case .tensor(let tensor): try value(NDArray(tensor))
    case .component(let component):
      if LayerCatalog.type(named: component.kind) != nil, component.body == nil {
        .object(
          LayerObject(
            component, inputShape: nil,
            name: component.givenName ?? component.countedName ?? component.kind.snakeCased,
            place: callPlace, statement: topStatement))
      } else {
        .object(ComponentObject(component))
      }
    }
  }

  /// The name of the next layer or model of a kind, as a fresh Keras process counts them.
  func countedName(_ base: String) -> String {
    let n = modelCount[base, default: 0]
    modelCount[base] = n + 1
    return n == 0 ? base : "\(base)_\(n)"
  }

  /// The number of the next call of a layer on tensors.
  func nextNode() -> Int {
    nodeCount += 1
    return nodeCount
  }

  /// What a layer makes of arrays; it drops numbers out only where the call says training.
  func apply(_ layer: any GraphLayer, to call: LayerCall) throws -> PythonValue {
    var (nodeInputs, inputs, arrays) = ([NodeInput](), [SymbolicTensor](), [NDArray]())
    for (i, given) in call.arrays.enumerated() {
      let array = try array(from: given.value)
      guard !call.isForAllExamples(i, array.shape) else {
        nodeInputs.append(.constant(array.tensor))
        continue
      }
      guard array.rank > 0 && array.shape[0] > 0 else {
        throw Complaint(
          "\(layer.typeName) is called on a single number", remedy: "give examples, one a row",
          at: given.anchor)
      }
      let shape = Shape(Array(array.shape.extents.dropFirst()))
      let beginning = LayerObject(
        nil, inputShape: shape, name: "input", place: callPlace, statement: topStatement)
      if layer.carriesStates { beginning.batchSize = array.shape[0] }
      let input = SymbolicTensor(input: beginning, shape: shape)
      nodeInputs.append(.tensor(input))
      inputs.append(input)
      arrays.append(array)
    }
    var options = call.options
    options.isTraining = nil
    // A call on numbers is none that the layer's `output` could be of.
    let known = layer.store.firstCall
    let outputs = try layer.node(on: nodeInputs, options, self)
    layer.store.firstCall = known
    let model = ModelHandle(
      try FunctionalGraph(inputs: inputs, outputs: outputs), name: layer.layerName,
      place: callPlace, statement: topStatement)
    let all = try host.predict(
      model, arrays, batchSize: model.batchSize, verbose: 0,
      isTraining: call.options.isTraining
    ).map { try value($0) }
    return all.count == 1 ? all[0] : try list(all)
  }
}
