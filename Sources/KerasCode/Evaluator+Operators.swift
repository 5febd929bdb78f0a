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
    case (_, .object(let object as any OperatorOverloading)):
      if let result = try placing(at: range, { try object.operate(unary: mark, self) }) {
        return result
      }
      throw fault("\"\(mark)\" has no meaning for \(value.described)", at: range)
    case ("+", .boolean(let flag)): return .integer(flag ? 1 : 0)
    case ("~", .boolean(let flag)): return .integer(flag ? -2 : -1)
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
    case ("~", .array(let r)) where r.array.kind.isWhole:
      return try placing(at: range) { try self.value(r.array.map { -1 - $0 }) }
    default:
      throw fault("\"\(mark)\" has no meaning for \(value.described)", at: range)
    }
  }

  private func divisionByZero(_ range: Range<Int>) -> Diagnostic {
    fault("a division by zero", as: .raised("ZeroDivisionError", "division by zero"), at: range)
  }

  private func tooLarge(_ range: Range<Int>) -> Diagnostic {
    fault(
      "a whole number beyond ±\(Int.max)", remedy: "write it with a point to make it a float",
      as: .raised("OverflowError", "a whole number beyond 64 bits"), at: range)
  }

  func operate(
    _ a: PythonValue, _ mark: String, _ b: PythonValue, at range: Range<Int>
  ) throws -> PythonValue {
    if let result = try overloaded(a, mark, b, at: range) { return result }
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
        ? "turn the number into text with str(…), or use an f-string" : nil,
      as: .raised(
        "TypeError",
        "unsupported operand type(s) for \(mark): '\(a.typeName)' and '\(b.typeName)'"), at: range)
  }

  /// The result of an operator that one of the two sides has of its own.
  func overloaded(
    _ a: PythonValue, _ mark: String, _ b: PythonValue, at range: Range<Int>
  ) throws -> PythonValue? {
    if case .object(let object as any OperatorOverloading) = a,
      let result = try placing(
        at: range, { try object.operate(mark, b, isReflected: false, self) })
    {
      return result
    }
    guard case .object(let object as any OperatorOverloading) = b else { return nil }
    return try placing(at: range) { try object.operate(mark, a, isReflected: true, self) }
  }

  func whole(
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
      guard j != 0 else { throw divisionByZero(range) }
      return .number(Double(i) / Double(j))
    case "//", "%":
      guard j != 0 else { throw divisionByZero(range) }
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
    case "@": throw fault("\"@\" has no meaning between whole numbers", at: range)
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

  func real(
    _ x: Double, _ mark: String, _ y: Double, at range: Range<Int>
  ) throws
    -> PythonValue
  {
    switch mark {
    case "+": return .number(x + y)
    case "-": return .number(x - y)
    case "*": return .number(x * y)
    case "/", "//", "%":
      guard y != 0 else { throw divisionByZero(range) }
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
      return try text(x + y)
    case ("+", .list, .list), ("+", .tuple, .tuple):
      let items = (a.sequence ?? []) + (b.sequence ?? [])
      guard items.count <= 10_000_000 else { throw tooLong(range) }
      if case .list = a { return try list(items) }
      return try tuple(items)
    case ("*", .boolean, .text), ("*", .boolean, .list):
      return try repeated(b, a.wholeNumber ?? 0, at: range)
    case ("*", .integer(let n), .text), ("*", .integer(let n), .list),
      ("*", .integer(let n), .tuple):
      return try repeated(b, n, at: range)
    case ("*", .text, .integer(let n)), ("*", .list, .integer(let n)),
      ("*", .tuple, .integer(let n)):
      return try repeated(a, n, at: range)
    case ("%", .text(let format), _):
      return try text(try placing(at: range) { try PercentFormat.text(format, b) })
    case (_, .dictionary(let x), .dictionary(let y)) where x.isSet == y.isSet:
      return try SetMethods.combined(x, mark, y, self).map { .dictionary($0) }
    default: return nil
    }
  }

  private func tooLong(_ range: Range<Int>) -> Diagnostic {
    fault(
      "this grows beyond ten million items", remedy: "use arrays for data", as: .final, at: range)
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
}
