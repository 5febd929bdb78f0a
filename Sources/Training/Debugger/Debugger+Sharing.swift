import Tensors

extension Debugger {
  /// The moment at hand as a command that opens it on any machine.
  func shared() throws -> DebuggerReply {
    guard let share else {
      throw DebuggerCommand.Failure("this run cannot be shared", remedy: "a run of the lab")
    }
    let line = try share(session)
    return DebuggerReply(
      ["backstep at \(line)"],
      [
        ("moment", .text(line)), ("step", .integer(session.position.step)),
        ("instruction", .integer(session.position.instruction)),
        ("digest", .text(session.digest.description)),
      ])
  }
}
