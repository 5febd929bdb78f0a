import Tensors

/// A table: columns of one length under names, with a label for each row.
final class FrameObject: ArrayConvertible, Subscriptable, OperatorOverloading, ProgramSequence,
  ItemStore, AttributeStore
{
  private(set) var names: [Cell]
  private(set) var columns: [NDArray]
  private(set) var labels: Labels

  init(_ names: [Cell], _ columns: [NDArray], _ labels: Labels? = nil) {
    self.names = names
    self.columns = columns
    self.labels = labels ?? Labels(count: columns.first?.count ?? 0)
  }

  var typeName: String { "DataFrame" }
  var shown: String { TableText.frame(self) }
  var takesSlices: Bool { true }
  var rowCount: Int { labels.count }

  func array(_ evaluator: Evaluator) throws -> NDArray {
    guard !columns.isEmpty else { return NDArray(shape: [rowCount, 0], scalars: []) }
    return NDArray.stacked(numericOrObject()).transposed([1, 0])
  }

  /// Columns of mixed kinds as mixed objects, as pandas gives them.
  private func numericOrObject() -> [NDArray] {
    let isNumeric = columns.allSatisfy { $0.kind.isNumeric }
    let isAllBoolean = columns.allSatisfy { $0.kind == .bool }
    let hasBoolean = columns.contains { $0.kind == .bool }
    guard !isNumeric || hasBoolean && !isAllBoolean else { return columns }
    return columns.map { $0.converted(to: .object) }
  }

  func items(_ evaluator: Evaluator) -> [PythonValue] { names.map(\.python) }

  func with(_ columns: [NDArray]) -> FrameObject { FrameObject(names, columns, labels) }

  func taking(_ rows: [Int]) -> FrameObject {
    FrameObject(names, columns.map { $0.taking(rows) }, labels.taking(rows))
  }

  func keeping(_ places: [Int]) -> FrameObject {
    FrameObject(places.map { names[$0] }, places.map { columns[$0] }, labels)
  }

  /// The place of a column.
  func place(_ name: Cell) throws -> Int {
    guard let i = names.firstIndex(of: name) else {
      throw Complaint(
        "the table has no column \(name.repr)",
        remedy: Suggestions.remedy(name.str, among: names.map(\.str), of: "it"))
    }
    return i
  }

  func column(_ i: Int) -> SeriesObject { SeriesObject(columns[i], labels, name: names[i]) }

  /// A row as a column of its own.
  func row(_ i: Int) -> SeriesObject {
    let kinds = columns.map(\.kind)
    let isNumeric = kinds.allSatisfy(\.isNumeric)
    let kind = kinds.dropFirst().reduce(kinds.first ?? .float64) { $0.promoted(with: $1) }
    let values =
      isNumeric
      ? NDArray(row: columns.map { $0.scalars[i] }, kind: kind)
      : NDArray(shape: [columns.count], cells: columns.map { $0.cell(i) }, kind: .object)
    return SeriesObject(
      values, Labels(NDArray(shape: [names.count], cells: names)), name: labels.values.cell(i))
  }

  // MARK: Operators

  func operate(
    _ mark: String, _ other: PythonValue, isReflected: Bool, _ evaluator: Evaluator
  ) throws -> PythonValue? {
    let isComparison = ["<", "<=", ">", ">=", "==", "!="].contains(mark)
    func result(_ x: NDArray, _ y: NDArray) throws -> NDArray {
      let (a, b) = isReflected ? (y, x) : (x, y)
      return isComparison ? try NDArray.comparison(mark, a, b) : try NDArray.operation(mark, a, b)
    }
    var right: [NDArray] = []
    if case .object(let frame as FrameObject) = other {
      right = try names.map { frame.columns[try frame.place($0)] }
    } else if let series = other.series {
      right = try names.map { name in
        guard let i = series.labels.rows(of: name).first else {
          throw Complaint("the other side has no \(name.repr)")
        }
        return series.values.row(i)
      }
    } else if other.isComparable {
      let values = try evaluator.operand(from: other)
      right = try columns.indices.map { i in
        if values.rank == 0 { return try evaluator.operandLike(other, columns[i]) }
        return values.rank == 1
          ? values.row(i) : values.taking([i], axis: 1).reshaped(to: [rowCount])
      }
    } else {
      return nil
    }
    return .object(with(try zip(columns, right).map(result)))
  }

  func operate(unary mark: String, _ evaluator: Evaluator) throws -> PythonValue? {
    guard mark != "+" else { return .object(self) }
    return .object(
      with(
        try columns.map { column in
          guard
            case .object(let negated as SeriesObject) = try SeriesObject(column).operate(
              unary: mark, evaluator)
          else { return column }
          return negated.values
        }))
  }

  // MARK: Items

  func item(_ index: PythonValue, _ evaluator: Evaluator) throws -> PythonValue {
    if case .object(let slice as SliceObject) = index {
      return .object(taking(slice.positions(in: rowCount)))
    }
    if let mask = try TableRows.mask(index, rowCount, evaluator) { return .object(taking(mask)) }
    if let cell = Cell(index) { return .object(column(try place(cell))) }
    let wanted = try evaluator.operand(from: index).cells
    return .object(keeping(try wanted.map(place)))
  }

  func store(_ value: PythonValue, at index: PythonValue, _ evaluator: Evaluator) throws {
    if let cell = Cell(index) { return try set(cell, value, evaluator) }
    if let mask = try TableRows.mask(index, rowCount, evaluator) {
      let given = try evaluator.operand(from: value)
      columns = columns.map { TableRows.written($0, mask, given) }
      return
    }
    let wanted = try evaluator.operand(from: index).cells
    let values = try evaluator.operand(from: value)
    for (k, cell) in wanted.enumerated() {
      let column =
        values.rank == 2 && values.shape[1] == wanted.count
        ? values.taking([k], axis: 1).reshaped(to: [values.shape[0]]) : values
      try set(cell, try evaluator.value(column), evaluator)
    }
  }

  private func set(_ name: Cell, _ value: PythonValue, _ evaluator: Evaluator) throws {
    var column = try evaluator.operand(from: value)
    if column.rank == 2 && column.shape[1] == 1 { column = column.reshaped(to: [column.count]) }
    if names.isEmpty { labels = Labels(count: column.count) }
    if column.rank == 0 {
      column = column.with(
        shape: [rowCount], scalars: [Double](repeating: column.scalars[0], count: rowCount))
    }
    guard column.rank == 1, column.count == rowCount else {
      throw Complaint(
        "a column of shape \(column.shape.tupleText) in a table of \(rowCount) rows")
    }
    if let i = names.firstIndex(of: name) {
      columns[i] = column
    } else {
      names.append(name)
      columns.append(column)
    }
  }

  func assign(_ name: String, _ value: PythonValue, _ evaluator: Evaluator) throws -> Bool {
    let given = try evaluator.operand(from: value)
    switch name {
    case "columns":
      guard given.rank == 1, given.count == names.count else {
        throw Complaint("\(given.count) names for \(names.count) columns")
      }
      names = given.cells
    case "index":
      guard given.rank == 1, given.count == rowCount else {
        throw Complaint("\(given.count) labels for \(rowCount) rows")
      }
      labels = Labels(given)
    default: try set(.text(name), value, evaluator)
    }
    return true
  }

  /// Takes over what a method did in place.
  func become(_ other: FrameObject) {
    names = other.names
    columns = other.columns
    labels = other.labels
  }

  /// `loc[rows, columns] = value`.
  func write(_ rows: [Int], _ places: [Int], _ value: NDArray) {
    for (k, i) in places.enumerated() {
      let given =
        value.rank == 2
        ? value.taking([min(k, value.shape[1] - 1)], axis: 1).reshaped(to: [value.shape[0]])
        : value.rank == 1 && value.count == places.count && rows.count == 1 ? value.row(k) : value
      columns[i] = TableRows.written(columns[i], rows, given)
    }
  }

  // MARK: Attributes

  var attributeNames: [String] {
    ["T", "columns", "dtypes", "empty", "iloc", "index", "loc", "ndim", "shape", "size", "values"]
      + FrameMethods.names + names.compactMap(\.text)
  }

  func attribute(_ name: String, _ evaluator: Evaluator) throws -> PythonValue? {
    switch name {
    case "values": return try evaluator.value(try array(evaluator))
    case "shape": return try evaluator.tuple([.integer(rowCount), .integer(names.count)])
    case "size": return .integer(rowCount * names.count)
    case "ndim": return .integer(2)
    case "empty": return .boolean(rowCount == 0 || names.isEmpty)
    case "columns":
      return .object(LabelsObject(Labels(NDArray(narrowing: names))))
    case "index": return .object(LabelsObject(labels))
    case "dtypes":
      let kinds = columns.map { Cell.text(TableText.kindName($0)) }
      return .object(
        SeriesObject(
          NDArray(shape: [kinds.count], cells: kinds, kind: .object),
          Labels(NDArray(shape: [names.count], cells: names))))
    case "iloc": return .object(LocationObject(frame: self, isPosition: true))
    case "loc": return .object(LocationObject(frame: self, isPosition: false))
    case "T":
      let all = try array(evaluator)
      return .object(
        FrameObject(
          labels.values.cells, (0..<rowCount).map { all.row($0) },
          Labels(NDArray(shape: [names.count], cells: names))))
    default:
      if let i = names.firstIndex(of: .text(name)) { return .object(column(i)) }
      return FrameMethods.method(name, self).map { .object($0) }
    }
  }
}
