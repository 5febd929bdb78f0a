/// Where the cells of a CSV file lie, found in one pass over its bytes.
struct CSVScanner {
  /// A cell's bytes, without the quotes around them.
  struct Cell {
    let start: Int
    let end: Int
    let isQuoted: Bool
  }

  private static let quote = UInt8(ascii: "\"")
  private static let newline = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  private let bytes: [UInt8]
  private let file: String
  private let delimiter: UInt8

  private(set) var cells: [Cell] = []
  /// The position in `cells` of the first cell of each record.
  private(set) var recordStarts: [Int] = []
  /// The line each record begins at, counted from 1.
  private(set) var lines: [Int] = []

  private var position: Int
  private var line = 1
  private var lineStart: Int

  init(bytes: [UInt8], file: String, delimiter: UInt8) {
    self.bytes = bytes
    self.file = file
    self.delimiter = delimiter
    position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    lineStart = position
  }

  /// Reads records up to the end of the file, or the first `limit` of them.
  mutating func scan(limit: Int = .max) throws(FileFailure) {
    while position < bytes.count && lines.count < limit { try scanRecord() }
  }

  private mutating func scanRecord() throws(FileFailure) {
    let first = cells.count
    let firstLine = line
    repeat { try scanCell() } while passDelimiter()
    passLineEnd()
    if cells.count == first + 1 && cells[first].start == cells[first].end && !cells[first].isQuoted
    {
      cells.removeLast()
      return
    }
    recordStarts.append(first)
    lines.append(firstLine)
  }

  private mutating func passDelimiter() -> Bool {
    guard position < bytes.count && bytes[position] == delimiter else { return false }
    position += 1
    return true
  }

  /// A line ends with LF, CRLF or a lone CR.
  private mutating func passLineEnd() {
    guard position < bytes.count else { return }
    if bytes[position] == Self.carriageReturn { position += 1 }
    let isSplit = position > 0 && bytes[position - 1] == Self.carriageReturn
    if position < bytes.count && bytes[position] == Self.newline {
      position += 1
    } else if !isSplit {
      return
    }
    line += 1
    lineStart = position
  }

  private mutating func scanCell() throws(FileFailure) {
    if position < bytes.count && bytes[position] == Self.quote {
      try scanQuotedCell()
    } else {
      try scanPlainCell()
    }
  }

  private mutating func scanPlainCell() throws(FileFailure) {
    let start = position
    while position < bytes.count {
      let byte = bytes[position]
      if byte == delimiter || byte == Self.newline || byte == Self.carriageReturn { break }
      guard byte != Self.quote else {
        throw failure(
          "a quote inside a cell that does not begin with one",
          right: "put the whole cell in quotes and write the quote twice: \"5\"\" pipe\"")
      }
      position += 1
    }
    cells.append(Cell(start: start, end: position, isQuoted: false))
  }

  private mutating func scanQuotedCell() throws(FileFailure) {
    let (openingLine, openingColumn) = (line, position - lineStart + 1)
    position += 1
    let start = position
    while position < bytes.count {
      if bytes[position] == Self.quote {
        guard position + 1 < bytes.count && bytes[position + 1] == Self.quote else { break }
        position += 1
      } else if bytes[position] == Self.newline {
        line += 1
        lineStart = position + 1
      }
      position += 1
    }
    guard position < bytes.count else {
      throw FileFailure(
        at: "\(file):\(openingLine):\(openingColumn)", found: "a quote that is never closed",
        right: "end the cell with another quote")
    }
    cells.append(Cell(start: start, end: position, isQuoted: true))
    position += 1
    guard position == bytes.count || endsCell(bytes[position]) else {
      throw failure(
        "more text after the closing quote of a cell",
        right: "write a quote inside a cell twice, or begin the next cell with a delimiter")
    }
  }

  private func endsCell(_ byte: UInt8) -> Bool {
    byte == delimiter || byte == Self.newline || byte == Self.carriageReturn
  }

  private func failure(_ found: String, right: String) -> FileFailure {
    FileFailure(at: "\(file):\(line):\(position - lineStart + 1)", found: found, right: right)
  }
}
