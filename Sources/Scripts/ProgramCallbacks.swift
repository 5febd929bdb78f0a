import KerasCode
import NeuralNets
import Training

/// A callback whose code is the program's.
struct ProgramWatcher: FitCallback {
  let callback: ProgramCallback
  let caller: CallbackCaller

  var showsLearningRate: Bool { callback.kind == "LearningRateScheduler" }

  func listens(to moment: FitMoment) -> Bool {
    if case .epochBegin = moment, showsLearningRate { return true }
    return callback.listens(to: moment)
  }

  func met(
    _ moment: FitMoment, _ numbers: [NamedNumber], _ session: Session
  ) throws -> CallbackAdvice {
    if case .epochBegin(let epoch) = moment, showsLearningRate {
      let now = Double(session.learningRate(at: session.position.step))
      let rate = try caller.rate(callback, epoch: epoch, now: now)
      let line =
        "\nEpoch \(epoch + 1): LearningRateScheduler setting learning rate to "
        + "\(PythonFormat.number(rate))."
      return CallbackAdvice(
        learningRate: Float(rate), lines: callback.verbose > 0 ? [line] : [])
    }
    try caller.tell(callback, moment, numbers.map { ($0.name, $0.result) })
    return CallbackAdvice(stops: caller.stopsTraining)
  }
}
