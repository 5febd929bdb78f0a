/// A key with the modifiers held.
package struct KeyStroke: Hashable, Sendable {
  package let key: Key
  package let modifiers: Modifiers

  package init(_ key: Key, _ modifiers: Modifiers = []) {
    self.key = key
    self.modifiers = modifiers
  }

  package init(_ character: Character) { self.init(.character(character)) }

  package static func control(_ character: Character) -> KeyStroke {
    KeyStroke(.character(character), .control)
  }

  /// As hints and help write it.
  package var label: String {
    let name =
      switch key {
      case .character(" "): "Space"
      case .character(let c): modifiers.contains(.control) ? c.uppercased() : String(c)
      case .enter: "Enter"
      case .escape: "Esc"
      case .tab: modifiers.contains(.shift) ? "S-Tab" : "Tab"
      case .backspace: "Backspace"
      case .delete: "Del"
      case .insert: "Ins"
      case .up: "↑"
      case .down: "↓"
      case .left: "←"
      case .right: "→"
      case .home: "Home"
      case .end: "End"
      case .pageUp: "PgUp"
      case .pageDown: "PgDn"
      case .function(let n): "F\(n)"
      }
    let isArrow = [.up, .down, .left, .right].contains(key)
    return modifiers.contains(.control)
      ? "^" + name : isArrow && modifiers.contains(.shift) ? "S-" + name : name
  }
}

extension KeyStroke {
  /// The keys that a label names, word for word: `Enter`, `PgUp`, `- +`, `◀ ▶`; nil for a word that
  /// is no key.
  package static func named(_ word: some StringProtocol) -> KeyStroke? {
    switch word {
    case "Space": KeyStroke(" ")
    case "Enter": KeyStroke(.enter)
    case "Esc": KeyStroke(.escape)
    case "Tab": KeyStroke(.tab)
    case "S-Tab": KeyStroke(.tab, .shift)
    case "Backspace": KeyStroke(.backspace)
    case "Del": KeyStroke(.delete)
    case "Ins": KeyStroke(.insert)
    case "Home": KeyStroke(.home)
    case "End": KeyStroke(.end)
    case "PgUp": KeyStroke(.pageUp)
    case "PgDn": KeyStroke(.pageDown)
    case "↑": KeyStroke(.up)
    case "↓": KeyStroke(.down)
    case "←", "◀": KeyStroke(.left)
    case "→", "▶": KeyStroke(.right)
    default: letter(word)
    }
  }

  /// `x`, `^X`, `S-↑`, `F1`.
  private static func letter(_ word: some StringProtocol) -> KeyStroke? {
    guard let first = word.first else { return nil }
    if word.count == 1 { return KeyStroke(first) }
    if word.hasPrefix("S-") { return named(word.dropFirst(2)).map { KeyStroke($0.key, .shift) } }
    if first == "^", let key = named(word.dropFirst()) {
      guard case .character(let letter) = key.key else { return KeyStroke(key.key, .control) }
      return word.count == 2 ? .control(Character(letter.lowercased())) : nil
    }
    if first == "F", let number = Int(word.dropFirst()), (1...12).contains(number) {
      return KeyStroke(.function(number))
    }
    return nil
  }

  /// The keys a plain accented text can only mean: names and signs, no letters or digits, which
  /// may be values, and no arrows, which may be marks.
  static func namedBySign(_ word: some StringProtocol) -> KeyStroke? {
    let isSign = word.count == 1 && word.allSatisfy { ".,<>[](){}?:/+-=".contains($0) }
    let names = ["Space", "Enter", "Esc", "Tab", "PgUp", "PgDn", "Backspace"]
    return isSign || names.contains { $0 == word } ? named(word) : nil
  }
}
