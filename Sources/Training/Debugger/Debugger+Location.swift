import Autodiff

// Where one is, and why.

extension Debugger {
  /// Where one is; what stopped the run there, and the number that it names.
  func location() -> DebuggerReply {
    var reply = here()
    if let stop {
      reply.lines += stop.lines
      reply.fields += stop.fields.map { DebuggerReply.NamedField(name: $0.0, value: $0.1) }
    }
    if let place = stop?.place {
      let line = place.instruction.map { ", which instruction \($0 + 1) made" } ?? ""
      reply.lines.append("looking at \(place.name) = \(UnsoundOrigin.text(place.number))\(line)")
    }
    let count = session.plan.batchSize
    if count > 1 { reply.lines.append("example \(min(example, count - 1)) of \(count)") }
    reply.fields.append(DebuggerReply.NamedField(name: "example", value: .integer(example)))
    return reply
  }

  /// Opens the folds around an instruction, so that it is a line of the listing.
  mutating func show(_ instruction: Int) {
    let plan = session.plan
    guard plan.instructions.indices.contains(instruction) else { return }
    let line = plan.instructions[instruction]
    for depth in line.scopes.indices.dropFirst() {
      let path = Array(line.scopes[...depth])
      folding.open(
        Fold(
          phase: line.phase, path: path, range: instruction..<instruction + 1,
          isInstruction: false))
    }
  }
}

extension DebuggerCommand.Destination {
  /// Whether one goes there to see what begins.
  var isBeginning: Bool {
    switch self {
    case .start, .step, .pass, .epoch, .instruction: true
    case .end, .endOfStep, .endOfPass: false
    }
  }
}
