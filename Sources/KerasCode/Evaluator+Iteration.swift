import Tensors

// What is true, and what can be looped over.

extension Evaluator {
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
    case .dictionary(let dictionary): return !dictionary.isEmpty
    case .array(let reference):
      guard let x = reference.array.scalar else {
        throw fault(
          "an array of \(reference.array.count) numbers is neither true nor false",
          remedy: "use .any() or .all()",
          as: .raised(
            "ValueError",
            "The truth value of an array with more than one element is ambiguous."
              + " Use a.any() or a.all()"), at: range)
      }
      return x != 0
    case .object(let object as any Truthful):
      return try placing(at: range) { try object.isTrue(self) }
    case .object(let interval as IntervalObject): return interval.count > 0
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
        let row = try placing(at: range) { try self.value(array.row(i)) }
        guard try visit(row) else { return }
      }
    case .object(let interval as IntervalObject):
      for i in interval.values { guard try visit(.integer(i)) else { return } }
    case .object(let object as any ProgramIterable):
      let iterator = try placing(at: range) { try object.iterator(self) }
      try drain(iterator, at: range, visit)
    case .object(let iterator as any ProgramIterator): try drain(iterator, at: range, visit)
    case .object(let object as any ArrayConvertible) where !(object is any Subscriptable):
      let array = try placing(at: range) { try object.array(self) }
      try iterate(.array(ArrayReference(array)), at: range, visit)
    default: throw notIterable(value, at: range)
    }
  }

  private func drain(
    _ iterator: any ProgramIterator, at range: Range<Int>,
    _ visit: (PythonValue) throws -> Bool
  ) throws {
    while let item = try placing(at: range, { try iterator.next(self) }) {
      guard try visit(item) else { return }
    }
  }

  private func notIterable(_ value: PythonValue, at range: Range<Int>) -> Diagnostic {
    fault(
      "\(value.described) cannot be looped over",
      remedy: "lists, tuples, ranges, arrays and generators can",
      as: .raised("TypeError", "'\(value.typeName)' object is not iterable"), at: range)
  }

  /// Something that gives the values one by one.
  func iterator(over value: PythonValue, at range: Range<Int>) throws -> any ProgramIterator {
    var i = 0
    func indexed(
      _ name: String, _ item: @escaping (Int, Evaluator) throws -> PythonValue?
    )
      -> NativeIterator
    {
      NativeIterator(name) { evaluator in
        defer { i += 1 }
        return try item(i, evaluator)
      }
    }
    switch value {
    case .object(let object as any ProgramIterator) where !(object is any ProgramIterable):
      return object
    case .object(let object as any ProgramIterable):
      return try placing(at: range) { try object.iterator(self) }
    case .list(let list):
      return indexed("list_iterator") { i, _ in i < list.items.count ? list.items[i] : nil }
    case .tuple(let tuple):
      return indexed("tuple_iterator") { i, _ in i < tuple.items.count ? tuple.items[i] : nil }
    case .object(let interval as IntervalObject):
      return indexed("range_iterator") { i, _ in
        i < interval.count ? .integer(interval.start + i * interval.step) : nil
      }
    case .array(let reference) where reference.array.rank > 0:
      return indexed("iterator") { i, evaluator in
        i < reference.array.shape[0] ? try evaluator.row(i, of: reference.array) : nil
      }
    default:
      var items: [PythonValue] = []
      try iterate(value, at: range) {
        items.append($0)
        return true
      }
      return indexed("iterator") { i, _ in i < items.count ? items[i] : nil }
    }
  }

  func row(_ i: Int, of array: NDArray) throws -> PythonValue {
    let shape = Shape(Array(array.shape.extents.dropFirst()))
    let width = shape.count
    return try value(
      NDArray(
        shape: shape, scalars: Array(array.scalars[i * width..<(i + 1) * width]), kind: array.kind))
  }
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

  func contains(_ i: Int) -> Bool {
    guard step > 0 ? i >= start && i < end : i <= start && i > end else { return false }
    let (distance, overflow) = i.subtractingReportingOverflow(start)
    return !overflow && distance % step == 0
  }

  var count: Int {
    let width = step > 0 ? Double(end) - Double(start) : Double(start) - Double(end)
    return width <= 0 ? 0 : Int(min((width / Double(step.magnitude)).rounded(.up), 9e15))
  }
}
