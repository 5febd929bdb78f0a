import TerminalGraphics

extension Binding {
  /// What holds on every screen.
  package static let everywhere: [Binding] =
    [
      Binding(
        [KeyStroke(.tab)], "next panel", help: "the next panel, in reading order",
        perform: { $0.moveFocus(by: 1) }),
      Binding(
        [KeyStroke(.tab, .shift)], "previous panel", help: "the panel before",
        perform: { $0.moveFocus(by: -1) }),
      Binding([KeyStroke("z")], "zoom", help: "fill the screen with this panel, and back") {
        $0.isZoomed.toggle()
        return []
      },
      Binding(
        [KeyStroke("/")], "search",
        help: "search this panel, or narrow its list; n N next, previous",
        perform: { $0.beginSearch() }),
      Binding(
        [KeyStroke("i")], "about this",
        help: "the lesson about what is chosen, or what it means", perform: { $0.lessonAbout() }),
      Binding(
        [KeyStroke("?"), KeyStroke(.function(1))], "help",
        help: "what can be done here; Enter does it"
      ) {
        $0.overlay = .help(HelpState())
        return []
      },
      Binding([KeyStroke(":"), .control("p")], "commands", help: "commands, by name") {
        $0.overlay = .palette(PaletteState())
        return []
      },
      Binding([KeyStroke(.escape)], "back", help: "one level out; never quits") { state in
        if !state.isZoomed, state.isRunWaiting { return state.comeBack() }
        state.isZoomed = false
        return []
      },
    ] + undoing + resizing + [
      Binding([], "messages", help: "what was said lately, the latest first") {
        $0.overlay = .reader($0.messageReader)
        return []
      },
      SeedPanel.reopening,
      Binding([.control("l")], "draw again", help: "draw the screen again") { _ in [.redraw] },
      Binding([.control("z")], "suspend", help: "back to the shell; fg returns") { _ in
        [.suspend]
      },
      Binding(
        [KeyStroke("q"), .control("c")], "quit", help: "leave; everything is kept"
      ) { _ in [.quit] },
    ]
    + ScreenName.allCases.map { name in
      Binding([KeyStroke(name.digit)], "go to \(name.rawValue)", help: "go to \(name.title)") {
        $0.goByDigit(to: name)
      }
    }
}

extension AppState {
  mutating func moveFocus(by places: Int) -> [Effect] {
    let ids = current.panels(self, in: body).map(\.id)
    guard let here = ids.firstIndex(of: focusedPanel), !ids.isEmpty else { return [] }
    focus[screen] = ids[((here + places) % ids.count + ids.count) % ids.count]
    return []
  }
}
