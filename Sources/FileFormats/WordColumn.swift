/// A column of words, each different word kept once.
package struct WordColumn: Hashable, Sendable {
  /// The word of each row, a position among the words.
  package private(set) var codes: [Int32] = []
  /// How many rows have each word.
  package private(set) var counts: [Int] = []
  /// Whether a word says that a value is missing: `NA`, `?`, nothing at all.
  package private(set) var isMissing: [Bool] = []

  // The UTF-8 bytes of all words one after another, and where each one ends.
  private var pool: [UInt8] = []
  private var ends: [UInt32] = []
  // Open addressing: the position of a word, or -1, where its hash says or further on.
  private var slots = [Int32](repeating: -1, count: 64)

  /// The number of different words.
  package var wordCount: Int { ends.count }

  package var missingCount: Int {
    zip(counts, isMissing).reduce(0) { $1.1 ? $0 + $1.0 : $0 }
  }

  /// The word at a position among the words.
  package func word(_ code: Int) -> String { String(decoding: bytes(of: code), as: UTF8.self) }

  /// The word of a row; nil when it is missing.
  package func word(ofRow row: Int) -> String? {
    let code = Int(codes[row])
    return isMissing[code] ? nil : word(code)
  }

  /// All words in the order in which they first appear, those for missing values among them.
  package var words: [String] { (0..<wordCount).map(word) }

  func bytes(of code: Int) -> ArraySlice<UInt8> {
    pool[(code == 0 ? 0 : Int(ends[code - 1]))..<Int(ends[code])]
  }

  mutating func reserve(rows: Int) { codes.reserveCapacity(rows) }

  /// Adds a row.
  /// - Returns: whether its word is a new one.
  mutating func append(_ word: some Collection<UInt8>) -> Bool {
    var slot = Int(truncatingIfNeeded: Self.hash(word)) & (slots.count - 1)
    while slots[slot] >= 0 {
      let code = slots[slot]
      if bytes(of: Int(code)).elementsEqual(word) {
        codes.append(code)
        counts[Int(code)] += 1
        return false
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    slots[slot] = Int32(ends.count)
    codes.append(Int32(ends.count))
    counts.append(1)
    isMissing.append(MissingWord.matches(word))
    pool.append(contentsOf: word)
    ends.append(UInt32(pool.count))
    if ends.count * 2 > slots.count { rehash() }
    return true
  }

  /// Twice as many places, so that words are found in a step or two.
  private mutating func rehash() {
    slots = [Int32](repeating: -1, count: slots.count * 2)
    for code in 0..<ends.count {
      var slot = Int(truncatingIfNeeded: Self.hash(bytes(of: code))) & (slots.count - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(code)
    }
  }

  /// Gives back what only adding needs.
  mutating func finish() { slots = [] }

  /// FNV-1a (Fowler, Noll, Vo), its high bits mixed into the low ones.
  private static func hash(_ word: some Collection<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in word { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return hash ^ (hash >> 29)
  }
}

/// The words for a value that is missing.
enum MissingWord {
  private static let words: [[UInt8]] = [
    "", "?", "NA", "N/A", "n/a", "NaN", "nan", "-nan", "-NaN", "NAN", "null", "NULL", "Null",
    "None", "#N/A", "#NA", "<NA>",
  ].map { Array($0.utf8) }

  static func matches(_ word: some Collection<UInt8>) -> Bool {
    let count = word.count
    return count == 0
      || count <= 5 && words.contains { $0.count == count && $0.elementsEqual(word) }
  }
}
