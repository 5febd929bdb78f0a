// `keras.callbacks.Callback`, from which a program derives its own.

import NeuralNets

/// The moments of a fit at which callbacks are asked.
package enum FitMoment: Hashable, Sendable {
  case trainBegin, trainEnd
  case epochBegin(Int), epochEnd(Int)
  case batchBegin(Int), batchEnd(Int)

  /// Names that a callback may give its method, the usual one first.
  package var methods: [String] {
    switch self {
    case .trainBegin: ["on_train_begin"]
    case .trainEnd: ["on_train_end"]
    case .epochBegin: ["on_epoch_begin"]
    case .epochEnd: ["on_epoch_end"]
    case .batchBegin: ["on_train_batch_begin", "on_batch_begin"]
    case .batchEnd: ["on_train_batch_end", "on_batch_end"]
    }
  }

  /// The number of the epoch or batch, from 0.
  var number: Int? {
    switch self {
    case .trainBegin, .trainEnd: nil
    case .epochBegin(let i), .epochEnd(let i), .batchBegin(let i), .batchEnd(let i): i
    }
  }

  package static let allMethods: [String] =
    [FitMoment.trainBegin, .trainEnd, .epochBegin(0), .epochEnd(0), .batchBegin(0), .batchEnd(0)]
    .flatMap(\.methods)
}

/// What a program's own callback keeps with its instance.
final class CallbackState {
  var model: PythonValue = .none
  var params: PythonValue = .none
}

final class CallbackBase: NativeBase {
  let kind = "Callback"
  let home = "keras.callbacks"

  var attributeNames: [String] { FitMoment.allMethods + ["model", "params", "set_model"] }

  func state(of instance: InstanceObject, _ evaluator: Evaluator) -> AnyObject? { CallbackState() }

  func initialize(
    _ instance: InstanceObject, _ arguments: CallArguments, _ evaluator: Evaluator
  ) throws {
    guard arguments.positional.isEmpty, arguments.keywords.isEmpty else {
      throw Complaint(
        "Callback() takes no arguments", remedy: "keep them in your own __init__",
        as: .raised("TypeError", "Callback() takes no arguments"))
    }
  }

  func attribute(
    _ name: String, of instance: InstanceObject, _ evaluator: Evaluator
  ) throws -> PythonValue? {
    let state = instance.state as? CallbackState
    switch name {
    case "model": return state?.model
    case "params": return state?.params
    case "set_model":
      return .object(
        NativeFunction("set_model(model)") { call in
          state?.model = call["model"]
          return .none
        })
    case _ where FitMoment.allMethods.contains(name):
      // What the base does at each moment: nothing.
      return .object(RawFunction(name) { _, _ in .none })
    default: return nil
    }
  }

  func call(
    _ instance: InstanceObject, _ arguments: CallArguments, _ evaluator: Evaluator
  ) throws -> PythonValue? { nil }
}

/// A callback whose code is the program's: a class derived from `Callback`, a `LambdaCallback`, or
/// the schedule of a `LearningRateScheduler`.
///
/// Not thread-safe: it is called where the program runs.
package final class ProgramCallback: ProgramObject {
  /// `Callback`, `LambdaCallback`, `LearningRateScheduler`.
  package let kind: String
  /// What native code needs to know besides: `verbose`.
  package let verbose: Int
  private let instance: InstanceObject?
  private var functions: [String: PythonValue]

  init(_ instance: InstanceObject) {
    kind = "Callback"
    verbose = 0
    self.instance = instance
    functions = [:]
  }

  init(_ kind: String, _ functions: [String: PythonValue], verbose: Int = 0) {
    self.kind = kind
    self.verbose = verbose
    self.functions = functions
    instance = nil
  }

  package var typeName: String { instance?.type.name ?? kind }

  /// Whether anything is asked for at a kind of moment, so that the rest costs nothing.
  package func listens(to moment: FitMoment) -> Bool {
    moment.methods.contains { functions[$0] != nil || instance?.type.member($0) != nil }
  }

  /// Gives the program's object its model and what `fit` was told.
  func begin(
    _ model: ModelHandle, _ params: [(name: String, value: PythonValue)], _ evaluator: Evaluator
  ) throws {
    guard let state = instance?.state as? CallbackState else { return }
    state.model = .object(model)
    let table = try evaluator.keep(DictionaryObject())
    for (name, value) in params { table.set(.text(name), value) }
    state.params = .dictionary(table)
  }

  /// Calls the program's code for a moment.
  func tell(
    _ moment: FitMoment, _ logs: [(name: String, value: MetricResult)], _ evaluator: Evaluator
  ) throws {
    guard listens(to: moment) else { return }
    let table = try evaluator.keep(DictionaryObject())
    for (name, value) in logs { table.set(.text(name), try evaluator.value(value)) }
    let arguments = (moment.number.map { [PythonValue.integer($0)] } ?? []) + [.dictionary(table)]
    for name in moment.methods {
      if let function = functions[name] { _ = try evaluator.invoke(function, arguments) }
      if let instance { _ = try evaluator.method(name, of: instance, arguments) }
    }
  }

  /// What a schedule gives for an epoch; Keras 2's took the epoch alone.
  func rate(_ epoch: Int, _ now: Double, _ evaluator: Evaluator) throws -> Double {
    let schedule = functions["schedule"] ?? .none
    var arguments: [PythonValue] = [.integer(epoch), .number(now)]
    if case .object(let function as FunctionObject) = schedule,
      function.parameters.rest == nil,
      function.parameters.all.filter({ !$0.isKeywordOnly }).count == 1
    {
      arguments.removeLast()
    }
    let result = try evaluator.invoke(schedule, arguments)
    guard !result.isWholeAlone, let rate = result.anyNumber else {
      throw Complaint(
        "the schedule of LearningRateScheduler gave \(result.described)",
        remedy: "it must give a float",
        as: .raised("ValueError", "The output of the `schedule` function should be a float."))
    }
    return rate
  }
}

extension PythonValue {
  /// An int or bool, which Keras does not take for a float.
  fileprivate var isWholeAlone: Bool {
    switch self {
    case .integer, .boolean: true
    default: false
    }
  }
}

/// The program's callbacks of one fit: how the host speaks to them, the evaluator left out.
///
/// Whoever called `fit` holds the evaluator, which holds the host: a host that keeps its caller keeps
/// nothing alive by it, and calls nobody once the program has ended.
package final class CallbackCaller {
  private weak var evaluator: Evaluator?
  private let model: ModelHandle

  init(_ evaluator: Evaluator, _ model: ModelHandle) {
    self.evaluator = evaluator
    self.model = model
  }

  /// - Parameters:
  ///   - epochs: as `fit` was told.
  ///   - steps: batches in an epoch.
  package func begin(
    _ callback: ProgramCallback, epochs: Int, steps: Int, verbose: Int
  ) throws {
    guard let evaluator else { return }
    try callback.begin(
      model,
      [("verbose", .integer(verbose)), ("epochs", .integer(epochs)), ("steps", .integer(steps))],
      evaluator)
  }

  package func tell(
    _ callback: ProgramCallback, _ moment: FitMoment,
    _ logs: [(name: String, value: MetricResult)]
  ) throws {
    guard let evaluator else { return }
    try callback.tell(moment, logs, evaluator)
  }

  package func rate(_ callback: ProgramCallback, epoch: Int, now: Double) throws -> Double {
    guard let evaluator else { return now }
    return try callback.rate(epoch, now, evaluator)
  }

  /// A file's name with what its braces name: `model-{epoch:02d}-{val_loss:.2f}`.
  package func fileName(
    _ template: String, epoch: Int, _ logs: [(name: String, value: Double)]
  ) throws -> String {
    guard let evaluator else { return template }
    let numbers = logs.map { (name: $0.name, value: PythonValue.number($0.value)) }
    let arguments = CallArguments(keywords: [("epoch", .integer(epoch))] + numbers)
    let format = TextMethods.method("format", template, evaluator) ?? .none
    return try evaluator.invoke(format, arguments).string ?? template
  }

  /// Whether the program asked the model to stop: `self.model.stop_training = True`.
  package var stopsTraining: Bool {
    get { model.stopsTraining }
    set { model.stopsTraining = newValue }
  }
}
