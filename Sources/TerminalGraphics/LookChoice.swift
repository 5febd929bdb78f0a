/// How the lab is to look, as one chose it; what is `auto` or nil is found out.
package struct LookChoice: Hashable, Sendable {
  package var color: ColorChoice
  package var glyphs: Ability.Glyphs?
  package var theme: Theme.Name?
  package var isMouseOn: Bool?

  package init(
    color: ColorChoice = .auto, glyphs: Ability.Glyphs? = nil, theme: Theme.Name? = nil,
    isMouseOn: Bool? = nil
  ) {
    self.color = color
    self.glyphs = glyphs
    self.theme = theme
    self.isMouseOn = isMouseOn
  }

  /// For each thing: the option if it says something, then BACKSTEP_COLOR, BACKSTEP_GLYPHS and
  /// BACKSTEP_THEME, then what was kept from another time; for colors then NO_COLOR.
  package static func resolved(
    option: LookChoice, environment: [String: String], kept: LookChoice
  ) -> LookChoice {
    func word(_ name: String) -> String { environment["BACKSTEP_" + name, default: ""] }
    return LookChoice(
      color: .resolved(option: option.color, environment: environment, kept: kept.color),
      glyphs: option.glyphs ?? Ability.Glyphs(rawValue: word("GLYPHS")) ?? kept.glyphs,
      theme: option.theme ?? Theme.Name(rawValue: word("THEME")) ?? kept.theme,
      isMouseOn: option.isMouseOn ?? kept.isMouseOn)
  }
}

extension LookChoice {
  /// Reads what `text` writes; what it does not understand counts as not chosen.
  package init(text: String) {
    self.init()
    for line in text.split(whereSeparator: \.isNewline) {
      let words = line.split(separator: " ").map(String.init)
      guard words.count == 2 else { continue }
      switch words[0] {
      case "color": color = ColorChoice(rawValue: words[1]) ?? .auto
      case "glyphs": glyphs = Ability.Glyphs(rawValue: words[1])
      case "theme": theme = Theme.Name(rawValue: words[1])
      case "mouse": isMouseOn = words[1] == "on" ? true : words[1] == "off" ? false : nil
      default: break
      }
    }
  }

  /// What was chosen, a line each: `theme light`.
  package var text: String {
    var lines: [String] = []
    if color != .auto { lines.append("color \(color.rawValue)") }
    if let glyphs { lines.append("glyphs \(glyphs.rawValue)") }
    if let theme { lines.append("theme \(theme.rawValue)") }
    if let isMouseOn { lines.append("mouse \(isMouseOn ? "on" : "off")") }
    return lines.map { $0 + "\n" }.joined()
  }
}
