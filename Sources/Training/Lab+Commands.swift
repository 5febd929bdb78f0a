import Autodiff
import NeuralNets
import Tensors

// Commands of the debugger, typed where the lab runs.

extension Lab {
  /// Answers a debugger's command about the run, as typed; a move stops it where it arrives.
  ///
  /// - Parameter atOnce: whether `continue` is at its end when this returns, also in a lab that a screen
  ///   watches.
  package func ask(_ command: String, atOnce: Bool = false) -> [String] {
    guard session != nil else { return ["there is no run yet: t on Home opens one"] }
    do { return try carryOut(command, atOnce: atOnce) } catch { return ["\(error)"] }
  }

  /// The same where a command that cannot be carried out is a failure.
  /// - Throws: `DebuggerCommand.Failure`, `ExpressionFailure`, `RunFailure`.
  package func carryOut(_ command: String, atOnce: Bool = false) throws -> [String] {
    guard let session, var own = debugger else {
      throw RunFailure("there is no run", remedy: "one that is open")
    }
    noted.arrive(session)
    defer { if !Journal.isLook(command) { noted.note(.command(command), self.session) } }
    trap = nil
    own.look = interest.step
    own.words = words
    own.share = share
    own.workshop = workshop ?? standardWorkshop
    defer { debugger = own }
    if case .ask(let patch, let seeds)? = try? DebuggerCommand(command), session.passRun == nil {
      return try ask(patch, seeds: seeds)
    }
    // Where a screen watches, it is training that can be watched and paused.
    let goesOn = (try? DebuggerCommand(command)) == .run(forwards: true)
    if goesOn, memory.defers, !atOnce, !session.isFinished {
      own.note(command)
      own.stop = nil
      (paceBefore, pace, activity) = (paceBefore ?? pace, .full, .training)
      return []
    }
    let (before, settings) = (session.position, session.settingsLog.count)
    let (branch, revisions) = (session.currentBranch, session.revisions)
    let reply = try own.run(command)
    let isTravel = ["undo", "redo"].contains(command)
    if !isTravel, own.session !== session || session.revisions != revisions {
      revised = (revised.number + 1, command)
    }
    if own.session !== session || session.settingsLog.count != settings
      || isTravel && session.currentBranch == branch
    {
      commanded += 1
    }
    if own.session !== session {
      // The same run under other settings goes on as fast as one wanted to see it.
      let pace = pace
      takeUp(own.session)
      self.pace = pace
      return reply.lines
    }
    if session.position != before { rest() }
    // More epochs: what was at its end goes on.
    if activity == .finished, !session.isFinished { activity = .paused }
    return reply.lines
  }

  /// Works out all that was left for later, as a question over many seeds.
  package func finishWork() {
    while hasWork, allowance?.grants() ?? true, attend(stopping: { false }) {}
  }
}
