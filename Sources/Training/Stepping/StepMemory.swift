import Autodiff

/// What the stepper has worked out and keeps: numeric checks, the past of numbers.
///
/// What takes long is left to `attend`: the next snapshot then holds it.
final class StepMemory {
  /// Whether snapshots do not wait for what takes long.
  var defers = false
  private var checks = CheckKeeper()
  private var pasts = PastKeeper()
  private var openCheck: (value: Value, cell: Int)?
  private var openPasts: Set<PastQuery> = []

  /// Whether something waits.
  var hasWork: Bool { openCheck != nil || !openPasts.isEmpty }

  /// What is known of a gradient's numeric estimate.
  func check(
    _ value: Value, _ cell: Int, _ session: Session, _ moment: MomentKey
  ) -> (finding: GradientCheck.Finding?, isPending: Bool) {
    if let known = checks.known(value, cell, session, moment) { return (known, false) }
    guard session.execution.position <= session.plan.range(of: .update).lowerBound else {
      return (nil, false)
    }
    openCheck = (value, cell)
    return (nil, true)
  }

  func past(_ query: PastQuery, _ session: Session, _ moment: MomentKey) -> Past {
    pasts.past(query, session, moment)
  }

  /// Notes what one wants to know of the past, and of nothing else any more.
  func want(_ queries: Set<PastQuery>, _ session: Session, _ moment: MomentKey) {
    openCheck = nil
    openPasts = pasts.knows(queries, session, moment) ? [] : queries
  }

  /// Drops what waits: nobody looks.
  func rest() {
    openCheck = nil
    openPasts = []
  }

  /// Works out one thing of those that wait; stops when something more urgent comes.
  /// - Returns: whether something is known that was not before.
  func attend(_ session: Session, _ moment: MomentKey, stopping isUrgent: () -> Bool) -> Bool {
    if let (value, cell) = openCheck {
      do throws(GradientCheck.Interruption) {
        try checks.find(value, cell, session, moment, stopping: isUrgent)
        openCheck = nil
        return true
      } catch { return false }
    }
    guard !openPasts.isEmpty else { return false }
    pasts.find(openPasts, session, moment, stopping: isUrgent)
    guard pasts.knows(openPasts, session, moment) else { return false }
    openPasts = []
    return true
  }
}
