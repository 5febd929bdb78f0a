import RunStore
import Training
import Workbench

/// Brings a run back to where it stood: the same settings, the same changes by hand at the same
/// steps and the same number of steps give the same bytes.
///
/// It goes on in slices on the lab's thread, so that what one asks of the lab meanwhile is done; who
/// trains, moves or opens another run has taken over, and the replay ends.
struct Replay: Sendable {
  /// A change by hand: of a number that `set` knows, or to other settings.
  struct Change: Sendable {
    let live: LiveChange
    /// What is worked on after a change to other settings, those settings, and why they were changed.
    let workpiece: Workpiece?
    fileprivate let settings: RunSettings?
    fileprivate let words: String

    /// - Throws: why the settings that it changed to cannot be made again.
    init(
      _ live: LiveChange, of run: RunNumber, _ finder: KeptData, path: String? = nil
    ) throws {
      self.live = live
      guard live.name == SettingsNote.name else {
        (workpiece, settings, words) = (nil, nil, "")
        return
      }
      let note = try SettingsNote(json: live.value)
      let (workpiece, settings) = try note.workpiece(run, finder, path: path)
      (self.workpiece, self.settings, words) = (workpiece, settings, note.words)
    }

    /// What a number was set to.
    fileprivate var number: Float { Float(live.value) ?? .nan }

    /// Makes it again in a session that stands at its step.
    func make(in session: Session) throws {
      if let settings {
        _ = try session.change(to: settings, words: words)
      } else {
        try session.repeatChange(live.name, number)
      }
    }
  }

  private let labRun: Int
  private var changes: ArraySlice<Change>
  private let steps: Int
  /// What grew from it, in the order it grew, and which of all branches was at hand.
  private var branches: ArraySlice<KeptBranch> = []
  private let branch: Int
  private var grown = 1
  /// Where one stood; nil: at the last step.
  private let place: Standing?
  private var expected: Position
  private var slice = 8
  /// What need not be trained again.
  private let past: KeptPast?

  /// - Parameter lab: with the run open at its start.
  init(_ lab: Lab, changes: [Change], steps: Int, place: Standing?) {
    labRun = lab.runNumber
    self.changes = changes[...]
    self.steps = steps
    self.place = place
    (past, branch) = (nil, 1)
    expected = lab.session?.position ?? Position(step: 0)
  }

  /// The same of a kept run.
  init(
    _ lab: Lab, _ kept: KeptRun, branches: [KeptBranch] = [], branch: Int = 1, place: Standing?
  ) {
    (self.branches, self.branch) = (branches[...], branch)
    labRun = lab.runNumber
    changes = kept.replayed[...]
    steps = kept.steps
    self.place = place
    past = kept.past
    expected = lab.session?.position ?? Position(step: 0)
    adopt(lab)
  }

  /// Gives the run what is known up to the next change by hand.
  private func adopt(_ lab: Lab) {
    guard let past, let session = lab.session else { return }
    past.adopt(into: session, upTo: changes.first?.live.step ?? steps)
  }

  /// Whether every change that was made by hand is made again.
  var isWhole: Bool { changes.isEmpty }

  /// Goes on for about a twentieth of a second.
  /// - Returns: whether it is where it stood, or somebody has taken over.
  mutating func advance(_ lab: Lab) -> Bool {
    let start = ContinuousClock.now
    while start.duration(to: .now) < .milliseconds(50) {
      guard lab.runNumber == labRun, lab.activity != .training, let session = lab.session,
        session.position == expected, session.branchCount == grown
      else { return true }
      let here = expected.step
      if let change = changes.first, change.live.step <= here {
        // Of two changes at one step the last one counts, as it did.
        if let settings = change.settings {
          lab.repeatChange(to: settings, words: change.words)
        } else {
          lab.handle(.repeatChange(change.live.name, change.number))
        }
        changes = changes.dropFirst()
        adopt(lab)
      } else if here < steps, grown == 1 {
        let limit = min(steps, changes.first?.live.step ?? steps)
        let clock = ContinuousClock.now
        let kept = session.keptMoment(atOrBefore: limit - 1)
        lab.handle(.go(Position(step: kept > here ? kept + 1 : min(limit, here + slice))))
        if slice < 1 << 20, clock.duration(to: .now) < .milliseconds(10) { slice *= 2 }
      } else if let next = branches.first {
        // A branch that cannot grow again leaves those before it.
        do { try next.grow(in: session) } catch { return true }
        branches = branches.dropFirst()
        grown += 1
      } else {
        try? session.switchBranch(to: branch)
        if let place, place != session.standing || grown > 1 { go(to: place, session, lab) }
        return true
      }
      expected = session.position
    }
    return false
  }

  private func go(to place: Standing, _ session: Session, _ lab: Lab) {
    // A record that is a second older than where one stood has not all of it.
    let steps = max(steps, session.history.count)
    let position = place.position
    guard position.step >= 0, position.step <= steps, position.instruction >= 0 else { return }
    lab.handle(.stand(place))
  }
}
