import Foundation
import Tensors

/// The names of pandas.
enum PandasNames {
  static func module() -> Namespace {
    let pandas = Namespace("pandas")
    for function in [
      readCSV, frame, series, dummies, concatenation,
      NativeFunction("isnull(obj)") { call in
        guard let cell = Cell(call["obj"]) else { throw call.unsuitable("obj", wanted: "a value") }
        return .boolean(cell.isMissing)
      },
      NativeFunction("to_numeric(arg)") { call in
        guard let series = call["arg"].series else {
          throw call.unsuitable("arg", wanted: "a column")
        }
        let numbers = try series.values.checkedConversion(to: .float64)
        return .object(series.with(NDArray(narrowing: numbers.cells.map(Self.whole))))
      },
      NativeFunction("unique(values)") { call in
        let values = try call.operand("values")
        return try call.evaluator.value(values.taking(SeriesMethods.firsts(values)))
      },
      NativeFunction("set_option(pat, value)") { _ in .none },
    ] {
      pandas.add(function)
    }
    pandas.add("NA", .number(.nan))
    pandas.add("__version__", .text("3.0.0"))
    return pandas
  }

  private static func whole(_ cell: Cell) -> Cell {
    guard let x = cell.value, let i = Int(exactly: x) else { return cell }
    return .integer(i)
  }

  // MARK: Making

  private static var frame: NativeFunction {
    NativeFunction("DataFrame(data=None, index=None, columns=None)") { call in
      let made = try table(call)
      guard !call["index"].isNone else { return .object(made) }
      let labels = try call.operand("index")
      guard labels.rank == 1, labels.count == made.rowCount || made.names.isEmpty else {
        throw call.unsuitable("index", wanted: "\(made.rowCount) labels")
      }
      return .object(FrameObject(made.names, made.columns, Labels(labels)))
    }
  }

  private static func table(_ call: BoundCall) throws -> FrameObject {
    let columns = call["columns"].isNone ? nil : try call.operand("columns").cells
    switch call["data"] {
    case .none: return FrameObject([], [])
    case .dictionary(let dictionary):
      let made = try fromDictionary(dictionary, call)
      return try columns.map { try made.keeping($0.map(made.place)) } ?? made
    case .object(let frame as FrameObject):
      return try columns.map { try frame.keeping($0.map(frame.place)) } ?? frame.with(frame.columns)
    default: break
    }
    if let items = call["data"].sequence, case .dictionary? = items.first {
      return try fromRecords(items, call)
    }
    if let rows = call["data"].sequence, rows.allSatisfy({ $0.sequence != nil }), !rows.isEmpty {
      return try fromRows(rows.map { $0.sequence ?? [] }, columns, call)
    }
    let array = try call.operand("data")
    let matrix = array.rank == 1 ? array.reshaped(to: [array.count, 1]) : array
    guard matrix.rank == 2 else { throw call.unsuitable("data", wanted: "a dict or a matrix") }
    let width = matrix.shape[1]
    let names = columns ?? (0..<width).map { .integer($0) }
    guard names.count == width else {
      throw call.unsuitable("columns", wanted: "\(width) names")
    }
    return FrameObject(
      names,
      (0..<width).map { matrix.taking([$0], axis: 1).reshaped(to: [matrix.shape[0]]) },
      Labels(count: matrix.shape[0]))
  }

  private static func fromDictionary(
    _ dictionary: DictionaryObject, _ call: BoundCall
  ) throws -> FrameObject {
    var names: [Cell] = []
    var arrays: [NDArray] = []
    for (key, value) in dictionary.pairs {
      names.append(Cell(key.value) ?? .none)
      arrays.append(try column(value, call))
    }
    let n = arrays.first { $0.rank == 1 }?.count ?? 1
    let columns = try arrays.map { a -> NDArray in
      if a.rank == 0 {
        return a.with(shape: [n], scalars: [Double](repeating: a.scalars[0], count: n))
      }
      guard a.rank == 1, a.count == n else {
        throw call.unsuitable("data", wanted: "columns of one length")
      }
      return a
    }
    return FrameObject(names, columns)
  }

  /// A list with None or mixed values makes a column, too.
  static func column(_ value: PythonValue, _ call: BoundCall) throws -> NDArray {
    if let items = value.sequence {
      let cells = items.compactMap { Cell($0) }
      if cells.count == items.count {
        let hasNumbers = cells.contains { $0.value != nil }
        return NDArray(narrowing: hasNumbers ? cells.map { $0 == .none ? .missing : $0 } : cells)
      }
    }
    return try call.evaluator.operand(from: value)
  }

  private static func fromRecords(_ items: [PythonValue], _ call: BoundCall) throws -> FrameObject {
    var names: [Cell] = []
    for case .dictionary(let record) in items {
      for (key, _) in record.pairs {
        let name = Cell(key.value) ?? .none
        if !names.contains(name) { names.append(name) }
      }
    }
    let columns = try names.map { name in
      NDArray(
        narrowing: try items.map { item -> Cell in
          guard case .dictionary(let record) = item else {
            throw call.unsuitable("data", wanted: "dicts only")
          }
          let value = record.pairs.first { Cell($0.key.value) == name }?.value
          return value.flatMap { Cell($0) } ?? .missing
        })
    }
    return FrameObject(names, columns, Labels(count: items.count))
  }

  private static func fromRows(
    _ rows: [[PythonValue]], _ columns: [Cell]?, _ call: BoundCall
  ) throws -> FrameObject {
    let width = rows.first?.count ?? 0
    guard rows.allSatisfy({ $0.count == width }) else {
      throw call.unsuitable("data", wanted: "rows of one length")
    }
    let names = columns ?? (0..<width).map { .integer($0) }
    guard names.count == width else { throw call.unsuitable("columns", wanted: "\(width) names") }
    return FrameObject(
      names,
      try (0..<width).map { i in
        NDArray(
          narrowing: try rows.map { row -> Cell in
            guard let cell = Cell(row[i]) else {
              throw call.unsuitable("data", wanted: "numbers and texts")
            }
            return cell == .none ? .missing : cell
          })
      })
  }

  private static var series: NativeFunction {
    NativeFunction("Series(data, index=None, name=None, dtype=None)") { call in
      var values: NDArray
      var labels: Labels?
      if case .dictionary(let dictionary) = call["data"] {
        values = NDArray(narrowing: dictionary.pairs.map { Cell($0.value) ?? .none })
        labels = Labels(NDArray(narrowing: dictionary.pairs.map { Cell($0.key.value) ?? .none }))
      } else {
        values = try column(call["data"], call)
      }
      if let kind = try call.kind() { values = try values.checkedConversion(to: kind) }
      guard values.rank == 1 else { throw call.unsuitable("data", wanted: "a list of values") }
      if !call["index"].isNone {
        let given = try call.operand("index")
        guard given.rank == 1, given.count == values.count else {
          throw call.unsuitable("index", wanted: "\(values.count) labels")
        }
        labels = Labels(given)
      }
      return .object(
        SeriesObject(values, labels, name: Cell(call["name"]).flatMap { $0 == .none ? nil : $0 }))
    }
  }

  // MARK: Joining

  private static var concatenation: NativeFunction {
    NativeFunction("concat(objs, axis=0, ignore_index=False)") { call in
      guard let items = call["objs"].sequence, !items.isEmpty else {
        throw call.unsuitable("objs", wanted: "a list of tables")
      }
      let frames = try items.map { item -> FrameObject in
        if case .object(let frame as FrameObject) = item { return frame }
        if let series = item.series {
          return FrameObject([series.name ?? .integer(0)], [series.values], series.labels)
        }
        throw call.unsuitable("objs", wanted: "a list of tables")
      }
      if call["axis"].wholeNumber == 1 || call["axis"].string == "columns" {
        guard frames.allSatisfy({ $0.rowCount == frames[0].rowCount }) else {
          throw call.unsuitable("objs", wanted: "tables of as many rows")
        }
        return .object(
          FrameObject(frames.flatMap(\.names), frames.flatMap(\.columns), frames[0].labels))
      }
      let names = frames[0].names
      let columns = try names.map { name in
        try NDArray.concatenated(try frames.map { $0.columns[try $0.place(name)] }, axis: 0)
      }
      let labels =
        try call.boolean("ignore_index")
        ? nil : Labels(try NDArray.concatenated(frames.map(\.labels.values), axis: 0))
      if items.allSatisfy({ $0.series != nil }) {
        return .object(SeriesObject(columns[0], labels, name: items[0].series?.name))
      }
      return .object(FrameObject(names, columns, labels))
    }
  }

  /// One column of True and False for each value of the columns of texts.
  private static var dummies: NativeFunction {
    NativeFunction("get_dummies(data, columns=None, prefix=None, drop_first=False, dtype=None)") {
      call in
      let kind = try call.kind() ?? .bool
      let skips = try call.boolean("drop_first")
      func encoded(_ column: NDArray, _ prefix: String?) -> [(Cell, NDArray)] {
        let known = Set(column.cells.filter { !$0.isMissing }).sorted()
        return known.dropFirst(skips ? 1 : 0).map { value in
          let name = prefix.map { Cell.text($0 + "_" + value.str) } ?? value
          return (name, NDArray(row: column.cells.map { $0 == value ? 1 : 0 }, kind: kind))
        }
      }
      if let series = call["data"].series {
        let all = encoded(series.values, call["prefix"].string)
        return .object(FrameObject(all.map(\.0), all.map(\.1), series.labels))
      }
      guard case .object(let frame as FrameObject) = call["data"] else {
        throw call.unsuitable("data", wanted: "a table or a column")
      }
      let chosen =
        call["columns"].isNone
        ? frame.names.indices.filter { !frame.columns[$0].kind.isNumeric }
        : try call.operand("columns").cells.map(frame.place)
      var all = frame.names.indices.filter { !chosen.contains($0) }
        .map { (frame.names[$0], frame.columns[$0]) }
      for i in chosen {
        all += encoded(frame.columns[i], call["prefix"].string ?? frame.names[i].str)
      }
      return .object(FrameObject(all.map(\.0), all.map(\.1), frame.labels))
    }
  }
}
