import Tensors

// `x[i]`, `x[a:b]`, `x[:, 0]`.

extension Evaluator {
  func subscripted(
    _ value: PythonValue, _ index: Expression, at range: Range<Int>
  ) throws -> PythonValue {
    switch value {
    case .array(let reference):
      return try placing(at: range) { try item(of: reference, try arrayIndices(index)) }
    case .list(let list): return try item(list.items, index, isList: true)
    case .tuple(let tuple): return try item(tuple.items, index, isList: false)
    case .text(let text):
      if text.utf8.count > 64 { try placing(at: range) { try spend(text.utf8.count / 16) } }
      let characters = text.unicodeScalars.map { PythonValue.text(String($0)) }
      let found = try item(characters, index, isList: true)
      guard case .list(let list) = found else { return found }
      return .text(list.items.compactMap(\.string).joined())
    case .object(let interval as IntervalObject):
      let found = try item(
        try interval.slicedValues(at: range, self), index, isList: true)
      return found
    case .dictionary(let dictionary) where !dictionary.isSet:
      let wanted = try evaluate(index)
      let wantedKey = try key(wanted, at: index.range)
      if dictionary.value(wantedKey) == nil, let factory = dictionary.factory {
        let made = try within(index.range) { try invoke(factory, []) }
        if dictionary.kind == "defaultdict" { dictionary.set(wantedKey, made) }
        return made
      }
      guard let found = dictionary.value(wantedKey) else {
        let known = dictionary.keys.compactMap { $0.value.string }
        throw fault(
          "there is no key \(wanted.repr)",
          remedy: Suggestions.remedy(
            wanted.string ?? "", among: known, of: "it"),
          as: .raised("KeyError", wanted.repr), at: index.range)
      }
      return found
    case .object(let frame as any Subscriptable):
      let wanted = try frame.takesSlices ? sliceValue(index) : evaluate(index)
      return try placing(at: index.range) { try frame.item(wanted, self) }
    default:
      throw fault(
        "\(value.described) has no items",
        as: .raised("TypeError", "'\(value.typeName)' object is not subscriptable"), at: range)
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
        as: .raised("IndexError", "list index out of range"), at: range)
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
    case .list, .object(is any ArrayConvertible):
      return .gather(try placing(at: range) { try array(from: value) })
    case .object(let interval as IntervalObject):
      return .gather(try placing(at: range) { try array(from: .object(interval)) })
    default:
      throw fault(
        "\(value.described) used as an index of an array",
        remedy: "use a whole number, a slice, or an array", at: range)
    }
  }

  /// A slice as a tuple of `(lower, upper, step)`, for things that read slices themselves.
  func sliceValue(_ index: Expression) throws -> PythonValue {
    if case .tuple(let all) = index.kind { return try tuple(try all.map(sliceValue)) }
    guard case .slice(let lower, let upper, let step) = index.kind else {
      return try evaluate(index)
    }
    return .object(
      SliceObject(lower: try bound(lower), upper: try bound(upper), step: try stepOf(step)))
  }
}

extension Evaluator {
  /// `items[a:b] = values`
  func storeSlice(
    _ value: PythonValue, in list: ListObject, _ index: Expression, at range: Range<Int>
  ) throws {
    guard case .object(let slice as SliceObject) = try sliceValue(index) else { return }
    var items: [PythonValue] = []
    try iterate(value, at: range) {
      items.append($0)
      return true
    }
    let positions = slice.positions(in: list.items.count)
    if slice.step == 1 {
      let count = list.items.count
      let start =
        positions.first
        ?? slice.lower.map { max(0, min(count, $0 < 0 ? $0 + count : $0)) } ?? 0
      guard count - positions.count + items.count <= 10_000_000 else {
        throw fault("a list of more than ten million items", as: .final, at: range)
      }
      list.items.replaceSubrange(start..<start + positions.count, with: items)
    } else if items.isEmpty {
      let gone = Set(positions)
      list.items = list.items.enumerated().filter { !gone.contains($0.offset) }.map(\.element)
    } else {
      guard items.count == positions.count else {
        throw fault("\(items.count) values for \(positions.count) places", at: range)
      }
      for (i, item) in zip(positions, items) { list.items[i] = item }
    }
  }
}

extension IntervalObject {
  /// Its values, which are few enough to be listed.
  fileprivate func slicedValues(
    at range: Range<Int>, _ evaluator: Evaluator
  ) throws -> [PythonValue] {
    guard count <= 10_000_000 else {
      throw evaluator.fault("a range of more than ten million numbers", at: range)
    }
    try evaluator.placing(at: range) { try evaluator.spend(count / 8) }
    return values.map { .integer($0) }
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

/// An object that takes an index.
protocol Subscriptable: ProgramObject {
  var takesSlices: Bool { get }
  func item(_ index: PythonValue, _ evaluator: Evaluator) throws -> PythonValue
}
