/// Cuts a program into tokens by Python's rules: indentation, line joining in brackets, comments.
struct Lexer {
  /// What stands in brackets more deeply than this is refused, so that no stack can overflow.
  static let deepestNesting = 100

  let source: SourceText
  private(set) var position: Int
  private let end: Int
  private var tokens: [Token] = []
  private var indentation = [0]
  /// The open brackets with their places.
  private var open: [(mark: String, at: Int)] = []

  /// All tokens of a file, ended by `end`.
  static func tokens(of source: SourceText) throws -> [Token] {
    var lexer = Lexer(source, 0..<source.scalars.count)
    return try lexer.file()
  }

  /// The tokens of one expression inside the file, as in an f-string's braces.
  static func expression(of source: SourceText, in range: Range<Int>) throws -> [Token] {
    var lexer = Lexer(source, range)
    lexer.open = [("{", range.lowerBound)]
    while lexer.position < lexer.end { try lexer.token() }
    lexer.add(.end, from: lexer.end)
    return lexer.tokens
  }

  private init(_ source: SourceText, _ range: Range<Int>) {
    self.source = source
    position = range.lowerBound
    end = range.upperBound
  }

  private mutating func file() throws -> [Token] {
    if peek() == "\u{FEFF}" { position += 1 }
    var atLineStart = true
    while position < end {
      if atLineStart { try indent() }
      atLineStart = false
      guard position < end else { break }
      let before = tokens.count
      try token()
      atLineStart = tokens.count > before && tokens.last?.kind == .newline
      if tokens.count == before && betweenLines && isLineStart(position) { atLineStart = true }
    }
    if let (mark, at) = open.last {
      throw fault("\"\(mark)\" is never closed", at: at..<at + 1)
    }
    if let last = tokens.last, last.kind != .newline { add(.newline, from: end) }
    for _ in indentation.dropFirst() { add(.dedent, from: end) }
    add(.end, from: end)
    return tokens
  }

  // MARK: Lines

  /// Whether the last token ended a line, so that what follows begins one.
  private var betweenLines: Bool {
    guard open.isEmpty else { return false }
    switch tokens.last?.kind {
    case nil, .newline, .indent, .dedent: return true
    default: return false
    }
  }

  private func isLineStart(_ i: Int) -> Bool {
    i > 0 && i <= end && (source.scalars[i - 1] == "\n" || source.scalars[i - 1] == "\r")
  }

  /// Reads the blanks that begin a line; blank lines and comment lines do not count.
  private mutating func indent() throws {
    var width = 0
    let start = position
    while let c = peek(), c == " " || c == "\t" || c == "\u{0C}" {
      width = c == "\t" ? (width / 8 + 1) * 8 : width + 1
      position += 1
    }
    guard let c = peek(), c != "\n", c != "\r", c != "#" else { return }
    if width > indentation.last ?? 0 {
      guard indentation.count <= Self.deepestNesting else {
        throw fault("blocks are nested too deeply", at: start..<position)
      }
      indentation.append(width)
      add(.indent, from: start)
    }
    while width < indentation.last ?? 0 {
      indentation.removeLast()
      add(.dedent, from: position)
    }
    guard width == indentation.last else {
      throw fault(
        "this line's indentation fits no line above", remedy: "align it with the block it is in",
        at: start..<position)
    }
  }

  private mutating func lineBreak() {
    let start = position
    if peek() == "\r" && peek(1) == "\n" { position += 1 }
    position += 1
    guard open.isEmpty, let last = tokens.last else { return }
    switch last.kind {
    case .newline, .indent, .dedent: return
    default: add(.newline, from: start)
    }
  }

  // MARK: Tokens

  private mutating func token() throws {
    guard let c = peek() else { return }
    switch c {
    case "\n", "\r": lineBreak()
    case " ", "\t", "\u{0C}": position += 1
    case "#": while let c = peek(), c != "\n", c != "\r" { position += 1 }
    case "\\": try joinLine()
    case "0"..."9": try number()
    case ".":
      if let next = peek(1), ("0"..."9").contains(next) { try number() } else { try mark() }
    case "\"", "'": try string(prefix: "", from: position)
    default:
      if c == "_" || c.properties.isXIDStart { try word() } else { try mark() }
    }
  }

  private mutating func joinLine() throws {
    let start = position
    position += 1
    if peek() == "\r" { position += 1 }
    if peek() == "\n" { position += 1 }
    guard isLineStart(position) else {
      throw fault("a backslash that does not end its line", at: start..<start + 1)
    }
  }

  private mutating func word() throws {
    let start = position
    while let c = peek(), c == "_" || c.properties.isXIDContinue { position += 1 }
    let word = source.text(start..<position)
    if let quote = peek(), quote == "\"" || quote == "'", word.count <= 2 {
      let prefix = word.lowercased()
      if ["r", "f", "u", "b", "br", "rb", "fr", "rf"].contains(prefix) {
        return try string(prefix: prefix, from: start)
      }
    }
    add(Keywords.all.contains(word) ? .keyword(word) : .name(word), from: start)
  }

  private static let marks = [
    "**=", "//=", ">>=", "<<=", "...", "**", "//", ">>", "<<", "<=", ">=", "==", "!=", "->", "+=",
    "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@=", ":=", "+", "-", "*", "/", "%", "@", "&", "|",
    "^", "~", "<", ">", "(", ")", "[", "]", "{", "}", ",", ":", ".", ";", "=",
  ].map { Array($0.unicodeScalars) }

  private static let closing = [")": "(", "]": "[", "}": "{"]

  private mutating func mark() throws {
    let start = position
    for mark in Self.marks where starts(with: mark) {
      position += mark.count
      let text = source.text(start..<position)
      try track(text, at: start)
      return add(.mark(text), from: start)
    }
    let c = source.text(start..<start + 1)
    throw fault("\"\(c)\" has no meaning in Python here", at: start..<start + 1)
  }

  private mutating func track(_ mark: String, at place: Int) throws {
    if mark == "(" || mark == "[" || mark == "{" {
      guard open.count < Self.deepestNesting else {
        throw fault("brackets are nested too deeply", at: place..<place + 1)
      }
      open.append((mark, place))
    } else if let opening = Self.closing[mark] {
      guard open.last?.mark == opening else {
        throw fault("\"\(mark)\" closes nothing", at: place..<place + 1)
      }
      open.removeLast()
    }
  }

  // MARK: Helpers

  func peek(_ ahead: Int = 0) -> Unicode.Scalar? {
    position + ahead < end ? source.scalars[position + ahead] : nil
  }

  mutating func advance(_ n: Int = 1) { position = min(end, position + n) }

  func starts(with text: [Unicode.Scalar]) -> Bool {
    guard position + text.count <= end else { return false }
    for (i, c) in text.enumerated() where source.scalars[position + i] != c { return false }
    return true
  }

  mutating func add(_ kind: Token.Kind, from start: Int) {
    tokens.append(Token(kind: kind, range: start..<max(start, position)))
  }

  func fault(_ message: String, remedy: String? = nil, at range: Range<Int>) -> Diagnostic {
    Diagnostic(message, remedy: remedy, in: source, at: range)
  }
}
