/// How a table is written as text: what parts its cells, and what else stands between them.
package struct CSVDialect: Hashable, Sendable {
  /// The byte between cells, a space for any run of spaces and tabs; found by looking at the first
  /// rows when nil.
  package var delimiter: UInt8?

  /// Whether the first row names the columns; when nil it does if none of its cells is a number and
  /// no two are equal.
  package var header: Bool?

  /// Whether spaces round a cell that has no quotes are left out.
  package var trimsSpaces = true

  /// Whether lines that begin with `#` are left out, unless they have the cells of a row.
  package var hasComments = true

  /// Whether `1,234,567.5` and its like are numbers.
  package var groupsDigits = true

  package init(delimiter: UInt8? = nil, header: Bool? = nil) {
    self.delimiter = delimiter
    self.header = header
  }

  /// Cells as they stand, as Python's readers take them.
  package static func plain(delimiter: UInt8?, header: Bool?) -> CSVDialect {
    var dialect = CSVDialect(delimiter: delimiter, header: header)
    (dialect.trimsSpaces, dialect.hasComments, dialect.groupsDigits) = (false, false, false)
    return dialect
  }

  /// The delimiter that a user names: `comma`, `semicolon`, `tab`, `pipe`, `space`, or itself.
  package static func delimiter(named name: String) -> UInt8? {
    let names: [String: UInt8] = [
      "comma": Delimiter.comma, "semicolon": Delimiter.semicolon, "tab": Delimiter.tab,
      "pipe": Delimiter.pipe, "space": Delimiter.space, "\\t": Delimiter.tab,
    ]
    if let known = names[name.lowercased()] { return known }
    let bytes = Array(name.utf8)
    let refused = Array("\"\n\r#+-.".utf8)
    guard bytes.count == 1, !refused.contains(bytes[0]), bytes[0] < 0x80 else { return nil }
    let isWordLike = Character(UnicodeScalar(bytes[0])).isLetter || (48...57).contains(bytes[0])
    return isWordLike ? nil : bytes[0]
  }

  /// A delimiter in words.
  package static func name(of delimiter: UInt8) -> String {
    switch delimiter {
    case Delimiter.comma: "comma"
    case Delimiter.semicolon: "semicolon"
    case Delimiter.tab: "tab"
    case Delimiter.pipe: "pipe"
    case Delimiter.space: "space"
    default: "'\(Character(UnicodeScalar(delimiter)))'"
    }
  }
}

/// The bytes that can part cells.
enum Delimiter {
  static let comma = UInt8(ascii: ",")
  static let semicolon = UInt8(ascii: ";")
  static let tab = UInt8(ascii: "\t")
  static let pipe = UInt8(ascii: "|")
  static let space = UInt8(ascii: " ")
}
