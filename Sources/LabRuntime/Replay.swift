import RunStore
import Training
import Workbench

/// Brings a run back to where it stood: the same settings, the same changes by hand at the same
/// steps and the same number of steps give the same bytes.
///
/// It goes on in slices on the lab's thread, so that what one asks of the lab meanwhile is done; who
/// trains, moves or opens another run has taken over, and the replay ends.
struct Replay: Sendable {
  private let labRun: Int
  private var changes: ArraySlice<LiveChange>
  private let steps: Int
  /// Where one stood; nil: at the last step.
  private let place: Position?
  private var expected: Position
  private var slice = 8

  /// - Parameter lab: with the run open at its start.
  init(_ lab: Lab, changes: [LiveChange], steps: Int, place: Position?) {
    labRun = lab.runNumber
    self.changes = changes[...]
    self.steps = steps
    self.place = place
    expected = lab.session?.position ?? Position(step: 0)
  }

  /// Whether every change that was made by hand is made again.
  var isWhole: Bool { changes.isEmpty }

  /// Goes on for about a twentieth of a second.
  /// - Returns: whether it is where it stood, or somebody has taken over.
  mutating func advance(_ lab: Lab) -> Bool {
    let start = ContinuousClock.now
    while start.duration(to: .now) < .milliseconds(50) {
      guard lab.runNumber == labRun, lab.activity != .training, let session = lab.session,
        session.position == expected
      else { return true }
      let here = expected.step
      if let change = changes.first, change.step <= here {
        // Of two changes at one step the last one counts, as it did.
        _ = lab.ask("set \(change.name) = \(change.value)")
        changes = changes.dropFirst()
      } else if here < steps {
        let limit = min(steps, changes.first?.step ?? steps)
        let clock = ContinuousClock.now
        lab.handle(.go(Position(step: min(limit, here + slice))))
        if clock.duration(to: .now) < .milliseconds(10) { slice *= 2 }
      } else {
        if let place, place != session.position { go(to: place, session, lab) }
        return true
      }
      expected = session.position
    }
    return false
  }

  private func go(to place: Position, _ session: Session, _ lab: Lab) {
    // A record that is a second older than where one stood has not all of it.
    guard place.step >= 0, place.step <= steps, place.instruction >= 0 else { return }
    lab.handle(.go(place))
  }
}
