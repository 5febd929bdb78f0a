import TerminalGraphics

/// A line that is being typed: its text, and where in it the cursor stands.
package struct LineEditor: Hashable, Sendable {
  private var characters: [Character]
  /// How many characters stand before the cursor.
  package private(set) var cursor: Int

  package init(_ text: String = "") {
    characters = Array(text)
    cursor = characters.count
  }

  package var text: String { String(characters) }
  package var isEmpty: Bool { characters.isEmpty }

  /// The text with a stroke where the cursor stands.
  package var shown: String {
    String(characters[..<cursor]) + "▏" + String(characters[cursor...])
  }

  /// The part of `shown` around the cursor that fits a width.
  package func shown(width: Int) -> String {
    let all = Array(shown)
    guard all.count > width, width > 0 else { return String(all) }
    let start = max(0, min(cursor + 1 - width + min(6, width / 4), all.count - width))
    return String(all[start..<start + width])
  }

  /// Puts the cursor before a character, counted from 0.
  package mutating func move(to place: Int) {
    cursor = max(0, min(place, characters.count))
  }

  /// Puts in a text where the cursor stands.
  /// - allows: the characters that may be put in; nil for any.
  package mutating func insert(_ text: String, allows: String? = nil) {
    let taken = text.filter { allows?.contains($0) ?? true }
    characters.insert(contentsOf: taken, at: cursor)
    cursor += taken.count
  }

  /// Follows a key that edits a line: characters, the arrows to the sides, Home, End, Backspace,
  /// Delete, and with Control A, E, B, F, D, W, U, K as in a shell. False for any other key.
  package mutating func press(_ stroke: KeyStroke, allows: String? = nil) -> Bool {
    if stroke.modifiers.contains(.control) { return pressControl(stroke.key) }
    switch stroke.key {
    case .character(let c) where stroke.modifiers.subtracting(.shift).isEmpty:
      insert(String(c), allows: allows)
    case .left: cursor = max(0, cursor - 1)
    case .right: cursor = min(characters.count, cursor + 1)
    case .home: cursor = 0
    case .end: cursor = characters.count
    case .backspace: remove(from: cursor - 1, to: cursor)
    case .delete: remove(from: cursor, to: cursor + 1)
    default: return false
    }
    return true
  }

  private mutating func pressControl(_ key: Key) -> Bool {
    switch key {
    case .character("a"): cursor = 0
    case .character("e"): cursor = characters.count
    case .character("b"): cursor = max(0, cursor - 1)
    case .character("f"): cursor = min(characters.count, cursor + 1)
    case .character("d"): remove(from: cursor, to: cursor + 1)
    case .character("u"): remove(from: 0, to: cursor)
    case .character("k"): remove(from: cursor, to: characters.count)
    case .character("w"): remove(from: wordStart, to: cursor)
    case .left: cursor = wordStart
    case .right: cursor = wordEnd
    default: return false
    }
    return true
  }

  private mutating func remove(from start: Int, to end: Int) {
    let range = max(0, start)..<min(characters.count, max(end, max(0, start)))
    guard !range.isEmpty else { return }
    characters.removeSubrange(range)
    cursor = range.lowerBound
  }

  /// Where the word before the cursor begins; blanks before the cursor belong to it.
  private var wordStart: Int {
    var place = cursor
    while place > 0, characters[place - 1] == " " { place -= 1 }
    while place > 0, characters[place - 1] != " " { place -= 1 }
    return place
  }

  private var wordEnd: Int {
    var place = cursor
    while place < characters.count, characters[place] == " " { place += 1 }
    while place < characters.count, characters[place] != " " { place += 1 }
    return place
  }
}
