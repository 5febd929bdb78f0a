import Autodiff
import Tensors

/// Measures how far each update moves the learned weights: ‖Δw‖ / ‖w‖.
///
/// It keeps the weights as they were before the update. What it says depends on nothing but the
/// step, so that it is the same whichever way one came there.
struct UpdateMeter {
  /// A large network is measured at every so many-th step, so that measuring takes no time worth
  /// mentioning beside the step itself. A power of two: thinned histories keep these steps.
  private var spacing = 1
  private var before = Arena(count: 0)
  /// The step whose beginning `before` holds.
  private var step: Int?
  private var measured: ObjectIdentifier?
  private var firstUpdate = 0

  /// The weights were changed by something else than an update.
  mutating func forget() { step = nil }

  /// To be called before a step runs, at the latest before its updates.
  mutating func begin(_ step: Int, _ execution: Execution) {
    look(at: execution)
    guard step % spacing == 0, self.step != step, execution.position <= firstUpdate else { return }
    execution.copyLearned(to: before.base)
    self.step = step
  }

  /// What the gradient and the update of the step just done are like.
  mutating func end(
    _ step: Int, _ execution: Execution
  ) -> (
    gradientNorm: Float, updateRatio: Float?
  ) {
    look(at: execution)
    let isKnown = self.step == step
    let moved = isKnown ? execution.changeSquares(since: before.base) : (change: 0, size: 0)
    // What was after this update is before the next one.
    self.step = isKnown && (step + 1) % spacing == 0 ? step + 1 : nil
    return (
      execution.gradientSquares().squareRoot(),
      isKnown && moved.size > 0 ? moved.change.squareRoot() / moved.size.squareRoot() : nil
    )
  }

  /// Another batch size has a plan of its own; another network other weights.
  private mutating func look(at execution: Execution) {
    guard measured != ObjectIdentifier(execution) else { return }
    measured = ObjectIdentifier(execution)
    firstUpdate = execution.plan.range(of: .update).lowerBound
    let count = execution.learnedNumberCount
    guard count != before.count else { return }
    (before, step, spacing) = (Arena(count: count), nil, 1)
    while count / spacing > 1 << 9 { spacing *= 2 }
  }
}
