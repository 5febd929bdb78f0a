// Expressions, from the loosest binding to the tightest.

extension Parser {
  /// Expressions with commas between them make a tuple.
  mutating func expressions() throws -> Expression {
    let start = current.range.lowerBound
    let first = try starOrExpression()
    guard isMark(",") else { return first }
    var all = [first]
    while take(",") {
      if isEndOfExpressions { break }
      all.append(try starOrExpression())
    }
    return try make(.tuple(all), from: start, around: all)
  }

  private var isEndOfExpressions: Bool {
    switch current.kind {
    case .newline, .end, .mark("="), .mark(")"), .mark("]"), .mark("}"), .mark(":"), .mark(";"):
      true
    case .keyword("in"): true
    default: false
    }
  }

  mutating func starOrExpression() throws -> Expression {
    guard isMark("*") else { return try expression() }
    let start = current.range.lowerBound
    advance()
    let inner = try operation(0)
    return try make(.starred(inner), from: start, around: [inner])
  }

  /// The variables of a loop.
  mutating func targets() throws -> Expression {
    let start = current.range.lowerBound
    var all = [try postfix()]
    var isTuple = false
    while take(",") {
      isTuple = true
      if isEndOfExpressions { break }
      all.append(try postfix())
    }
    let target = isTuple ? try make(.tuple(all), from: start, around: all) : all[0]
    try checkTarget(target)
    return target
  }

  /// One expression: a lambda, a conditional, or operands and operators.
  mutating func expression() throws -> Expression {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepestExpression / 2 else { throw tooDeep }
    let start = current.range.lowerBound
    if isKeyword("lambda") { return try lambda() }
    if isKeyword("await") {
      throw fault(
        "\"await\" is not understood", remedy: "the lab runs one thing after the other",
        at: current.range)
    }
    let yes = try disjunction()
    if isMark(":=") {
      guard case .name(let name) = yes.kind else {
        throw fault("\":=\" needs a name at its left", at: yes.range)
      }
      advance()
      let value = try expression()
      return try make(.walrus(name, value), from: start, around: [value])
    }
    guard takeKeyword("if") else { return yes }
    let test = try disjunction()
    guard takeKeyword("else") else { throw unexpected("\"else\" in a conditional expression") }
    let no = try expression()
    return try make(
      .conditional(test: test, yes: yes, no: no), from: start, around: [test, yes, no])
  }

  private var tooDeep: Diagnostic {
    fault(
      "this expression is nested too deeply", remedy: "give its parts names", at: current.range)
  }

  /// A node whose depth is one more than its deepest part's.
  func make(
    _ kind: Expression.Kind, from start: Int, around parts: [Expression]
  ) throws
    -> Expression
  {
    let depth = 1 + (parts.map(\.depth).max() ?? 0)
    guard depth <= Self.deepestExpression else { throw tooDeep }
    return Expression(kind: kind, range: range(from: start), depth: depth)
  }

  private mutating func lambda() throws -> Expression {
    let start = current.range.lowerBound
    advance()
    let parameters = try parameters(until: ":")
    try expect(":", "after lambda's parameters")
    let body = try expression()
    return try make(.lambda(parameters, body), from: start, around: [body])
  }

  /// Parameters with defaults, up to `)` or `:`.
  mutating func parameters(until closing: String) throws -> Parameters {
    var result = Parameters()
    var keywordOnly = false
    while !isMark(closing) {
      if take("**") {
        result.keywordRest = try name("after \"**\"")
        if closing == ")" && take(":") { _ = try expression() }
        _ = take(",")
        guard isMark(closing) else {
          throw unexpected("\"\(closing)\": \"**\" takes all that is left")
        }
        break
      }
      if take("*") {
        guard !keywordOnly else { throw fault("a second \"*\"", at: current.range) }
        keywordOnly = true
        if case .name(let name) = current.kind {
          result.rest = name
          advance()
          if closing == ")" && take(":") { _ = try expression() }
        }
      } else if !take("/") {
        try parameter(into: &result, keywordOnly: keywordOnly, annotated: closing == ")")
      }
      guard take(",") else { break }
    }
    return result
  }

  private mutating func parameter(
    into result: inout Parameters, keywordOnly: Bool, annotated: Bool
  ) throws {
    let place = current.range
    let name = try name("of a parameter")
    if result.all.contains(where: { $0.name == name }) {
      throw fault("the parameter \"\(name)\" stands here twice", at: place)
    }
    if annotated && take(":") { _ = try expression() }
    let standard = take("=") ? try expression() : nil
    if standard == nil && !keywordOnly && result.all.contains(where: { $0.standard != nil }) {
      throw fault("a parameter without a default after one with a default", at: place)
    }
    result.all.append(
      Parameters.Parameter(name: name, standard: standard, isKeywordOnly: keywordOnly))
  }

  // MARK: Operators

  mutating func disjunction() throws -> Expression {
    let start = current.range.lowerBound
    var left = try conjunction()
    while takeKeyword("or") {
      let right = try conjunction()
      left = try make(.either(left, right), from: start, around: [left, right])
    }
    return left
  }

  private mutating func conjunction() throws -> Expression {
    let start = current.range.lowerBound
    var left = try negation()
    while takeKeyword("and") {
      let right = try negation()
      left = try make(.both(left, right), from: start, around: [left, right])
    }
    return left
  }

  private mutating func negation() throws -> Expression {
    let start = current.range.lowerBound
    var count = 0
    while takeKeyword("not") {
      count += 1
      guard count < 50 else { throw tooDeep }
    }
    var operand = try comparison()
    for _ in 0..<count {
      operand = try make(.unary("not", operand), from: start, around: [operand])
    }
    return operand
  }

  private mutating func comparison() throws -> Expression {
    let start = current.range.lowerBound
    let first = try operation(0)
    var rest: [(mark: String, right: Expression)] = []
    while let mark = try comparisonMark() { rest.append((mark, try operation(0))) }
    guard !rest.isEmpty else { return first }
    return try make(.comparison(first, rest), from: start, around: [first] + rest.map(\.right))
  }

  private mutating func comparisonMark() throws -> String? {
    switch current.kind {
    case .mark(let mark) where ["<", ">", "<=", ">=", "==", "!="].contains(mark):
      advance()
      return mark
    case .keyword("in"):
      advance()
      return "in"
    case .keyword("is"):
      advance()
      return takeKeyword("not") ? "is not" : "is"
    case .keyword("not"):
      advance()
      guard takeKeyword("in") else { throw unexpected("\"in\" after \"not\"") }
      return "not in"
    default: return nil
    }
  }

  private static let levels: [[String]] = [
    ["|"], ["^"], ["&"], ["<<", ">>"], ["+", "-"], ["*", "/", "//", "%", "@"],
  ]

  private static let levelOfMark: [String: Int] = {
    var table: [String: Int] = [:]
    for (level, marks) in levels.enumerated() { for mark in marks { table[mark] = level } }
    return table
  }()

  /// Operands joined by left-associative operators that bind at least this tightly.
  mutating func operation(_ level: Int) throws -> Expression {
    let start = current.range.lowerBound
    var left = try unary()
    while case .mark(let mark) = current.kind, let found = Self.levelOfMark[mark], found >= level {
      advance()
      let right = try operation(found + 1)
      left = try make(.binary(left, mark, right), from: start, around: [left, right])
    }
    return left
  }

  private mutating func unary() throws -> Expression {
    let start = current.range.lowerBound
    var signs: [(mark: String, at: Int)] = []
    while case .mark(let mark) = current.kind, mark == "-" || mark == "+" || mark == "~" {
      signs.append((mark, current.range.lowerBound))
      advance()
      guard signs.count < 50 else { throw tooDeep }
    }
    var operand = try power()
    for sign in signs.reversed() {
      operand = try make(.unary(sign.mark, operand), from: sign.at, around: [operand])
    }
    return signs.isEmpty
      ? operand
      : Expression(
        kind: operand.kind, range: range(from: start), depth: operand.depth)
  }

  /// `a ** b`, which binds tighter than a sign at its left and looser than one at its right.
  private mutating func power() throws -> Expression {
    let start = current.range.lowerBound
    let base = try postfix()
    guard take("**") else { return base }
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepestExpression / 2 else { throw tooDeep }
    let exponent = try unary()
    return try make(.binary(base, "**", exponent), from: start, around: [base, exponent])
  }

  // MARK: Calls, attributes, subscripts

  mutating func postfix() throws -> Expression {
    let start = current.range.lowerBound
    var value = try atom()
    while true {
      if take(".") {
        let place = current.range
        let name = try name("after \".\"")
        value = try make(
          .attribute(value, name, nameRange: place), from: start, around: [value])
      } else if take("(") {
        let arguments = try arguments()
        try expect(")", "after the arguments")
        value = try make(
          .call(value, arguments), from: start, around: [value] + arguments.map(\.value))
      } else if take("[") {
        let index = try subscripts()
        try expect("]", "after the index")
        value = try make(.subscripted(value, index), from: start, around: [value, index])
      } else {
        return value
      }
    }
  }

  mutating func arguments() throws -> [Argument] {
    var all: [Argument] = []
    while !isMark(")") {
      all.append(try argument(isOnly: all.isEmpty, after: all))
      guard take(",") else { break }
    }
    return all
  }

  private mutating func argument(isOnly: Bool, after others: [Argument]) throws -> Argument {
    let start = current.range.lowerBound
    if take("*") {
      let value = try expression()
      return Argument(sort: .spread, value: value, range: range(from: start))
    }
    if take("**") {
      let value = try expression()
      return Argument(sort: .spreadKeywords, value: value, range: range(from: start))
    }
    if case .name(let name) = current.kind, index + 1 < tokens.count,
      tokens[index + 1].kind == .mark("=")
    {
      let place = current.range
      advance()
      advance()
      let isRepeated = others.contains {
        if case .keyword(let other) = $0.sort { other == name } else { false }
      }
      if isRepeated { throw fault("the argument \"\(name)\" stands here twice", at: place) }
      let value = try expression()
      return Argument(sort: .keyword(name), value: value, range: place)
    }
    let value = try expression()
    if isOnly && isKeyword("for") {
      let inner = try comprehension(.generator, element: value, from: start)
      return Argument(sort: .positional, value: inner, range: range(from: start))
    }
    if others.contains(where: { if case .keyword = $0.sort { true } else { false } }) {
      throw fault(
        "an argument without a name after one with a name", remedy: "name it, or put it before",
        at: value.range)
    }
    return Argument(sort: .positional, value: value, range: value.range)
  }

  /// What stands in `[…]`: an index, a slice, or several with commas between.
  private mutating func subscripts() throws -> Expression {
    let start = current.range.lowerBound
    let first = try subscriptItem()
    guard isMark(",") else { return first }
    var all = [first]
    while take(",") {
      if isMark("]") { break }
      all.append(try subscriptItem())
    }
    return try make(.tuple(all), from: start, around: all)
  }

  private mutating func subscriptItem() throws -> Expression {
    let start = current.range.lowerBound
    let lower = isMark(":") ? nil : try expression()
    guard take(":") else {
      guard let lower else { throw unexpected("an index") }
      return lower
    }
    let upper = isSliceEnd ? nil : try expression()
    let step = take(":") && !isSliceEnd ? try expression() : nil
    return try make(
      .slice(lower: lower, upper: upper, step: step), from: start,
      around: [lower, upper, step].compactMap { $0 })
  }

  private var isSliceEnd: Bool { isMark("]") || isMark(",") || isMark(":") }
}
