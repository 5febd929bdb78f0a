import Tensors

/// Compares a gradient of the plan with central differences, in Float64 on the plain-Swift twins:
///
///     ∂L/∂x ≈ (L(x + ε) − L(x − ε)) / 2ε
///
/// The numeric side re-runs the whole plan forward from where x enters it and never calls an op's
/// own backward. Where the loss has a kink (a relu at 0, two equal numbers under a maximum) there is
/// no derivative; the gradient must then be the slope on one of the two sides.
package struct GradientCheck {
  /// One number of a gradient, both ways.
  package struct Finding: Hashable, Sendable {
    package let value: String
    package let offset: Int
    package let analytic: Double
    package let numeric: Double
    /// How far x was moved.
    package let epsilon: Double

    /// |analytic − numeric| against their size; differences of numbers that are both tiny against
    /// the rounding of the loss count as none.
    package func relativeError(scale: Double) -> Double {
      abs(analytic - numeric) / max(abs(analytic), abs(numeric), scale)
    }
  }

  package let epsilon: Double
  let execution: Execution
  private let start: ReferenceExecution<Double>
  let analytic: ReferenceExecution<Double>

  /// - Precondition: the execution stands before its update phase and its plan has a loss.
  package init(_ execution: Execution, epsilon: Double = 1e-5) {
    self.execution = execution
    self.epsilon = epsilon
    start = ReferenceExecution(execution)
    var run = start
    run.run(0..<execution.plan.range(of: .update).lowerBound)
    analytic = run
  }

  /// The work was stopped because something more urgent came.
  package struct Interruption: Error {
    package init() {}
  }

  /// The same in pieces of one instruction: between two it asks whether to stop.
  package init(
    _ execution: Execution, epsilon: Double = 1e-5, stopping isUrgent: () -> Bool
  ) throws(Interruption) {
    self.execution = execution
    self.epsilon = epsilon
    start = ReferenceExecution(execution)
    var run = start
    for instruction in 0..<execution.plan.range(of: .update).lowerBound {
      guard !isUrgent() else { throw Interruption() }
      run.run(instruction..<instruction + 1)
    }
    analytic = run
  }

  /// The check of one number of `∂L/∂value`, nil when the plan has no such gradient.
  package func check(_ value: Value, at offset: Int) -> Finding? {
    check(value, at: offset, epsilon: epsilon)
  }

  func check(_ value: Value, at offset: Int, epsilon: Double) -> Finding? {
    let plan = execution.plan
    guard let gradient = plan.gradients[value], let loss = plan.loss else { return nil }
    let here = analytic[loss, 0]
    let given = analytic[gradient, offset]
    func found(_ numeric: Double, _ epsilon: Double) -> Finding {
      Finding(
        value: plan[value].name, offset: offset, analytic: given, numeric: numeric,
        epsilon: epsilon)
    }
    // A loss that bends within ε, as −log p does where p is smaller than that, is looked at more
    // closely. Rounding of the loss says how far that goes; at a kink nothing helps.
    for closer in [1, 1e-2, 1e-4, 1e-6].map({ $0 * epsilon }) {
      let above = lossAfterMoving(value, offset, by: closer, loss)
      let below = lossAfterMoving(value, offset, by: -closer, loss)
      let (right, left) = ((above - here) / closer, (here - below) / closer)
      let size = max(abs(right), abs(left))
      if closer < epsilon, size > 0, 16 * here.ulp / closer > 1e-5 * size { break }
      let tolerance = closer < epsilon ? 1e-4 * size : max(0.01 * size, 1e-7)
      if abs(right - left) <= tolerance { return found((above - below) / (2 * closer), closer) }
    }
    let slopes = [1.0, -1.0].map { slope(of: value, offset, towards: $0 * epsilon, loss) }
    return found(slopes.min { abs($0 - given) < abs($1 - given) } ?? slopes[0], epsilon)
  }

  /// The slope on one side, to second order: `(4 L(x + ε) − L(x + 2ε) − 3 L(x)) / 2ε`.
  private func slope(
    of value: Value, _ offset: Int, towards step: Double, _ loss: Value
  ) -> Double {
    let (near, far) = (
      lossAfterMoving(value, offset, by: step, loss),
      lossAfterMoving(value, offset, by: 2 * step, loss)
    )
    return (4 * near - far - 3 * analytic[loss, 0]) / (2 * step)
  }

  private func lossAfterMoving(
    _ value: Value, _ offset: Int, by amount: Double, _ loss: Value
  ) -> Double {
    let plan = execution.plan
    let end = plan.range(of: .loss).upperBound
    // An intermediate value is moved after the instruction that makes it.
    let made = plan.origin(of: value).map { $0 + 1 } ?? 0
    var run = made == 0 ? start : analytic
    run[value, offset] += amount
    run.run(made..<end)
    return run[loss, 0]
  }

  /// The largest error over every element of every gradient of a plan, or over every `stride`-th:
  /// relative to the largest gradient of the same value. What the rounding of the loss alone makes
  /// of a difference is no error.
  package func worst(stride step: Int = 1, of values: [Value]? = nil) -> (Finding, Double)? {
    var worst: (Finding, Double)?
    let rounding = 16 * (execution.plan.loss.map { analytic[$0, 0].ulp } ?? 0) / (2 * epsilon)
    for value in values ?? execution.plan.gradients.keys.sorted(by: { $0.id < $1.id }) {
      let findings = stride(from: 0, to: value.shape.count, by: step).compactMap {
        check(value, at: $0)
      }
      let scale = max(findings.map { abs($0.analytic) }.max() ?? 0, 1e-6)
      for finding in findings {
        let isRounding = abs(finding.analytic - finding.numeric) <= rounding
        let error = isRounding ? 0 : finding.relativeError(scale: scale)
        if error > worst?.1 ?? -1 { worst = (finding, error) }
      }
    }
    return worst
  }
}
