import FileFormats

/// What sort of values a column of a file has.
package enum ColumnKind: String, Hashable, Sendable, CaseIterable {
  case integer, number, boolean, category, date
  /// Words that differ in most rows.
  case text
}

/// A column of a file as it was before anything was filled in or encoded.
package struct ColumnProfile: Hashable, Sendable {
  package let name: String
  package let kind: ColumnKind
  /// The rows without a value.
  package let missing: Int
  /// The number of different words; nil for a column of numbers.
  package let distinct: Int?
  package var isTarget = false

  init(_ column: TextTable.Column, rowCount: Int) {
    name = column.name
    missing = column.missing
    switch column.values {
    case .numbers(let numbers):
      kind = numbers.allSatisfy({ $0.isNaN || $0 == $0.rounded() }) ? .integer : .number
      distinct = nil
    case .words(let words):
      let known = words.wordCount - words.isMissing.count { $0 }
      kind = Self.kind(of: words, distinct: known, rowCount: rowCount)
      distinct = known
    }
  }

  private static func kind(of column: WordColumn, distinct: Int, rowCount: Int) -> ColumnKind {
    let sample = (0..<min(column.wordCount, 1000)).filter { !column.isMissing[$0] }
      .map(column.word)
    if sample.count == distinct && BooleanWord.pair(sample) != nil { return .boolean }
    if !sample.isEmpty && sample.allSatisfy(\.looksLikeDate) { return .date }
    let isCategory = distinct <= 20 || distinct <= 1000 && distinct * 20 <= rowCount
    return isCategory ? .category : .text
  }
}

/// The words for true and false.
enum BooleanWord {
  private static let pairs = [("false", "true"), ("no", "yes")]

  /// The words for false and true among all words of a column; nil when there are others.
  static func pair(_ words: [String]) -> (no: String, yes: String)? {
    let lower = Set(words.map { $0.lowercased() })
    guard !lower.isEmpty else { return nil }
    return pairs.first { lower.isSubset(of: [$0.0, $0.1]) }.map { (no: $0.0, yes: $0.1) }
  }
}

extension String {
  /// Three numbers with the same mark between them, one of them a year: `2024-05-31`, `31.5.2024`;
  /// a time may follow.
  fileprivate var looksLikeDate: Bool {
    guard let day = split(whereSeparator: { $0 == " " || $0 == "T" }).first else { return false }
    let marks = day.filter { !$0.isNumber }
    guard marks.count == 2, Set(marks).count == 1, let mark = marks.first, "-./".contains(mark)
    else { return false }
    let parts = day.split(separator: mark)
    return parts.count == 3 && [parts[0].count, parts[2].count].contains(4)
      && parts.allSatisfy { $0.count <= 4 }
  }
}
