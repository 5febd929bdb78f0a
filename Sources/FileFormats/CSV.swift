/// A table of comma-separated values (RFC 4180): columns of numbers or of text.
///
/// Quoted cells, line ends inside quotes, CRLF and a byte order mark are understood; a row of another
/// width than the first is an error, never padded. Blank lines are skipped.
package struct CSV: Hashable, Sendable {
  package typealias Failure = FileFailure

  /// The cells of one column, all of one kind.
  package enum Values: Hashable, Sendable {
    /// A missing cell (empty, `NA`, `NaN`, `?`) is NaN.
    case numbers([Double])
    case texts([String])

    package var count: Int {
      switch self {
      case .numbers(let numbers): numbers.count
      case .texts(let texts): texts.count
      }
    }
  }

  /// The cells below one name of the header.
  package struct Column: Hashable, Sendable {
    package let name: String
    package let values: Values

    package init(name: String, values: Values) {
      self.name = name
      self.values = values
    }
  }

  package let columns: [Column]

  /// The line of the file each row begins at, counted from 1.
  package let lines: [Int]

  package let delimiter: UInt8
  package let hasHeader: Bool

  package var rowCount: Int { lines.count }

  /// A table made in memory, to be written.
  package init(columns: [Column]) {
    let count = columns.first?.values.count ?? 0
    precondition(
      columns.allSatisfy { $0.values.count == count }, "the columns of a table are equally long")
    self.columns = columns
    lines = (0..<count).map { $0 + 2 }
    delimiter = Delimiter.comma
    hasHeader = true
  }

  /// Reads a table.
  ///
  /// - Parameters:
  ///   - file: the name that errors give.
  ///   - delimiter: the byte between cells; found by looking at the first rows when nil.
  ///   - header: whether the first row names the columns; when nil it does if none of its cells is
  ///     a number and no two are equal.
  /// - Throws: `Failure` for an unterminated or misplaced quote, a ragged row, bytes that are not
  ///   UTF-8, two columns of one name, or a file without rows.
  package init(
    parsing bytes: [UInt8], file: String = "data.csv", delimiter: UInt8? = nil, header: Bool? = nil
  ) throws(FileFailure) {
    let table = try TextTable(
      parsing: bytes, file: file, dialect: .plain(delimiter: delimiter, header: header))
    self.delimiter = table.delimiter
    hasHeader = table.hasHeader
    lines = (0..<table.rowCount).map(table.line)
    columns = table.columns.map { column in
      switch column.values {
      case .numbers(let numbers): Column(name: column.name, values: .numbers(numbers))
      case .words(let words):
        Column(name: column.name, values: .texts(Self.texts(words)))
      }
    }
  }

  private static func texts(_ column: WordColumn) -> [String] {
    let words = column.words
    return column.codes.map { words[Int($0)] }
  }

  /// The first column of that name.
  package func column(named name: String) -> Column? { columns.first { $0.name == name } }
}
