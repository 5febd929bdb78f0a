import Autodiff
import NeuralNets
import Tensors

/// What names of the run mean in a condition, as `print` would say at the moment it is asked at.
struct RunNames {
  let session: Session
  let plan: Plan
  /// A step (a pass) that the plan does: what holds for it holds for all of its kind.
  let number: Int
  let moment: TestMoment

  /// Those that only weights at hand can say.
  static let needMemory: Set<String> = ["train_loss", "train_accuracy"]

  /// Whether a name of the run has its number before a step begins.
  static func isKnownAtBeginning(_ name: String) -> Bool {
    let made = [
      "loss", "accuracy", "gradient_norm", "update_ratio", "train_loss", "train_accuracy",
    ]
    return !made.contains(name)
      && (SessionScope.runNames.contains(name) || name.hasPrefix("val_") || name.contains("."))
  }

  /// What the end of each step finds the same, or what is no number.
  private static let notFromStepToStep: Set = [
    "input", "finished", "begun", "instruction", "epochs", "batch_size", "seed", "parameters",
  ]

  /// The names of the run that a condition can be about.
  static let conditions = ExpressionNames.names(in: [.values, .run]).filter {
    !notFromStepToStep.contains($0)
  }

  private var part: RunPart { session.part(ofStep: number) }

  /// What names of the network mean in this part of the run.
  var network: NetworkNames { NetworkNames(part.settings, part.network) }

  /// The names that can be asked for.
  var all: [String] {
    let own = ExpressionNames.names(in: [.values, .run, .network]).filter { $0 != "input" }
    return Array(Set(plan.names).union(own).union(part.epochNames)).sorted()
  }

  /// - Throws: `ExpressionFailure` for a name that there is not.
  func compiled(_ name: String) throws(ExpressionFailure) -> CompiledExpression {
    if let known = constant(name) ?? changing(name) { return known }
    if name == "accuracy" || name == "train_accuracy" || name.hasPrefix("val_") {
      return try measured(name)
    }
    switch try network.value(named: name) {
    case .number(let number)?: return .number(number)
    case .truth(let truth)?: return .truth(truth)
    default: throw unknown(name)
    }
  }

  /// What stays the same as long as the plan does.
  private func constant(_ name: String) -> CompiledExpression? {
    switch name {
    case "instruction": .number(moment.isEnd ? 0 : Double(moment.instruction))
    case "epochs": .number(Double(part.settings.epochs))
    case "batch_size": .number(Double(part.settings.batchSize))
    case "seed": .number(Double(part.settings.seed))
    case "parameters": .number(Double(part.network.parameterCount))
    default: nil
    }
  }

  private func changing(_ name: String) -> CompiledExpression? {
    // The end of a step is the start of the next.
    let ahead = moment.isEnd ? 1 : 0
    let session = self.session
    func number(
      _ bounds: ClosedRange<Double> = 0 ... .infinity, _ read: @escaping (StepReading) -> Double
    ) -> CompiledExpression { CompiledExpression(body: .number(read), bounds: bounds) }
    let last = Double(session.end.step)
    switch name {
    case "loss": return number(-.infinity ... .infinity) { $0.loss }
    case "gradient_norm": return number { $0.gradientNorm }
    case "update_ratio": return number { $0.updateRatio }
    case "train_loss":
      return number(-.infinity ... .infinity) { Double($0.trainingJudgment.loss) }
    case "learning_rate": return number { Double(session.learningRate(at: $0.number + ahead)) }
    case "step": return number(0...last) { Double(session.moment($0.number + ahead).step) }
    case "pass": return number { Double(session.moment($0.number + ahead).pass) }
    case "steps": return number { _ in Double(session.history.steps.count) }
    case "epoch":
      return number {
        let place = $0.number + ahead
        let settings = session.part(ofStep: place).settings
        return Double(settings.epoch(ofStep: session.moment(place).step))
      }
    case "begun": return CompiledExpression(body: .truth { $0.number + ahead > 0 })
    case "finished":
      return CompiledExpression(
        body: .truth { session.moment($0.number + ahead) >= session.end })
    default: return nil
    }
  }

  /// What there is only in runs that tell classes apart, or hold examples back.
  private func measured(_ name: String) throws(ExpressionFailure) -> CompiledExpression {
    let ahead = moment.isEnd ? 1 : 0
    let isShare = name.hasSuffix("accuracy")
    let bounds: ClosedRange<Double> = isShare ? 0...1 : -.infinity ... .infinity
    func read(_ body: @escaping (StepReading) -> Double) -> CompiledExpression {
      CompiledExpression(body: .number(body), bounds: bounds)
    }
    let isJudged = part.validation != nil && session.passRun == nil
    switch name {
    case "accuracy" where part.accuracy != nil: return read { $0.accuracy }
    case "train_accuracy" where part.accuracy != nil:
      return read { $0.trainingJudgment.accuracy.map { Double($0) } ?? .nan }
    case "val_loss" where isJudged:
      return read { $0.epoch(endedBy: $0.number + ahead) { $0.validationLoss.map { Double($0) } } }
    case "val_accuracy" where isJudged && part.accuracy != nil:
      return read {
        $0.epoch(endedBy: $0.number + ahead) { $0.validationAccuracy.map { Double($0) } }
      }
    case _ where isJudged && part.epochNames.contains(name):
      return read {
        $0.epoch(endedBy: $0.number + ahead) { $0.numbers.first { $0.name == name }?.value }
      }
    case "accuracy", "train_accuracy", "val_loss", "val_accuracy":
      throw ExpressionFailure(
        .meaning, "this run has no ‘\(name)’",
        remedy: "classes to tell apart, or examples that are held back")
    default: throw unknown(name)
    }
  }

  private func unknown(_ name: String) -> ExpressionFailure {
    if name == "phase" {
      return ExpressionFailure(
        .unknownName, "a phase is a place, not a value", remedy: "break backward if …")
    }
    if ExpressionNames.names(in: [.doings]).contains(name) {
      return ExpressionFailure(
        .meaning, "\(name) says what you did, not what the run does",
        remedy: "something the run computes, as loss")
    }
    let parts = name.split(separator: "/").map(String.init)
    let known = all
    if parts.count == 2, parts.allSatisfy(known.contains) {
      return ExpressionFailure(
        .unknownName, "there is no value ‘\(name)’",
        remedy: "\(parts[0]) / \(parts[1]), with spaces, to divide")
    }
    let near = NameSuggestion.near(name, among: known).filter { $0 != name }
    return ExpressionFailure(
      .unknownName, "there is no value ‘\(name)’",
      remedy: near.isEmpty
        ? "loss, learning_rate, or one that 'info values' lists" : near.joined(separator: " or "))
  }
}

/// What names mean in the step that is read: for parts of a condition that work on arrays.
struct ReadingScope: ExpressionScope {
  let reading: StepReading
  let known: RunNames

  init(reading: StepReading, names: RunNames) {
    self.reading = reading
    known = names
  }

  var names: [String] { known.all }

  func value(named name: String) throws(ExpressionFailure) -> ExpressionValue? {
    let execution = reading.execution
    if let value = execution.plan.value(named: name), value != execution.plan.loss {
      return value.shape.rank == 0
        ? .number(Double(execution.number(value, at: 0))) : .tensor(execution.tensor(value))
    }
    if case .text(let text)? = try known.network.value(named: name) { return .text(text) }
    if case .tensor(let tensor)? = try known.network.value(named: name) { return .tensor(tensor) }
    switch try known.compiled(name).body {
    case .number(let read): return .number(read(reading))
    case .truth(let holds): return .truth(holds(reading))
    case .value, .tensor: return nil
    }
  }

  func value(
    of function: String, place: String
  ) throws(ExpressionFailure) -> ExpressionValue {
    if let value = try known.network.value(of: function, place) { return value }
    throw ExpressionFailure(
      .meaning, "\(function) says what you did, not what the run does",
      remedy: "a place to stop at, as break backward dense_1")
  }

  func history(of name: String) throws(ExpressionFailure) -> Tensor {
    let steps = reading.number + (known.moment.isEnd ? 1 : 0)
    guard let numbers = known.session.history.numbers(named: name, toStep: steps) else {
      throw History.unknown(name)
    }
    return numbers
  }

  func updateRatio(of name: String) throws(ExpressionFailure) -> Double {
    let weight = try reading.execution.plan.updatedWeight(named: name)
    guard let before = reading.before[name] else { return reading.unknown() }
    return reading.execution.withNumbers(of: weight) {
      UpdateRatio.of(before, UnsafeBufferPointer($0))
    }
  }
}
