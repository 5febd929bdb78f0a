/// What is wrong in a program, and where: worded in one place, shown in one.
///
///     model.py:3:11: unknown name "Desne"
///         model.add(Desne(4))
///                   ^~~~~
///       did you mean "Dense"?
package struct Diagnostic: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Severity: Hashable, Sendable {
    case error
    /// Said, and gone on: a call that was accepted and ignored.
    case note
  }

  package let severity: Severity
  package let file: String
  /// From 1.
  package let line: Int
  /// From 1, in Unicode scalars.
  package let column: Int
  /// How many columns the caret underlines, 1 or more.
  package let width: Int
  /// The line itself, with control characters escaped.
  package let sourceLine: String
  /// What the program may catch it as.
  package let nature: FaultNature
  /// What was found.
  package let message: String
  /// What would be right, if that can be said.
  package let remedy: String?

  package init(
    _ message: String, remedy: String? = nil, severity: Severity = .error,
    nature: FaultNature = .plain, in source: SourceText, at range: Range<Int>
  ) {
    self.nature = nature
    let (line, column) = source.place(of: range.lowerBound)
    let whole = source.line(line)
    self.severity = severity
    file = source.name.escapingControls
    self.line = line
    self.column = column
    let rest = max(1, whole.unicodeScalars.count - column + 1)
    width = max(1, min(range.count, rest))
    sourceLine = whole.escapingControls
    self.message = message.escapingControls
    self.remedy = remedy?.escapingControls
  }

  /// The same as something said and gone on from.
  package var asNote: Diagnostic { Diagnostic(self, severity: .note) }

  private init(_ other: Diagnostic, severity: Severity) {
    self.severity = severity
    file = other.file
    line = other.line
    column = other.column
    width = other.width
    sourceLine = other.sourceLine
    nature = other.nature
    message = other.message
    remedy = other.remedy
  }

  /// The file and place, the message, the line, a caret under the place, and the remedy.
  package var description: String {
    let label = severity == .note ? "note: " : ""
    var lines = ["\(file):\(line):\(column): \(label)\(message)"]
    lines += shownLine
    if let remedy { lines.append("  " + remedy) }
    return lines.joined(separator: "\n")
  }

  /// The line and its caret, cut to a window when the line is very long.
  private var shownLine: [String] {
    let scalars = Array(sourceLine.unicodeScalars)
    let first = column > 100 ? column - 60 : 0
    let window = scalars.dropFirst(first).prefix(120)
    var text = String.UnicodeScalarView()
    text.append(contentsOf: window)
    let blank = String(repeating: " ", count: max(0, column - 1 - first))
    let room = max(1, window.count - (column - 1 - first))
    let caret = "^" + String(repeating: "~", count: max(0, min(width, room) - 1))
    return ["    " + String(text), "    " + blank + caret]
  }
}

/// A complaint of something that does not know where in the program it was called; the evaluator
/// turns it into a `Diagnostic` at the call or at the argument.
package struct Complaint: Error, Hashable, Sendable {
  /// Which part of the call is at fault.
  package enum Anchor: Hashable, Sendable {
    case call
    case argument(Int)
    case keyword(String)
    /// Elsewhere in the program: where a layer was made.
    case place(Range<Int>)
  }

  package let message: String
  package let remedy: String?
  package let anchor: Anchor
  package let nature: FaultNature

  package init(
    _ message: String, remedy: String? = nil, at anchor: Anchor = .call,
    as nature: FaultNature = .plain
  ) {
    self.message = message
    self.remedy = remedy
    self.anchor = anchor
    self.nature = nature
  }
}

/// What a program's `except` takes a fault for.
package enum FaultNature: Hashable, Sendable {
  /// Found wrong by the lab; `except ValueError`, `TypeError` and `Exception` take it.
  case plain
  /// An exception of Python's by its class, with the text that `str` of it gives.
  case raised(String, String)
  /// Not to be caught: a spent budget.
  case final
}

extension String {
  /// Control characters as `\x1b`, so that a message cannot steer the terminal; tabs become spaces.
  package var escapingControls: String {
    guard unicodeScalars.contains(where: \.isControl) else { return self }
    var result = ""
    for scalar in unicodeScalars {
      if scalar == "\t" {
        result += " "
      } else if scalar.isControl {
        let digits = String(scalar.value, radix: 16)
        result +=
          scalar.value < 256
          ? "\\x" + (digits.count < 2 ? "0" : "") + digits
          : "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension Unicode.Scalar {
  /// Controls, and format characters that change the direction of text.
  fileprivate var isControl: Bool {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    case .format: value != 0x200D
    default: false
    }
  }
}
