/// What is wrong with a file: where, what was found there, and what would be right.
///
/// Each format names it `Failure`: `CSV.Failure`, `Safetensors.Failure`. What a file says is spelled
/// without control characters, so that no message steers a terminal.
package struct FileFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file, and line and column or byte where they are known: `iris.csv:14:3`.
  package let place: String
  package let found: String
  package let right: String
  package let kind: Kind

  /// What sort of failure it is: a command line tells them apart by its exit status.
  package enum Kind: Hashable, Sendable {
    case badContent, missing, unwritable
  }

  package init(at place: String, found: String, right: String, kind: Kind = .badContent) {
    self.place = place.spelledOut
    self.found = found.spelledOut
    self.right = right.spelledOut
    self.kind = kind
  }

  package var description: String { "\(place): \(found); \(right)" }
}

extension String {
  /// The text on one line, with control characters and those that turn the direction of writing as
  /// `\n`, `\x1b` or `\u202e`.
  package var spelledOut: String {
    guard unicodeScalars.contains(where: \.steersTerminal) else { return self }
    var result = ""
    for scalar in unicodeScalars {
      guard scalar.steersTerminal else {
        result.unicodeScalars.append(scalar)
        continue
      }
      let digits = String(scalar.value, radix: 16)
      switch scalar {
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case "\0"..."\u{FF}": result += "\\x" + (digits.count < 2 ? "0" : "") + digits
      default: result += "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
      }
    }
    return result
  }
}

extension Unicode.Scalar {
  fileprivate var steersTerminal: Bool {
    guard value < 0x20 || value >= 0x7F else { return false }
    return switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    // The joiner makes one picture of several and moves nothing.
    case .format: value != 0x200D
    default: false
    }
  }
}
