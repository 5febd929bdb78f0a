// What was set by a command is taken back, and done again.

/// The runs in whose place a command took another, so that each can be taken up again as it was left.
struct ReplacedRuns {
  private var before: [Session] = []
  private var after: [Session] = []

  /// Each holds a whole run in memory.
  private static let most = 8

  mutating func add(_ session: Session) {
    before = (before + [session]).suffix(Self.most)
    after = []
  }

  var takeBacks: Int { before.reduce(0) { $0 + $1.takeBacks + 1 } }

  /// The run before the one at hand; nil where that was the first.
  mutating func takeBack(_ here: Session) -> Session? {
    guard let session = before.popLast() else { return nil }
    after.append(here)
    return session
  }

  mutating func doAgain(_ here: Session) -> Session? {
    guard let session = after.popLast() else { return nil }
    before.append(here)
    return session
  }
}

extension Debugger {
  mutating func undo() throws -> DebuggerReply {
    if session.takeBack() { return changed("what was set last is taken back") }
    guard let earlier = past.takeBack(session) else {
      throw DebuggerCommand.Failure(
        "nothing was set in this run: there is nothing to take back",
        remedy: "undo after set, drop, skip, add, remove, load or restart")
    }
    takeUp(earlier, isSetByHand: true)
    return changed("the run is the one before")
  }

  /// How often `undo` can be said.
  var takeBacks: Int { session.takeBacks + past.takeBacks }

  mutating func redo() throws -> DebuggerReply {
    if session.doAgain() { return changed("what was taken back is set again") }
    guard let later = past.doAgain(session) else {
      throw DebuggerCommand.Failure(
        "nothing was taken back in this run: there is nothing to do again",
        remedy: "redo after undo")
    }
    takeUp(later, isSetByHand: true)
    return changed("the run is the one that was taken back")
  }

  private mutating func changed(_ words: String) -> DebuggerReply {
    var reply = travel { _ in }
    reply.lines.insert(words, at: 0)
    return reply
  }

  /// What was set until now is what the run begins with: a page of a lesson has set it up.
  mutating func forgetPast() {
    past = ReplacedRuns()
    session.forgetVersions()
  }
}
