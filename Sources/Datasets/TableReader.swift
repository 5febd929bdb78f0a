import FileFormats
import Tensors

/// Turns a table into inputs and targets.
struct TableReader {
  let table: TextTable
  let file: String
  var options = TableOptions()

  /// The classes in their order, when the content says them; else they are found.
  var knownClasses: [String]?

  struct Examples {
    let features: [String]
    let targetName: String
    let task: Dataset.Task
    let part: Dataset.Part
    let profile: [ColumnProfile]
    /// What was filled in, encoded or left out, as sentences.
    let notes: [String]
  }

  func read() throws(FileFailure) -> Examples {
    let target = try targetIndex()
    let ignored = try ignoredIndices()
    let inputs = table.columns.indices.filter { $0 != target && !ignored.contains($0) }
    guard !inputs.isEmpty else {
      throw FileFailure(
        at: file, found: "only the column '\(table.columns[target].name)'",
        right: "put at least one input column beside the target")
    }
    var notes: [String] = []
    if table.commentCount > 0 {
      notes.append("left out because they begin with #: \(table.commentCount) lines")
    }
    let rows = try keptRows(inputs, target, &notes)
    let columns = try encoded(inputs, rows, &notes)
    let targets = TargetReader(
      column: table.columns[target], rows: rows, options: options, knownClasses: knownClasses,
      place: { "\(file):\(table.line(ofRow: $0))" })
    let (task, numbers) = try targets.read()
    return Examples(
      features: columns.flatMap(\.names), targetName: table.columns[target].name, task: task,
      part: Dataset.Part(
        inputs: inputTensor(columns, rows),
        targets: Tensor(shape: [numbers.count], scalars: numbers)),
      profile: profile(target: target), notes: notes)
  }

  private func profile(target: Int) -> [ColumnProfile] {
    table.columns.enumerated().map { index, column in
      var profile = ColumnProfile(column, rowCount: table.rowCount)
      profile.isTarget = index == target
      return profile
    }
  }

  // MARK: - Columns and rows

  private func targetIndex() throws(FileFailure) -> Int {
    guard let target = options.target else { return table.columns.count - 1 }
    return try index(of: target)
  }

  private func ignoredIndices() throws(FileFailure) -> Set<Int> {
    var indices: Set<Int> = []
    for name in options.ignored { indices.insert(try index(of: name)) }
    return indices
  }

  private func index(of name: String) throws(FileFailure) -> Int {
    guard let index = table.columnIndex(name) else {
      throw FileFailure(
        at: file, found: "no column '\(name)'",
        right: "the columns are "
          + table.columns.prefix(50).map(\.name).joined(separator: ", "))
    }
    return index
  }

  /// The rows that become examples; nil for all of them.
  private func keptRows(
    _ inputs: [Int], _ target: Int, _ notes: inout [String]
  ) throws(FileFailure) -> [Int]? {
    let gaps = (options.missing == .dropRows ? inputs : []) + [target]
    let gappy = gaps.filter { table.columns[$0].missing > 0 }
    if options.missing == .refuse {
      if let column = ([target] + inputs).first(where: { table.columns[$0].missing > 0 }) {
        throw missing(in: column)
      }
      return nil
    }
    guard !gappy.isEmpty else { return nil }
    let rows = (0..<table.rowCount).filter { row in
      gappy.allSatisfy { !table.columns[$0].isMissing(row) }
    }
    guard !rows.isEmpty else {
      throw FileFailure(
        at: file, found: "a missing value in every row",
        right: "fill them in: mean, median, most-frequent or a number; or leave a column out")
    }
    notes.append(
      "left out because of missing values: \(table.rowCount - rows.count) of \(table.rowCount) rows"
    )
    return rows
  }

  private func missing(in index: Int) -> FileFailure {
    let column = table.columns[index]
    let row = (0..<table.rowCount).first(where: column.isMissing) ?? 0
    return FileFailure(
      at: "\(file):\(table.line(ofRow: row))",
      found: "a missing value in the column '\(column.name)', \(column.missing) in all",
      right: "choose what becomes of it: missing = \(TableOptions.Missing.choices)")
  }

  // MARK: - Inputs

  private func encoded(
    _ inputs: [Int], _ rows: [Int]?, _ notes: inout [String]
  ) throws(FileFailure) -> [InputColumn] {
    var columns: [InputColumn] = []
    for index in inputs {
      let column = table.columns[index]
      let encoder = InputEncoder(
        column: column, kind: ColumnProfile(column, rowCount: table.rowCount).kind, rows: rows,
        options: options, file: file, line: table.line)
      columns.append(try encoder.encode(&notes))
    }
    return columns
  }

  /// Row-major [rows, columns] from columns.
  private func inputTensor(_ columns: [InputColumn], _ rows: [Int]?) -> Tensor {
    let width = columns.reduce(0) { $0 + $1.names.count }
    let count = rows?.count ?? table.rowCount
    var scalars = [Float](repeating: 0, count: count * width)
    var position = 0
    for column in columns {
      column.write(into: &scalars, width: width, at: position, rows: rows)
      position += column.names.count
    }
    return Tensor(shape: [count, width], scalars: scalars)
  }
}

extension TextTable.Column {
  func isMissing(_ row: Int) -> Bool {
    switch values {
    case .numbers(let numbers): numbers[row].isNaN
    case .words(let words): words.isMissing[Int(words.codes[row])]
    }
  }
}
