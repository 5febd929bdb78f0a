import TerminalGraphics

/// A list to choose from; typing narrows it.
package struct Menu: Sendable {
  package var title: String
  package var items: [(label: String, detail: String)]
  /// The chosen one of those that show.
  package var selection = ListSelection()
  package var choose: @Sendable (Int, inout AppState) -> [Effect]
  /// What the list is narrowed to.
  var narrowing = LineEditor()

  package init(
    _ title: String, _ items: [(label: String, detail: String)], selected: Int = 0,
    choose: @escaping @Sendable (Int, inout AppState) -> [Effect]
  ) {
    self.title = title
    self.items = items
    self.choose = choose
    selection = ListSelection(index: selected)
  }

  /// The items that have what is typed: in their label, those first that begin with it, or in their
  /// detail where no label has it.
  var visible: [Int] {
    let text = narrowing.text.lowercased()
    guard !text.isEmpty else { return Array(items.indices) }
    let named = items.indices.filter { items[$0].label.lowercased().contains(text) }
    let begin = named.filter { items[$0].label.lowercased().hasPrefix(text) }
    return named.isEmpty
      ? items.indices.filter { items[$0].detail.lowercased().contains(text) }
      : begin + named.filter { !begin.contains($0) }
  }
}

/// A list over the screen, to choose one thing from.
enum MenuOverlay {
  private static func area(_ menu: Menu, _ state: AppState) -> Rect {
    // The details begin behind the longest label.
    let labels = menu.items.map(\.label.count).max() ?? 0
    let details = menu.items.map(\.detail.count).max() ?? 0
    let width = min(
      state.size.width - 4,
      max(labels + details + 8 + (details > 0 ? 1 : 0), menu.title.count + 8, 30))
    let rows = menu.items.count + 2
    let more = needsNote(menu, width: width) ? noteHeight : 0
    return state.body.centered(Size(width, min(state.body.height, rows + more)))
  }

  /// The rows at the foot where the chosen one's details stand in full.
  private static let noteHeight = 3

  /// Whether some details are too long for their line.
  private static func needsNote(_ menu: Menu, width: Int) -> Bool {
    let labels = menu.items.map(\.label.count).max() ?? 0
    return menu.items.contains { $0.detail.count > width - 8 - labels }
  }

  /// How many items show at once.
  private static func shown(_ menu: Menu, in area: Rect) -> Int {
    let rows = area.height - 2
    return max(1, needsNote(menu, width: area.width) && rows > 6 ? rows - noteHeight : rows)
  }

  static func draw(_ menu: Menu, _ state: AppState, on grid: inout CellGrid) {
    let area = area(menu, state)
    grid.fill(area, background: .bar)
    let visible = menu.visible
    var selection = menu.selection
    let shown = shown(menu, in: area)
    selection.reveal(shown: shown, count: visible.count)
    let typed = menu.narrowing
    let note: StyledText =
      typed.isEmpty
      ? StyledText()
      : .accent("/") + .strong(typed.shown(width: 14)) + .secondary(" \(visible.count)")
    let inside = grid.box(
      area, title: menu.title, note: note, isFocused: true,
      scroll: selection.scroll(shown: shown, count: visible.count))
    let labelWidth = menu.items.map(\.label.count).max() ?? 0
    if visible.isEmpty {
      grid.write(.secondary("nothing has it"), at: Point(inside.x + 3, inside.y))
    }
    for row in 0..<min(shown, inside.height) where visible.indices.contains(selection.first + row) {
      let item = menu.items[visible[selection.first + row]]
      let line = inside.row(row)
      let isChosen = selection.first + row == selection.index
      if isChosen { grid.highlight(line) }
      grid.write(isChosen ? .accent("▶") : " ", at: Point(line.x + 1, line.y))
      grid.write(
        StyledText(item.label, .text, isChosen ? .bold : []), at: Point(line.x + 3, line.y),
        width: max(0, line.width - 4))
      grid.write(
        .secondary(item.detail).truncatedAtWord(to: max(0, line.width - labelWidth - 6)),
        at: Point(line.x + 5 + labelWidth, line.y))
      grid.mark(line, .entry(selection.first + row))
    }
    if shown < inside.height, visible.indices.contains(selection.index) {
      grid.rule(in: inside, row: inside.height - noteHeight)
      let detail = StyledText.secondary(menu.items[visible[selection.index]].detail)
      for (row, line) in detail.wrapped(to: inside.width - 4).prefix(noteHeight - 1).enumerated() {
        grid.write(line, at: Point(inside.x + 3, inside.bottom - noteHeight + 1 + row))
      }
    }
    SearchMarks.mark(
      typed.text, in: inside, current: inside.y + selection.index - selection.first, on: &grid)
    grid.mark(area, .inside)
  }

  static func press(_ stroke: KeyStroke, _ menu: Menu, _ state: inout AppState) -> [Effect] {
    var menu = menu
    let visible = menu.visible
    switch stroke.key {
    case .enter:
      guard visible.indices.contains(menu.selection.index) else {
        if !menu.narrowing.isEmpty { state.say("nothing here has it; Backspace", .warning) }
        return []
      }
      state.overlay = nil
      return menu.choose(visible[menu.selection.index], &state)
    case .up, .down, .pageUp, .pageDown:
      _ = menu.selection.handle(
        stroke.key, count: visible.count, shown: shown(menu, in: area(menu, state)))
    case .home where menu.narrowing.isEmpty: menu.selection.select(0, count: visible.count)
    case .end where menu.narrowing.isEmpty:
      menu.selection.select(visible.count - 1, count: visible.count)
    default:
      let before = menu.narrowing.text
      guard menu.narrowing.press(stroke) else { return [] }
      if menu.narrowing.text != before {
        menu.selection = ListSelection()
        // A message would stand over what is typed.
        state.messages.hide()
      }
    }
    state.overlay = .menu(menu)
    return []
  }
}
