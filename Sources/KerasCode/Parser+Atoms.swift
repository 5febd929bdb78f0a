// The smallest expressions: literals, names, and what stands in brackets.

extension Parser {
  mutating func atom() throws -> Expression {
    let token = current
    let start = token.range.lowerBound
    switch token.kind {
    case .integer(let i): return try literal(.integer(i))
    case .number(let x): return try literal(.number(x))
    case .name(let name): return try literal(.name(name))
    case .keyword("None"): return try literal(.none)
    case .keyword("True"): return try literal(.boolean(true))
    case .keyword("False"): return try literal(.boolean(false))
    case .text, .format: return try strings()
    case .mark("..."): return try literal(.ellipsis)
    case .mark("("): return try parenthesized()
    case .mark("["): return try list(from: start)
    case .mark("{"): return try braces(from: start)
    case .keyword("yield"): return try yielding()
    default: throw unexpected("an expression")
    }
  }

  private mutating func literal(_ kind: Expression.Kind) throws -> Expression {
    let start = current.range.lowerBound
    advance()
    return try make(kind, from: start, around: [])
  }

  /// Neighboring strings are one.
  private mutating func strings() throws -> Expression {
    let start = current.range.lowerBound
    var parts: [FormatPart] = []
    var plain = ""
    var isFormat = false
    while true {
      if case .text(let text) = current.kind {
        plain += text
        parts.append(.literal(text))
      } else if case .format(let pieces) = current.kind {
        isFormat = true
        parts += try format(pieces)
      } else {
        break
      }
      advance()
    }
    let kind: Expression.Kind = isFormat ? .format(parts) : .text(plain)
    let inner = parts.compactMap { part in
      if case .field(let expression, _, _, _) = part { expression } else { nil }
    }
    return try make(kind, from: start, around: inner)
  }

  private mutating func format(_ pieces: [FormatPiece]) throws -> [FormatPart] {
    try pieces.map { piece in
      switch piece {
      case .literal(let text): return .literal(text)
      case .field(let range, let shown, let conversion, let spec):
        let tokens = try Lexer.expression(of: source, in: range)
        var inner = Parser(source: source, tokens: tokens)
        inner.depth = depth + 10
        let value = try inner.expressions()
        guard inner.current.kind == .end else {
          throw inner.unexpected("the end of the braces")
        }
        return .field(
          value, showsSource: shown, conversion: conversion, spec: try format(spec))
      }
    }
  }

  private mutating func parenthesized() throws -> Expression {
    let start = current.range.lowerBound
    advance()
    if take(")") { return try make(.tuple([]), from: start, around: []) }
    let inner = try expressions()
    if isKeyword("for") {
      let made = try comprehension(.generator, element: inner, from: start)
      try expect(")", "after the expression")
      return made
    }
    try expect(")", "after the expression")
    return Expression(kind: inner.kind, range: range(from: start), depth: inner.depth)
  }

  private mutating func list(from start: Int) throws -> Expression {
    advance()
    if take("]") { return try make(.list([]), from: start, around: []) }
    let first = try starOrExpression()
    if isKeyword("for") {
      let made = try comprehension(.list, element: first, from: start)
      try expect("]", "after the list")
      return Expression(kind: made.kind, range: range(from: start), depth: made.depth)
    }
    var all = [first]
    while take(",") && !isMark("]") { all.append(try starOrExpression()) }
    try expect("]", "after the list's elements")
    return try make(.list(all), from: start, around: all)
  }

  private mutating func braces(from start: Int) throws -> Expression {
    advance()
    if take("}") { return try make(.dictionary([]), from: start, around: []) }
    var pairs: [(key: Expression?, value: Expression)] = []
    if take("**") {
      pairs.append((nil, try operation(0)))
    } else {
      let first = try starOrExpression()
      guard take(":") else { return try set(first, from: start) }
      let value = try expression()
      if isKeyword("for") {
        let made = try comprehension(.dictionary(value: value), element: first, from: start)
        try expect("}", "after the dict")
        return made
      }
      pairs.append((first, value))
    }
    while take(",") && !isMark("}") { pairs.append(try pair()) }
    try expect("}", "after the dict")
    return try make(
      .dictionary(pairs), from: start,
      around: pairs.flatMap { [$0.key, $0.value].compactMap { $0 } })
  }

  private mutating func pair() throws -> (key: Expression?, value: Expression) {
    if take("**") { return (nil, try operation(0)) }
    let key = try expression()
    try expect(":", "after a key")
    return (key, try expression())
  }

  /// `yield`, `yield value`, `yield from values`.
  private mutating func yielding() throws -> Expression {
    let start = current.range.lowerBound
    advance()
    yieldCount += 1
    if takeKeyword("from") {
      let value = try expression()
      return try make(.yieldFrom(value), from: start, around: [value])
    }
    if isEndOfStatement || isMark(")") || isMark("]") || isMark("}") || isMark("=") {
      return try make(.yield(nil), from: start, around: [])
    }
    let value = try expressions()
    return try make(.yield(value), from: start, around: [value])
  }

  private mutating func set(_ first: Expression, from start: Int) throws -> Expression {
    if isKeyword("for") {
      let made = try comprehension(.set, element: first, from: start)
      try expect("}", "after the set")
      return made
    }
    var all = [first]
    while take(",") && !isMark("}") { all.append(try starOrExpression()) }
    try expect("}", "after the set")
    return try make(.set(all), from: start, around: all)
  }

  /// `for target in iterable if condition …`
  mutating func comprehension(
    _ result: Comprehension.Result, element: Expression, from start: Int
  ) throws -> Expression {
    var clauses: [Comprehension.Clause] = []
    var parts = [element]
    while takeKeyword("for") {
      let target = try targets()
      guard takeKeyword("in") else { throw unexpected("\"in\" after the variable") }
      let iterable = try disjunction()
      var conditions: [Expression] = []
      while takeKeyword("if") { conditions.append(try disjunction()) }
      clauses.append(
        Comprehension.Clause(target: target, iterable: iterable, conditions: conditions))
      parts += [iterable] + conditions
    }
    if case .dictionary(let value) = result { parts.append(value) }
    let kind = Comprehension(result: result, element: element, clauses: clauses)
    return try make(.comprehension(kind), from: start, around: parts)
  }
}
