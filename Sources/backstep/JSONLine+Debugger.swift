import Training

// What the debugger answers, as JSON.

extension JSONLine {
  static func text(command: String, _ reply: DebuggerReply) -> String {
    object(
      [("command", .text(command))] + reply.fields.map { ($0.name, $0.value) }
        + (reply.fields.isEmpty ? [("lines", .texts(reply.lines))] : []))
  }

  static func object(_ fields: [(String, DebuggerReply.Field)]) -> String {
    JSONLine(fields.map { ($0, value($1)) }).text
  }

  private static func value(_ field: DebuggerReply.Field) -> Value {
    switch field {
    case .integer(let i): .integer(i)
    case .number(let x): .float(x)
    case .double(let x): .number(x)
    case .text(let text): .text(text)
    case .truth(let holds): .flag(holds)
    case .numbers(let all): .list(all.map { .float($0) })
    case .integers(let all): .list(all.map { .integer($0) })
    case .texts(let all): .list(all.map { .text($0) })
    }
  }
}
