import TerminalGraphics

/// Keys by their names, as one types them in plain mode: `space`, `ctrl-z`, `s-tab`, `down 3`.
enum PlainKeys {
  private static let names: [(name: String, key: Key)] = [
    ("space", .character(" ")), ("enter", .enter), ("return", .enter), ("esc", .escape),
    ("escape", .escape), ("tab", .tab), ("backspace", .backspace), ("del", .delete),
    ("delete", .delete), ("ins", .insert), ("insert", .insert), ("up", .up), ("down", .down),
    ("left", .left), ("right", .right), ("home", .home), ("end", .end), ("pgup", .pageUp),
    ("pageup", .pageUp), ("pgdn", .pageDown), ("pagedown", .pageDown),
  ]

  private static let modifiers: [(prefix: String, modifier: Modifiers)] = [
    ("ctrl-", .control), ("control-", .control), ("c-", .control), ("^", .control),
    ("shift-", .shift), ("s-", .shift), ("alt-", .alt), ("a-", .alt),
  ]

  /// The keys of `down 3` or `space`; nil when the words name none.
  static func keys(_ words: [String]) -> [KeyStroke]? {
    guard let first = words.first, words.count <= 2, let stroke = stroke(first) else { return nil }
    guard words.count == 2 else { return [stroke] }
    guard let count = Int(words[1]), (1...1000).contains(count) else { return nil }
    return Array(repeating: stroke, count: count)
  }

  private static func stroke(_ word: String) -> KeyStroke? {
    if word.count == 1, let character = word.first { return KeyStroke(character) }
    let name = word.lowercased()
    if let named = names.first(where: { $0.name == name }) { return KeyStroke(named.key) }
    if name.hasPrefix("f"), let number = Int(name.dropFirst()), (1...12).contains(number) {
      return KeyStroke(.function(number))
    }
    for (prefix, modifier) in modifiers where name.hasPrefix(prefix) && name.count > prefix.count {
      guard let inner = stroke(String(name.dropFirst(prefix.count))) else { continue }
      return KeyStroke(inner.key, inner.modifiers.union(modifier))
    }
    return nil
  }

  /// As hints name it, in words: `space`, `down`, `ctrl-z`.
  static func name(of stroke: KeyStroke) -> String {
    let key =
      switch stroke.key {
      case .character(" "): "space"
      case .character(let character): String(character)
      case .function(let number): "f\(number)"
      default: names.first { $0.key == stroke.key }?.name ?? ""
      }
    return (stroke.modifiers.contains(.control) ? "ctrl-" : "")
      + (stroke.modifiers.contains(.alt) ? "alt-" : "")
      + (stroke.modifiers.contains(.shift) ? "shift-" : "") + key
  }
}
