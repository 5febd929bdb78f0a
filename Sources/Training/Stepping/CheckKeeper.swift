import Autodiff

/// Gradients beside their numeric estimates: each is worked out once, and the costly part, the whole
/// plan in Float64, once a step.
struct CheckKeeper {
  /// What a finding holds for: the run, what was set by hand in it, the step, the number.
  private struct Key: Hashable {
    let moment: MomentKey
    let step: Int
    let value: Int
    let cell: Int
  }

  private var findings: [Key: GradientCheck.Finding?] = [:]
  private var order: [Key] = []
  private var run: (moment: MomentKey, step: Int, check: GradientCheck)?
  /// Numbers of the plan beyond which its Float64 copies are not kept.
  private static let mostKept = 4_000_000

  private static func key(
    _ value: Value, _ cell: Int, _ session: Session, _ moment: MomentKey
  )
    -> Key
  {
    Key(moment: moment, step: session.shownStep, value: value.id, cell: cell)
  }

  /// What is known: a finding, or none because there is nothing to compare; nil when it is not
  /// worked out yet.
  func known(
    _ value: Value, _ cell: Int, _ session: Session, _ moment: MomentKey
  ) -> GradientCheck.Finding?? {
    findings[Self.key(value, cell, session, moment)]
  }

  /// Works a finding out and keeps it.
  mutating func find(
    _ value: Value, _ cell: Int, _ session: Session, _ moment: MomentKey,
    stopping isUrgent: () -> Bool
  ) throws(GradientCheck.Interruption) {
    let check: GradientCheck
    if let run, run.moment == moment, run.step == session.shownStep {
      check = run.check
    } else {
      run = nil
      check = try GradientCheck(session.execution, stopping: isUrgent)
      let sizes = session.plan.arenaSizes
      if sizes.state + sizes.activations <= Self.mostKept {
        run = (moment, session.shownStep, check)
      }
    }
    guard !isUrgent() else { throw GradientCheck.Interruption() }
    let key = Self.key(value, cell, session, moment)
    findings[key] = .some(check.check(value, at: cell))
    order.append(key)
    if order.count > 512 { findings[order.removeFirst()] = nil }
  }
}

/// A run as it has been set so far: what is kept of it holds as long as this is the same.
struct MomentKey: Hashable {
  let run: Int
  let changes: Int
}
