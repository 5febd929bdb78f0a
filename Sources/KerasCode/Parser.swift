/// Reads the tokens of a program into statements.
struct Parser {
  /// Expressions inside one another beyond this are refused, so that no stack can overflow.
  static let deepestExpression = 200
  private static let deepestBlock = 40

  let source: SourceText
  var tokens: [Token]
  var index = 0
  var depth = 0
  private var blockDepth = 0
  /// How many `yield`s were read in the function at hand.
  var yieldCount = 0

  init(source: SourceText, tokens: [Token]) {
    self.source = source
    self.tokens = tokens
  }

  /// The statements of a program, or a diagnostic at the first thing that is not Python.
  static func program(_ source: SourceText) throws -> [Statement] {
    var parser = Parser(source: source, tokens: try Lexer.tokens(of: source))
    var statements: [Statement] = []
    while parser.current.kind != .end { statements += try parser.line() }
    return statements
  }

  // MARK: Tokens

  var current: Token { tokens[min(index, tokens.count - 1)] }

  mutating func advance() { if index < tokens.count - 1 { index += 1 } }

  func isMark(_ mark: String) -> Bool { current.kind == .mark(mark) }

  func isKeyword(_ word: String) -> Bool { current.kind == .keyword(word) }

  mutating func take(_ mark: String) -> Bool {
    guard isMark(mark) else { return false }
    advance()
    return true
  }

  mutating func takeKeyword(_ word: String) -> Bool {
    guard isKeyword(word) else { return false }
    advance()
    return true
  }

  mutating func expect(_ mark: String, _ purpose: String) throws {
    guard take(mark) else { throw unexpected("\"\(mark)\" \(purpose)") }
  }

  mutating func name(_ purpose: String) throws -> String {
    guard case .name(let name) = current.kind else { throw unexpected("a name \(purpose)") }
    advance()
    return name
  }

  /// "found …, where … would be right".
  func unexpected(_ wanted: String) -> Diagnostic {
    fault("found \(current.shown)", remedy: "expected \(wanted)", at: current.range)
  }

  func fault(_ message: String, remedy: String? = nil, at range: Range<Int>) -> Diagnostic {
    Diagnostic(message, remedy: remedy, in: source, at: range)
  }

  /// From the start of something to the end of the last token taken.
  func range(from start: Int) -> Range<Int> {
    let end = index > 0 ? tokens[index - 1].range.upperBound : start
    return start..<max(start, end)
  }

  // MARK: Lines and blocks

  /// One compound statement, or the simple statements of one line.
  private mutating func line() throws -> [Statement] {
    if case .keyword(let word) = current.kind {
      let before = yieldCount
      if var compound = try compound(word) {
        compound.yields = yieldCount > before
        return [compound]
      }
    }
    if isMark("@") { return [try decorated()] }
    try refuseForeignLines()
    if current.kind == .indent {
      throw fault("this line is indented, but no block begins here", at: current.range)
    }
    var statements = [try simple()]
    while take(";") {
      if current.kind == .newline { break }
      statements.append(try simple())
    }
    guard current.kind == .newline || current.kind == .end else {
      throw unexpected("the end of the statement")
    }
    advance()
    return statements
  }

  /// `:` and either the rest of the line or an indented block.
  mutating func block(after what: String) throws -> [Statement] {
    try expect(":", "after \(what)")
    guard current.kind == .newline else { return try line() }
    advance()
    guard current.kind == .indent else { throw unexpected("an indented block after \(what)") }
    advance()
    blockDepth += 1
    defer { blockDepth -= 1 }
    guard blockDepth <= Self.deepestBlock else {
      throw fault("blocks are nested too deeply", at: current.range)
    }
    var statements: [Statement] = []
    while current.kind != .dedent && current.kind != .end { statements += try line() }
    if current.kind == .dedent { advance() }
    return statements
  }

  /// The end of the last statement, without the line break after it.
  func statement(_ kind: Statement.Kind, from start: Int) -> Statement {
    var last = index - 1
    while last > 0 {
      switch tokens[last].kind {
      case .newline, .dedent, .indent, .end: last -= 1
      default:
        return Statement(kind: kind, range: start..<max(start, tokens[last].range.upperBound))
      }
    }
    return Statement(kind: kind, range: range(from: start))
  }

  private mutating func compound(_ word: String) throws -> Statement? {
    let start = current.range.lowerBound
    switch word {
    case "if": return try conditional()
    case "for":
      advance()
      let target = try targets()
      guard takeKeyword("in") else { throw unexpected("\"in\" after the loop's variable") }
      let iterable = try expressions()
      let body = try block(after: "for … in …")
      return statement(
        .forLoop(target: target, iterable, body: body, otherwise: try otherwise()), from: start)
    case "while":
      advance()
      let test = try expression()
      let body = try block(after: "while …")
      return statement(.whileLoop(test, body: body, otherwise: try otherwise()), from: start)
    case "def": return try function()
    case "class": return try classDefinition([], from: start)
    case "with": return try with()
    case "try": return try attempt()
    case "async":
      return try refusedBlock("\"async\" is", remedy: "the lab runs one thing after the other")
    default: return nil
    }
  }

  private mutating func conditional() throws -> Statement {
    let start = current.range.lowerBound
    var branches: [(test: Expression, body: [Statement])] = []
    repeat {
      advance()
      let test = try expression()
      branches.append((test, try block(after: "if …")))
    } while isKeyword("elif")
    let rest = try otherwise()
    return statement(.conditional(branches, otherwise: rest), from: start)
  }

  mutating func otherwise() throws -> [Statement] {
    takeKeyword("else") ? try block(after: "else") : []
  }

  /// A block that is read to its end, so that what follows keeps its place, and refused when run.
  mutating func refusedBlock(_ what: String, remedy: String?) throws -> Statement {
    let start = current.range.lowerBound
    let first = current.range.upperBound
    while current.kind != .newline && current.kind != .end { advance() }
    advance()
    var open = 0
    while current.kind != .end {
      if current.kind == .indent { open += 1 }
      if current.kind == .dedent { open -= 1 }
      if open <= 0 && current.kind != .dedent { break }
      advance()
      if open == 0 { break }
    }
    return Statement(kind: .unsupported(what, remedy: remedy), range: start..<first)
  }

  // MARK: Simple statements

  private mutating func simple() throws -> Statement {
    let start = current.range.lowerBound
    let before = yieldCount
    var result: Statement
    if case .keyword(let word) = current.kind, let kind = try keywordStatement(word) {
      result = statement(kind, from: start)
    } else {
      result = try assignment()
    }
    result.yields = yieldCount > before
    return result
  }

  private mutating func keywordStatement(_ word: String) throws -> Statement.Kind? {
    switch word {
    case "import": return try importModules()
    case "from": return try importNames()
    case "pass": return simpleWord(.nothing)
    case "break": return simpleWord(.leave)
    case "continue": return simpleWord(.skip)
    case "return":
      advance()
      return .give(isEndOfStatement ? nil : try expressions())
    case "global", "nonlocal":
      advance()
      var names = [try name("after \(word)")]
      while take(",") { names.append(try name("after \",\"")) }
      return word == "global" ? .global(names) : .nonlocal(names)
    case "raise":
      advance()
      guard !isEndOfStatement else { return .raise(nil) }
      let exception = try expression()
      if takeKeyword("from") { _ = try expression() }
      return .raise(exception)
    case "assert":
      advance()
      let test = try expression()
      return .check(test, take(",") ? try expression() : nil)
    case "del":
      advance()
      let targets = try expressions()
      if case .tuple(let all) = targets.kind { return .delete(all) }
      return .delete([targets])
    case "except", "finally", "elif", "else", "as":
      throw fault(
        "\"\(word)\" begins nothing here", remedy: "it continues a block above it, aligned with it",
        at: current.range)
    case "await":
      throw fault(
        "\"await\" is not understood", remedy: "the lab runs one thing after the other",
        at: current.range)
    default: return nil
    }
  }

  private mutating func simpleWord(_ kind: Statement.Kind) -> Statement.Kind {
    advance()
    return kind
  }

  var isEndOfStatement: Bool {
    switch current.kind {
    case .newline, .end, .mark(";"): true
    default: false
    }
  }

  private mutating func importModules() throws -> Statement.Kind {
    advance()
    var modules: [(path: [String], alias: String?, range: Range<Int>)] = []
    repeat {
      let start = current.range.lowerBound
      let path = try modulePath()
      let place = range(from: start)
      modules.append((path, try alias(), place))
    } while take(",")
    return .importModules(modules)
  }

  private mutating func importNames() throws -> Statement.Kind {
    advance()
    guard !isMark(".") else {
      throw fault("a program of the lab is one file: nothing lies beside it", at: current.range)
    }
    let path = try modulePath()
    guard takeKeyword("import") else { throw unexpected("\"import\" after the module's name") }
    guard !isMark("*") else {
      throw fault(
        "\"import *\" is not supported", remedy: "name what the program uses", at: current.range)
    }
    let isWrapped = take("(")
    var names: [(name: String, alias: String?, range: Range<Int>)] = []
    repeat {
      if isWrapped && isMark(")") { break }
      let place = current.range
      let name = try name("to import")
      names.append((name, try alias(), place))
    } while take(",")
    if isWrapped { try expect(")", "after the imported names") }
    return .importNames(path: path, names)
  }

  private mutating func modulePath() throws -> [String] {
    var path = [try name("of a module")]
    while take(".") { path.append(try name("of a module")) }
    return path
  }

  private mutating func alias() throws -> String? {
    takeKeyword("as") ? try name("after \"as\"") : nil
  }

  private static let augmentations: Set<String> = [
    "+=", "-=", "*=", "/=", "//=", "%=", "**=", "@=", "&=", "|=", "^=", "<<=", ">>=",
  ]

  private mutating func assignment() throws -> Statement {
    let start = current.range.lowerBound
    let first = try expressions()
    if case .mark(let mark) = current.kind, Self.augmentations.contains(mark) {
      advance()
      try checkTarget(first)
      return statement(
        .augmented(first, String(mark.dropLast()), try expressions()), from: start)
    }
    if take(":") {
      try checkTarget(first)
      let annotation = try expression()
      let value = take("=") ? try expressions() : nil
      return statement(.annotated(first, annotation: annotation, value: value), from: start)
    }
    var chain = [first]
    while take("=") { chain.append(try expressions()) }
    guard chain.count > 1, let value = chain.popLast() else {
      return statement(.expression(first), from: start)
    }
    for target in chain { try checkTarget(target) }
    return statement(.assign(chain, value), from: start)
  }

  func checkTarget(_ target: Expression) throws {
    switch target.kind {
    case .name, .attribute, .subscripted: return
    case .starred(let inner): try checkTarget(inner)
    case .tuple(let all), .list(let all): for one in all { try checkTarget(one) }
    default:
      throw fault(
        "nothing can be assigned to this", remedy: "a name stands left of \"=\"",
        at: target.range)
    }
  }
}
