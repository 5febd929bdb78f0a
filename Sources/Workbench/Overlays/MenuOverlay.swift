import TerminalGraphics

/// A list over the screen, to choose one thing from.
enum MenuOverlay {
  private static func area(_ menu: Menu, _ state: AppState) -> Rect {
    // The details begin behind the longest label.
    let labels = menu.items.map(\.label.count).max() ?? 0
    let details = menu.items.map(\.detail.count).max() ?? 0
    let width = min(
      state.size.width - 4, max(labels + details + 8 + (details > 0 ? 1 : 0), menu.title.count + 8))
    return state.body.centered(Size(width, min(state.body.height, menu.items.count + 2)))
  }

  static func draw(_ menu: Menu, _ state: AppState, on grid: inout CellGrid) {
    let area = area(menu, state)
    grid.fill(area)
    var selection = menu.selection
    selection.reveal(shown: area.height - 2, count: menu.items.count)
    let inside = grid.box(
      area, title: menu.title, isFocused: true,
      scroll: selection.scroll(shown: area.height - 2, count: menu.items.count))
    let labelWidth = menu.items.map(\.label.count).max() ?? 0
    for row in 0..<inside.height {
      let i = selection.first + row
      guard i < menu.items.count else { break }
      let line = inside.row(row)
      let isChosen = i == menu.selection.index
      if isChosen { grid.highlight(line) }
      grid.write(isChosen ? .accent("▶") : " ", at: Point(line.x + 1, line.y))
      grid.write(
        StyledText(menu.items[i].label, .text, isChosen ? .bold : []), at: Point(line.x + 3, line.y)
      )
      grid.write(
        .secondary(menu.items[i].detail).truncated(to: max(0, line.width - labelWidth - 6)),
        at: Point(line.x + 5 + labelWidth, line.y))
      grid.mark(line, .entry(i))
    }
    grid.mark(area, .inside)
  }

  static func press(_ stroke: KeyStroke, _ menu: Menu, _ state: inout AppState) -> [Effect] {
    var menu = menu
    if stroke.key == .enter {
      state.overlay = nil
      guard menu.items.indices.contains(menu.selection.index) else { return [] }
      return menu.choose(menu.selection.index, &state)
    }
    _ = menu.selection.handle(
      stroke.key, count: menu.items.count, shown: max(1, area(menu, state).height - 2))
    state.overlay = .menu(menu)
    return []
  }
}
