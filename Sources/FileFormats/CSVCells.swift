/// The cells of a CSV file, checked to be a rectangle, before columns are typed.
struct CSVCells {
  private let bytes: [UInt8]
  private let file: String
  private let cells: [CSVScanner.Cell]
  private let width: Int
  let delimiter: UInt8

  /// The line each record begins at.
  let lines: [Int]

  init(bytes: [UInt8], file: String, delimiter: UInt8?) throws(FileFailure) {
    guard !bytes.starts(with: [0xFF, 0xFE]) && !bytes.starts(with: [0xFE, 0xFF]) else {
      throw FileFailure(at: file, found: "UTF-16 text", right: "save the file as UTF-8")
    }
    let delimiter = delimiter ?? Self.detectDelimiter(in: bytes)
    var scanner = CSVScanner(bytes: bytes, file: file, delimiter: delimiter)
    try scanner.scan()
    self.bytes = bytes
    self.file = file
    self.delimiter = delimiter
    cells = scanner.cells
    lines = scanner.lines
    width = try Self.commonWidth(of: scanner, file: file)
  }

  /// Tab and semicolon hardly ever occur once in every row by chance, commas do: so they come first.
  private static func detectDelimiter(in bytes: [UInt8]) -> UInt8 {
    for candidate in [Delimiter.tab, Delimiter.semicolon, Delimiter.comma] {
      var scanner = CSVScanner(bytes: bytes, file: "", delimiter: candidate)
      guard (try? scanner.scan(limit: 20)) != nil else { continue }
      let widths = Set(widths(of: scanner))
      if let width = widths.first, widths.count == 1 && width > 1 { return candidate }
    }
    return mostFrequentDelimiterInFirstLine(of: bytes)
  }

  private static func mostFrequentDelimiterInFirstLine(of bytes: [UInt8]) -> UInt8 {
    var counts = [Delimiter.comma: 0, Delimiter.semicolon: 0, Delimiter.tab: 0]
    for byte in bytes.prefix(while: { $0 != UInt8(ascii: "\n") }) { counts[byte]? += 1 }
    let most = counts.values.max() ?? 0
    return [Delimiter.comma, Delimiter.semicolon, Delimiter.tab].first { counts[$0] == most }
      ?? Delimiter.comma
  }

  private static func widths(of scanner: CSVScanner) -> [Int] {
    let ends = scanner.recordStarts.dropFirst() + [scanner.cells.count]
    return zip(scanner.recordStarts, ends).map { $1 - $0 }
  }

  private static func commonWidth(
    of scanner: CSVScanner, file: String
  ) throws(FileFailure) -> Int {
    let widths = widths(of: scanner)
    guard let width = widths.first else {
      throw FileFailure(at: file, found: "no rows", right: "put one example in each line")
    }
    for (record, other) in widths.enumerated() where other != width {
      throw FileFailure(
        at: "\(file):\(scanner.lines[record])",
        found: "\(other) cells where line \(scanner.lines[0]) has \(width)",
        right: "give each row \(width), leaving a cell empty where a value is missing")
    }
    return width
  }

  private func cell(_ record: Int, _ column: Int) -> CSVScanner.Cell {
    cells[record * width + column]
  }

  // MARK: - Names

  /// Names are no numbers and differ; the row numbers that some programs write have none.
  var firstRecordLooksLikeNames: Bool {
    let first = (0..<width).map { cell(0, $0) }
    guard first.allSatisfy({ number($0) == nil }) else { return false }
    let names = first.filter { !isMissing($0) }
      .map { String(decoding: bytes[$0.start..<$0.end], as: UTF8.self) }
    return !names.isEmpty && Set(names).count == names.count
  }

  /// A column without a name is called by its number.
  func names(hasHeader: Bool) throws(FileFailure) -> [String] {
    var names: [String] = []
    for column in 0..<width {
      let written = hasHeader ? try text(record: 0, column: column).trimmingSpaces : ""
      let name = written.isEmpty ? "column \(column + 1)" : written
      guard !names.contains(name) else {
        throw FileFailure(
          at: "\(file):\(lines[0])", found: "two columns named '\(name)'",
          right: "give each column its own name")
      }
      names.append(name)
    }
    return names
  }

  // MARK: - Values

  /// A column of numbers if each cell is one or missing, else of text.
  func values(column: Int, from first: Int) throws(FileFailure) -> CSV.Values {
    var numbers: [Double] = []
    numbers.reserveCapacity(lines.count - first)
    for record in first..<lines.count {
      let cell = cell(record, column)
      if let number = number(cell) {
        numbers.append(number)
      } else if isMissing(cell) {
        numbers.append(.nan)
      } else {
        return .texts(try texts(column: column, from: first))
      }
    }
    return .numbers(numbers)
  }

  private func texts(column: Int, from first: Int) throws(FileFailure) -> [String] {
    var texts: [String] = []
    texts.reserveCapacity(lines.count - first)
    for record in first..<lines.count {
      texts.append(try text(record: record, column: column))
    }
    return texts
  }

  private func text(record: Int, column: Int) throws(FileFailure) -> String {
    let cell = cell(record, column)
    guard let text = String(validating: bytes[cell.start..<cell.end], as: UTF8.self) else {
      throw FileFailure(
        at: "\(file):\(lines[record])", found: "bytes in cell \(column + 1) that are not UTF-8",
        right: "save the file as UTF-8")
    }
    // Inside quotes every quote was found to be doubled.
    return cell.isQuoted ? text.halvingQuotes : text
  }

  private func isMissing(_ cell: CSVScanner.Cell) -> Bool {
    guard cell.end - cell.start <= 5 else { return false }
    let text = String(decoding: bytes[cell.start..<cell.end], as: UTF8.self).trimmingSpaces
    return ["", "?", "NA", "N/A", "NaN", "nan"].contains(text)
  }

  /// With semicolons or tabs between cells, `1,5` is one and a half.
  private func number(_ cell: CSVScanner.Cell) -> Double? {
    DecimalNumber.parse(
      bytes[cell.start..<cell.end], acceptsComma: delimiter != Delimiter.comma)
  }
}

extension String {
  fileprivate var trimmingSpaces: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }

  fileprivate var halvingQuotes: String {
    guard contains("\"") else { return self }
    var result = ""
    var isSecond = false
    for scalar in unicodeScalars {
      isSecond = scalar == "\"" && !isSecond
      if !isSecond { result.unicodeScalars.append(scalar) }
    }
    return result
  }
}
