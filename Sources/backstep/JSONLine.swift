import Training

/// JSON objects of one line, keys in the order given; numbers that are not finite become null.
enum JSONLine {
  static func text(command: String, _ reply: DebuggerReply) -> String {
    object(
      [("command", .text(command))] + reply.fields.map { ($0.name, $0.value) }
        + (reply.fields.isEmpty ? [("lines", .texts(reply.lines))] : []))
  }

  static func object(_ fields: [(String, DebuggerReply.Field)]) -> String {
    "{" + fields.map { "\(quoted($0)): \(value($1))" }.joined(separator: ", ") + "}"
  }

  private static func value(_ field: DebuggerReply.Field) -> String {
    switch field {
    case .integer(let i): "\(i)"
    case .number(let x): number(x)
    case .double(let x): x.isFinite ? "\(x)" : "null"
    case .text(let text): quoted(text)
    case .truth(let holds): holds ? "true" : "false"
    case .numbers(let all): "[" + all.map(number).joined(separator: ", ") + "]"
    case .integers(let all): "[" + all.map { "\($0)" }.joined(separator: ", ") + "]"
    case .texts(let all): "[" + all.map(quoted).joined(separator: ", ") + "]"
    }
  }

  private static func number(_ x: Float) -> String { x.isFinite ? "\(x)" : "null" }

  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case _ where scalar.value < 0x20 || scalar.value == 0x7f:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
