import RunStore
import Training

/// A branch of a run, which is a run of the record itself, made ready to grow again.
struct KeptBranch: Sendable {
  /// Its number among the branches, that of the one it grew from, and its first own step.
  let number: Int
  let parent: Int
  let step: Int
  /// What was set there.
  let words: String
  let kept: KeptRun

  /// Lets it grow in a session that has all branches before it.
  /// - Throws: `RunFailure` when the one it grew from is not there.
  func grow(in session: Session) throws {
    try session.switchBranch(to: parent)
    session.go(to: Position(step: step))
    // What both have in common was set before.
    let common = zip(session.changesInForce, kept.changes).prefix {
      $0.step <= step && $0.step == $1.step && $0.name == $1.name
    }.count
    session.regrow()
    for change in kept.replayed.dropFirst(common) {
      kept.past.adopt(into: session, upTo: change.live.step)
      session.go(to: Position(step: change.live.step))
      try change.make(in: session)
    }
    kept.past.adopt(into: session, upTo: kept.steps)
    session.nameBranch(words)
  }
}

extension KeptMoment {
  /// A branch of the run beside the first one.
  struct Branch: Hashable, Sendable, Codable {
    /// Its number in the record.
    let run: Int
    let parent: Int
    let step: Int
    let words: String
  }

  /// The branches, in the order they grew, as far as the record has them.
  /// - Throws: why one cannot be opened.
  func keptBranches(_ open: (RunNumber) throws -> KeptRun) rethrows -> [KeptBranch] {
    try (branches ?? []).enumerated().map { place, branch in
      KeptBranch(
        number: place + 2, parent: branch.parent, step: max(0, branch.step), words: branch.words,
        kept: try open(RunNumber(branch.run)))
    }
  }
}
