import Lessons
import NeuralNets
import Synchronization
import Training

/// The ways to where pages begin: a run that was trained up to there once is not trained again when
/// the page opens a second time.
final class LessonWays: Sendable {
  /// A run, by what made it, and the step at which a page begins.
  struct Goal: Hashable {
    let lesson: String
    let line: Int
    let seed: UInt64?
    let step: Int
  }

  private struct Past {
    /// At the start of the step before, whose numbers are there to be looked at.
    let state: StateCopy
    let history: History
  }

  private static let most = 16
  private let known = Mutex<[Goal: Past]>([:])

  /// Brings a run that has not begun to a position.
  func go(to position: Position, _ goal: Goal, in lab: Lab) {
    guard let session = lab.session, position.step > 1, session.history.count == 0,
      session.passRun == nil, session.changesInForce.isEmpty,
      session.network.layers.allSatisfy({ $0.carried.isEmpty })
    else {
      lab.handle(.go(position))
      return
    }
    if let past = known.withLock({ $0[goal] }) {
      session.adopt(past.history)
      session.adopt(
        StateArchive([(step: past.state.step, part: past.state.part)]) { _ in past.state })
      lab.handle(.go(position))
      return
    }
    lab.handle(.go(Position(step: position.step - 1)))
    let state = session.copyState()
    lab.handle(.go(position))
    guard let state, session.position == position, session.history.count == position.step else {
      return
    }
    let past = Past(state: state, history: session.history)
    known.withLock { known in
      if known.count >= Self.most { known = [:] }
      known[goal] = past
    }
  }
}
