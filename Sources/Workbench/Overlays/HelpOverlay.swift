import TerminalGraphics

/// The keys of where one is: searchable, and Enter does what is chosen.
enum HelpOverlay {
  private static func found(_ help: HelpState, _ state: AppState) -> [Binding] {
    let words = help.search.lowercased()
    return state.bindings.filter {
      words.isEmpty || ($0.name + " " + $0.help).lowercased().contains(words)
    }
  }

  private static func area(_ state: AppState) -> Rect {
    state.body.centered(
      Size(min(100, state.size.width - 4), min(state.body.height, state.bindings.count + 6)))
  }

  static func draw(_ help: HelpState, _ state: AppState, on grid: inout CellGrid) {
    let area = area(state)
    grid.fill(area)
    let bindings = found(help, state)
    var selection = help.selection
    let shown = max(1, area.height - 5)
    selection.reveal(shown: shown, count: bindings.count)
    let inside = grid.box(
      area, title: "Help · \(state.screen.title)",
      detail: help.search.isEmpty
        ? .secondary("type to search") : .secondary("search: ") + .text(help.search + "▏"),
      isFocused: true, scroll: selection.scroll(shown: shown, count: bindings.count))
    for row in 0..<shown {
      let i = selection.first + row
      guard i < bindings.count else { break }
      let line = inside.row(row)
      if i == selection.index { grid.highlight(line) }
      let keys = bindings[i].keys.map(\.label).joined(separator: " ")
      grid.write(.accent(keys), at: Point(line.x, line.y), width: 12, alignment: .trailing)
      let reason = bindings[i].whyNot(state)
      let text: StyledText =
        .text(bindings[i].help) + (reason.map { .secondary("  now: \($0)") } ?? StyledText())
      grid.write(text.truncated(to: max(0, inside.width - 15)), at: Point(line.x + 14, line.y))
    }
    if bindings.isEmpty {
      grid.write(.secondary("nothing is called that here"), at: Point(inside.x + 14, inside.y))
    }
    grid.rule(in: inside, row: inside.height - 3)
    grid.write(
      .secondary("Colors: ") + StyledText("■", .positive) + .secondary(" positive ")
        + StyledText("■", .negative)
        + .secondary(" negative, zero fades; safe for the color-blind"),
      at: Point(inside.x + 1, inside.bottom - 2), width: inside.width - 2)
    grid.write(
      .secondary("Arrows belong to the focused panel; . and , move in a run, wherever one is."),
      at: Point(inside.x + 1, inside.bottom - 1), width: inside.width - 2)
  }

  static func press(_ stroke: KeyStroke, _ help: HelpState, _ state: inout AppState) -> [Effect] {
    var help = help
    let bindings = found(help, state)
    switch stroke.key {
    case .enter:
      state.overlay = nil
      guard bindings.indices.contains(help.selection.index) else { return [] }
      return bindings[help.selection.index].run(&state)
    case .backspace:
      if !help.search.isEmpty { help.search.removeLast() }
      help.selection = ListSelection()
    case .character(let c) where stroke.modifiers.subtracting(.shift).isEmpty:
      help.search.append(c)
      help.selection = ListSelection()
    default:
      _ = help.selection.handle(
        stroke.key, count: bindings.count, shown: max(1, area(state).height - 5))
    }
    state.overlay = .help(help)
    return []
  }
}
