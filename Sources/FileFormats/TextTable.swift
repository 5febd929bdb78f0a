/// A table read from text of any CSV dialect: columns of numbers or of words.
///
/// Made for millions of rows: a number takes 8 bytes, and each different word is kept once.
package struct TextTable: Hashable, Sendable {
  package typealias Failure = FileFailure

  /// The values below one name.
  package struct Column: Hashable, Sendable {
    package let name: String
    package var values: Values
    /// The cells without a value: empty, `NA`, `NaN`, `null`, `?` and the like.
    package let missing: Int
    /// The row of the first cell that is neither number nor missing; nil in a column of numbers.
    package let firstWord: Int?
  }

  package enum Values: Hashable, Sendable {
    /// A missing cell is NaN.
    case numbers([Double])
    case words(WordColumn)
  }

  package var columns: [Column]
  package let rowCount: Int
  package let delimiter: UInt8
  package let hasHeader: Bool
  /// The lines that were left out because they begin with `#`.
  package let commentCount: Int
  private let lines: RowLines

  /// The line of the file a row begins at, counted from 1.
  package func line(ofRow row: Int) -> Int { lines[row] }

  /// The position of a column given by name, or by its number from 1 where no name is that.
  package func columnIndex(_ nameOrNumber: String) -> Int? {
    if let named = columns.firstIndex(where: { $0.name == nameOrNumber }) { return named }
    guard let number = Int(nameOrNumber), (1...max(1, columns.count)).contains(number) else {
      return nil
    }
    return number - 1
  }

  /// Reads a table.
  /// - Throws: `Failure` for an unterminated or misplaced quote, a ragged row, bytes that are no
  ///   text, two columns of one name, or a file without rows.
  package init(
    parsing bytes: [UInt8], file: String = "data.csv", dialect: CSVDialect = CSVDialect()
  ) throws(FileFailure) {
    if let text = Self.transcoded(bytes) {
      self = try TextTable(parsing: text, file: file, dialect: dialect)
      return
    }
    self = try bytes.withUnsafeBufferPointer { buffer throws(FileFailure) in
      try TextTable(TextTableReader(buffer, file: file, dialect: dialect).read())
    }
  }

  private init(_ read: TextTableReader.Result) {
    (columns, rowCount) = (read.columns, read.rowCount)
    (delimiter, hasHeader) = (read.delimiter, read.hasHeader)
    (commentCount, lines) = (read.commentCount, read.lines)
  }

  /// A table of numbers made in memory.
  package init(numbers: [(name: String, values: [Double])]) {
    rowCount = numbers.first?.values.count ?? 0
    columns = numbers.map { name, values in
      Column(
        name: name, values: .numbers(values), missing: values.count { $0.isNaN }, firstWord: nil)
    }
    (delimiter, hasHeader, commentCount) = (Delimiter.comma, true, 0)
    var lines = RowLines()
    lines.append(2)
    self.lines = lines
  }

  /// The text as UTF-8, when a byte order mark says that it is UTF-16.
  private static func transcoded(_ bytes: [UInt8]) -> [UInt8]? {
    let isLittle = bytes.starts(with: [0xFF, 0xFE])
    guard isLittle || bytes.starts(with: [0xFE, 0xFF]) else { return nil }
    let units = stride(from: 2, to: bytes.count - 1, by: 2).map { i in
      let (first, second) = (UInt16(bytes[i]), UInt16(bytes[i + 1]))
      return isLittle ? second << 8 | first : first << 8 | second
    }
    return Array(String(decoding: units, as: UTF16.self).utf8)
  }
}

/// The line each row begins at, kept only where it is not the one after the row before.
struct RowLines: Hashable, Sendable {
  private var rows: [Int] = []
  private var starts: [Int] = []
  private var count = 0

  mutating func append(_ line: Int) {
    if starts.last.map({ line - $0 != count - (rows.last ?? 0) }) ?? true {
      rows.append(count)
      starts.append(line)
    }
    count += 1
  }

  subscript(row: Int) -> Int {
    var (low, high) = (0, rows.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if rows[middle] <= row { low = middle } else { high = middle }
    }
    return rows.isEmpty ? row + 1 : starts[low] + row - rows[low]
  }
}
