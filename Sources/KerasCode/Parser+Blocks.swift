// Functions, classes, `with`, `try`, decorators.

extension Parser {
  /// `def name(parameters) -> annotation: body`
  mutating func function(
    _ decorators: [Expression] = [], from place: Int? = nil
  ) throws
    -> Statement
  {
    let start = place ?? current.range.lowerBound
    advance()
    let name = try name("of the function")
    try expect("(", "after the function's name")
    let parameters = try parameters(until: ")")
    try expect(")", "after the parameters")
    if take("->") { _ = try expression() }
    let outer = yieldCount
    yieldCount = 0
    defer { yieldCount = outer }
    let body = try block(after: "def \(name)(…)")
    return statement(
      .function(
        Definition(
          name: name, parameters: parameters, body: body, decorators: decorators,
          isGenerator: yieldCount > 0)), from: start)
  }

  /// `class Name(Base): body`
  mutating func classDefinition(_ decorators: [Expression], from start: Int) throws -> Statement {
    advance()
    let name = try name("of the class")
    var bases: [Argument] = []
    if take("(") {
      bases = try arguments()
      try expect(")", "after the base class")
    }
    let outer = yieldCount
    defer { yieldCount = outer }
    let body = try block(after: "class \(name)")
    return statement(
      .classDefinition(name, bases, body, decorators: decorators), from: start)
  }

  /// `@decorator` above a function or class.
  mutating func decorated() throws -> Statement {
    let start = current.range.lowerBound
    var decorators: [Expression] = []
    while take("@") {
      decorators.append(try expression())
      guard current.kind == .newline else { throw unexpected("the end of the decorator's line") }
      advance()
    }
    if isKeyword("def") { return try function(decorators, from: start) }
    if isKeyword("class") { return try classDefinition(decorators, from: start) }
    throw unexpected("\"def\" or \"class\" after a decorator")
  }

  mutating func with() throws -> Statement {
    let start = current.range.lowerBound
    advance()
    let isWrapped = isMark("(") && wrapsContexts
    if isWrapped { advance() }
    var contexts: [(context: Expression, target: Expression?)] = []
    repeat {
      if isWrapped && isMark(")") { break }
      let context = try expression()
      guard takeKeyword("as") else {
        contexts.append((context, nil))
        continue
      }
      let target = try postfix()
      try checkTarget(target)
      contexts.append((context, target))
    } while take(",")
    if isWrapped { try expect(")", "after the contexts") }
    let body = try block(after: "with …")
    return statement(.with(contexts, body), from: start)
  }

  /// Whether the bracket at hand holds contexts with names: `with (a as b, c as d):`.
  private var wrapsContexts: Bool {
    var depth = 0
    for token in tokens[index...] {
      switch token.kind {
      case .mark("("), .mark("["), .mark("{"): depth += 1
      case .mark(")"), .mark("]"), .mark("}"):
        depth -= 1
        if depth == 0 { return false }
      case .keyword("as") where depth == 1: return true
      case .newline, .end: return false
      default: break
      }
    }
    return false
  }

  mutating func attempt() throws -> Statement {
    let start = current.range.lowerBound
    advance()
    let body = try block(after: "try")
    var handlers: [Attempt.Handler] = []
    while isKeyword("except") {
      advance()
      if isMark("*") { throw fault("\"except*\" is not understood", at: current.range) }
      let types = isMark(":") ? nil : try expression()
      let name = takeKeyword("as") ? try name("after \"as\"") : nil
      let block = try block(after: "except …")
      handlers.append(Attempt.Handler(types: types, name: name, body: block))
    }
    let otherwise = handlers.isEmpty ? [] : try otherwise()
    let finally = takeKeyword("finally") ? try block(after: "finally") : []
    guard !handlers.isEmpty || !finally.isEmpty else {
      throw unexpected("\"except\" or \"finally\" after the block of \"try\"")
    }
    return statement(
      .attempt(Attempt(body: body, handlers: handlers, otherwise: otherwise, finally: finally)),
      from: start)
  }

  /// Lines of other languages: Python 2's `print "x"`, a notebook's `!pip` and `%matplotlib`.
  func refuseForeignLines() throws {
    if isMark("%") {
      throw fault(
        "a line that only a notebook understands", remedy: "leave it out", at: current.range)
    }
    guard case .name(let word) = current.kind, index + 1 < tokens.count else { return }
    switch tokens[index + 1].kind {
    case .name, .text, .format, .integer, .number: break
    default: return
    }
    if word == "print" {
      throw fault(
        "print without brackets", remedy: "print is a function: print(…)", at: current.range)
    }
    if word == "match" {
      throw fault(
        "\"match\" is not understood", remedy: "write it as if … elif …", at: current.range)
    }
  }
}
