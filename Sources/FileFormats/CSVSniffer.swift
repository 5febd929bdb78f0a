/// Finds out from the first rows of a file what parts its cells and marks its fractions.
struct CSVSniffer {
  private static let sampleRows = 50

  private let bytes: UnsafeBufferPointer<UInt8>
  private let dialect: CSVDialect

  init(_ bytes: UnsafeBufferPointer<UInt8>, dialect: CSVDialect) {
    self.bytes = bytes
    self.dialect = dialect
  }

  /// The delimiter that gives each row equally many cells, more than one.
  ///
  /// Tab, semicolon and bar hardly ever occur once in every row by chance, commas do: so they come
  /// first. Spaces come last, and only where nothing else parts cells and every row has a number.
  func delimiter() -> UInt8 {
    if let delimiter = dialect.delimiter { return delimiter }
    let candidates = [Delimiter.tab, Delimiter.semicolon, Delimiter.pipe, Delimiter.comma]
    if let found = candidates.first(where: isConsistent) { return found }
    let firstLine = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    let counts = candidates.reversed().map { candidate in
      (candidate, firstLine.count { $0 == candidate })
    }
    if let most = counts.max(by: { $0.1 < $1.1 }), most.1 > 0 {
      // Of equal counts the earlier one: comma before the others.
      return counts.first { $0.1 == most.1 }?.0 ?? most.0
    }
    return hasSpacedNumbers ? Delimiter.space : Delimiter.comma
  }

  private func isConsistent(_ delimiter: UInt8) -> Bool {
    guard let rows = sample(delimiter), let width = rows.first?.count, width > 1 else {
      return false
    }
    return rows.allSatisfy { $0.count == width || $0.count == width + 1 && $0[width].isEmpty }
  }

  private var hasSpacedNumbers: Bool {
    guard
      let rows = sample(Delimiter.space), let width = rows.first?.count, width > 1,
      rows.allSatisfy({ $0.count == width })
    else { return false }
    return rows.dropFirst(rows.count > 1 ? 1 : 0).allSatisfy { row in
      row.contains { DecimalNumber.parse(bytes, from: $0.start, to: $0.end) != nil }
    }
  }

  private func sample(_ delimiter: UInt8) -> [[CSVScanner.Cell]]? {
    var scanner = CSVScanner(bytes, file: "", delimiter: delimiter, dialect: dialect)
    var rows: [[CSVScanner.Cell]] = []
    while rows.count < Self.sampleRows && scanner.beginRecord(width: rows.first?.count) {
      var row: [CSVScanner.Cell] = []
      repeat {
        guard let cell = try? scanner.nextCell() else { return nil }
        row.append(cell)
      } while scanner.hasMoreCells
      rows.append(row)
    }
    return rows
  }

  /// Whether `1,234` is a fraction (true) or more than a thousand (false); nil when no cell of the
  /// first rows tells.
  func hasDecimalComma(delimiter: UInt8) -> Bool? {
    guard delimiter != Delimiter.comma else { return false }
    var (commas, points) = (0, 0)
    for cell in (sample(delimiter) ?? []).joined() {
      switch CSVNumber.certainMark(bytes, from: cell.start, to: cell.end) {
      case Delimiter.comma: commas += 1
      case CSVNumber.point: points += 1
      default: break
      }
    }
    return commas == points ? nil : commas > points
  }
}
