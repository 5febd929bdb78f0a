import TerminalGraphics

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

/// One thing that can be done here: its keys, its words, and what it does. The one table that key
/// handling, hint bar, help and `:` are made from.
package struct Binding: Sendable {
  package let keys: [KeyStroke]
  /// The name under which `:` knows it: `pause`, `add layer below`.
  package let name: String
  /// One or two words for the hint bar; empty keeps it out of the bar.
  package let hint: String
  /// A full line for the help screen.
  package let help: String
  /// Why it cannot be done now, nil when it can.
  package let whyNot: @Sendable (AppState) -> String?
  package let perform: @Sendable (inout AppState) -> [Effect]

  package init(
    _ keys: [KeyStroke], _ name: String, hint: String = "", help: String,
    whyNot: @escaping @Sendable (AppState) -> String? = { _ in nil },
    perform: @escaping @Sendable (inout AppState) -> [Effect]
  ) {
    self.keys = keys
    self.name = name
    self.hint = hint
    self.help = help
    self.whyNot = whyNot
    self.perform = perform
  }

  /// The keys as hints write them: `.`, `- +`.
  package var label: String { keys.prefix(2).map(\.label).joined(separator: " ") }

  /// Does it, or says why not.
  package func run(_ state: inout AppState) -> [Effect] {
    if let reason = whyNot(state) {
      state.say(reason, .warning)
      return []
    }
    return perform(&state)
  }
}
