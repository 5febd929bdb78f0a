import TerminalGraphics

/// One line of the help.
enum HelpLine {
  case heading(String)
  /// A key and what it does, and what Enter on it runs; nil for keys that panels give a meaning.
  case key(String, String, Binding?)
  case prose(StyledText)
  case blank

  /// Whether it begins with a key, and not in the middle of what one does.
  var isKey: Bool { if case .key = self { true } else { false } }

  var binding: Binding? {
    if case .key(_, _, let binding) = self { return binding }
    return nil
  }
}

/// What the help says where one is: this panel, this screen, everywhere, the mouse, what one sees.
struct HelpTopics {
  /// What belongs to here.
  let here: [HelpLine]
  let everywhere: [HelpLine]
  let about: [StyledText]

  init(_ state: AppState, search: String) {
    let words = search.lowercased()
    func isFound(_ keys: String, _ name: String, _ help: String) -> Bool {
      words.isEmpty || "\(keys) \(name) \(help)".lowercased().contains(words)
    }
    func lines(_ bindings: [Binding]) -> [HelpLine] {
      bindings.filter { !$0.keys.isEmpty && isFound($0.label, $0.name, $0.help) }.map {
        .key($0.label, $0.help, $0)
      }
    }
    func fixed(_ keys: [(String, String)]) -> [HelpLine] {
      keys.filter { isFound($0.0, "", $0.1) }.map { .key($0.0, $0.1, nil) }
    }
    let (panel, screen) = Self.split(state)
    let name = PanelGuide.entry(state.focusedPanel, of: state.screen)?.title
    here =
      Self.group(name.map { "This panel: \($0)" } ?? "This panel", lines(panel))
      + Self.group("The screen \(state.screen.title)", lines(screen))
    let places = ScreenName.allCases
    let digits = "\(places.first?.digit ?? "1") … \(places.last?.digit ?? "1")"
    let common = Binding.everywhere.filter { binding in
      !places.contains { binding.keys == [KeyStroke($0.digit)] }
    }
    everywhere =
      Self.group(
        "Everywhere",
        fixed([
          (digits, "go to a screen"), ("arrows", "belong to the panel you are in"),
          ("j k", "down, up in lists"),
        ]) + lines(common))
      + Self.group(
        "Mouse",
        fixed([
          ("click", "presses the key that is shown there, or chooses; twice: Enter"),
          ("wheel", "scrolls the panel under the pointer, or zooms a plot"),
          ("drag", "a border between panels, a slider; twice on a border: as it was"),
        ]))
    about = words.isEmpty ? Self.about(state) : []
  }

  private static func group(_ title: String, _ lines: [HelpLine]) -> [HelpLine] {
    lines.isEmpty ? [] : [.heading(title)] + lines + [.blank]
  }

  /// What only the focused panel offers, and what the screen offers whatever has the focus.
  private static func split(_ state: AppState) -> (panel: [Binding], screen: [Binding]) {
    let own = state.current.bindings(state)
    let panels = state.current.panels(state, in: state.body)
    let focused = state.focusedPanel(of: panels)
    let others = panels.map(\.id).filter { $0 != focused }
    guard !others.isEmpty else { return ([], own) }
    let shared = others.map { id in
      var other = state
      other.focus[state.screen] = id
      other.knownFocus = state.marksFocus ? id : ""
      return Set(state.current.bindings(other).map(\.name))
    }
    let isShared = { (binding: Binding) in shared.allSatisfy { $0.contains(binding.name) } }
    return (own.filter { !isShared($0) }, own.filter(isShared))
  }

  // MARK: What one is looking at

  private static func about(_ state: AppState) -> [StyledText] {
    let panel = PanelGuide.entry(state.focusedPanel, of: state.screen)?.about
    let own = state.current.about(state)
    return [
      .text([panel, own].compactMap { $0 }.joined(separator: " ")), StyledText(),
      signs(state.ability) + .accent(":plain")
        + .secondary(" shows words and numbers instead of pictures.")
        + .secondary(" In a run ") + .key(".") + .secondary(" and ") + .key(",")
        + .secondary(" move forward and back, wherever one is."),
    ]
  }

  /// What positive and negative numbers look like in pictures: colors, or characters where there are
  /// none.
  private static func signs(_ ability: Ability) -> StyledText {
    guard ability.depth == .none else {
      return .secondary("Colors: ") + StyledText("■", .positive) + .secondary(" positive ")
        + StyledText("■", .negative)
        + .secondary(" negative, zero fades; safe for the color-blind. ") + .accent(":theme")
        + .secondary(" light, dark or auto suits them to the window. ")
    }
    return .secondary("In pictures: ") + .signs(ability)
      + .secondary(", the largest negative to the largest positive number. ")
  }
}
