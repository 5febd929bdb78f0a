import NeuralNets
import Tensors

/// `model.compile`.
enum Compiling {
  static func function(_ model: ModelHandle) -> NativeFunction {
    NativeFunction(
      "compile(optimizer='rmsprop', loss=None, loss_weights=None, metrics=None,"
        + " weighted_metrics=None, run_eagerly=False, steps_per_execution=1, jit_compile='auto',"
        + " auto_scale_loss=True)"
    ) { call in
      model.openCompile = nil
      if model.hasOpenOutputs, case .dictionary = call["loss"] {
        try begin(model, call)
      } else {
        try compile(model, call)
      }
      return .none
    }
  }

  /// Compiles a model of the program's own class, whose outputs get their losses by name once they
  /// are known.
  private static func begin(_ model: ModelHandle, _ call: BoundCall) throws {
    let optimizer = try optimizer(call)
    model.compilation = Compilation(
      optimizer: optimizer, loss: .known("MeanSquaredError"))
    model.compilationCount += 1
    model.isJudged = false
    let statement = call.evaluator.topStatement
    model.compileStatement = statement
    let place = call.evaluator.callPlace
    model.openCompile = { [unowned model] in
      do {
        try compile(model, call)
        model.compileStatement = statement
      } catch let complaint as Complaint {
        throw Complaint(complaint.message, remedy: complaint.remedy, at: .place(place))
      }
    }
  }

  private static func optimizer(_ call: BoundCall) throws -> Component {
    guard let optimizer = try component(call["optimizer"], .optimizer, call, "optimizer") else {
      throw call.unsuitable("optimizer", wanted: "a name or an object, as \"adam\"")
    }
    return optimizer
  }

  private static func compile(_ model: ModelHandle, _ call: BoundCall) throws {
    let optimizer = try optimizer(call)
    guard !call["loss"].isNone else {
      throw Complaint(
        "compile() without a loss", remedy: "name one, as loss=\"mse\"", at: call.anchor("loss"))
    }
    let losses = try perOutput("loss", model, call, isShared: true)
    guard losses.contains(where: { !$0.isNone }) else {
      throw Complaint("no output has a loss", remedy: "name one", at: call.anchor("loss"))
    }
    let weights = try perOutput("loss_weights", model, call, isShared: false)
    let metrics = try metrics("metrics", model, call)
    let weighted = try self.metrics("weighted_metrics", model, call)
    var outputs: [Compilation.Judging] = []
    model.pending = []
    model.evaluator = call.evaluator
    for (i, loss) in losses.enumerated() {
      let share = weights.indices.contains(i) && !weights[i].isNone ? weights[i].anyNumber : 1
      guard let share else { throw call.unsuitable("loss_weights", wanted: "numbers") }
      outputs.append(
        Compilation.Judging(
          loss: try self.loss(loss, i, model, call), weight: share,
          metrics: try choices(metrics[i], "metrics", i, model, call),
          weightedMetrics: try choices(weighted[i], "weighted_metrics", i, model, call)))
    }
    model.compilation = Compilation(optimizer: optimizer, outputs: outputs)
    model.compilationCount += 1
    model.isJudged = false
    model.hasMetrics = !call["metrics"].isNone || !call["weighted_metrics"].isNone
    model.lossOrder = lossOrder(call["loss"], model)
    model.compileStatement = call.evaluator.topStatement
  }

  /// The outputs as Keras lists their losses: as a dict of losses has them, where the model gives a
  /// dict.
  private static func lossOrder(_ losses: PythonValue, _ model: ModelHandle) -> [Int] {
    guard let outputs = model.outputKeys, case .dictionary(let table) = losses else { return [] }
    return table.keys.compactMap { key in
      if case .text(let name) = key { outputs.firstIndex(of: name) } else { nil }
    }
  }

  // MARK: Parts

  /// The loss of an output; a function of the program is followed once the output is known.
  private static func loss(
    _ value: PythonValue, _ output: Int, _ model: ModelHandle, _ call: BoundCall
  ) throws -> Component? {
    guard value.isFollowed else { return try component(value, .loss, call, "loss") }
    model.pending.append(ModelHandle.Pending(function: value, role: .loss, output: output))
    return LossCatalog.named("mse")?.standard
  }

  /// The metrics of an output, functions of the program among them.
  private static func choices(
    _ values: [PythonValue], _ argument: String, _ output: Int, _ model: ModelHandle,
    _ call: BoundCall
  ) throws -> [MetricChoice] {
    try values.enumerated().map { i, value in
      guard value.isFollowed else { return try choice(value, call, argument) }
      model.pending.append(
        ModelHandle.Pending(
          function: value, role: argument == "metrics" ? .metric(i) : .weightedMetric(i),
          output: output))
      return "mse"
    }
  }

  /// A member of a family by name, class, object or function; nil for None.
  static func component(
    _ value: PythonValue, _ family: ComponentFamily, _ call: BoundCall, _ argument: String
  ) throws -> Component? {
    switch value {
    case .none: return nil
    case .text(let name):
      // Names of optimizers are the only ones that Keras takes in any case.
      let known =
        family.named(name)
        ?? family.classes.first {
          family == .optimizer && $0.kind.lowercased() == name.lowercased()
        }
      guard let known, known.hasDefaults, known.isNamedAlone else {
        throw Complaint(
          "there is no \(family.rawValue) \(PythonFormat.quoted(name))",
          remedy: Suggestions.remedy(name, among: family.names, of: "the lab"),
          at: call.anchor(argument))
      }
      return known.standard
    case .object(let object as ComponentObject):
      if object.component.body != nil || family.named(object.component.kind) != nil {
        return object.component
      }
    case .object(let type as KerasClass):
      if let known = family.named(type.typeName), known.hasDefaults { return known.standard }
    case .object(let function as NativeFunction):
      if let known = family.named(function.name), known.hasDefaults { return known.standard }
    default: break
    }
    throw call.unsuitable(
      argument, wanted: "a name or an object, as \"\(family.classes.first?.shortName ?? "")\"")
  }

  /// What an argument says of each output: a list in their order, a dict by their names, or one
  /// value for all.
  private static func perOutput(
    _ name: String, _ model: ModelHandle, _ call: BoundCall, isShared: Bool
  ) throws -> [PythonValue] {
    let names = model.outputNames
    let value = call[name]
    if case .dictionary(let table) = value {
      for key in table.keys {
        guard case .text(let text) = key, names.contains(text) else {
          throw Complaint(
            "\(name) names an output that the model does not have",
            remedy: "its outputs are \(names.joined(separator: ", "))", at: call.anchor(name))
        }
      }
      // Of the outputs of a dict some may go without.
      if let missing = names.first(where: { table.value(.text($0)) == nil }), isShared,
        model.outputKeys == nil
      {
        throw Complaint(
          "\(name) says nothing of the output \(PythonFormat.quoted(missing, "\""))",
          remedy: "its outputs are \(names.joined(separator: ", "))", at: call.anchor(name))
      }
      return names.map { table.value(.text($0)) ?? .none }
    }
    if let items = value.sequence {
      guard items.count == names.count else {
        throw Complaint(
          "\(items.count) values of \(name) for \(names.count) outputs", remedy: "one for each",
          at: call.anchor(name))
      }
      return items
    }
    return names.indices.map { isShared || $0 == 0 ? value : .none }
  }

  private static func metrics(
    _ name: String, _ model: ModelHandle, _ call: BoundCall
  ) throws -> [[PythonValue]] {
    let names = model.outputNames
    let value = call[name]
    if value.isNone { return names.map { _ in [] } }
    if case .dictionary(let table) = value {
      for key in table.keys {
        guard case .text(let text) = key, names.contains(text) else {
          throw Complaint(
            "\(name) names an output that the model does not have",
            remedy: "its outputs are \(names.joined(separator: ", "))", at: call.anchor(name))
        }
      }
      return names.map { output in
        let of = table.value(.text(output)) ?? .none
        return of.isNone ? [] : of.sequence ?? [of]
      }
    }
    guard let items = value.sequence else {
      throw call.unsuitable(name, wanted: "a list, as [\"accuracy\"]")
    }
    if names.count == 1 {
      let flat = items.flatMap { $0.sequence ?? [$0] }
      return [flat]
    }
    guard items.count == names.count else {
      throw Complaint(
        "\(items.count) values of \(name) for \(names.count) outputs",
        remedy: "a list for each, or a dict by their names", at: call.anchor(name))
    }
    return items.map { item in item.isNone ? [] : item.sequence ?? [item] }
  }

  /// Names that stand for what fits the loss.
  private static let automatic = ["accuracy", "acc", "crossentropy", "ce"]

  private static func choice(
    _ value: PythonValue, _ call: BoundCall, _ argument: String
  ) throws -> MetricChoice {
    if let name = value.string {
      guard automatic.contains(name.lowercased()) || ComponentFamily.metric.named(name) != nil
      else {
        throw Complaint(
          "there is no metric \(PythonFormat.quoted(name))",
          remedy: Suggestions.remedy(
            name, among: automatic + ComponentFamily.metric.names, of: "the lab"),
          at: call.anchor(argument))
      }
      return .named(name)
    }
    guard let component = try component(value, .metric, call, argument) else {
      throw call.unsuitable(argument, wanted: "metrics by name or as objects")
    }
    return .object(component)
  }
}

extension PythonValue {
  /// A function or an object of the program that is followed on tensors: a loss or a metric of its
  /// own.
  fileprivate var isFollowed: Bool {
    if isProgramFunction { return true }
    guard case .object(let instance as InstanceObject) = self else { return false }
    return instance.type.member("call") != nil || instance.type.member("__call__") != nil
  }
}
