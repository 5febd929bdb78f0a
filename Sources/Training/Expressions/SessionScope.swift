import Autodiff
import NeuralNets
import Tensors

/// What names mean at the position a session is at.
///
/// Values of the plan are this step's; `loss` and `accuracy` are the batch's before its update.
/// `train_loss` and `train_accuracy` judge the present weights on every training example.
/// `val_loss` and `val_accuracy` are those of the last epoch that ended.
package struct SessionScope: ExpressionScope {
  private let session: Session
  private let doings: Doings
  /// How many breakpoints are set.
  private let breakpoints: Int
  /// Whether the run trains by itself at this moment, rather than stand still.
  package var isTraining = false
  /// What names meant before some commands were carried out: for `before(…)`.
  package var earlier: (any ExpressionScope)?

  package init(_ session: Session, doings: Doings = Doings(), breakpoints: Int = 0) {
    self.session = session
    self.doings = doings
    self.breakpoints = breakpoints
  }

  package init(_ session: Session, travels: Travels) {
    var doings = Doings()
    doings.travels = travels
    self.init(session, doings: doings)
  }

  /// The names that are no values of the plan.
  package static let runNames = ExpressionNames.names(in: Set(ExpressionNames.Group.allCases))
    .filter { $0 != "input" }.sorted()

  package var names: [String] {
    Array(Set(session.plan.names).union(Self.runNames).union(epochNames)).sorted()
  }

  package func value(named name: String) throws(ExpressionFailure) -> ExpressionValue? {
    if let value = session.plan.value(named: name) { return try planned(name, value) }
    let position = session.position
    switch name {
    case "step": return .number(Double(position.step))
    case "instruction": return .number(Double(position.instruction))
    case "epoch": return .number(Double(session.settings.epoch(ofStep: position.step)))
    // Training steps ever done in this run, wherever one has gone back to.
    case "steps": return .number(Double(session.history.steps.count))
    case "epochs": return .number(Double(session.settings.epochs))
    case "batch_size": return .number(Double(session.settings.batchSize))
    case "seed": return .number(Double(session.settings.seed))
    case "parameters": return .number(Double(session.network.parameterCount))
    case "finished": return .truth(session.isFinished)
    case "paused": return .truth(!isTraining)
    case "learning_rate": return .number(Double(session.learningRate))
    case "pass": return .number(Double(position.pass))
    case "begun": return .truth(session.history.count > 0)
    case "accuracy": return .number(try batchAccuracy())
    case "gradient_norm": return .number(try gradientNorm())
    case "update_ratio": return .number(try updateRatio())
    case "train_loss": return .number(Double(session.trainingJudgment.loss))
    case "train_accuracy": return .number(try known(session.trainingJudgment.accuracy))
    case "val_loss": return .number(try known(lastEpoch().validationLoss))
    case "val_accuracy": return .number(try known(lastEpoch().validationAccuracy))
    default: break
    }
    if let value = try doings.value(named: name, session, breakpoints: breakpoints) { return value }
    if let number = try epochNumber(name) { return .number(number) }
    return try network.value(named: name)
  }

  private var network: NetworkNames { NetworkNames(session.settings, session.network) }

  package func history(of name: String) throws(ExpressionFailure) -> Tensor {
    guard let numbers = session.history.numbers(named: name) else { throw History.unknown(name) }
    return numbers
  }

  /// What the last epoch that ended had under Keras's name: `val_rating_loss`.
  private func epochNumber(_ name: String) throws(ExpressionFailure) -> Double? {
    guard epochNames.contains(name) else { return nil }
    return try lastEpoch().numbers.first { $0.name == name }?.value
  }

  /// The names of what is measured at the end of an epoch, besides those of every run.
  private var epochNames: [String] { session.part.epochNames }

  package func value(
    of function: String, place: String
  ) throws(ExpressionFailure) -> ExpressionValue {
    if let value = doings.value(of: function, place) { return value }
    if let value = try network.value(of: function, place) { return value }
    throw ExpressionFailure(
      .unknownName, "there is no function ‘\(function)’ of a text", remedy: "layers(\"Dense\")")
  }

  /// A value of the plan, if the instruction that makes it is done.
  private func planned(
    _ name: String, _ value: Value
  ) throws(ExpressionFailure) -> ExpressionValue {
    let execution = session.execution
    guard execution.isKnown(value) else {
      let origin = session.plan.origin(of: value)
      let maker = origin.map { "instruction \($0 + 1), ‘\(session.plan.instructions[$0].title)’" }
      throw ExpressionFailure(
        .notYet(instruction: origin), "\(name) is not known yet",
        remedy: "\(maker ?? "a later instruction") makes it")
    }
    let tensor = execution.tensor(value)
    return tensor.shape.rank == 0 || value == session.plan.loss
      ? .number(Double(tensor.scalars[0])) : .tensor(tensor)
  }

  private func batchAccuracy() throws(ExpressionFailure) -> Double {
    guard let accuracy = session.accuracy else { throw Self.noAccuracy }
    let output = session.plan.output
    guard session.execution.isKnown(output) else {
      throw ExpressionFailure(
        .notYet(instruction: session.plan.origin(of: output)), "accuracy is not known yet",
        remedy: "the end of the forward pass makes it")
    }
    return Double(session.execution.countRight(accuracy)) / Double(max(output.shape.rows, 1))
  }

  /// The length of the gradient of all learned weights together.
  private func gradientNorm() throws(ExpressionFailure) -> Double {
    let origin = session.plan.gradientNormOrigin
    guard session.execution.position > origin else {
      throw ExpressionFailure(
        .notYet(instruction: origin), "gradient_norm is not known yet",
        remedy: "the end of the backward pass makes it")
    }
    return Double(session.execution.gradientSquares().squareRoot())
  }

  private func updateRatio() throws(ExpressionFailure) -> Double {
    guard session.execution.isDone else {
      throw ExpressionFailure(
        .notYet(instruction: session.plan.instructions.count - 1), "update_ratio is not known yet",
        remedy: "the end of the step makes it")
    }
    guard let ratio = session.history.step(session.shownStep)?.updateRatio else {
      throw ExpressionFailure(
        .meaning, "update_ratio was not measured at this step",
        remedy: "update_ratio(dense/kernel), of one weight")
    }
    return Double(ratio)
  }

  package func updateRatio(of name: String) throws(ExpressionFailure) -> Double {
    let weight = try session.plan.updatedWeight(named: name)
    let origin = session.plan.lastOverwriting(of: weight) ?? 0
    guard session.execution.position > origin else {
      throw ExpressionFailure(
        .notYet(instruction: origin), "the update of \(name) is not known yet",
        remedy: "the end of the step makes it")
    }
    session.rearm()
    let before = session.execution.numbers(of: weight, after: 0)
    return session.execution.withNumbers(of: weight) {
      UpdateRatio.of(before, UnsafeBufferPointer($0))
    }
  }

  private static let noAccuracy = ExpressionFailure(
    .meaning, "this run has no such number",
    remedy: "classes to tell apart, or examples that are held back")

  private func known(_ value: Float?) throws(ExpressionFailure) -> Double {
    guard let value else { throw Self.noAccuracy }
    return Double(value)
  }

  private func lastEpoch() throws(ExpressionFailure) -> History.Epoch {
    let here = session.position.step
    guard let last = session.history.epochs.last(where: { ($0.end ?? 0) <= here }) else {
      throw ExpressionFailure(
        .notYet(instruction: nil), "no epoch has ended yet",
        remedy: "the end of the first epoch makes it")
    }
    return last
  }
}

extension Session {
  /// The loss and accuracy of the present weights on all training examples.
  var trainingJudgment: Judgment { evaluate(part.training) }
}
