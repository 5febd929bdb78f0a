import Autodiff
import Tensors

/// The numbers of one step that conditions are asked about: in the memory of its execution where it
/// has just run, else what the history has of it.
///
/// It belongs to one search and is set from step to step.
final class StepReading {
  let session: Session
  /// The step that is read (in a run of passes the pass).
  private(set) var number = 0
  private(set) var execution: Execution
  /// What the history has of it.
  private var record: History.Step?
  /// Whether a number was asked for that there is not, or not yet.
  var isUnknown = false
  /// Weights as they were before the step, for the names that are asked for.
  var before: [String: [Float]] = [:]
  private var judged: (number: Int, judgment: Judgment)?

  init(_ session: Session, _ execution: Execution) {
    self.session = session
    self.execution = execution
  }

  func turn(to number: Int, _ execution: Execution) {
    self.number = number
    self.execution = execution
    record = session.history.step(number)
  }

  func unknown() -> Double {
    isUnknown = true
    return .nan
  }

  // MARK: What the history has

  var loss: Double {
    if let record { return Double(record.loss) }
    guard let loss = execution.plan.loss else { return unknown() }
    return Double(execution.number(loss, at: 0))
  }

  /// As a share of whole rows, so that 9 of 10 are 0.9 to the last digit.
  var accuracy: Double {
    let rows = Double(max(execution.plan.output.shape.rows, 1))
    if let record {
      guard let share = record.accuracy else { return unknown() }
      return (Double(share) * rows).rounded() / rows
    }
    guard let accuracy = session.part(ofStep: number).accuracy else { return unknown() }
    return Double(execution.countRight(accuracy)) / rows
  }

  var gradientNorm: Double {
    Double(record?.gradientNorm ?? execution.gradientSquares().squareRoot())
  }

  var updateRatio: Double {
    record?.updateRatio.map { Double($0) } ?? unknown()
  }

  /// What the last epoch had that ended before or with a step.
  func epoch(endedBy step: Int, _ number: (History.Epoch) -> Double?) -> Double {
    let epochs = session.history.epochs
    var (low, high) = (0, epochs.count)
    while low < high {
      let middle = (low + high) / 2
      if (epochs[middle].end ?? 0) <= step { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return unknown() }
    return number(epochs[low - 1]) ?? unknown()
  }

  // MARK: What the weights at hand make of examples

  /// The loss and the accuracy on every training example.
  var trainingJudgment: Judgment {
    if let judged, judged.number == number { return judged.judgment }
    let judgment = session.trainingJudgment
    judged = (number, judgment)
    return judgment
  }
}
