import FileFormats
import Tensors

/// Turns a table into inputs and targets.
struct TableReader {
  let table: CSV
  let file: String

  /// The target column's name; the last column when nil.
  let target: String?

  /// The classes in their order, when the content says them; else they are found.
  var knownClasses: [String]?

  struct Examples {
    let features: [String]
    let targetName: String
    let task: Dataset.Task
    let part: Dataset.Part
  }

  func read() throws(FileFailure) -> Examples {
    let targetColumn = try findTarget()
    let inputs = table.columns.filter { $0.name != targetColumn.name }
    guard !inputs.isEmpty else {
      throw FileFailure(
        at: file, found: "only the column '\(targetColumn.name)'",
        right: "put at least one input column beside the target")
    }
    let (task, targets) = try readTargets(targetColumn)
    return Examples(
      features: inputs.map(\.name), targetName: targetColumn.name, task: task,
      part: Dataset.Part(inputs: try readInputs(inputs), targets: targets))
  }

  private func findTarget() throws(FileFailure) -> CSV.Column {
    guard let target else {
      guard let last = table.columns.last else {
        preconditionFailure("a table that was read has columns")
      }
      return last
    }
    guard let column = table.column(named: target) else {
      throw FileFailure(
        at: file, found: "no column '\(target)'",
        right: "the columns are " + table.columns.map(\.name).joined(separator: ", "))
    }
    return column
  }

  /// Row-major [rows, columns] from columns.
  private func readInputs(_ columns: [CSV.Column]) throws(FileFailure) -> Tensor {
    let (rows, width) = (table.rowCount, columns.count)
    var scalars = [Float](repeating: 0, count: rows * width)
    for (position, column) in columns.enumerated() {
      for (row, number) in try numbers(of: column).enumerated() {
        scalars[row * width + position] = number
      }
    }
    return Tensor(shape: [rows, width], scalars: scalars)
  }

  private func numbers(of column: CSV.Column) throws(FileFailure) -> [Float] {
    switch column.values {
    case .texts(let texts):
      let row = texts.firstIndex { Double($0) == nil } ?? 0
      throw FileFailure(
        at: "\(file):\(table.lines[row])",
        found: "the text '\(texts[row])' in the input column '\(column.name)'",
        right: "inputs are numbers: leave the column out, or write one column of 0 and 1 a word")
    case .numbers(let numbers):
      if let row = numbers.firstIndex(where: \.isNaN) {
        let count = numbers.count { $0.isNaN }
        throw FileFailure(
          at: "\(file):\(table.lines[row])",
          found: "a missing value in the column '\(column.name)', \(count) in all",
          right: "fill the cells or leave out their rows")
      }
      return numbers.map { Float($0) }
    }
  }

  private func readTargets(
    _ column: CSV.Column
  ) throws(FileFailure) -> (Dataset.Task, Tensor) {
    if case .texts(let words) = column.values {
      return try numbered(words, classes: knownClasses ?? classes(ofWords: words), column.name)
    }
    let numbers = try numbers(of: column)
    if let knownClasses {
      return try numbered(numbers.map(Self.written), classes: knownClasses, column.name)
    }
    let task = classes(ofNumbers: numbers).map { Dataset.Task.classification(classes: $0) }
    return (task ?? .regression, Tensor(shape: [numbers.count], scalars: numbers))
  }

  /// A class whose name is a whole number is written without a point.
  private static func written(_ number: Float) -> String {
    Int64(exactly: number).map(String.init) ?? "\(number)"
  }

  /// Each word's position in `classes`.
  private func numbered(
    _ words: [String], classes: [String], _ column: String
  ) throws(FileFailure) -> (Dataset.Task, Tensor) {
    var positions: [String: Float] = [:]
    for (position, name) in classes.enumerated() { positions[name] = Float(position) }
    var targets: [Float] = []
    for (row, word) in words.enumerated() {
      guard let position = positions[word] else {
        throw FileFailure(
          at: "\(file):\(table.lines[row])", found: "the class '\(word)' in '\(column)'",
          right: "the classes are " + classes.joined(separator: ", "))
      }
      targets.append(position)
    }
    return (.classification(classes: classes), Tensor(shape: [words.count], scalars: targets))
  }
}
