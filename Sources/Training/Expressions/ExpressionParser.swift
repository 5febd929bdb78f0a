/// Reads tokens by recursive descent, the loosest binding first:
///
///     or · and · not · comparison · + - · * / · unary - · ^ · [index] · atom
struct ExpressionParser {
  private let tokens: [ExpressionToken]
  private var i = 0
  private var depth = 0

  private typealias Node = RunExpression.Node

  init(_ tokens: [ExpressionToken]) { self.tokens = tokens }

  mutating func whole() throws(ExpressionFailure) -> RunExpression.Node {
    guard current.kind != .end else {
      throw ExpressionFailure(.syntax, "nothing to compute", remedy: "a value, as loss")
    }
    let root = try disjunction()
    guard current.kind == .end else {
      throw unexpected("an operator, or nothing")
    }
    return root
  }

  // MARK: Tokens

  private var current: ExpressionToken { tokens[min(i, tokens.count - 1)] }

  private mutating func take(_ symbols: [String]) -> String? {
    guard case .symbol(let symbol) = current.kind, symbols.contains(symbol) else { return nil }
    i += 1
    return symbol
  }

  private mutating func expect(_ symbol: String) throws(ExpressionFailure) {
    guard take([symbol]) != nil else { throw unexpected("‘\(symbol)’") }
  }

  private func unexpected(_ right: String) -> ExpressionFailure {
    ExpressionFailure(
      .syntax, "\(current.words) is out of place", remedy: right, column: current.column)
  }

  // MARK: Levels

  private mutating func disjunction() throws(ExpressionFailure) -> Node {
    var left = try conjunction()
    while let symbol = take(["or"]) {
      left = Node(form: .binary(symbol, left, try conjunction()), column: left.column)
    }
    return left
  }

  private mutating func conjunction() throws(ExpressionFailure) -> Node {
    var left = try negation()
    while let symbol = take(["and"]) {
      left = Node(form: .binary(symbol, left, try negation()), column: left.column)
    }
    return left
  }

  private mutating func negation() throws(ExpressionFailure) -> Node {
    let column = current.column
    guard take(["not"]) != nil else { return try comparison() }
    return Node(
      form: .not(try deeper { parser throws(ExpressionFailure) in try parser.negation() }),
      column: column)
  }

  private mutating func comparison() throws(ExpressionFailure) -> Node {
    var parts = [try sum()]
    var symbols: [String] = []
    while let symbol = take(["<", "<=", ">", ">=", "==", "!="]) {
      symbols.append(symbol)
      parts.append(try sum())
    }
    return symbols.isEmpty
      ? parts[0] : Node(form: .comparison(parts, symbols), column: parts[0].column)
  }

  private mutating func sum() throws(ExpressionFailure) -> Node {
    var left = try product()
    while let symbol = take(["+", "-"]) {
      left = Node(form: .binary(symbol, left, try product()), column: left.column)
    }
    return left
  }

  private mutating func product() throws(ExpressionFailure) -> Node {
    var left = try signed()
    while let symbol = take(["*", "/"]) {
      left = Node(form: .binary(symbol, left, try signed()), column: left.column)
    }
    return left
  }

  private mutating func signed() throws(ExpressionFailure) -> Node {
    let column = current.column
    if take(["-"]) != nil {
      let part = try deeper { parser throws(ExpressionFailure) in try parser.signed() }
      return Node(form: .negative(part), column: column)
    }
    if take(["+"]) != nil {
      return try deeper { parser throws(ExpressionFailure) in try parser.signed() }
    }
    return try power()
  }

  private mutating func power() throws(ExpressionFailure) -> Node {
    let base = try indexed()
    guard take(["^"]) != nil else { return base }
    // 2^-1 and 2^3^2 = 2^(3^2), as in Python.
    let exponent = try deeper { parser throws(ExpressionFailure) in try parser.signed() }
    return Node(form: .binary("^", base, exponent), column: base.column)
  }

  private mutating func indexed() throws(ExpressionFailure) -> Node {
    var base = try atom()
    while take(["["]) != nil {
      var entries = [try index()]
      while take([","]) != nil { entries.append(try index()) }
      try expect("]")
      base = Node(form: .index(base, entries), column: base.column)
    }
    return base
  }

  private mutating func index() throws(ExpressionFailure) -> RunExpression.Index {
    if take([":"]) != nil { return .range(nil, try bound()) }
    let first = try deeper { parser throws(ExpressionFailure) in try parser.sum() }
    return take([":"]) != nil ? .range(first, try bound()) : .at(first)
  }

  private mutating func bound() throws(ExpressionFailure) -> Node? {
    if case .symbol(let symbol) = current.kind, symbol == "]" || symbol == "," { return nil }
    return try deeper { parser throws(ExpressionFailure) in try parser.sum() }
  }

  private mutating func atom() throws(ExpressionFailure) -> Node {
    let token = current
    switch token.kind {
    case .number(let value):
      i += 1
      return Node(form: .number(value), column: token.column)
    case .name(let name):
      i += 1
      return Node(form: take(["("]) != nil ? try call(name) : .name(name), column: token.column)
    case .text(let text):
      i += 1
      return Node(form: .text(text), column: token.column)
    case .symbol("("):
      i += 1
      let inner = try deeper { parser throws(ExpressionFailure) in try parser.disjunction() }
      try expect(")")
      return inner
    case .symbol, .end: throw unexpected("a name, a number or an opening bracket")
    }
  }

  private mutating func call(_ name: String) throws(ExpressionFailure) -> RunExpression.Form {
    if RunExpression.placeFunctions.contains(name) { return .place(name, try place()) }
    var arguments: [Node] = []
    if take([")"]) == nil {
      repeat {
        arguments.append(
          try deeper { parser throws(ExpressionFailure) in try parser.disjunction() })
      } while take([","]) != nil
      try expect(")")
    }
    return .call(name, arguments)
  }

  /// Words up to the closing bracket: a phase, a layer, or both.
  private mutating func place() throws(ExpressionFailure) -> String {
    var words: [String] = []
    while case .name(let word) = current.kind {
      words.append(word)
      i += 1
    }
    guard !words.isEmpty else { throw unexpected("a phase or a layer, as backward dense") }
    try expect(")")
    return words.joined(separator: " ")
  }

  /// Nesting is bounded, so that no text exhausts the stack.
  private mutating func deeper(
    _ body: (inout ExpressionParser) throws(ExpressionFailure) -> Node
  ) throws(ExpressionFailure) -> Node {
    guard depth < 64 else {
      throw ExpressionFailure(
        .syntax, "brackets within brackets within brackets …", remedy: "at most 64 deep",
        column: current.column)
    }
    depth += 1
    defer { depth -= 1 }
    return try body(&self)
  }
}
