import Synchronization
import Training

/// When the next checkpoint of a run that trains is due: the first after half a second, others after a
/// second and a half, and later where copying and writing take long, so that both take less than 3 %
/// of the time.
package final class CheckpointPace: Sendable {
  private struct State {
    var last = ContinuousClock.now
    var cost = Duration.zero
    var isFirst = true
    var isWriting = false
  }

  private let state = Mutex(State())

  package init() {}

  /// The shortest time between two.
  private static func spacing(isFirst: Bool) -> Duration { .milliseconds(isFirst ? 500 : 1500) }

  /// Takes a copy when one is due; the last one is written by then.
  /// - Parameter isUrgent: whether it is due however long ago the last one was.
  package func take(isUrgent: Bool = false, _ copy: () -> StateCopy?) -> StateCopy? {
    let start = ContinuousClock.now
    let isDue = state.withLock { state in
      let spacing = max(Self.spacing(isFirst: state.isFirst), state.cost * 40)
      return isUrgent || !state.isWriting && start - state.last >= spacing
    }
    guard isDue, let copied = copy() else { return nil }
    state.withLock { state in
      (state.last, state.isWriting, state.isFirst) = (.now, true, false)
      state.cost = .now - start
    }
    return copied
  }

  /// Says that the last one is written, and how long that took.
  func written(in time: Duration) {
    state.withLock { state in
      state.isWriting = false
      state.cost += time
    }
  }
}
