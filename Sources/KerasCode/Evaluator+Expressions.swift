import Tensors

// Expressions.

extension Evaluator {
  func evaluate(_ expression: Expression) throws -> PythonValue {
    try within(expression.range) { try dispatch(expression) }
  }

  private func dispatch(_ expression: Expression) throws -> PythonValue {
    switch expression.kind {
    case .none: return .none
    case .boolean(let flag): return .boolean(flag)
    case .integer(let i): return .integer(i)
    case .number(let x): return .number(x)
    case .text(let text): return .text(text)
    case .ellipsis: return .ellipsis
    case .name(let name): return try lookUp(name, at: expression.range)
    case .call(let callee, let arguments):
      return try call(callee, arguments, at: expression.range)
    case .attribute(let object, let name, let place):
      return try attribute(try evaluate(object), name, at: place)
    case .binary, .unary, .comparison, .both, .either, .conditional:
      return try operation(expression)
    default: return try compound(expression)
    }
  }

  private func operation(_ expression: Expression) throws -> PythonValue {
    switch expression.kind {
    case .unary(let mark, let operand):
      return try negate(mark, operand, at: expression.range)
    case .binary(let left, let mark, let right):
      let a = try evaluate(left)
      return try operate(a, mark, try evaluate(right), at: expression.range)
    case .comparison(let first, let rest): return try compare(first, rest, at: expression.range)
    case .both(let left, let right):
      let value = try evaluate(left)
      return try isTrue(value, at: left.range) ? try evaluate(right) : value
    case .either(let left, let right):
      let value = try evaluate(left)
      return try isTrue(value, at: left.range) ? value : try evaluate(right)
    case .conditional(let test, let yes, let no):
      return try evaluate(try truth(test) ? yes : no)
    default: return .none
    }
  }

  private func compound(_ expression: Expression) throws -> PythonValue {
    switch expression.kind {
    case .format(let parts): return try text(try text(of: parts))
    case .list(let items): return try list(try elements(items))
    case .tuple(let items): return try tuple(try elements(items))
    case .set(let items): return try set(try elements(items), at: expression.range)
    case .dictionary(let pairs): return try dictionary(pairs)
    case .subscripted(let object, let index):
      return try subscripted(try evaluate(object), index, at: expression.range)
    case .lambda(let parameters, let body):
      return try function("<lambda>", parameters, .expression(body))
    case .comprehension(let comprehension):
      return try comprehend(comprehension, at: expression.range)
    case .walrus(let name, let value):
      let result = try evaluate(value)
      bindOutside(name, result)
      return result
    case .yield, .yieldFrom:
      throw fault(
        "\"yield\" inside an expression is not understood",
        remedy: "put it on a line of its own, in a function: value = yield …",
        at: expression.range)
    case .slice: throw fault("a slice outside an index", at: expression.range)
    case .starred: throw fault("\"*\" has no meaning here", at: expression.range)
    default: return .none
    }
  }

  private func elements(_ items: [Expression]) throws -> [PythonValue] {
    var values: [PythonValue] = []
    for item in items {
      if case .starred(let inner) = item.kind {
        try iterate(try evaluate(inner), at: inner.range) {
          values.append($0)
          return true
        }
      } else {
        values.append(try evaluate(item))
      }
    }
    return values
  }

  private func dictionary(_ pairs: [(key: Expression?, value: Expression)]) throws -> PythonValue {
    let dictionary = try keep(DictionaryObject())
    for pair in pairs {
      if let name = pair.key {
        let key = try key(try evaluate(name), at: name.range)
        dictionary.set(key, try evaluate(pair.value))
      } else {
        guard case .dictionary(let other) = try evaluate(pair.value), !other.isSet else {
          throw fault("\"**\" in a dict takes a dict", at: pair.value.range)
        }
        for (key, value) in other.pairs { dictionary.set(key, value) }
      }
    }
    return .dictionary(dictionary)
  }

  func set(_ items: [PythonValue], at range: Range<Int>) throws -> PythonValue {
    let set = try keep(DictionaryObject())
    set.isSet = true
    for item in items { set.set(try key(item, at: range), .none) }
    return .dictionary(set)
  }

  func key(_ value: PythonValue, at range: Range<Int>) throws -> DictionaryObject.Key {
    guard let key = DictionaryObject.Key(value) else {
      throw fault(
        "\(value.described) cannot be a key", remedy: "texts, numbers and tuples of them can",
        as: .raised("TypeError", "unhashable type: '\(value.typeName)'"), at: range)
    }
    return key
  }

  private func text(of parts: [FormatPart]) throws -> String {
    var result = ""
    for part in parts {
      switch part {
      case .literal(let text): result += text
      case .field(let expression, let shown, let conversion, let spec):
        let value = try evaluate(expression)
        let specText = try text(of: spec)
        let isRepr = conversion == "r" || (shown != nil && conversion == nil && spec.isEmpty)
        let given: PythonValue =
          isRepr || conversion == "a"
          ? .text(value.repr) : conversion == "s" ? .text(value.str) : value
        result += shown ?? ""
        result += try placing(at: expression.range) {
          try formatted(given, specText)
        }
      }
    }
    return result
  }

  /// `{value:spec}`, where an instance may have a `__format__`.
  func formatted(_ value: PythonValue, _ spec: String) throws -> String {
    if case .object(let instance as InstanceObject) = value,
      let text = try method("__format__", of: instance, [.text(spec)])
    {
      return text.str
    }
    return try PythonFormat.formatted(value, spec: spec)
  }

  private func comprehend(
    _ comprehension: Comprehension, at range: Range<Int>
  ) throws
    -> PythonValue
  {
    let inner = try keep(
      Frame(enclosing: isGlobal ? nil : frame, localNames: [], role: .comprehension))
    if case .generator = comprehension.result, let clause = comprehension.clauses.first {
      let source = try evaluate(clause.iterable)
      let iterator = try iterator(over: source, at: clause.iterable.range)
      return .object(try keep(GeneratorObject(comprehension, over: iterator, inner)))
    }
    return try inside(inner) { try collect(comprehension, at: range) }
  }

  private func collect(
    _ comprehension: Comprehension, at range: Range<Int>
  ) throws
    -> PythonValue
  {
    var items: [PythonValue] = []
    let dictionary = try keep(DictionaryObject())
    try comprehend(comprehension, clause: 0) {
      let element = try evaluate(comprehension.element)
      if case .dictionary(let value) = comprehension.result {
        dictionary.set(try key(element, at: range), try evaluate(value))
      } else {
        guard items.count < 10_000_000 else {
          throw fault("a list of more than ten million items", as: .final, at: range)
        }
        items.append(element)
      }
    }
    switch comprehension.result {
    case .list, .generator: return try list(items)
    case .set: return try set(items, at: range)
    case .dictionary: return .dictionary(dictionary)
    }
  }

  private func comprehend(
    _ comprehension: Comprehension, clause i: Int, _ body: () throws -> Void
  ) throws {
    guard i < comprehension.clauses.count else { return try body() }
    let clause = comprehension.clauses[i]
    let source = try evaluate(clause.iterable)
    try iterate(source, at: clause.iterable.range) { item in
      try assign(item, to: clause.target)
      for condition in clause.conditions where try !truth(condition) { return true }
      try comprehend(comprehension, clause: i + 1, body)
      return true
    }
  }
}
