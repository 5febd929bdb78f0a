import TerminalGraphics

/// `:` — everything by name: what can be done here, places, and the debugger's commands.
enum PaletteOverlay {
  private static func found(_ palette: PaletteState, _ state: AppState) -> [Binding] {
    let words = palette.text.lowercased()
    let all = state.bindings
    guard !words.isEmpty else { return all }
    let starting = all.filter { $0.name.hasPrefix(words) }
    let holding = all.filter { !$0.name.hasPrefix(words) && $0.name.contains(words) }
    return starting + holding
  }

  private static func area(_ state: AppState) -> Rect {
    state.body.centered(Size(min(72, state.size.width - 4), min(state.body.height, 16)))
  }

  static func draw(_ palette: PaletteState, _ state: AppState, on grid: inout CellGrid) {
    let area = area(state)
    grid.fill(area)
    let inside = grid.box(area, isFocused: true)
    grid.write(.accent(":") + .text(palette.text + "▏"), at: Point(inside.x + 1, inside.y))
    grid.rule(in: inside, row: 1)
    let bindings = found(palette, state)
    let shown = inside.height - 4
    var selection = palette.selection
    selection.reveal(shown: shown, count: bindings.count)
    for row in 0..<shown {
      let i = selection.first + row
      guard i < bindings.count else { break }
      let line = inside.row(row + 2)
      if i == selection.index { grid.highlight(line) }
      grid.write(.text(bindings[i].name), at: Point(line.x + 2, line.y))
      grid.write(
        .secondary(bindings[i].help).truncated(to: max(0, line.width - 34)),
        at: Point(line.x + 24, line.y))
      grid.writeTrailing(
        .accent(bindings[i].label), in: Rect(line.x, line.y, line.width - 1, 1))
    }
    grid.rule(in: inside, row: inside.height - 2)
    let note: String =
      bindings.isEmpty
      ? "Enter asks the debugger: print, explain, goto, info, list, check …"
      : "also the debugger's words: step, back, goto, print, explain, info, list, check"
    grid.write(
      .secondary(note).truncated(to: inside.width - 2), at: Point(inside.x + 1, inside.bottom - 1))
  }

  static func press(
    _ stroke: KeyStroke, _ palette: PaletteState, _ state: inout AppState
  ) -> [Effect] {
    var palette = palette
    let bindings = found(palette, state)
    switch stroke.key {
    case .enter:
      state.overlay = nil
      if bindings.indices.contains(palette.selection.index) {
        return bindings[palette.selection.index].run(&state)
      }
      return CommandLine.run(palette.text, &state)
    case .tab:
      if bindings.indices.contains(palette.selection.index) {
        palette.text = bindings[palette.selection.index].name
      }
    case .backspace:
      if palette.text.isEmpty {
        state.overlay = nil
        return []
      }
      palette.text.removeLast()
      palette.selection = ListSelection()
    case .character(let c) where stroke.modifiers.subtracting(.shift).isEmpty:
      palette.text.append(c)
      palette.selection = ListSelection()
    default:
      _ = palette.selection.handle(stroke.key, count: bindings.count, shown: 10)
    }
    state.overlay = .palette(palette)
    return []
  }
}
