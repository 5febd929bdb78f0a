import NeuralNets
import TerminalGraphics
import Training

/// `:` — everything by name: what can be done here, places, and the debugger's commands.
enum PaletteOverlay {
  private static let rows = 9

  private static func area(_ state: AppState) -> Rect {
    state.body.centered(
      Size(min(88, state.size.width - 4), min(state.body.height, rows + 8)))
  }

  static func draw(_ palette: PaletteState, _ state: AppState, on grid: inout CellGrid) {
    let area = area(state)
    grid.fill(area, background: .bar)
    let entries = PaletteEntry.found(palette.text, state)
    let shown = max(1, area.height - 8)
    var selection = palette.selection
    selection.reveal(shown: shown, count: entries.count)
    let inside = grid.box(
      area, isFocused: true, scroll: selection.scroll(shown: shown, count: entries.count))
    grid.write(
      .accent(":") + .text(palette.line.shown(width: inside.width - 4)),
      at: Point(inside.x + 1, inside.y))
    grid.rule(in: inside, row: 1)
    let first = inside.row(2)
    // What each does is told to its end where all of it has room.
    let needed = entries.prefix(shown).map {
      max(1, help(of: $0, state).wrapped(to: helpRoom($0, first.width)).count)
    }
    let isWhole = entries.count <= shown && needed.reduce(0, +) <= shown
    var y = first.y
    for i in entries.indices.dropFirst(selection.first).prefix(shown) {
      let area = Rect(first.x, y, first.width, isWhole ? needed[i] : 1)
      draw(entries[i], palette.text, state, area, i == selection.index, on: &grid)
      grid.mark(area, .entry(i))
      y = area.bottom
    }
    grid.rule(in: inside, row: inside.height - 4)
    let notes = notes(palette, entries, state)
    let lines = notes.prefix(1) + notes.dropFirst().flatMap { $0.wrapped(to: inside.width - 2) }
    for (row, line) in lines.prefix(3).enumerated() {
      grid.write(line, at: Point(inside.x + 1, inside.bottom - 3 + row), width: inside.width - 2)
    }
    grid.mark(area, .inside)
  }

  private static func nameWidth(_ width: Int) -> Int { min(26, width * 2 / 5) }

  private static func keys(_ entry: PaletteEntry) -> String {
    if case .binding(let binding) = entry { binding.label } else { "" }
  }

  /// What an entry does, or why it cannot be done now.
  private static func help(of entry: PaletteEntry, _ state: AppState) -> StyledText {
    entry.whyNot(state).map { .faint("× " + $0) } ?? .secondary(entry.help)
  }

  /// The columns between an entry's name and its key in a line.
  private static func helpRoom(_ entry: PaletteEntry, _ width: Int) -> Int {
    max(8, width - 5 - nameWidth(width) - keys(entry).count)
  }

  private static func draw(
    _ entry: PaletteEntry, _ typed: String, _ state: AppState, _ area: Rect, _ isChosen: Bool,
    on grid: inout CellGrid
  ) {
    if isChosen { grid.highlight(area) }
    let line = area.row(0)
    let reason = entry.whyNot(state)
    let nameWidth = nameWidth(line.width)
    grid.write(
      name(of: entry, typed, isChosen: isChosen, isOpen: reason == nil),
      at: Point(line.x + 2, line.y), width: nameWidth)
    let keys = keys(entry)
    let helpAt = line.x + 3 + nameWidth
    let room = helpRoom(entry, line.width)
    let help = help(of: entry, state)
    let lines = area.height == 1 ? [help.truncatedAtWord(to: room)] : help.wrapped(to: room)
    for (row, text) in lines.enumerated() { grid.write(text, at: Point(helpAt, line.y + row)) }
    let inked: StyledText = reason == nil ? .accent(keys) : .faint(keys)
    grid.writeTrailing(inked, in: Rect(line.x, line.y, line.width - 1, 1))
  }

  /// The name with the letters that were typed marked in it.
  private static func name(
    of entry: PaletteEntry, _ typed: String, isChosen: Bool, isOpen: Bool
  ) -> StyledText {
    let ink: Ink = isOpen ? .text : .faint
    let places = Set(FuzzyMatch(typed.trimmingSpaces, in: entry.name)?.places ?? [])
    return entry.name.enumerated().reduce(into: StyledText()) { text, letter in
      let isTyped = places.contains(letter.offset)
      text += StyledText(
        String(letter.element), isTyped && isOpen ? .accent : ink,
        isTyped ? [.bold, .underline] : isChosen ? .bold : [])
    }
  }

  /// How the chosen one is written, and why it cannot be done now or what it does.
  private static func notes(
    _ palette: PaletteState, _ entries: [PaletteEntry], _ state: AppState
  ) -> [StyledText] {
    guard entries.indices.contains(palette.selection.index) else {
      return unknown(palette.text, state)
    }
    switch entries[palette.selection.index] {
    case .binding(let binding):
      let reason = binding.whyNot(state)
      return [
        .text(binding.name) + .secondary(binding.keys.isEmpty ? "" : "   or press ")
          + .accent(binding.label),
        reason.map { StyledText("not now: \($0)", .warning) } ?? .secondary(binding.help),
      ]
    case .line(let text, let does): return [.text(text), .secondary(does)]
    case .command(let form, let does):
      return [written(form) + now(form, state), .secondary(does)]
    }
  }

  /// A form with what is to be put in, in capitals, standing out.
  private static func written(_ form: String) -> StyledText {
    form.split(separator: " ", omittingEmptySubsequences: false).enumerated().reduce(
      into: StyledText()
    ) { text, word in
      let isOpen = word.element.contains { $0.isUppercase }
      text +=
        (word.offset == 0 ? "" : " ")
        + (isOpen ? .strong(String(word.element)) : .secondary(String(word.element)))
    }
  }

  /// What a thing that can be set is now.
  private static func now(_ form: String, _ state: AppState) -> StyledText {
    if form.hasPrefix("set learning_rate") {
      return .secondary("   now ")
        + .text(NumberFormat.compact(SettingsPanel.rate(state), digits: 3))
    }
    if form.hasPrefix("goto step"), let settings = state.lab.settings {
      let step = state.lab.position.step
      return .secondary("   now ") + .text(NumberFormat.integer(step))
        + .secondary(StepCount.of(settings.totalSteps, at: step))
    }
    let asked = ["set WEIGHT", "print", "explain", "why WEIGHT", "origin"]
    if asked.contains(where: { form.hasPrefix($0) }),
      let layer = state.lab.network?.layers.first(where: { !$0.weights.isEmpty })?.name
    {
      return .secondary("   as in ") + .text("\(layer)/kernel[0,0]")
    }
    return StyledText()
  }

  /// What is said when nothing has such a name.
  private static func unknown(_ text: String, _ state: AppState) -> [StyledText] {
    if CommandLine.isCode(text, state) {
      return [.text("Keras code"), .secondary("Enter adds it to the network; u takes it back")]
    }
    if PaletteEntry.isKnown(text, state) {
      return [.text(text), .secondary("a command of the debugger: Enter asks it")]
    }
    let near = PaletteEntry.near(text, state)
    let meant: StyledText =
      near.isEmpty
      ? .secondary("e.g. ") + .text("print loss   goto step 120   train")
      : .secondary("did you mean ") + .joined(near.prefix(3).map { .accent($0) }, separator: ", ")
        + .secondary("?")
    return [.warning("nothing is called “\(text)”"), meant]
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
      if let chosen {
        if completes(palette.text, chosen) { palette.text = chosen.start }
      } else if let near = PaletteEntry.near(palette.text, state).first {
        palette.text = near
      }
      palette.selection = ListSelection()
    case .backspace where palette.text.isEmpty:
      state.overlay = nil
      return []
    case .up
    where palette.past != nil || (palette.text.isEmpty && palette.selection.index == 0):
      recall(1, &palette, state)
    case .down where palette.past != nil: recall(-1, &palette, state)
    case .up, .down, .pageUp, .pageDown:
      _ = palette.selection.handle(stroke.key, count: entries.count, shown: rows)
    default:
      let before = palette.text
      guard palette.line.press(stroke) else { return [] }
      if palette.text != before {
        palette.past = nil
        palette.selection = ListSelection()
      }
    }
    state.overlay = .palette(palette)
    return []
  }

  /// Runs what is chosen; a command with arguments runs as typed, or asks for them first.
  private static func enter(
    _ palette: PaletteState, _ chosen: PaletteEntry?, _ state: inout AppState
  ) -> [Effect] {
    // Why the last line did nothing does not matter to the next one.
    state.messages.forgetRefusals()
    let text = palette.text.trimmingSpaces
    if CommandLine.isCode(text, state) { return runLine(text, &state) }
    guard let chosen else { return enterUnlisted(text, &state) }
    if palette.selection.index == 0, isMeant(text, beside: chosen) { return runLine(text, &state) }
    if case .binding(let binding) = chosen {
      state.overlay = nil
      state.rememberCommand(binding.name)
      return binding.run(&state)
    }
    if case .line(let start, _) = chosen, start.hasSuffix("= ") {
      var asking = palette
      asking.text = start
      asking.selection = ListSelection()
      state.overlay = .palette(asking)
      return []
    }
    let words = text.split(separator: " ").map(String.init)
    let isItsWord = words.first.map { chosen.words.contains($0) } ?? false
    if chosen.needsArgument,
      !isItsWord || words.count == 1 || text == chosen.start.trimmingSpaces
    {
      var asking = palette
      asking.text = chosen.start
      asking.selection = ListSelection()
      state.overlay = .palette(asking)
      state.say("\(chosen.name): type the rest, then Enter")
      return []
    }
    return runLine(isItsWord ? text : chosen.words.first ?? chosen.name, &state)
  }

  /// Whether an entry goes on with what is typed, or takes the place of a word that only resembles it:
  /// it never takes away what stands behind a command's word.
  private static func completes(_ text: String, _ chosen: PaletteEntry) -> Bool {
    let words = text.split(separator: " ").map(String.init)
    let isItsWord = words.first.map { chosen.words.contains($0) } ?? false
    return !isItsWord || words.count < 2 || chosen.start.hasPrefix(text.trimmingSpaces)
  }

  /// Whether a line that is a whole command by itself is meant, and not what is listed first beside
  /// it: `c` goes on, as in gdb, though other names begin with c.
  private static func isMeant(_ text: String, beside listed: PaletteEntry) -> Bool {
    guard (try? DebuggerCommand(text)) != nil else { return false }
    switch listed {
    case .binding(let binding): return binding.name != text
    // A function waits for what it is of.
    case .line(let line, _): return line.hasSuffix("(")
    case .command: return false
    }
  }

  private static func runLine(_ text: String, _ state: inout AppState) -> [Effect] {
    state.overlay = nil
    state.rememberCommand(text)
    state.typedCommand = text
    return CommandLine.run(text, &state)
  }

  /// A line that no entry fits: the debugger knows more words; else it stays to be mended.
  private static func enterUnlisted(_ text: String, _ state: inout AppState) -> [Effect] {
    guard !text.isEmpty else { return [] }
    if PaletteEntry.isKnown(text, state) { return runLine(text, &state) }
    let near = PaletteEntry.near(text, state).prefix(2).joined(separator: " or ")
    state.say(
      "there is no command “\(text)”" + (near.isEmpty ? "" : "; did you mean \(near)?"), .warning)
    return []
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
