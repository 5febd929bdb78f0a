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
    case .format(let parts): return .text(try text(of: parts))
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

  private func dictionary(_ pairs: [(key: Expression, value: Expression)]) throws -> PythonValue {
    let dictionary = try keep(DictionaryObject())
    for pair in pairs {
      let key = try key(try evaluate(pair.key), at: pair.key.range)
      dictionary.set(key, try evaluate(pair.value))
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
      throw fault("\(value.described) cannot be a key", at: range)
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
          isRepr ? .text(value.repr) : conversion == "s" ? .text(value.str) : value
        result += shown ?? ""
        result += try placing(at: expression.range) {
          try PythonFormat.formatted(given, spec: specText)
        }
      }
    }
    return result
  }

  private func comprehend(
    _ comprehension: Comprehension, at range: Range<Int>
  ) throws
    -> PythonValue
  {
    let saved = frame
    let inner = try keep(Frame(enclosing: frame, localNames: []))
    frame = inner
    callDepth += 1
    defer {
      frame = saved
      callDepth -= 1
    }
    var items: [PythonValue] = []
    let dictionary = try keep(DictionaryObject())
    try comprehend(comprehension, clause: 0) {
      let element = try evaluate(comprehension.element)
      if case .dictionary(let value) = comprehension.result {
        dictionary.set(try key(element, at: range), try evaluate(value))
      } else {
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

  // MARK: Truth and iteration

  func truth(_ expression: Expression) throws -> Bool {
    try isTrue(try evaluate(expression), at: expression.range)
  }

  func isTrue(_ value: PythonValue, at range: Range<Int>) throws -> Bool {
    switch value {
    case .none: return false
    case .boolean(let flag): return flag
    case .integer(let i): return i != 0
    case .number(let x): return x != 0
    case .text(let text): return !text.isEmpty
    case .list(let list): return !list.items.isEmpty
    case .tuple(let tuple): return !tuple.items.isEmpty
    case .dictionary(let dictionary): return !dictionary.keys.isEmpty
    case .array(let reference):
      guard let x = reference.array.scalar else {
        throw fault(
          "an array of \(reference.array.count) numbers is neither true nor false",
          remedy: "use .any() or .all()", at: range)
      }
      return x != 0
    case .ellipsis, .object: return true
    }
  }

  /// Visits what a value is made of until the visitor says stop.
  func iterate(
    _ value: PythonValue, at range: Range<Int>, _ visit: (PythonValue) throws -> Bool
  ) throws {
    switch value {
    case .list(let list):
      var i = 0
      while i < list.items.count {
        guard try visit(list.items[i]) else { return }
        i += 1
      }
    case .tuple(let tuple): for item in tuple.items { guard try visit(item) else { return } }
    case .text(let text): for c in text { guard try visit(.text(String(c))) else { return } }
    case .dictionary(let dictionary):
      for key in dictionary.keys { guard try visit(key.value) else { return } }
    case .array(let reference):
      let array = reference.array
      guard array.rank > 0 else {
        throw fault("a single number cannot be looped over", at: range)
      }
      for i in 0..<array.shape[0] {
        let row = try placing(at: range) { try self.row(i, of: array) }
        guard try visit(row) else { return }
      }
    case .object(let interval as IntervalObject):
      for i in interval.values { guard try visit(.integer(i)) else { return } }
    default:
      throw fault(
        "\(value.described) cannot be looped over", remedy: "lists, tuples, ranges and arrays can",
        at: range)
    }
  }

  private func row(_ i: Int, of array: NDArray) throws -> PythonValue {
    let shape = Shape(Array(array.shape.extents.dropFirst()))
    let width = shape.count
    return try value(
      NDArray(
        shape: shape, scalars: Array(array.scalars[i * width..<(i + 1) * width]), kind: array.kind))
  }

  // MARK: Subscripts

  func subscripted(
    _ value: PythonValue, _ index: Expression, at range: Range<Int>
  ) throws -> PythonValue {
    switch value {
    case .array(let reference):
      return try placing(at: range) {
        let selection = try reference.array.selection(try arrayIndices(index))
        let result = try self.reference(reference.array[selection])
        if selection.isView && !selection.shape.extents.isEmpty { reference.adopt(result) }
        return .array(result)
      }
    case .list(let list): return try item(list.items, index, isList: true)
    case .tuple(let tuple): return try item(tuple.items, index, isList: false)
    case .text(let text):
      let characters = text.map { PythonValue.text(String($0)) }
      let found = try item(characters, index, isList: true)
      guard case .list(let list) = found else { return found }
      return .text(list.items.compactMap(\.string).joined())
    case .dictionary(let dictionary) where !dictionary.isSet:
      let wanted = try evaluate(index)
      guard let found = dictionary.value(try key(wanted, at: index.range)) else {
        let known = dictionary.keys.compactMap { $0.value.string }
        throw fault(
          "there is no key \(wanted.repr)",
          remedy: Suggestions.remedy(
            wanted.string ?? "", among: known, of: "it"), at: index.range)
      }
      return found
    case .object(let frame as any Subscriptable):
      let wanted = try frame.takesSlices ? sliceValue(index) : evaluate(index)
      return try placing(at: index.range) { try frame.item(wanted, self) }
    default:
      throw fault("\(value.described) has no items", at: range)
    }
  }

  private func item(
    _ items: [PythonValue], _ index: Expression, isList: Bool
  ) throws
    -> PythonValue
  {
    guard case .slice(let lower, let upper, let step) = index.kind else {
      return items[try position(try evaluate(index), items.count, at: index.range)]
    }
    let positions = ArrayIndex.sliced(
      try bound(lower), try bound(upper), try stepOf(step), of: items.count)
    let taken = positions.map { items[$0] }
    return isList ? try list(taken) : try tuple(taken)
  }

  /// A whole number as a position in something of a length.
  func position(_ value: PythonValue, _ count: Int, at range: Range<Int>) throws -> Int {
    guard let i = value.wholeNumber else {
      throw fault("\(value.described) used as an index", remedy: "use a whole number", at: range)
    }
    guard i >= -count && i < count else {
      throw fault(
        "index \(i) lies outside", remedy: "there \(count == 1 ? "is" : "are") \(count) here",
        at: range)
    }
    return i < 0 ? i + count : i
  }

  private func bound(_ expression: Expression?) throws -> Int? {
    guard let expression else { return nil }
    let value = try evaluate(expression)
    if value.isNone { return nil }
    guard let i = value.wholeNumber else {
      throw fault(
        "\(value.described) used as the end of a slice", remedy: "use a whole number",
        at: expression.range)
    }
    return i
  }

  private func stepOf(_ expression: Expression?) throws -> Int {
    guard let expression, let step = try bound(expression) else { return 1 }
    guard step != 0 else { throw fault("a slice with a step of 0", at: expression.range) }
    return step
  }

  /// What stands in `x[…]` for an array.
  func arrayIndices(_ index: Expression) throws -> [ArrayIndex] {
    if case .tuple(let all) = index.kind { return try all.map(arrayIndex) }
    if case .slice = index.kind { return [try arrayIndex(index)] }
    let value = try evaluate(index)
    if case .tuple(let tuple) = value {
      return try tuple.items.map { try arrayIndex($0, index.range) }
    }
    return [try arrayIndex(value, index.range)]
  }

  private func arrayIndex(_ expression: Expression) throws -> ArrayIndex {
    guard case .slice(let lower, let upper, let step) = expression.kind else {
      return try arrayIndex(try evaluate(expression), expression.range)
    }
    return .slice(lower: try bound(lower), upper: try bound(upper), step: try stepOf(step))
  }

  private func arrayIndex(_ value: PythonValue, _ range: Range<Int>) throws -> ArrayIndex {
    switch value {
    case .none: return .newAxis
    case .ellipsis: return .ellipsis
    case .integer(let i): return .position(i)
    case .array(let reference):
      if reference.array.rank == 0, let i = value.wholeNumber, reference.array.kind != .bool {
        return .position(i)
      }
      return .gather(reference.array)
    case .list: return .gather(try placing(at: range) { try array(from: value) })
    case .object(let interval as IntervalObject):
      return .gather(try placing(at: range) { try array(from: .object(interval)) })
    default:
      throw fault(
        "\(value.described) used as an index of an array",
        remedy: "use a whole number, a slice, or an array", at: range)
    }
  }

  /// A slice as a tuple of `(lower, upper, step)`, for things that read slices themselves.
  private func sliceValue(_ index: Expression) throws -> PythonValue {
    if case .tuple(let all) = index.kind { return try tuple(try all.map(sliceValue)) }
    guard case .slice(let lower, let upper, let step) = index.kind else {
      return try evaluate(index)
    }
    return .object(
      SliceObject(lower: try bound(lower), upper: try bound(upper), step: try stepOf(step)))
  }
}

/// A slice as a value.
final class SliceObject: ProgramObject {
  let lower: Int?
  let upper: Int?
  let step: Int

  init(lower: Int?, upper: Int?, step: Int) {
    self.lower = lower
    self.upper = upper
    self.step = step
  }

  var typeName: String { "slice" }

  func positions(in count: Int) -> [Int] { ArrayIndex.sliced(lower, upper, step, of: count) }
}

/// `range(…)`.
final class IntervalObject: ProgramObject {
  let start: Int
  let end: Int
  let step: Int

  init(start: Int, end: Int, step: Int) {
    self.start = start
    self.end = end
    self.step = step
  }

  var typeName: String { "range" }
  var shown: String { step == 1 ? "range(\(start), \(end))" : "range(\(start), \(end), \(step))" }
  var values: StrideTo<Int> { stride(from: start, to: end, by: step) }

  var count: Int {
    let width = step > 0 ? Double(end) - Double(start) : Double(start) - Double(end)
    return width <= 0 ? 0 : Int(min((width / Double(step.magnitude)).rounded(.up), 9e15))
  }
}

/// An object that takes an index.
protocol Subscriptable: ProgramObject {
  var takesSlices: Bool { get }
  func item(_ index: PythonValue, _ evaluator: Evaluator) throws -> PythonValue
}
