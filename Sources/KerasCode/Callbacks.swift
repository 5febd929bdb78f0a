import NeuralNets

/// The callbacks of `fit`.
enum Callbacks {
  struct Class: Sendable {
    let kind: String
    let arguments: [ArgumentSpec]
  }

  static let all: [Class] = [
    Class(
      kind: "EarlyStopping",
      arguments: [
        text("monitor", "val_loss"), number("min_delta", 0), whole("patience", 0),
        whole("verbose", 0), text("mode", "auto"),
        ArgumentSpec(
          "baseline", .number(-1e30...1e30), default: ArgumentValue.none, "what to beat"),
        ArgumentSpec(
          "restore_best_weights", .boolean, default: .boolean(false), "whether to go back"),
        whole("start_from_epoch", 0),
      ]),
    Class(
      kind: "ReduceLROnPlateau",
      arguments: [
        text("monitor", "val_loss"), number("factor", 0.1), whole("patience", 10),
        whole("verbose", 0), text("mode", "auto"), number("min_delta", 1e-4),
        whole("cooldown", 0), number("min_lr", 0),
      ]),
    Class(
      kind: "ModelCheckpoint",
      arguments: [
        ArgumentSpec("filepath", .text, "where to write"),
        text("monitor", "val_loss"), whole("verbose", 0), flag("save_best_only"),
        flag("save_weights_only"), text("mode", "auto"),
        ArgumentSpec(
          "save_freq", .integer(1...1_000_000_000), default: ArgumentValue.none,
          "after how many batches; None is an epoch"),
        ArgumentSpec(
          "initial_value_threshold", .number(-1e30...1e30), default: ArgumentValue.none,
          "what to beat"),
      ]),
    Class(kind: "TerminateOnNaN", arguments: [flag("raise_error")]),
    Class(
      kind: "CSVLogger",
      arguments: [
        ArgumentSpec("filename", .text, "where to write"), text("separator", ","),
        flag("append"),
      ]),
    Class(kind: "History", arguments: []),
  ]

  private static func flag(_ name: String) -> ArgumentSpec {
    ArgumentSpec(name, .boolean, default: .boolean(false), name)
  }

  private static func text(_ name: String, _ standard: String) -> ArgumentSpec {
    ArgumentSpec(name, .text, default: .text(standard), name)
  }

  private static func number(_ name: String, _ standard: Double) -> ArgumentSpec {
    ArgumentSpec(name, .number(0...1e30), default: .number(standard), name)
  }

  private static func whole(_ name: String, _ standard: Int) -> ArgumentSpec {
    ArgumentSpec(name, .integer(0...1_000_000_000), default: .integer(standard), name)
  }

  /// Adds the callbacks that take functions, and mends what Keras writes in another way.
  static func install(in keras: Namespace) {
    guard case .object(let home as Namespace)? = keras.members["callbacks"] else { return }
    let moments =
      "on_epoch_begin=None, on_epoch_end=None, on_train_begin=None, on_train_end=None, "
      + "on_train_batch_begin=None, on_train_batch_end=None, on_batch_begin=None, on_batch_end=None"
    home.add(
      NativeFunction("LambdaCallback(\(moments))") { call in
        var functions: [String: PythonValue] = [:]
        for name in FitMoment.allMethods where !call[name].isNone {
          guard case .object(is any Callable) = call[name] else {
            throw call.unsuitable(name, wanted: "a function")
          }
          functions[name] = call[name]
        }
        return .object(ProgramCallback("LambdaCallback", functions))
      })
    home.add(
      NativeFunction("LearningRateScheduler(schedule, verbose=0)") { call in
        guard case .object(is any Callable) = call["schedule"] else {
          throw call.unsuitable("schedule", wanted: "a function of the epoch and the rate")
        }
        return .object(
          ProgramCallback(
            "LearningRateScheduler", ["schedule": call["schedule"]],
            verbose: try call.integer("verbose", in: 0...2)))
      })
    home.add("ModelCheckpoint", .object(KerasClass("ModelCheckpoint", home: home.name, checkpoint)))
  }

  /// `save_freq="epoch"` is kept as None.
  private static func checkpoint(
    _ arguments: CallArguments, _ evaluator: Evaluator
  ) throws -> PythonValue {
    let specs = all.first { $0.kind == "ModelCheckpoint" }?.arguments ?? []
    var given = arguments
    given.keywords.removeAll { $0.name == "save_freq" && $0.value.string == "epoch" }
    return .object(ComponentObject(try KerasNames.component("ModelCheckpoint", specs, given)))
  }

  /// The callbacks that `fit` was given, in their order.
  static func given(_ call: BoundCall) throws -> [FitWatcher] {
    if call["callbacks"].isNone { return [] }
    return try (call["callbacks"].sequence ?? [call["callbacks"]]).map { item in
      switch item {
      case .object(let callback as ProgramCallback): return .program(callback)
      case .object(let instance as InstanceObject) where instance.state is CallbackState:
        return .program(ProgramCallback(instance))
      case .object(let object as ComponentObject)
      where all.contains { $0.kind == object.component.kind }:
        return .component(object.component)
      default:
        throw Complaint(
          "\(item.described) is not a callback that the lab knows",
          remedy: "it knows "
            + (all.map(\.kind) + ["LambdaCallback", "LearningRateScheduler"])
            .joined(separator: ", ") + ", and classes derived from keras.callbacks.Callback",
          at: call.anchor("callbacks"))
      }
    }
  }
}

/// A callback that is made again of what was kept of it.
package enum KeptCallback {
  /// Nil when there is none of that kind with these arguments.
  package static func component(
    _ kind: String, _ arguments: [String: ArgumentValue]
  ) -> Component? {
    guard let known = Callbacks.all.first(where: { $0.kind == kind }) else { return nil }
    let keywords = arguments.map { (name: $0.key, value: $0.value) }
    return (try? Arguments(known.arguments, keywords: keywords)).map {
      Component(kind: kind, arguments: $0)
    }
  }
}
