/// Reads the columns of a table from text: numbers in a first pass, words in a second one that a
/// table of numbers does not need.
struct TextTableReader {
  struct Result {
    var columns: [TextTable.Column] = []
    var rowCount = 0
    var delimiter = Delimiter.comma
    var hasHeader = false
    var commentCount = 0
    var lines = RowLines()
  }

  // A line of delimiters alone would else make a column of each byte.
  private static let mostColumns = 100_000

  private let bytes: UnsafeBufferPointer<UInt8>
  private let file: String
  private let dialect: CSVDialect
  private let delimiter: UInt8
  private let decimalComma: Bool?

  init(_ bytes: UnsafeBufferPointer<UInt8>, file: String, dialect: CSVDialect) {
    self.bytes = bytes
    self.file = file
    self.dialect = dialect
    let sniffer = CSVSniffer(bytes, dialect: dialect)
    delimiter = sniffer.delimiter()
    decimalComma = dialect.groupsDigits ? sniffer.hasDecimalComma(delimiter: delimiter) : nil
  }

  private var scanner: CSVScanner {
    CSVScanner(bytes, file: file, delimiter: delimiter, dialect: dialect)
  }

  /// What is known of a column while its cells are read.
  private struct Builder {
    var numbers: [Double] = []
    var missing = 0
    var firstWord: Int?
    var words: WordColumn?
    /// How often the cell was the last one of a row and empty.
    var emptyEnds = 0
  }

  private struct Layout {
    var names: [String]
    let width: Int
    let hasHeader: Bool
    let firstLine: Int
    let isEndEmpty: Bool
  }

  func read() throws(FileFailure) -> Result {
    let layout = try layout()
    var result = Result()
    var builders = [Builder](repeating: Builder(), count: layout.width)
    let most = bytes.count { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") } + 1
    for i in builders.indices {
      builders[i].numbers.reserveCapacity(min(most, bytes.count / layout.width + 1))
    }
    try readNumbers(&builders, &result, layout)
    guard result.rowCount > 0 else {
      throw FileFailure(
        at: file, found: "no row of values", right: "put one example in each line, below the names")
    }
    try readWords(&builders, rowCount: result.rowCount, layout)
    (result.delimiter, result.hasHeader) = (delimiter, layout.hasHeader)
    let names = try checked(layout, builders, rowCount: result.rowCount)
    for (name, builder) in zip(names, builders) {
      result.columns.append(
        TextTable.Column(
          name: name, values: builder.words.map { .words($0) } ?? .numbers(builder.numbers),
          missing: builder.words?.missingCount ?? builder.missing, firstWord: builder.firstWord))
    }
    return result
  }

  // MARK: - Names

  private func layout() throws(FileFailure) -> Layout {
    var scanner = scanner
    var cells: [CSVScanner.Cell] = []
    guard scanner.beginRecord(width: nil) else {
      throw FileFailure(at: file, found: "no rows", right: "put one example in each line")
    }
    let (firstLine, comment) = (scanner.line, scanner.leadingComment)
    repeat {
      cells.append(try scanner.nextCell())
      guard cells.count <= Self.mostColumns else {
        throw FileFailure(
          at: "\(file):\(firstLine)", found: "more than \(Self.mostColumns) cells in a row",
          right: "end each row with a line end")
      }
    } while scanner.hasMoreCells
    let hasHeader = dialect.header ?? looksLikeNames(cells)
    var names: [String] = []
    for cell in hasHeader ? cells : [] { names.append(try text(cell, line: firstLine)) }
    if !hasHeader, dialect.header == nil, let comment,
      let written = commentNames(comment, width: cells.count)
    {
      names = written
    }
    return Layout(
      names: names, width: cells.count, hasHeader: hasHeader, firstLine: firstLine,
      isEndEmpty: cells.count > 1 && cells.last?.isEmpty == true)
  }

  /// Names are no numbers and differ; the row numbers that some programs write have none.
  private func looksLikeNames(_ cells: [CSVScanner.Cell]) -> Bool {
    guard cells.allSatisfy({ number($0) == nil }) else { return false }
    let names = cells.filter { !MissingWord.matches(bytes[$0.start..<$0.end]) }
      .map { String(decoding: bytes[$0.start..<$0.end], as: UTF8.self) }
    return !names.isEmpty && Set(names).count == names.count
  }

  /// The names in a comment above the first row, as `np.savetxt` writes them.
  private func commentNames(_ comment: Range<Int>, width: Int) -> [String]? {
    var scanner = CSVScanner(
      UnsafeBufferPointer(rebasing: bytes[comment]), file: file, delimiter: delimiter,
      dialect: dialect)
    guard width > 1, scanner.beginRecord(width: nil) else { return nil }
    var names: [String] = []
    repeat {
      guard let cell = try? scanner.nextCell() else { return nil }
      let place = CSVScanner.Cell(
        start: comment.lowerBound + cell.start, end: comment.lowerBound + cell.end,
        isQuoted: cell.isQuoted)
      guard number(place) == nil, let name = try? text(place, line: 1) else { return nil }
      names.append(name)
    } while scanner.hasMoreCells
    return names.count == width && Set(names).count == width ? names : nil
  }

  /// A column without a name is called by its number; one that a delimiter at the end of each row
  /// makes is left out.
  private func checked(
    _ layout: Layout, _ builders: [Builder], rowCount: Int
  ) throws(FileFailure) -> [String] {
    var names: [String] = []
    var seen: Set<String> = []
    for column in builders.indices {
      if layout.isEndEmpty, column == builders.count - 1, column > 0,
        builders[column].emptyEnds == rowCount
      {
        break
      }
      let written = column < layout.names.count ? layout.names[column].trimmingSpaces : ""
      let name = written.isEmpty ? "column \(column + 1)" : written
      guard seen.insert(name).inserted else {
        throw FileFailure(
          at: "\(file):\(layout.firstLine)", found: "two columns named '\(name)'",
          right: "give each column its own name")
      }
      names.append(name)
    }
    return names
  }

  // MARK: - Values

  private func readNumbers(
    _ builders: inout [Builder], _ result: inout Result, _ layout: Layout
  ) throws(FileFailure) {
    var scanner = scanner
    var isHeader = layout.hasHeader
    var row = 0
    while scanner.beginRecord(width: layout.width) {
      let line = scanner.line
      if isHeader {
        isHeader = false
        repeat { _ = try scanner.nextCell() } while scanner.hasMoreCells
        continue
      }
      var column = 0
      var last = CSVScanner.Cell(start: 0, end: 0, isQuoted: false)
      repeat {
        last = try scanner.nextCell()
        if column < layout.width && builders[column].firstWord == nil {
          add(last, to: &builders[column], row: row)
        }
        column += 1
      } while scanner.hasMoreCells
      if column != layout.width {
        try mend(&builders, cells: column, last: last, line: line, layout)
      } else if last.isEmpty {
        builders[column - 1].emptyEnds += 1
      }
      result.lines.append(line)
      row += 1
    }
    result.rowCount = row
    result.commentCount = scanner.commentCount
  }

  private func add(_ cell: CSVScanner.Cell, to builder: inout Builder, row: Int) {
    if let number = number(cell) {
      builder.numbers.append(number)
    } else if MissingWord.matches(bytes[cell.start..<cell.end]) {
      builder.numbers.append(.nan)
      builder.missing += 1
    } else {
      builder.firstWord = row
      builder.numbers = []
    }
  }

  /// A row may have a delimiter too many at its end, or lack the one that the first row has.
  private func mend(
    _ builders: inout [Builder], cells: Int, last: CSVScanner.Cell, line: Int, _ layout: Layout
  ) throws(FileFailure) {
    if cells == layout.width + 1 && last.isEmpty { return }
    guard cells == layout.width - 1 && layout.isEndEmpty else {
      throw FileFailure(
        at: "\(file):\(line)",
        found: "\(cells) cells where line \(layout.firstLine) has \(layout.width)",
        right: "give each row \(layout.width), leaving a cell empty where a value is missing")
    }
    if builders[cells].firstWord == nil {
      builders[cells].numbers.append(.nan)
      builders[cells].missing += 1
    }
    builders[cells].emptyEnds += 1
  }

  private func readWords(
    _ builders: inout [Builder], rowCount: Int, _ layout: Layout
  ) throws(FileFailure) {
    for i in builders.indices where builders[i].firstWord != nil {
      var words = WordColumn()
      words.reserve(rows: rowCount)
      builders[i].words = words
    }
    guard builders.contains(where: { $0.words != nil }) else { return }
    var scanner = scanner
    var isHeader = layout.hasHeader
    while scanner.beginRecord(width: layout.width) {
      let line = scanner.line
      var column = 0
      repeat {
        let cell = try scanner.nextCell()
        if !isHeader && column < layout.width && builders[column].firstWord != nil {
          try append(cell, to: &builders[column].words, column: column, line: line)
        }
        column += 1
      } while scanner.hasMoreCells
      if !isHeader && column < layout.width { _ = builders[column].words?.append([]) }
      isHeader = false
    }
    for i in builders.indices { builders[i].words?.finish() }
  }

  private func append(
    _ cell: CSVScanner.Cell, to words: inout WordColumn?, column: Int, line: Int
  ) throws(FileFailure) {
    let text = bytes[cell.start..<cell.end]
    let isPlain = !cell.isQuoted || !text.contains(UInt8(ascii: "\""))
    let isNew =
      isPlain ? words?.append(text) : words?.append(Self.halvingQuotes(text))
    if isNew == true && String(validating: text, as: UTF8.self) == nil {
      throw notUTF8(cell: column + 1, line: line)
    }
  }

  private func number(_ cell: CSVScanner.Cell) -> Double? {
    let isCommaDelimited = delimiter == Delimiter.comma
    guard dialect.groupsDigits else {
      return DecimalNumber.parse(
        bytes, from: cell.start, to: cell.end, acceptsComma: !isCommaDelimited)
    }
    return CSVNumber.parse(
      bytes, from: cell.start, to: cell.end, isCommaDelimited: isCommaDelimited,
      decimalComma: decimalComma)
  }

  private func text(_ cell: CSVScanner.Cell, line: Int) throws(FileFailure) -> String {
    let written = bytes[cell.start..<cell.end]
    // Inside quotes every quote was found to be doubled.
    let text = cell.isQuoted ? Self.halvingQuotes(written) : Array(written)
    guard let text = String(validating: text, as: UTF8.self) else {
      throw notUTF8(cell: nil, line: line)
    }
    return text
  }

  private func notUTF8(cell: Int?, line: Int) -> FileFailure {
    FileFailure(
      at: "\(file):\(line)",
      found: "bytes\(cell.map { " in cell \($0)" } ?? "") that are not UTF-8",
      right: "save the file as UTF-8")
  }

  private static func halvingQuotes(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8] {
    var result: [UInt8] = []
    var isSecond = false
    for byte in text {
      isSecond = byte == UInt8(ascii: "\"") && !isSecond
      if !isSecond { result.append(byte) }
    }
    return result
  }
}

extension String {
  fileprivate var trimmingSpaces: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
