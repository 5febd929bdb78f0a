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
        let row = try placing(at: range) { try self.value(array.row(i)) }
        guard try visit(row) else { return }
      }
    case .object(let interval as IntervalObject):
      for i in interval.values { guard try visit(.integer(i)) else { return } }
    case .object(let object as any ProgramSequence):
      for item in try object.items(self) { guard try visit(item) else { return } }
    default:
      throw fault(
        "\(value.described) cannot be looped over", remedy: "lists, tuples, ranges and arrays can",
        at: range)
    }
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

  var count: Int {
    let width = step > 0 ? Double(end) - Double(start) : Double(start) - Double(end)
    return width <= 0 ? 0 : Int(min((width / Double(step.magnitude)).rounded(.up), 9e15))
  }
}
