import NeuralNets
import Tensors

/// What a program calls a layer with: `mha(x, x, use_causal_mask=True)`.
struct LayerCall {
  /// An array or tensor, and where it stands in the call.
  struct Given {
    let value: PythonValue
    let anchor: Complaint.Anchor
    /// What the layer calls it, where it tells its inputs apart.
    var role = ""

    /// Whether the call gives it by its name.
    var isNamed: Bool { if case .keyword = anchor { true } else { false } }
  }

  private(set) var arrays: [Given] = []
  private(set) var options: CallOptions

  init(_ values: [PythonValue], _ options: CallOptions) {
    arrays = values.enumerated().map { Given(value: $1, anchor: .argument($0)) }
    self.options = options
  }

  /// Binds the arguments of a call as the layer wants them.
  init(_ arguments: CallArguments, of layer: any GraphLayer) throws {
    self.init([], CallOptions())
    let takes = layer.callArguments
    if takes == CallArgument.ofEveryLayer {
      try bindPlainly(arguments, layer.typeName)
    } else {
      try bind(arguments, takes, layer.typeName)
    }
  }

  /// A layer of one list: what stands there without a name is part of it.
  private mutating func bindPlainly(_ arguments: CallArguments, _ kind: String) throws {
    for (i, value) in arguments.positional.enumerated() {
      guard let items = value.sequence, items.contains(where: { $0.isTensor || $0.isArray })
      else {
        arrays.append(Given(value: value, anchor: .argument(i)))
        continue
      }
      arrays += items.map { Given(value: $0, anchor: .argument(i)) }
    }
    for (name, value) in arguments.keywords {
      switch name {
      case "inputs":
        arrays += (value.sequence ?? [value]).map { Given(value: $0, anchor: .keyword(name)) }
      case "training": options.isTraining = try Self.flag(value, name, kind)
      case "mask": break
      default:
        throw Complaint(
          "\(kind)'s call has no argument \"\(name)\"", remedy: "it takes inputs and training",
          at: .keyword(name))
      }
    }
  }

  private mutating func bind(
    _ arguments: CallArguments, _ takes: [CallArgument], _ kind: String
  ) throws {
    var given: [String: (value: PythonValue, anchor: Complaint.Anchor)] = [:]
    for (i, value) in arguments.positional.enumerated() {
      guard i < takes.count else {
        throw Complaint(
          "\(kind)'s call takes at most \(takes.count) arguments", at: .argument(i))
      }
      given[takes[i].name] = (value, .argument(i))
    }
    for (name, value) in arguments.keywords {
      guard takes.contains(where: { $0.name == name }) else {
        throw Complaint(
          "\(kind)'s call has no argument \"\(name)\"",
          remedy: Suggestions.remedy(name, among: takes.map(\.name), of: "it"), at: .keyword(name))
      }
      guard given[name] == nil else {
        throw Complaint("\(kind)'s call got \"\(name)\" twice", at: .keyword(name))
      }
      given[name] = (value, .keyword(name))
    }
    for argument in takes {
      let found = given[argument.name].flatMap { $0.value.isNone ? nil : $0 }
      if let found {
        try take(found.value, argument, found.anchor, kind)
      } else if argument.kind == .array(isRequired: true) {
        throw Complaint(
          "\(kind) is called without \"\(argument.name)\"",
          remedy: "give it: layer(\(takes.compactMap(\.requiredName).joined(separator: ", ")))")
      }
    }
    // A recurrent layer knows its inputs by their order.
    guard !takes.contains(where: { $0.kind == .states }) else { return }
    // Keras goes through what has a name in the order of the names, after what has none: so it
    // counts the layers and weights that lie behind.
    let named = arrays.filter(\.isNamed).sorted { $0.role < $1.role }
    arrays = arrays.filter { !$0.isNamed } + named
    options.roles = arrays.map(\.role)
  }

  private mutating func take(
    _ value: PythonValue, _ argument: CallArgument, _ anchor: Complaint.Anchor, _ kind: String
  ) throws {
    let name = argument.name
    switch argument.kind {
    case .array:
      guard name != "query_mask" else {
        throw Complaint(
          "\(kind)'s call with a query_mask, of which Keras takes no notice",
          remedy: "give an attention_mask", at: anchor)
      }
      arrays.append(Given(value: value, anchor: anchor, role: name))
    case .inputs(let roles):
      guard let items = value.sequence, items.count >= 2, items.count <= roles.count else {
        throw Complaint(
          "\(kind) is called on \(value.described)",
          remedy: "it takes a list, as [query, value] or [query, value, key]", at: anchor)
      }
      arrays += zip(roles, items).map { Given(value: $1, anchor: anchor, role: $0) }
    case .masks(let roles):
      guard let items = value.sequence, items.count >= 2, items.count <= roles.count else {
        throw Complaint(
          "\(kind)'s call got \(value.described) for \"\(name)\"",
          remedy: "it takes a list, as [query_mask, value_mask], with None for a mask that is not",
          at: anchor)
      }
      for (role, item) in zip(roles, items) where !item.isNone {
        arrays.append(Given(value: item, anchor: anchor, role: role))
      }
    case .states:
      arrays += (value.sequence ?? [value]).map { Given(value: $0, anchor: anchor) }
    case .flag:
      if try Self.flag(value, name, kind) == true { options.flags.insert(name) }
    case .training: options.isTraining = try Self.flag(value, name, kind)
    }
  }

  /// True or False; nil for None.
  static func flag(_ value: PythonValue, _ name: String, _ kind: String) throws -> Bool? {
    if value.isNone { return nil }
    guard let flag = value.flag else {
      throw Complaint(
        "\(kind)'s call got \(value.described) for \"\(name)\"",
        remedy: "it takes True or False, known before there are numbers", at: .keyword(name))
    }
    return flag
  }

  // MARK: Masks among the numbers of the code

  /// Whether an array says nothing of single examples, so that it may stand beside any batch.
  func isForAllExamples(_ place: Int, _ shape: Shape) -> Bool {
    let role = arrays[place].role
    return role.hasSuffix("mask") && shape.rank >= 2
      && (shape[0] == 1 || role == "attention_mask" && shape.rank == 2)
  }

  /// Throws when a mask that the code holds is of examples that are not known yet.
  fileprivate func checkPlace(_ place: Int, _ input: NodeInput) throws {
    guard arrays[place].role.hasSuffix("mask"), case .constant(let tensor) = input,
      !isForAllExamples(place, tensor.shape)
    else { return }
    throw Complaint(
      "\(arrays[place].role) is an array of \(tensor.shape.tupleText) beside tensors",
      remedy: "give a tensor, or one of shape (1, rows, columns) for all examples",
      at: arrays[place].anchor)
  }

  func checkMasks(_ inputs: [NodeInput]) throws {
    guard inputs.contains(where: { $0.tensor != nil }) else { return }
    for (i, input) in inputs.enumerated() { try checkPlace(i, input) }
  }
}
