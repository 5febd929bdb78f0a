/// Numbers as people write them in tables: `1,5`, `1.234,5`, `1 234 567`, `1'234.5`.
enum CSVNumber {
  static let point = UInt8(ascii: ".")

  /// The mark before the fraction, where the text leaves no doubt: with two kinds of marks the last
  /// one, else a single one that has not three digits after it.
  static func certainMark(
    _ text: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int
  ) -> UInt8? {
    var marks: [(mark: UInt8, place: Int)] = []
    for place in start..<end {
      let byte = text[place]
      if byte == Delimiter.comma || byte == point {
        marks.append((byte, place))
      } else if !(48...57).contains(byte) && !(place == start && (byte == 45 || byte == 43)) {
        return nil
      }
    }
    guard let last = marks.last else { return nil }
    let isSingle = marks.count { $0.mark == last.mark } == 1
    guard isSingle else { return nil }
    return marks.count > 1 || end - last.place != 4 ? last.mark : nil
  }

  /// The number of a cell, or nil when it is none.
  /// - Parameter decimalComma: whether `1,234` is a fraction; nil takes a lone mark as one.
  static func parse(
    _ text: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int, isCommaDelimited: Bool,
    decimalComma: Bool?
  ) -> Double? {
    if decimalComma != true, let number = DecimalNumber.parse(text, from: start, to: end) {
      return number
    }
    guard start < end, end - start <= 64, text[start] < 58 else { return nil }
    return grouped(
      Array(text[start..<end]), isCommaDelimited: isCommaDelimited, decimalComma: decimalComma)
  }

  /// Rewrites the cell with a point before the fraction and nothing between thousands.
  private static func grouped(
    _ text: [UInt8], isCommaDelimited: Bool, decimalComma: Bool?
  ) -> Double? {
    let text = withoutWideSpaces(text)
    let mark = decimalMark(of: text, isCommaDelimited: isCommaDelimited, decimalComma)
    let body = text.first == 45 || text.first == 43 ? text.dropFirst() : text[...]
    let whole = body.prefix { $0 != mark && $0 | 0x20 != UInt8(ascii: "e") }
    let rest = body[whole.endIndex...]
    let separators = Set(whole.filter { !(48...57).contains($0) })
    guard separators.count <= 1, separators.isSubset(of: Array(",. '_".utf8)) else { return nil }
    if let separator = separators.first {
      let groups = whole.split(separator: separator, omittingEmptySubsequences: false)
      guard
        (1...3).contains(groups[0].count), groups.dropFirst().allSatisfy({ $0.count == 3 })
      else { return nil }
    }
    var plain: [UInt8] = text.first == 45 ? [45] : []
    plain += whole.filter { (48...57).contains($0) }
    plain += rest.map { $0 == mark ? point : $0 }
    return DecimalNumber.parse(plain[...])
  }

  private static func decimalMark(
    of text: [UInt8], isCommaDelimited: Bool, _ decimalComma: Bool?
  ) -> UInt8 {
    if isCommaDelimited { return point }
    let comma = text.lastIndex(of: Delimiter.comma)
    let point = text.lastIndex(of: Self.point)
    switch (comma, point) {
    case (let comma?, let point?): return comma > point ? Delimiter.comma : Self.point
    case (.some, nil):
      let isSingle = text.count { $0 == Delimiter.comma } == 1
      return isSingle && decimalComma != false ? Delimiter.comma : Self.point
    case (nil, let place?):
      let isSingle = text.count { $0 == Self.point } == 1
      // In a file of decimal commas 1.234 is more than a thousand, and 1.5 an odd one out.
      let isThousand = decimalComma == true && text.count - place == 4
      return isSingle && !isThousand ? Self.point : Delimiter.comma
    case (nil, nil): return Self.point
    }
  }

  /// No-break spaces (U+00A0, U+202F) become spaces.
  private static func withoutWideSpaces(_ text: [UInt8]) -> [UInt8] {
    guard text.contains(where: { $0 >= 0x80 }) else { return text }
    let scalars = String(decoding: text, as: UTF8.self).unicodeScalars
    return scalars.flatMap { scalar in
      scalar == "\u{A0}" || scalar == "\u{202F}" ? [Delimiter.space] : Array(String(scalar).utf8)
    }
  }
}
