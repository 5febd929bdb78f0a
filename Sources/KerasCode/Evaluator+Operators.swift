import Tensors

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

// Operators on numbers, strings, lists and arrays.

extension Evaluator {
  func negate(_ mark: String, _ operand: Expression, at range: Range<Int>) throws -> PythonValue {
    let value = try evaluate(operand)
    if mark == "not" { return .boolean(try !isTrue(value, at: operand.range)) }
    switch (mark, value) {
    case ("-", .integer(let i)):
      guard i != Int.min else { throw tooLarge(range) }
      return .integer(-i)
    case ("-", .number(let x)): return .number(-x)
    case ("-", .boolean(let flag)): return .integer(flag ? -1 : 0)
    case ("+", .integer), ("+", .number), ("+", .array): return value
    case ("~", .integer(let i)): return .integer(~i)
    case ("-", .array(let r)):
      guard r.array.kind != .bool else {
        throw fault("NumPy has no minus for True and False", at: range)
      }
      return try placing(at: range) { try self.value(r.array.map { -$0 }) }
    case ("~", .array(let r)) where r.array.kind == .bool:
      return try placing(at: range) { try self.value(r.array.map { 1 - $0 }) }
    default:
      throw fault("\"\(mark)\" has no meaning for \(value.described)", at: range)
    }
  }

  private func tooLarge(_ range: Range<Int>) -> Diagnostic {
    fault(
      "a whole number beyond ±\(Int.max)", remedy: "write it with a point to make it a float",
      at: range)
  }

  func operate(
    _ a: PythonValue, _ mark: String, _ b: PythonValue, at range: Range<Int>
  ) throws -> PythonValue {
    if case .array(let r) = a {
      return try placing(at: range) {
        try value(try NDArray.operation(mark, r.array, try array(from: b, like: r.array)))
      }
    }
    if case .array(let r) = b, a.isNumberOrSequence {
      return try placing(at: range) {
        try value(try NDArray.operation(mark, try array(from: a, like: r.array), r.array))
      }
    }
    if let i = a.wholeNumber, let j = b.wholeNumber { return try whole(i, mark, j, at: range) }
    if let x = a.anyNumber, let y = b.anyNumber { return try real(x, mark, y, at: range) }
    if let result = try sequences(a, mark, b, at: range) { return result }
    throw fault(
      "\"\(mark)\" has no meaning between \(a.described) and \(b.described)",
      remedy: mark == "+" && (a.string != nil || b.string != nil)
        ? "turn the number into text with str(…), or use an f-string" : nil, at: range)
  }

  private func whole(
    _ i: Int, _ mark: String, _ j: Int, at range: Range<Int>
  ) throws
    -> PythonValue
  {
    let result: (partialValue: Int, overflow: Bool)
    switch mark {
    case "+": result = i.addingReportingOverflow(j)
    case "-": result = i.subtractingReportingOverflow(j)
    case "*": result = i.multipliedReportingOverflow(by: j)
    case "/":
      guard j != 0 else { throw fault("a division by zero", at: range) }
      return .number(Double(i) / Double(j))
    case "//", "%":
      guard j != 0 else { throw fault("a division by zero", at: range) }
      guard j != -1 else {
        if mark == "%" { return .integer(0) }
        result = 0.subtractingReportingOverflow(i)
        break
      }
      let remainder = i % j
      let isOff = remainder != 0 && (remainder < 0) != (j < 0)
      result =
        mark == "%"
        ? (isOff ? remainder + j : remainder, false) : (isOff ? i / j - 1 : i / j, false)
    case "**":
      guard j >= 0 else { return try real(Double(i), mark, Double(j), at: range) }
      guard let power = Self.power(i, j) else { throw tooLarge(range) }
      return .integer(power)
    case "&": return .integer(i & j)
    case "|": return .integer(i | j)
    case "^": return .integer(i ^ j)
    case "<<":
      guard j >= 0 && j < 63, abs(Double(i)) * pow(2, Double(j)) < 9e18 else {
        throw tooLarge(range)
      }
      return .integer(i << j)
    case ">>":
      guard j >= 0 else { throw fault("a shift by a negative number", at: range) }
      return .integer(i >> j)
    default: throw fault("\"\(mark)\" has no meaning between whole numbers", at: range)
    }
    guard !result.overflow else { throw tooLarge(range) }
    return .integer(result.partialValue)
  }

  private static func power(_ base: Int, _ exponent: Int) -> Int? {
    if base == 0 || base == 1 { return exponent == 0 ? 1 : base }
    if base == -1 { return exponent % 2 == 0 ? 1 : -1 }
    guard exponent < 64 else { return nil }
    var result = 1
    for _ in 0..<exponent {
      let (product, overflow) = result.multipliedReportingOverflow(by: base)
      if overflow { return nil }
      result = product
    }
    return result
  }

  private func real(
    _ x: Double, _ mark: String, _ y: Double, at range: Range<Int>
  ) throws
    -> PythonValue
  {
    switch mark {
    case "+": return .number(x + y)
    case "-": return .number(x - y)
    case "*": return .number(x * y)
    case "/", "//", "%":
      guard y != 0 else { throw fault("a division by zero", at: range) }
      if mark == "/" { return .number(x / y) }
      let remainder = PythonArithmetic.modulo(x, y)
      return .number(mark == "%" ? remainder : ((x - remainder) / y).rounded())
    case "**":
      guard x != 0 || y >= 0 else { throw fault("zero to a negative power", at: range) }
      guard x >= 0 || y == y.rounded() else {
        throw fault("complex numbers are not supported", at: range)
      }
      return .number(pow(x, y))
    default: throw fault("\"\(mark)\" has no meaning between floats", at: range)
    }
  }

  private func sequences(
    _ a: PythonValue, _ mark: String, _ b: PythonValue, at range: Range<Int>
  ) throws -> PythonValue? {
    switch (mark, a, b) {
    case ("+", .text(let x), .text(let y)):
      guard x.utf8.count + y.utf8.count <= 10_000_000 else { throw tooLong(range) }
      return .text(x + y)
    case ("+", .list(let x), .list(let y)): return try list(x.items + y.items)
    case ("+", .tuple(let x), .tuple(let y)): return try tuple(x.items + y.items)
    case ("*", .integer(let n), .text), ("*", .integer(let n), .list),
      ("*", .integer(let n), .tuple):
      return try repeated(b, n, at: range)
    case ("*", .text, .integer(let n)), ("*", .list, .integer(let n)),
      ("*", .tuple, .integer(let n)):
      return try repeated(a, n, at: range)
    case ("%", .text(let format), _):
      return .text(try placing(at: range) { try PercentFormat.text(format, b) })
    case ("|", .dictionary(let x), .dictionary(let y)) where x.isSet == y.isSet:
      let union = try keep(DictionaryObject())
      union.isSet = x.isSet
      for (key, value) in x.pairs + y.pairs { union.set(key, value) }
      return .dictionary(union)
    default: return nil
    }
  }

  private func tooLong(_ range: Range<Int>) -> Diagnostic {
    fault("this grows beyond ten million items", at: range)
  }

  private func repeated(
    _ value: PythonValue, _ n: Int, at range: Range<Int>
  ) throws
    -> PythonValue
  {
    let times = max(0, n)
    let count = value.string?.utf8.count ?? value.sequence?.count ?? 0
    let (total, overflow) = count.multipliedReportingOverflow(by: times)
    guard !overflow && total <= 10_000_000 else { throw tooLong(range) }
    try placing(at: range) { try spend(total / 16) }
    if let text = value.string {
      return .text(String(repeating: text, count: count == 0 ? 0 : times))
    }
    let items = value.sequence ?? []
    let all = items.isEmpty ? [] : (0..<times).flatMap { _ in items }
    if case .tuple = value { return try tuple(all) }
    return try list(all)
  }

  // MARK: Comparisons

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

  private func compare(
    _ a: PythonValue, _ mark: String, _ b: PythonValue, at range: Range<Int>
  ) throws -> PythonValue {
    switch mark {
    case "is": return .boolean(Self.isSame(a, b))
    case "is not": return .boolean(!Self.isSame(a, b))
    case "in": return .boolean(try contains(b, a, at: range))
    case "not in": return .boolean(try !contains(b, a, at: range))
    default: break
    }
    if a.isArray || b.isArray, a.isNumberOrSequence, b.isNumberOrSequence {
      return try placing(at: range) {
        try value(try NDArray.comparison(mark, try array(from: a), try array(from: b)))
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
      switch (a, b) {
      case (.text(let x), .text(let y)): return x == y
      case (.list, .list), (.tuple, .tuple):
        guard let x = a.sequence, let y = b.sequence, x.count == y.count else { return false }
        for (p, q) in zip(x, y) where try !isEqual(p, q, at: range) { return false }
        return true
      case (.dictionary(let x), .dictionary(let y)):
        guard x.keys.count == y.keys.count, x.isSet == y.isSet else { return false }
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
      return switch mark {
      case "<": x < y
      case "<=": x <= y
      case ">": x > y
      default: x >= y
      }
    }
    if let x = a.sequence, let y = b.sequence {
      for (p, q) in zip(x, y) where try !isEqual(p, q, at: range) {
        return try within(range) { try isOrdered(p, mark, q, at: range) }
      }
      return try isOrdered(.integer(x.count), mark, .integer(y.count), at: range)
    }
    throw fault(
      "\"\(mark)\" has no meaning between \(a.described) and \(b.described)", at: range)
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
      return dictionary.keys.contains(try key(item, at: range))
    }
    var found = false
    try iterate(container, at: range) {
      if case .array(let r) = $0, r.array.rank > 0 { return true }
      found = try isEqual($0, item, at: range)
      return !found
    }
    return found
  }

  // MARK: Arrays from values

  /// A number beside an array takes its kind when it fits, as NumPy has it.
  func array(from value: PythonValue, like other: NDArray) throws -> NDArray {
    switch value {
    case .boolean(let flag): return NDArray(flag ? 1 : 0, kind: .bool)
    case .integer(let i):
      return NDArray(Double(i), kind: other.kind == .bool ? .int64 : other.kind)
    case .number(let x): return NDArray(x, kind: other.kind.isWhole ? .float64 : other.kind)
    default: return try array(from: value)
    }
  }

  /// An array of what a value holds: numbers, lists of lists of numbers, arrays.
  func array(from value: PythonValue) throws -> NDArray {
    switch value {
    case .array(let reference): return reference.array
    case .boolean(let flag): return NDArray(flag ? 1 : 0, kind: .bool)
    case .integer(let i):
      guard abs(Double(i)) <= 9_007_199_254_740_992 else {
        throw Complaint("whole numbers beyond 2^53 in an array are not supported")
      }
      return NDArray(Double(i), kind: .int64)
    case .number(let x): return NDArray(x)
    case .object(let convertible as any ArrayConvertible): return try convertible.array(self)
    case .object(let interval as IntervalObject):
      _ = try Shape.checked([interval.count])
      let values = interval.values.map(Double.init)
      return NDArray(shape: [values.count], scalars: values, kind: .int64)
    case .list, .tuple: return try stacked(value.sequence ?? [])
    default: throw Complaint("\(value.described) is not numbers", remedy: "give numbers or arrays")
    }
  }

  private func stacked(_ items: [PythonValue]) throws -> NDArray {
    guard !items.isEmpty else { return NDArray(shape: [0], scalars: []) }
    depthOfStack += 1
    defer { depthOfStack -= 1 }
    guard depthOfStack <= 32 else { throw Complaint("lists are nested too deeply for an array") }
    try spend(items.count)
    var scalars: [Double] = []
    var shape: Shape?
    var kind = NDArray.Kind.bool
    for item in items {
      let part = try array(from: item)
      if let shape, shape != part.shape {
        throw Complaint(
          "rows of shapes \(shape.tupleText) and \(part.shape.tupleText) make no array",
          remedy: "all rows must be equally long")
      }
      shape = part.shape
      kind = kind.promoted(with: part.kind)
      guard scalars.count + part.count <= NDArray.mostElements else {
        throw Complaint("an array of more than \(NDArray.mostElements) numbers")
      }
      scalars += part.scalars
    }
    return NDArray(
      shape: Shape([items.count] + (shape?.extents ?? [])), scalars: scalars, kind: kind)
  }
}

/// An object that can be taken for an array: a column of a table, a range.
protocol ArrayConvertible: ProgramObject {
  func array(_ evaluator: Evaluator) throws -> NDArray
}

extension PythonValue {
  var isArray: Bool {
    switch self {
    case .array: true
    case .object(let object): object is any ArrayConvertible
    default: false
    }
  }

  var isNumberOrSequence: Bool {
    switch self {
    case .boolean, .integer, .number, .list, .tuple, .array: true
    case .object(let object): object is any ArrayConvertible
    default: false
    }
  }
}

/// `"%d of %.2f" % (1, 2.0)`.
enum PercentFormat {
  static func text(_ format: String, _ value: PythonValue) throws(Complaint) -> String {
    var values: [PythonValue]
    if case .tuple(let tuple) = value { values = tuple.items } else { values = [value] }
    var result = ""
    var rest = Substring(format)
    while let c = rest.popFirst() {
      guard c == "%" else {
        result.append(c)
        continue
      }
      if rest.first == "%" {
        rest.removeFirst()
        result.append("%")
        continue
      }
      let spec = rest.prefix { "+- 0123456789.#".contains($0) }
      rest = rest.dropFirst(spec.count)
      guard let type = rest.popFirst(), "diufFeEgGsrxX".contains(type) else {
        throw Complaint("the format after \"%\" cannot be read", remedy: "use %d, %s, %.2f or %%")
      }
      guard !values.isEmpty else { throw Complaint("more \"%\" than values") }
      result += try one(String(spec), type, values.removeFirst())
    }
    guard values.isEmpty else { throw Complaint("more values than \"%\"") }
    return result
  }

  private static func one(
    _ spec: String, _ type: Character, _ value: PythonValue
  ) throws(Complaint) -> String {
    let isLeft = spec.hasPrefix("-")
    let body = isLeft ? String(spec.dropFirst()) : spec
    if type == "s" || type == "r" {
      let text = type == "s" ? value.str : value.repr
      return try PythonFormat.formatted(.text(text), spec: (isLeft ? "<" : ">") + body)
    }
    let isWhole = "diu".contains(type)
    guard let x = value.anyNumber else {
      throw Complaint("\(value.described) does not fit %\(type)", remedy: "it takes a number")
    }
    let number: PythonValue =
      isWhole ? .integer(Int(exactly: x.rounded(.towardZero)) ?? 0) : value
    return try PythonFormat.formatted(
      number, spec: (isLeft ? "<" : "") + body + (isWhole ? "d" : String(type)))
  }
}
