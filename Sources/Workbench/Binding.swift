import TerminalGraphics

/// One thing that can be done here: its keys, its words, and what it does. The one table that key
/// handling, hint bar, help and `:` are made from.
package struct Binding: Sendable {
  package let keys: [KeyStroke]
  /// The name under which `:` knows it: `pause`, `add layer below`.
  package let name: String
  /// One or two words for the hint bar; empty keeps it out of the bar.
  package let hint: String
  /// One short word for a narrow hint bar; nil finds one from the hint.
  package let shortHint: String?
  /// A full line for the help screen.
  package let help: String
  /// Why it cannot be done now, nil when it can.
  package let whyNot: @Sendable (AppState) -> String?
  package let perform: @Sendable (inout AppState) -> [Effect]

  package init(
    _ keys: [KeyStroke], _ name: String, hint: String = "", shortHint: String? = nil, help: String,
    whyNot: @escaping @Sendable (AppState) -> String? = { _ in nil },
    perform: @escaping @Sendable (inout AppState) -> [Effect]
  ) {
    self.keys = keys
    self.name = name
    self.hint = hint
    self.shortHint = shortHint
    self.help = help
    self.whyNot = whyNot
    self.perform = perform
  }

  /// The keys as hints write them: `.`, `- +`.
  package var label: String { keys.prefix(2).map(\.label).joined(separator: " ") }

  /// The same without keys that mean something else here; nil where none are left.
  func without(_ taken: Set<KeyStroke>) -> Binding? {
    guard keys.contains(where: taken.contains) else { return self }
    let left = keys.filter { !taken.contains($0) }
    guard !left.isEmpty else { return nil }
    return Binding(
      left, name, hint: hint, shortHint: shortHint, help: help, whyNot: whyNot, perform: perform)
  }

  /// The same while it cannot be done, and no hint offers it.
  func refused(_ whyNot: @escaping @Sendable (AppState) -> String?) -> Binding {
    Binding(keys, name, help: help, whyNot: whyNot, perform: perform)
  }

  /// Does it, or says why not.
  package func run(_ state: inout AppState) -> [Effect] {
    if let reason = whyNot(state) {
      state.say(reason, .warning)
      return []
    }
    state.edits.doing = name
    return perform(&state)
  }
}
