// Comparisons of values, and whether one holds another.

extension Evaluator {
  func compare(
    _ first: Expression, _ rest: [(mark: String, right: Expression)], at range: Range<Int>
  ) throws -> PythonValue {
    var left = try evaluate(first)
    var result = PythonValue.boolean(true)
    for (i, (mark, expression)) in rest.enumerated() {
      let right = try evaluate(expression)
      result = try compare(left, mark, right, at: range)
      if i < rest.count - 1, try !isTrue(result, at: range) { return result }
      left = right
    }
    return result
  }

  func compare(
    _ a: PythonValue, _ mark: String, _ b: PythonValue, at range: Range<Int>
  ) throws -> PythonValue {
    switch mark {
    case "is": return .boolean(Self.isSame(a, b))
    case "is not": return .boolean(!Self.isSame(a, b))
    case "in": return .boolean(try contains(b, a, at: range))
    case "not in": return .boolean(try !contains(b, a, at: range))
    default: break
    }
    if let result = try overloaded(a, mark, b, at: range) { return result }
    if a.isArray || b.isArray, a.isComparable, b.isComparable {
      return try placing(at: range) {
        try value(try NDArray.comparison(mark, try operand(from: a), try operand(from: b)))
      }
    }
    switch mark {
    case "==": return .boolean(try isEqual(a, b, at: range))
    case "!=": return .boolean(try !isEqual(a, b, at: range))
    default: return .boolean(try isOrdered(a, mark, b, at: range))
    }
  }

  private static func isSame(_ a: PythonValue, _ b: PythonValue) -> Bool {
    switch (a, b) {
    case (.none, .none), (.ellipsis, .ellipsis): true
    case (.boolean(let x), .boolean(let y)): x == y
    case (.integer(let x), .integer(let y)): x == y
    case (.text(let x), .text(let y)): x == y
    case (.list(let x), .list(let y)): x === y
    case (.tuple(let x), .tuple(let y)): x === y
    case (.dictionary(let x), .dictionary(let y)): x === y
    case (.array(let x), .array(let y)): x === y
    case (.object(let x), .object(let y)): x === y
    default: false
    }
  }

  func isEqual(_ a: PythonValue, _ b: PythonValue, at range: Range<Int>) throws -> Bool {
    try within(range) {
      if let i = a.wholeNumber, let j = b.wholeNumber { return i == j }
      if let x = a.anyNumber, let y = b.anyNumber { return x == y }
      if let result = try overloaded(a, "==", b, at: range) {
        return try isTrue(result, at: range)
      }
      if a.isArray || b.isArray, a.isNumberOrSequence, b.isNumberOrSequence {
        return try isTrue(try compare(a, "==", b, at: range), at: range)
      }
      switch (a, b) {
      case (.text(let x), .text(let y)): return x == y
      case (.list, .list), (.tuple, .tuple):
        guard let x = a.sequence, let y = b.sequence, x.count == y.count else { return false }
        for (p, q) in zip(x, y) where try !isEqual(p, q, at: range) { return false }
        return true
      case (.dictionary(let x), .dictionary(let y)):
        guard x.count == y.count, x.isSet == y.isSet else { return false }
        for (key, value) in x.pairs {
          guard let other = y.value(key), try isEqual(value, other, at: range) else { return false }
        }
        return true
      default: return Self.isSame(a, b)
      }
    }
  }

  func isOrdered(
    _ a: PythonValue, _ mark: String, _ b: PythonValue, at range: Range<Int>
  ) throws
    -> Bool
  {
    if let x = a.anyNumber, let y = b.anyNumber {
      return switch mark {
      case "<": x < y
      case "<=": x <= y
      case ">": x > y
      default: x >= y
      }
    }
    if let x = a.string, let y = b.string {
      let isBefore = x.unicodeScalars.lexicographicallyPrecedes(y.unicodeScalars)
      return switch mark {
      case "<": isBefore
      case "<=": isBefore || x == y
      case ">": !isBefore && x != y
      default: !isBefore
      }
    }
    if let result = try overloaded(a, mark, b, at: range) { return try isTrue(result, at: range) }
    if case .dictionary(let x) = a, case .dictionary(let y) = b, x.isSet, y.isSet {
      return Self.isOrdered(x, mark, y)
    }
    if let x = a.sequence, let y = b.sequence {
      for (p, q) in zip(x, y) where try !isEqual(p, q, at: range) {
        return try within(range) { try isOrdered(p, mark, q, at: range) }
      }
      return try isOrdered(.integer(x.count), mark, .integer(y.count), at: range)
    }
    throw fault(
      "\"\(mark)\" has no meaning between \(a.described) and \(b.described)",
      as: .raised(
        "TypeError",
        "'\(mark)' not supported between instances of '\(a.typeName)' and '\(b.typeName)'"),
      at: range)
  }

  /// Whether one set holds another.
  private static func isOrdered(
    _ a: DictionaryObject, _ mark: String, _ b: DictionaryObject
  ) -> Bool {
    func holds(_ large: DictionaryObject, _ small: DictionaryObject) -> Bool {
      small.keys.allSatisfy { large.value($0) != nil }
    }
    return switch mark {
    case "<": a.count < b.count && holds(b, a)
    case "<=": holds(b, a)
    case ">": a.count > b.count && holds(a, b)
    default: holds(a, b)
    }
  }

  private func contains(
    _ container: PythonValue, _ item: PythonValue, at range: Range<Int>
  )
    throws -> Bool
  {
    if case .text(let text) = container {
      guard let part = item.string else {
        throw fault("\(item.described) cannot be in a string", at: range)
      }
      return part.isEmpty || text.contains(part)
    }
    if case .dictionary(let dictionary) = container {
      return dictionary.value(try key(item, at: range)) != nil
    }
    if case .object(let object as any Container) = container,
      let answer = try placing(at: range, { try object.contains(item, self) })
    {
      return answer
    }
    if case .object(let interval as IntervalObject) = container, let i = item.wholeNumber {
      return interval.contains(i)
    }
    var found = false
    try iterate(container, at: range) {
      if case .array(let r) = $0, r.array.rank > 0 { return true }
      found = try isEqual($0, item, at: range)
      return !found
    }
    return found
  }
}
