import TerminalGraphics

/// `:theme`, `:color`, `:glyphs`, `:mouse`, `:plain`: how the lab looks, now and at the next start.
enum LookCommands {
  static let guide: [(form: String, does: String)] = [
    ("theme WHICH", "colors for a dark or a light background: dark, light, auto"),
    ("color HOW", "how many colors: 24bit, 256, 16, never, auto"),
    ("glyphs WHICH", "which characters: full, blocks, ascii, auto"),
    ("mouse WHETHER", "on: clicks are the lab's; off: the terminal selects text"),
    ("plain", "words and numbers in lines, for screen readers; :screen comes back"),
  ]

  /// Nil when the line is none of these commands.
  static func run(_ words: [String], _ state: inout AppState) -> [Effect]? {
    guard let command = words.first, words.count <= 2 else { return nil }
    let value = words.count == 2 ? words[1] : nil
    switch command {
    case "theme":
      return choose(
        value, Theme.Name.self, "theme", now: state.look.choice.theme?.rawValue, &state
      ) { $0.theme = $1 }
    case "glyphs":
      return choose(
        value, Ability.Glyphs.self, "glyphs", now: state.look.choice.glyphs?.rawValue, &state
      ) { $0.glyphs = $1 }
    case "color":
      return choose(
        value, ColorChoice.self, "color", now: state.look.choice.color.rawValue, &state
      ) { $0.color = $1 ?? .auto }
    case "mouse": return mouse(value, &state)
    case "plain" where value == nil: return [.plain(true)]
    case "screen" where value == nil && state.look.isPlain: return [.plain(false)]
    default: return nil
    }
  }

  /// Takes one of a kind's values, or `auto`; without a value says which holds.
  private static func choose<Choice: RawRepresentable<String> & CaseIterable>(
    _ value: String?, _ kind: Choice.Type, _ name: String, now: String?, _ state: inout AppState,
    _ set: (inout LookChoice, Choice?) -> Void
  ) -> [Effect] {
    var values = kind.allCases.map(\.rawValue)
    if !values.contains("auto") { values.insert("auto", at: 0) }
    guard let value, values.contains(value) else {
      let right = values.dropLast().joined(separator: ", ") + " or " + (values.last ?? "")
      let found = value.map { "there is no \(name) \($0)" } ?? "\(name) is \(now ?? "auto")"
      state.say("\(found); right would be \(right)", value == nil ? .news : .warning)
      return []
    }
    set(&state.look.choice, Choice(rawValue: value))
    set(&state.look.kept, Choice(rawValue: value))
    return [.look(state.look.choice, kept: state.look.kept)]
  }

  private static func mouse(_ value: String?, _ state: inout AppState) -> [Effect] {
    guard value == "on" || value == "off" else {
      let now = state.look.choice.isMouseOn ?? true
      state.say("the mouse is \(now ? "on" : "off"); right would be on or off", .news)
      return []
    }
    state.look.choice.isMouseOn = value == "on"
    state.look.kept.isMouseOn = value == "on"
    return [.look(state.look.choice, kept: state.look.kept)]
  }
}
