/// Where the cells of a CSV file lie, found cell by cell in one pass over its bytes.
struct CSVScanner {
  /// A cell's bytes, without the quotes around them.
  struct Cell {
    var start: Int
    var end: Int
    var isQuoted: Bool

    var isEmpty: Bool { start == end && !isQuoted }
  }

  private static let quote = UInt8(ascii: "\"")
  private static let newline = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")
  private static let space = UInt8(ascii: " ")
  private static let hash = UInt8(ascii: "#")

  private let bytes: UnsafeBufferPointer<UInt8>
  private let file: String
  private let delimiter: UInt8
  private let dialect: CSVDialect
  private let isSpaced: Bool

  private var position: Int
  private var lineStart: Int
  /// The line that is read, counted from 1.
  private(set) var line = 1
  /// Whether the record goes on after the cell that was read last.
  private(set) var hasMoreCells = false
  /// The lines left out as comments, and where the last one before the first record lies.
  private(set) var commentCount = 0
  private(set) var leadingComment: Range<Int>?
  private var hasBegun = false

  init(
    _ bytes: UnsafeBufferPointer<UInt8>, file: String, delimiter: UInt8, dialect: CSVDialect
  ) {
    self.bytes = bytes
    self.file = file
    self.delimiter = delimiter
    self.dialect = dialect
    isSpaced = delimiter == Delimiter.space
    position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    lineStart = position
  }

  /// Goes on to the next record, past blank lines and comments; false at the end of the file.
  /// - Parameter width: the cells of a row, when it is known.
  mutating func beginRecord(width: Int?) -> Bool {
    // Above the first record stand comments only, whatever is in them.
    let width = hasBegun ? width : nil
    while position < bytes.count {
      let first = afterSpaces(position)
      guard first < bytes.count else { return false }
      if isLineEnd(bytes[first]) && (first == position || dialect.trimsSpaces || isSpaced) {
        position = first
        passLineEnd()
      } else if dialect.hasComments && bytes[first] == Self.hash && isComment(first, width) {
        if width == nil { leadingComment = first + 1..<endOfLine(first) }
        commentCount += 1
        position = endOfLine(first)
        passLineEnd()
      } else {
        if isSpaced { position = first }
        hasBegun = true
        return true
      }
    }
    return false
  }

  /// A line after `#` with as many cells as a row is a row, and so is one whose first cell is `#`.
  private func isComment(_ start: Int, _ width: Int?) -> Bool {
    if start + 1 < bytes.count && bytes[start + 1] == delimiter && !isSpaced { return false }
    guard let width, width > 1 else { return true }
    let delimiters = bytes[start..<endOfLine(start)].count { $0 == delimiter }
    return isSpaced || delimiters + 1 != width
  }

  private func endOfLine(_ start: Int) -> Int {
    var end = start
    while end < bytes.count && !isLineEnd(bytes[end]) { end += 1 }
    return end
  }

  private func afterSpaces(_ start: Int) -> Int {
    var place = start
    while place < bytes.count
      && (bytes[place] == Self.space || isSpaced && bytes[place] == Delimiter.tab)
    { place += 1 }
    return place
  }

  private func isLineEnd(_ byte: UInt8) -> Bool {
    byte == Self.newline || byte == Self.carriageReturn
  }

  /// A line ends with LF, CRLF or a lone CR.
  private mutating func passLineEnd() {
    guard position < bytes.count, isLineEnd(bytes[position]) else { return }
    let isReturn = bytes[position] == Self.carriageReturn
    position += 1
    if isReturn && position < bytes.count && bytes[position] == Self.newline { position += 1 }
    line += 1
    lineStart = position
  }

  /// Reads a cell and what ends it.
  /// - Throws: `FileFailure` for a quote that is never closed, or stands where none can.
  mutating func nextCell() throws(FileFailure) -> Cell {
    if dialect.trimsSpaces {
      let first = afterSpaces(position)
      if first < bytes.count && bytes[first] == Self.quote { position = first }
    }
    let cell: Cell
    if position < bytes.count && bytes[position] == Self.quote {
      cell = try quotedCell()
    } else {
      cell = try plainCell()
    }
    if isSpaced || cell.isQuoted && dialect.trimsSpaces { position = afterSpaces(position) }
    if position < bytes.count && !isLineEnd(bytes[position]) {
      guard isSpaced || bytes[position] == delimiter else {
        throw failure(
          "more text after the closing quote of a cell",
          right: "write a quote inside a cell twice, or begin the next cell with a delimiter")
      }
      if !isSpaced { position += 1 }
      hasMoreCells = true
    } else {
      passLineEnd()
      hasMoreCells = false
    }
    return cell
  }

  private mutating func plainCell() throws(FileFailure) -> Cell {
    var (start, place) = (position, position)
    while place < bytes.count {
      let byte = bytes[place]
      if byte == delimiter || isLineEnd(byte) || isSpaced && byte == Delimiter.tab { break }
      if byte == Self.quote {
        position = place
        throw failure(
          "a quote inside a cell that does not begin with one",
          right: "put the whole cell in quotes and write the quote twice: \"5\"\" pipe\"")
      }
      place += 1
    }
    position = place
    if dialect.trimsSpaces {
      while start < place && bytes[start] == Self.space { start += 1 }
      while start < place && bytes[place - 1] == Self.space { place -= 1 }
    }
    return Cell(start: start, end: place, isQuoted: false)
  }

  private mutating func quotedCell() throws(FileFailure) -> Cell {
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
    position += 1
    return Cell(start: start, end: position - 1, isQuoted: true)
  }

  private func failure(_ found: String, right: String) -> FileFailure {
    FileFailure(at: "\(file):\(line):\(position - lineStart + 1)", found: found, right: right)
  }
}
