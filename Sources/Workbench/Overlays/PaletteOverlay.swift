import TerminalGraphics

/// `:` — everything by name: what can be done here, places, and the debugger's commands.
enum PaletteOverlay {
  private static let rows = 9

  private static func area(_ state: AppState) -> Rect {
    state.body.centered(
      Size(min(96, state.size.width - 4), min(state.body.height, rows + 8)))
  }

  static func draw(_ palette: PaletteState, _ state: AppState, on grid: inout CellGrid) {
    let area = area(state)
    grid.fill(area)
    let entries = PaletteEntry.found(palette.text, state)
    let shown = max(1, area.height - 8)
    var selection = palette.selection
    selection.reveal(shown: shown, count: entries.count)
    let inside = grid.box(
      area, isFocused: true, scroll: selection.scroll(shown: shown, count: entries.count))
    let room = inside.width - 4
    grid.write(
      .accent(":") + .text(String(palette.text.suffix(room)) + "▏"),
      at: Point(inside.x + 1, inside.y))
    grid.rule(in: inside, row: 1)
    for row in 0..<shown {
      let i = selection.first + row
      guard entries.indices.contains(i) else { break }
      draw(entries[i], state, inside.row(row + 2), i == selection.index, on: &grid)
      grid.mark(inside.row(row + 2), .entry(i))
    }
    grid.rule(in: inside, row: inside.height - 4)
    let notes = notes(palette, entries, state)
    let lines = notes.prefix(1) + notes.dropFirst().flatMap { $0.wrapped(to: inside.width - 2) }
    for (row, line) in lines.prefix(3).enumerated() {
      grid.write(line, at: Point(inside.x + 1, inside.bottom - 3 + row), width: inside.width - 2)
    }
    grid.mark(area, .inside)
  }

  private static func draw(
    _ entry: PaletteEntry, _ state: AppState, _ line: Rect, _ isChosen: Bool,
    on grid: inout CellGrid
  ) {
    if isChosen { grid.highlight(line) }
    let nameWidth = min(26, line.width / 2)
    grid.write(
      StyledText(entry.name, .text, isChosen ? .bold : []), at: Point(line.x + 2, line.y),
      width: nameWidth)
    var keys = ""
    if case .binding(let binding) = entry { keys = binding.label }
    let helpAt = line.x + 3 + nameWidth
    grid.write(
      .secondary(entry.help), at: Point(helpAt, line.y),
      width: max(0, line.right - helpAt - keys.count - 2))
    grid.writeTrailing(.accent(keys), in: Rect(line.x, line.y, line.width - 1, 1))
  }

  /// How the chosen one is written, and why it cannot be done now or what it does.
  private static func notes(
    _ palette: PaletteState, _ entries: [PaletteEntry], _ state: AppState
  ) -> [StyledText] {
    guard entries.indices.contains(palette.selection.index) else {
      return [
        .secondary("nothing is called that; the debugger will say why not"),
        .secondary("e.g. ") + .text("print loss   goto step 120   explain dense/kernel[0,0]"),
      ]
    }
    switch entries[palette.selection.index] {
    case .binding(let binding):
      let reason = binding.whyNot(state)
      return [
        .text(binding.name) + .secondary(binding.keys.isEmpty ? "" : "   or press ")
          + .accent(binding.label),
        reason.map { StyledText("not now: \($0)", .warning) } ?? .secondary(binding.help),
      ]
    case .command(let form, let does): return [.text(form), .secondary(does)]
    }
  }

  static func press(
    _ stroke: KeyStroke, _ palette: PaletteState, _ state: inout AppState
  ) -> [Effect] {
    var palette = palette
    let entries = PaletteEntry.found(palette.text, state)
    let chosen =
      entries.indices.contains(palette.selection.index) ? entries[palette.selection.index] : nil
    switch stroke.key {
    case .enter: return enter(palette, chosen, &state)
    case .tab:
      if let chosen { palette.text = completed(chosen) }
      palette.selection = ListSelection()
    case .backspace:
      if palette.text.isEmpty {
        state.overlay = nil
        return []
      }
      palette.text.removeLast()
      palette.selection = ListSelection()
    case .up
    where palette.past != nil || (palette.text.isEmpty && palette.selection.index == 0):
      recall(1, &palette, state)
    case .down where palette.past != nil: recall(-1, &palette, state)
    case .character(let c) where stroke.modifiers.subtracting(.shift).isEmpty:
      palette.text.append(c)
      palette.past = nil
      palette.selection = ListSelection()
    default: _ = palette.selection.handle(stroke.key, count: entries.count, shown: rows)
    }
    state.overlay = .palette(palette)
    return []
  }

  private static func completed(_ entry: PaletteEntry) -> String {
    switch entry {
    case .binding(let binding): binding.name
    case .command: (entry.words.first ?? "") + " "
    }
  }

  /// Runs what is chosen; a command with arguments runs as typed, or asks for them first.
  private static func enter(
    _ palette: PaletteState, _ chosen: PaletteEntry?, _ state: inout AppState
  ) -> [Effect] {
    let words = palette.text.split(separator: " ").map(String.init)
    if CommandLine.isCode(palette.text, state) {
      state.overlay = nil
      state.rememberCommand(palette.text)
      return CommandLine.run(palette.text, &state)
    }
    if let chosen, case .binding(let binding) = chosen {
      state.overlay = nil
      state.rememberCommand(binding.name)
      return binding.run(&state)
    }
    if let chosen, let first = words.first, !chosen.words.contains(first) || words.count == 1,
      chosen.needsArgument
    {
      var asking = palette
      asking.text = completed(chosen)
      asking.selection = ListSelection()
      state.overlay = .palette(asking)
      state.say("\(chosen.name): type the rest, then Enter")
      return []
    }
    var text = palette.text
    if let chosen, words.first.map({ !chosen.words.contains($0) }) ?? true,
      let word = chosen.words.first
    {
      text = word
    }
    state.overlay = nil
    state.rememberCommand(text)
    return CommandLine.run(text, &state)
  }

  /// What was typed before: up is earlier.
  private static func recall(_ places: Int, _ palette: inout PaletteState, _ state: AppState) {
    let history = state.commandHistory
    let place = (palette.past ?? -1) + places
    palette.selection = ListSelection()
    guard place >= 0 else {
      palette.past = nil
      palette.text = ""
      return
    }
    guard history.indices.contains(place) else { return }
    palette.past = place
    palette.text = history[place]
  }
}

extension AppState {
  /// Keeps what was done by name, the latest first, each once.
  mutating func rememberCommand(_ text: String) {
    guard !text.isEmpty else { return }
    commandHistory.removeAll { $0 == text }
    commandHistory.insert(text, at: 0)
    if commandHistory.count > 100 { commandHistory.removeLast() }
  }
}
