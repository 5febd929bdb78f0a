import FileFormats
import Tensors

/// Columns over time, as windows from which the next value is to be predicted.
struct Series {
  private static let mostNumbers = 250_000_000

  /// A column of numbers; NaN where there is none.
  struct Column {
    let name: String
    var numbers: [Float]
  }

  let name: String
  let columns: [Column]
  /// The position of the column whose next value is asked for.
  let target: Int
  let window: Int
  /// How many rows the next window begins after one.
  var stride = 1

  /// - Throws: `FileFailure` when there are too few rows for two windows, or too many numbers.
  func load() throws(FileFailure) -> Dataset {
    let rows = columns.first?.numbers.count ?? 0
    let count = rows > window ? (rows - window - 1) / stride + 1 : 0
    guard count >= 2, count <= Self.mostNumbers / (window * columns.count) else {
      throw FileFailure(
        at: name, found: "\(rows) rows for windows of \(window)",
        right: "choose a window that leaves at least two examples, and up to "
          + "\(Self.mostNumbers) numbers in all")
    }
    let (filled, gaps) = Self.filled(columns)
    var scalars: [Float] = []
    scalars.reserveCapacity(count * window * columns.count)
    for i in 0..<count {
      for row in i * stride..<i * stride + window {
        scalars += filled.map { $0.numbers[row] }
      }
    }
    let targets = (0..<count).map { filled[target].numbers[$0 * stride + window] }
    var dataset = Dataset(
      name: name, origin: "Your file \(name).", license: "yours", features: features,
      task: .regression,
      training: Dataset.Part(
        inputs: Tensor(shape: [count, window, columns.count], scalars: scalars),
        targets: Tensor(shape: [count], scalars: targets)))
    dataset.targetName = "next " + columns[target].name
    // What comes later is not known when learning.
    dataset.splitRule = .lastRows
    if gaps > 0 { dataset.notes.append("filled in from the values around: \(gaps) gaps") }
    return dataset
  }

  /// `flow[t-3]`, three steps before the value asked for.
  private var features: [String] {
    (0..<window).flatMap { step in columns.map { "\($0.name)[t-\(window - step)]" } }
  }

  /// Gaps lie on the line between the values around them, or are the nearest value at an end.
  private static func filled(_ columns: [Column]) -> ([Column], Int) {
    var gaps = 0
    let filled = columns.map { column in
      var column = column
      let known = column.numbers.indices.filter { column.numbers[$0].isFinite }
      gaps += column.numbers.count - known.count
      guard let first = known.first, let last = known.last, known.count < column.numbers.count
      else { return column }
      for row in 0..<first { column.numbers[row] = column.numbers[first] }
      for row in last..<column.numbers.count { column.numbers[row] = column.numbers[last] }
      for (low, high) in zip(known, known.dropFirst()) where high > low + 1 {
        let step = (column.numbers[high] - column.numbers[low]) / Float(high - low)
        for row in low + 1..<high {
          column.numbers[row] = column.numbers[low] + step * Float(row - low)
        }
      }
      return column
    }
    return (filled, gaps)
  }

  // MARK: - Where columns come from

  /// The columns of numbers of a table; words, such as dates, are left out.
  /// - Parameter columns: those that are inputs, all without it.
  static func load(
    _ table: TextTable, file: String, options: TableOptions, window: Int, columns: [String]? = nil
  ) throws(FileFailure) -> Dataset {
    var ignored: Set<Int> = []
    for name in options.ignored { if let i = table.columnIndex(name) { ignored.insert(i) } }
    let numbers = table.columns.indices.filter { index in
      guard case .numbers = table.columns[index].values else { return false }
      return !ignored.contains(index)
    }
    let wanted = columns.map { $0.compactMap(table.columnIndex) } ?? numbers
    let target = options.target.map { table.columnIndex($0) } ?? wanted.last
    guard let target, wanted.allSatisfy(numbers.contains), let place = wanted.firstIndex(of: target)
    else {
      throw FileFailure(
        at: file, found: "no column of numbers '\(options.target ?? "")'",
        right: "the columns of numbers are "
          + numbers.prefix(50).map { table.columns[$0].name }.joined(separator: ", "))
    }
    var series = Series(
      name: file,
      columns: wanted.map { Column(name: table.columns[$0].name, numbers: table.numbers($0)) },
      target: place, window: window
    )
    series.stride = 1
    guard series.columns.allSatisfy({ $0.numbers.contains(where: \.isFinite) }) else {
      throw FileFailure(
        at: file, found: "a column without any number", right: "leave it out: ignore=NAME")
    }
    return try series.load()
  }

  /// A sound: the next sample after each window, one window after the other.
  static func load(
    sound bytes: [UInt8], file: String, window: Int
  ) throws(FileFailure) -> Dataset {
    let samples = try WAVFile(parsing: bytes, file: file).mono
    var series = Series(
      name: file, columns: [Column(name: "sound", numbers: samples)], target: 0, window: window)
    series.stride = window
    return try series.load()
  }
}

extension TextTable {
  fileprivate func numbers(_ index: Int) -> [Float] {
    guard case .numbers(let numbers) = columns[index].values else { return [] }
    return numbers.map { Float($0) }
  }
}
