/// A word of a program and where it stands.
struct Token: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case name(String)
    case keyword(String)
    case integer(Int)
    case number(Double)
    /// A string without substitutions, its escapes resolved.
    case text(String)
    /// An f-string: literal text and the source ranges of what stands in braces.
    case format([FormatPiece])
    /// An operator or bracket: `+`, `**=`, `(`.
    case mark(String)
    case newline, indent, dedent, end
  }

  let kind: Kind
  let range: Range<Int>

  /// As an error message names it.
  var shown: String {
    switch kind {
    case .name(let name), .keyword(let name): "\"\(name)\""
    case .integer(let i): "the number \(i)"
    case .number(let x): "the number \(x)"
    case .text: "a string"
    case .format: "an f-string"
    case .mark(let mark): "\"\(mark)\""
    case .newline: "the end of the line"
    case .indent: "an indentation"
    case .dedent: "the end of the indented block"
    case .end: "the end of the file"
    }
  }
}

/// A piece of an f-string.
enum FormatPiece: Hashable, Sendable {
  case literal(String)
  /// `{expression=!r:spec}`: the range of the expression in the source; a spec may hold fields too.
  case field(Range<Int>, showsSource: String?, conversion: Character?, spec: [FormatPiece])
}

enum Keywords {
  static let all: Set<String> = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield",
  ]
}
