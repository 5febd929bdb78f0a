/// A piece of an expression and where it begins, in characters from 1.
struct ExpressionToken: Hashable {
  enum Kind: Hashable {
    case number(Double)
    /// `loss`, `dense/kernel.grad`
    case name(String)
    /// Within quotes: `"relu"`.
    case text(String)
    /// An operator or bracket, in its plain spelling: `-` for `−` too.
    case symbol(String)
    case end
  }

  let kind: Kind
  let column: Int

  /// As an error names it.
  var words: String {
    switch kind {
    case .number(let value): "the number \(value)"
    case .name(let name): "‘\(name)’"
    case .text(let text): "the text ‘\(text)’"
    case .symbol(let symbol): "‘\(symbol)’"
    case .end: "the end"
    }
  }
}

/// Cuts an expression into tokens.
///
/// `dense/kernel` is one name: a slash between letters, without spaces, belongs to it. With spaces,
/// or before a number, it divides.
struct ExpressionLexer {
  private let text: [Character]
  private var i = 0

  /// No expression is longer, so that no nesting exhausts the stack.
  static let longest = 1000

  private init(_ text: [Character]) { self.text = text }

  static func tokens(_ text: String) throws(ExpressionFailure) -> [ExpressionToken] {
    let characters = Array(text)
    guard characters.count <= longest else {
      throw ExpressionFailure(
        .syntax, "an expression of \(characters.count) characters",
        remedy: "at most \(longest)")
    }
    var lexer = ExpressionLexer(characters)
    var tokens: [ExpressionToken] = []
    repeat { tokens.append(try lexer.next()) } while tokens.last?.kind != .end
    return tokens
  }

  private func peek(_ ahead: Int = 0) -> Character? {
    text.indices.contains(i + ahead) ? text[i + ahead] : nil
  }

  private mutating func next() throws(ExpressionFailure) -> ExpressionToken {
    while let space = peek(), space.isWhitespace { i += 1 }
    let column = i + 1
    guard let first = peek() else { return ExpressionToken(kind: .end, column: column) }
    if first.isDigit || (first == "." && peek(1)?.isDigit == true) {
      return ExpressionToken(kind: .number(try number(column)), column: column)
    }
    if first.isLetter || first == "_" {
      return ExpressionToken(kind: word(), column: column)
    }
    if Self.quotes.contains(first) {
      return ExpressionToken(kind: .text(try text(first, column)), column: column)
    }
    return ExpressionToken(kind: .symbol(try symbol(first, column)), column: column)
  }

  private static let quotes: Set<Character> = ["\"", "'", "“", "‘"]

  private mutating func text(
    _ open: Character, _ column: Int
  ) throws(ExpressionFailure) -> String {
    let close: Character = open == "“" ? "”" : open == "‘" ? "’" : open
    i += 1
    var written = ""
    while let next = peek(), next != close {
      written.append(next)
      i += 1
    }
    guard peek() == close else {
      throw ExpressionFailure(
        .syntax, "a text without an end", remedy: "\(close) behind it", column: column)
    }
    i += 1
    return written
  }

  private mutating func number(_ column: Int) throws(ExpressionFailure) -> Double {
    var written = ""
    func isExponent(_ letter: Character?) -> Bool { letter == "e" || letter == "E" }
    while let next = peek() {
      let signs = next == "-" || next == "+"
      guard
        next.isDigit || next == "." || next == "_" || isExponent(next)
          || (signs && isExponent(written.last))
      else { break }
      if next != "_" { written.append(next) }
      i += 1
    }
    guard let value = Double(written) else {
      throw ExpressionFailure(
        .syntax, "‘\(written)’ is no number", remedy: "one such as 0.5 or 1e-3", column: column)
    }
    return value
  }

  private mutating func word() -> ExpressionToken.Kind {
    var name = ""
    while let next = peek() {
      let joins = next == "/" || next == "."
      let letterFollows = peek(1).map { $0.isLetter || $0 == "_" } ?? false
      guard next.isLetter || next.isDigit || next == "_" || (joins && letterFollows) else { break }
      name.append(next)
      i += 1
    }
    return ["and", "or", "not"].contains(name) ? .symbol(name) : .name(name)
  }

  private static let spellings: [(written: String, means: String)] = [
    ("**", "^"), ("<=", "<="), (">=", ">="), ("==", "=="), ("!=", "!="), ("&&", "and"),
    ("||", "or"), ("≤", "<="), ("≥", ">="), ("≠", "!="), ("<", "<"), (">", ">"), ("+", "+"),
    ("-", "-"), ("−", "-"), ("*", "*"), ("×", "*"), ("·", "*"), ("/", "/"), ("÷", "/"),
    ("^", "^"), ("(", "("), (")", ")"), ("[", "["), ("]", "]"), (",", ","), (":", ":"),
    ("!", "not"),
  ]

  private mutating func symbol(
    _ first: Character, _ column: Int
  ) throws(ExpressionFailure) -> String {
    let pair = String(first) + (peek(1).map { String($0) } ?? "")
    for (written, means) in Self.spellings where pair.hasPrefix(written) {
      i += written.count
      return means
    }
    throw ExpressionFailure(
      .syntax, "‘\(first)’ means nothing here",
      remedy: first == "=" ? "== to compare" : "names, numbers, + - * / ^, comparisons, brackets",
      column: column)
  }
}

extension Character {
  fileprivate var isDigit: Bool { isASCII && isNumber }
}
