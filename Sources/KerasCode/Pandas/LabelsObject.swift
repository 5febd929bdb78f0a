import Tensors

/// Labels of rows or columns as programs see them: `df.columns`, `df.index`.
final class LabelsObject: ArrayConvertible, Subscriptable, ProgramSequence, OperatorOverloading {
  let labels: Labels

  init(_ labels: Labels) { self.labels = labels }

  var typeName: String { "Index" }
  var takesSlices: Bool { true }

  var shown: String {
    if labels.isPlain { return "RangeIndex(start=0, stop=\(labels.count), step=1)" }
    let items = labels.values.cells.map(\.repr).joined(separator: ", ")
    return "Index([\(items)], dtype='\(TableText.kindName(labels.values))')"
  }

  var attributeNames: [String] { ["name", "shape", "size", "to_list", "tolist", "values"] }

  func array(_ evaluator: Evaluator) -> NDArray { labels.values }
  func items(_ evaluator: Evaluator) -> [PythonValue] {
    (0..<labels.count).map(labels.values.element)
  }

  func item(_ index: PythonValue, _ evaluator: Evaluator) throws -> PythonValue {
    if case .object(let slice as SliceObject) = index {
      return .object(LabelsObject(labels.taking(slice.positions(in: labels.count))))
    }
    if let mask = try TableRows.mask(index, labels.count, evaluator) {
      return .object(LabelsObject(labels.taking(mask)))
    }
    guard let i = index.wholeNumber, i >= -labels.count, i < labels.count else {
      throw Complaint("\(index.described) as a position", remedy: "there are \(labels.count)")
    }
    return labels.values.element(i < 0 ? i + labels.count : i)
  }

  func operate(
    _ mark: String, _ other: PythonValue, isReflected: Bool, _ evaluator: Evaluator
  ) throws -> PythonValue? {
    guard ["==", "!="].contains(mark), other.isComparable else { return nil }
    return try evaluator.value(
      try NDArray.comparison(mark, labels.values, try evaluator.operand(from: other)))
  }

  func operate(unary mark: String, _ evaluator: Evaluator) throws -> PythonValue? {
    throw Complaint("\"\(mark)\" has no meaning for labels")
  }

  func attribute(_ name: String, _ evaluator: Evaluator) throws -> PythonValue? {
    switch name {
    case "values": return try evaluator.value(labels.values)
    case "name": return labels.name.map { .text($0) } ?? PythonValue.none
    case "shape": return try evaluator.tuple([.integer(labels.count)])
    case "size": return .integer(labels.count)
    case "tolist", "to_list":
      return .object(
        NativeFunction("\(name)()") { try NumPy.nested(self.labels.values, $0.evaluator) })
    default: return nil
    }
  }
}
