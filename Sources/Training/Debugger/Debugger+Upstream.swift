import Autodiff
import Tensors

// From one answer to the next: along the largest part, or along one that is named.

extension Debugger {
  /// One link upstream along a part of the last change of a weight.
  mutating func goOn(
    _ what: String, _ isMeant: (WeightAnswer.Cause) -> Bool
  ) throws -> DebuggerReply {
    guard let answer = lastChange else {
      throw DebuggerCommand.Failure(
        "there is no change of a weight to go on from", remedy: "why dense/kernel[2,1] first")
    }
    guard let part = answer.parts.first(where: { isMeant($0.cause) }) else {
      throw DebuggerCommand.Failure(
        "\(what) has no part in the change of \(answer.name)",
        remedy: "a part that 'why \(answer.name)' lists")
    }
    chain = UpstreamChain(answer, along: part, in: session)
    return try goOn()
  }

  /// One link upstream along the largest part of the last answer.
  mutating func goOn() throws -> DebuggerReply {
    guard let known = chain else {
      throw DebuggerCommand.Failure(
        "there is no answer to go on from",
        remedy: "why dense/kernel[2,1], or why prediction 0, first")
    }
    let (walked, reply) = try Self.walk(known, session)
    chain = walked
    return reply
  }

  private static func walk(
    _ chain: UpstreamChain, _ session: Session
  ) throws -> (UpstreamChain, DebuggerReply) {
    var chain = chain
    switch chain.step {
    case .some(let step) where step != session.shownStep:
      return try session.atEnd(ofStep: step) { try walk(chain, session) }
    default: break
    }
    if let opened = chain.open(in: session) {
      return (chain, reply(opened, chain, step: chain.step ?? session.shownStep))
    }
    guard case .end(let end) = chain.next else {
      throw DebuggerCommand.Failure(
        "the answer is of another moment", remedy: "ask 'why PLACE' again here")
    }
    return (
      chain,
      DebuggerReply([end.sentence], [("end", .text(end.kind)), ("words", .texts([end.sentence]))])
    )
  }

  private static func reply(
    _ opened: OpenedNumber, _ chain: UpstreamChain, step: Int
  ) -> DebuggerReply {
    let place = (opened.scopes + [opened.title]).joined(separator: " › ")
    var lines = [
      "\(opened.name) = \(ValueText.number(opened.value)) · step \(step)"
        + " · instruction \(opened.instruction + 1) · \(opened.phase.rawValue) · \(place)",
      opened.formula,
    ]
    lines += AnswerText.lines(opened.parts.map { ($0.amount, AnswerText.part($0)) })
    lines.append("  \(opened.rule.words)")
    var fields: [(String, DebuggerReply.Field)] = [
      ("name", .text(opened.name)), ("value", .number(opened.value)), ("step", .integer(step)),
      ("instruction", .integer(opened.instruction + 1)), ("formula", .text(opened.formula)),
      ("rule", .text(opened.rule.rawValue)),
      ("terms", .numbers(opened.parts.map { Float($0.amount) })),
      ("names", .texts(opened.parts.map(\.name))),
    ]
    if let example = opened.example { fields.append(("example", .integer(example))) }
    if case .end(let end) = chain.next {
      lines.append(end.sentence)
      fields += [("end", .text(end.kind)), ("words", .texts([end.sentence]))]
    } else if let largest = opened.largest {
      lines.append(
        !opened.total.isFinite
          ? "It is no number any more: 'origin nan' finds where that began."
          : "Most of it, \(AnswerText.share(largest.amount, of: opened.size)), comes from \(largest.name);"
            + " 'why' goes on there.")
      fields.append(("next", .text(largest.name)))
    }
    return DebuggerReply(lines, fields)
  }
}
