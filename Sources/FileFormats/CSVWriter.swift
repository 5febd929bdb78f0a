extension CSV {
  /// How many digits a written number has: as many as its kind needs to be read back exactly.
  package enum Precision: Sendable { case float32, float64 }

  /// The table as RFC 4180 bytes with a line of names; line ends are LF, a missing number is empty.
  package func bytes(precision: Precision = .float64) -> [UInt8] {
    var text = columns.map { Self.quoted($0.name) }.joined(separator: ",") + "\n"
    for row in 0..<rowCount {
      let cells = columns.map { Self.cell($0.values, row: row, precision: precision) }
      text += cells.joined(separator: ",") + "\n"
    }
    return Array(text.utf8)
  }

  private static func cell(_ values: Values, row: Int, precision: Precision) -> String {
    switch values {
    case .texts(let texts): quoted(texts[row])
    case .numbers(let numbers): written(numbers[row], precision: precision)
    }
  }

  private static func written(_ number: Double, precision: Precision) -> String {
    guard !number.isNaN else { return "" }
    let isNegativeZero = number == 0 && number.sign == .minus
    if let whole = Int64(exactly: number), abs(number) < 0x1p53 && !isNegativeZero {
      return String(whole)
    }
    return precision == .float32 ? "\(Float(number))" : "\(number)"
  }

  /// An empty text is written in quotes, so that a row of one such cell is not a blank line.
  private static func quoted(_ text: String) -> String {
    let special: [Unicode.Scalar] = [",", ";", "\t", "\"", "\n", "\r"]
    guard text.isEmpty || text.unicodeScalars.contains(where: special.contains) else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}
