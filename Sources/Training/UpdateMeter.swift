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
  /// The learned weights with their gradients in the plan of this execution.
  private var learned: [(weight: Value, gradient: Value)] = []
  private var measured: ObjectIdentifier?
  private var firstUpdate = 0

  /// The weights were changed by something else than an update.
  mutating func forget() { step = nil }

  /// To be called before a step runs, at the latest before its updates.
  mutating func begin(_ step: Int, _ execution: Execution) {
    look(at: execution)
    guard step % spacing == 0, self.step != step, execution.position <= firstUpdate else { return }
    var offset = 0
    for (weight, _) in learned {
      execution.withNumbers(of: weight) { numbers in
        if let start = numbers.baseAddress {
          (before.base + offset).update(from: start, count: numbers.count)
        }
      }
      offset += weight.shape.count
    }
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
    var (gradient, change, size): (Float, Float, Float) = (0, 0, 0)
    var offset = 0
    for (weight, slope) in learned {
      gradient += execution.sumOfSquares(of: slope)
      guard isKnown else { continue }
      let squares = execution.changeSquares(of: weight, since: before.base + offset)
      change += squares.change
      size += squares.size
      offset += weight.shape.count
    }
    // What was after this update is before the next one.
    self.step = isKnown && (step + 1) % spacing == 0 ? step + 1 : nil
    return (
      gradient.squareRoot(), isKnown && size > 0 ? change.squareRoot() / size.squareRoot() : nil
    )
  }

  /// Another batch size has a plan of its own; another network other weights.
  private mutating func look(at execution: Execution) {
    guard measured != ObjectIdentifier(execution) else { return }
    measured = ObjectIdentifier(execution)
    let plan = execution.plan
    learned = plan.parameters.compactMap { weight in
      plan.gradients[weight].map { (weight, $0) }
    }
    firstUpdate = plan.range(of: .update).lowerBound
    let count = learned.reduce(0) { $0 + $1.weight.shape.count }
    guard count != before.count else { return }
    (before, step, spacing) = (Arena(count: count), nil, 1)
    while count / spacing > 1 << 9 { spacing *= 2 }
  }
}
