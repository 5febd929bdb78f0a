import Tensors

/// `table.iloc[…]` and `table.loc[…]`: rows and columns by position, or by label.
final class LocationObject: Subscriptable, ItemStore {
  private let frame: FrameObject?
  private let series: SeriesObject?
  private let isPosition: Bool

  init(frame: FrameObject, isPosition: Bool) {
    self.frame = frame
    series = nil
    self.isPosition = isPosition
  }

  init(series: SeriesObject, isPosition: Bool) {
    frame = nil
    self.series = series
    self.isPosition = isPosition
  }

  var typeName: String { isPosition ? "iloc" : "loc" }
  var takesSlices: Bool { true }

  /// Positions along one side, and whether the index named a single one.
  private func places(
    _ index: PythonValue, _ labels: Labels, _ evaluator: Evaluator
  ) throws -> (places: [Int], isSingle: Bool) {
    let n = labels.count
    if case .object(let slice as SliceObject) = index {
      guard !isPosition, let upper = slice.upper else { return (slice.positions(in: n), false) }
      // By label the end is included.
      guard labels.isPlain else { return (slice.positions(in: n), false) }
      return (ArrayIndex.sliced(slice.lower, upper + 1, slice.step, of: n), false)
    }
    if let mask = try TableRows.mask(index, n, evaluator) { return (mask, false) }
    let isSingle = Cell(index) != nil
    let wanted = try evaluator.operand(from: index).cells
    let found = try wanted.flatMap { cell -> [Int] in
      if isPosition {
        guard case .integer(let i) = cell, i >= -n, i < n else {
          throw Complaint("position \(cell.repr) in iloc", remedy: "there are \(n)")
        }
        return [i < 0 ? i + n : i]
      }
      let rows = labels.rows(of: cell)
      guard !rows.isEmpty else {
        throw Complaint(
          "there is no \(cell.repr)",
          remedy: Suggestions.remedy(
            cell.str, among: labels.values.cells.prefix(50).map(\.str), of: "it"))
      }
      return rows
    }
    return (found, isSingle && found.count == 1)
  }

  private func split(_ index: PythonValue) -> (rows: PythonValue, columns: PythonValue?) {
    guard frame != nil, case .tuple(let tuple) = index, tuple.items.count == 2 else {
      return (index, nil)
    }
    return (tuple.items[0], tuple.items[1])
  }

  private func columnLabels(_ frame: FrameObject) -> Labels {
    Labels(NDArray(shape: [frame.names.count], cells: frame.names))
  }

  func item(_ index: PythonValue, _ evaluator: Evaluator) throws -> PythonValue {
    let (rowIndex, columnIndex) = split(index)
    if let series {
      let (rows, isSingle) = try places(rowIndex, series.labels, evaluator)
      return isSingle
        ? try evaluator.value(series.values.row(rows[0])) : .object(series.taking(rows))
    }
    guard let frame else { return .none }
    let (rows, oneRow) = try places(rowIndex, frame.labels, evaluator)
    guard let columnIndex else {
      return .object(oneRow ? frame.row(rows[0]) : frame.taking(rows))
    }
    let (columns, oneColumn) = try places(columnIndex, columnLabels(frame), evaluator)
    if oneColumn {
      let column = frame.column(columns[0])
      return oneRow
        ? try evaluator.value(column.values.row(rows[0])) : .object(column.taking(rows))
    }
    let part = frame.keeping(columns)
    return .object(oneRow ? part.row(rows[0]) : part.taking(rows))
  }

  func store(_ value: PythonValue, at index: PythonValue, _ evaluator: Evaluator) throws {
    let (rowIndex, columnIndex) = split(index)
    if let series {
      let rows = try places(rowIndex, series.labels, evaluator).places
      for row in rows { try series.store(value, at: series.labels.values.element(row), evaluator) }
      return
    }
    guard let frame else { return }
    let rows = try places(rowIndex, frame.labels, evaluator).places
    let given = try evaluator.operand(from: value)
    if !isPosition, let columnIndex, let name = Cell(columnIndex), !frame.names.contains(name) {
      try frame.store(.number(.nan), at: columnIndex, evaluator)
    }
    let columns =
      try columnIndex.map { try places($0, columnLabels(frame), evaluator).places }
      ?? Array(frame.names.indices)
    frame.write(rows, columns, given)
  }
}
