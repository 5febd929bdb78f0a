import Tensors

/// A column of a table, or of its own, with a label for each row.
final class SeriesObject: ArrayConvertible, Subscriptable, OperatorOverloading, ProgramSequence,
  ItemStore
{
  private(set) var values: NDArray
  let labels: Labels
  let name: Cell?

  init(_ values: NDArray, _ labels: Labels? = nil, name: Cell? = nil) {
    self.values = values
    self.labels = labels ?? Labels(count: values.count)
    self.name = name
  }

  var typeName: String { "Series" }
  var shown: String { TableText.series(self) }
  var takesSlices: Bool { true }

  func array(_ evaluator: Evaluator) -> NDArray { values }
  func items(_ evaluator: Evaluator) -> [PythonValue] { values.scalars.indices.map(values.element) }

  /// Other values under the same labels.
  func with(_ values: NDArray) -> SeriesObject { SeriesObject(values, labels, name: name) }

  func taking(_ rows: [Int]) -> SeriesObject {
    SeriesObject(values.taking(rows), labels.taking(rows), name: name)
  }

  /// The result of an elementwise function as a column.
  func wrapping(_ result: PythonValue) throws -> PythonValue {
    guard case .array(let r) = result, r.array.shape == values.shape else { return result }
    return .object(with(r.array))
  }

  // MARK: Operators

  func operate(
    _ mark: String, _ other: PythonValue, isReflected: Bool, _ evaluator: Evaluator
  ) throws -> PythonValue? {
    if case .object(let frame) = other, frame is FrameObject { return nil }
    guard other.isComparable || other.isNone else { return nil }
    let right = try evaluator.operandLike(other, values)
    let (a, b) = isReflected ? (right, values) : (values, right)
    let isComparison = ["<", "<=", ">", ">=", "==", "!="].contains(mark)
    if mark == "+" && !values.kind.isNumeric { return .object(try joined(a, b)) }
    let result =
      isComparison ? try NDArray.comparison(mark, a, b) : try NDArray.operation(mark, a, b)
    if isReflected && result.shape != values.shape { return try evaluator.value(result) }
    return .object(with(result))
  }

  /// Texts put together.
  private func joined(_ a: NDArray, _ b: NDArray) throws -> SeriesObject {
    let cells = values.scalars.indices.map { i -> Cell in
      let (x, y) = (a.cell(a.count == 1 ? 0 : i), b.cell(b.count == 1 ? 0 : i))
      return x.isMissing || y.isMissing ? .missing : .text(x.str + y.str)
    }
    return with(NDArray(shape: values.shape, cells: cells))
  }

  func operate(unary mark: String, _ evaluator: Evaluator) throws -> PythonValue? {
    switch mark {
    case "+": return .object(self)
    case "~" where values.kind == .bool: return .object(with(values.map { 1 - $0 }))
    case "-" where values.kind.isNumeric && values.kind != .bool:
      return .object(with(values.map { -$0 }))
    default: throw Complaint("\"\(mark)\" has no meaning for this column")
    }
  }

  // MARK: Items

  func item(_ index: PythonValue, _ evaluator: Evaluator) throws -> PythonValue {
    if case .object(let slice as SliceObject) = index {
      return .object(taking(slice.positions(in: values.count)))
    }
    if let mask = try TableRows.mask(index, values.count, evaluator) {
      return .object(taking(mask))
    }
    if let cell = Cell(index) {
      let rows = labels.rows(of: cell)
      guard !rows.isEmpty else {
        throw Complaint(
          "there is no row \(index.repr)",
          remedy: Suggestions.remedy(
            cell.str, among: labels.values.cells.prefix(50).map(\.str), of: "the column"))
      }
      return rows.count == 1 ? try evaluator.value(values.row(rows[0])) : .object(taking(rows))
    }
    let wanted = try evaluator.operand(from: index)
    return .object(
      taking(
        try wanted.cells.flatMap { cell in
          let rows = labels.rows(of: cell)
          guard !rows.isEmpty else { throw Complaint("there is no row \(cell.repr)") }
          return rows
        }))
  }

  func store(_ value: PythonValue, at index: PythonValue, _ evaluator: Evaluator) throws {
    let rows: [Int]
    if case .object(let slice as SliceObject) = index {
      rows = slice.positions(in: values.count)
    } else if let mask = try TableRows.mask(index, values.count, evaluator) {
      rows = mask
    } else if let cell = Cell(index) {
      rows = labels.rows(of: cell)
    } else {
      throw Complaint("\(index.described) as a row", remedy: "use a label, a slice or a condition")
    }
    values = TableRows.written(values, rows, try evaluator.operand(from: value))
  }

  // MARK: Attributes

  var attributeNames: [String] {
    ["dtype", "iloc", "index", "loc", "name", "ndim", "shape", "size", "str", "values"]
      + SeriesMethods.names
  }

  func attribute(_ name: String, _ evaluator: Evaluator) throws -> PythonValue? {
    switch name {
    case "values": return try evaluator.value(values)
    case "shape": return try evaluator.tuple([.integer(values.count)])
    case "size": return .integer(values.count)
    case "ndim": return .integer(1)
    case "dtype": return .object(DType(values.kind, label: TableText.kindName(values)))
    case "name": return self.name?.python ?? PythonValue.none
    case "index": return .object(LabelsObject(labels))
    case "iloc": return .object(LocationObject(series: self, isPosition: true))
    case "loc": return .object(LocationObject(series: self, isPosition: false))
    case "str": return .object(ColumnTextMethods(self))
    default: return SeriesMethods.method(name, self).map { .object($0) }
    }
  }
}

extension PythonValue {
  /// The column that this is.
  var series: SeriesObject? {
    if case .object(let object) = self { object as? SeriesObject } else { nil }
  }
}
