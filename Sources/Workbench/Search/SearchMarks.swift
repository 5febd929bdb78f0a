import TerminalGraphics

/// How a search shows: its matches in the panel, its text and their number in the lower border.
enum SearchMarks {
  static func draw(_ state: AppState, on grid: inout CellGrid) {
    guard let search = state.searchHere,
      let area = state.panels.first(where: { $0.id == search.panel })?.area, area.height > 2
    else { return }
    let target =
      state.current.searchable(search.panel, state) ?? Searchable(drawnIn: area, on: grid)
    let matches = target?.matches(search.text) ?? []
    let current = search.current.flatMap { target?.row($0) }
    if let current, current > 0, current < area.height - 1, !matches.isEmpty {
      grid.put("▶", at: Point(area.x, area.y + current), ink: .accent, attributes: .bold)
    }
    let marked = matches.isEmpty ? "" : search.text
    mark(marked, in: area.inset(), current: current.map { area.y + $0 }, on: &grid)
    let place = (target?.chosen ?? search.current).flatMap { matches.firstIndex(of: $0) }
    let label = label(search, count: matches.count, place: place, width: area.width - 6)
    // What the border says otherwise gives way.
    for x in area.x + 1..<area.right - 1 {
      grid.put("─", at: Point(x, area.bottom - 1), ink: .accent, background: .plain)
    }
    grid.write(label, at: Point(area.x + 2, area.bottom - 1), background: .bar)
  }

  /// ` / spiral▏ 2 of 5 `
  private static func label(
    _ search: PanelSearch, count: Int, place: Int?, width: Int
  ) -> StyledText {
    let found: StyledText =
      search.text.isEmpty
      ? .secondary("type to search")
      : count == 0
        ? .warning("nothing has it")
        : .text("\((place ?? 0) + 1)") + .secondary(" of \(count)")
    let room = max(4, width - found.width - 5)
    let text = search.isTyping ? search.line.shown(width: room) : search.text
    return (" " + .accent("/") + .strong(text) + "  " + found + " ").truncated(to: width)
  }

  /// Marks each place that has a text: underlined, and reversed in the line one is at, so that it
  /// shows without colors too.
  static func mark(
    _ text: String, in area: Rect, current: Int? = nil, on grid: inout CellGrid
  ) {
    let wanted = text.lowercased().map(String.init)
    guard !wanted.isEmpty else { return }
    for y in area.y..<area.bottom {
      let cells = (area.x..<area.right).map { x in
        grid[Point(x, y)].map { Character($0.scalar).lowercased() } ?? " "
      }
      var x = 0
      while x + wanted.count <= cells.count {
        guard cells[x..<x + wanted.count].elementsEqual(wanted) else {
          x += 1
          continue
        }
        let place = Rect(area.x + x, y, wanted.count, 1)
        let isChosen =
          grid[place.origin].map { [.selection, .bar].contains($0.background) } ?? false
        let isCurrent = current.map { $0 == y } ?? isChosen
        grid.restyle(place) { cell in
          cell.foreground = .accent
          cell.attributes = isCurrent ? [.bold, .underline, .reverse] : [.bold, .underline]
        }
        x += wanted.count
      }
    }
  }
}
