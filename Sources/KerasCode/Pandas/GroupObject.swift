import Tensors

/// `df.groupby("a")`, and a column of it.
final class GroupObject: Subscriptable {
  private let frame: FrameObject
  private let key: Int
  private let chosen: [Int]?
  private let isColumn: Bool

  init(_ frame: FrameObject, _ key: Int, _ chosen: [Int]?, isColumn: Bool = false) {
    self.frame = frame
    self.key = key
    self.chosen = chosen
    self.isColumn = isColumn
  }

  var typeName: String { "GroupBy" }
  var takesSlices: Bool { false }
  var attributeNames: [String] { ["agg", "count", "size"] + TableStatistic.all.map(\.name) }

  func item(_ index: PythonValue, _ evaluator: Evaluator) throws -> PythonValue {
    if let cell = Cell(index) {
      return .object(GroupObject(frame, key, [try frame.place(cell)], isColumn: true))
    }
    let wanted = try evaluator.operand(from: index).cells
    return .object(GroupObject(frame, key, try wanted.map(frame.place)))
  }

  /// The groups in order of their key.
  private var groups: [(key: Cell, rows: [Int])] {
    var table: [Cell: [Int]] = [:]
    for (i, cell) in frame.columns[key].cells.enumerated() where !cell.isMissing {
      table[cell, default: []].append(i)
    }
    return table.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private func labels(_ groups: [(key: Cell, rows: [Int])]) -> Labels {
    Labels(NDArray(narrowing: groups.map(\.key)), name: frame.names[key].str)
  }

  private func result(_ f: (NDArray) throws -> Cell) throws -> PythonValue {
    let groups = groups
    let places = chosen ?? frame.names.indices.filter { $0 != key }
    let columns = try places.map { place in
      NDArray(narrowing: try groups.map { try f(frame.columns[place].taking($0.rows)) })
    }
    if isColumn, let column = columns.first {
      return .object(SeriesObject(column, labels(groups), name: frame.names[places[0]]))
    }
    return .object(FrameObject(places.map { frame.names[$0] }, columns, labels(groups)))
  }

  func attribute(_ name: String, _ evaluator: Evaluator) throws -> PythonValue? {
    if let statistic = TableStatistic.named(name) {
      return .object(
        NativeFunction("\(name)(numeric_only=False)") { _ in try self.result(statistic.apply) })
    }
    switch name {
    case "count":
      return .object(
        NativeFunction("count()") { _ in
          try self.result { column in .integer(column.cells.count { !$0.isMissing }) }
        })
    case "size":
      return .object(
        NativeFunction("size()") { _ in
          let groups = self.groups
          return .object(
            SeriesObject(NDArray(whole: groups.map(\.rows.count)), self.labels(groups)))
        })
    case "agg":
      return .object(
        NativeFunction("agg(func)") { call in
          guard let statistic = TableStatistic.named(try call.text("func")) else {
            throw call.unsuitable(
              "func", wanted: "one of " + TableStatistic.all.map(\.name).joined(separator: ", "))
          }
          return try self.result(statistic.apply)
        })
    default: return nil
    }
  }
}
