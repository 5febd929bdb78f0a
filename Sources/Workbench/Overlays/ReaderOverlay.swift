import TerminalGraphics

/// A text over the screen, to read and scroll.
enum ReaderOverlay {
  private static func area(_ reader: Reader, _ state: AppState) -> Rect {
    let widest = reader.lines.map { TextWidth.columns($0) }.max() ?? 0
    let width = min(state.size.width - 4, max(widest + 4, reader.title.count + 8))
    return state.body.centered(Size(width, min(state.body.height, reader.lines.count + 2)))
  }

  static func draw(_ reader: Reader, _ state: AppState, on grid: inout CellGrid) {
    let area = area(reader, state)
    grid.fill(area)
    let inside = grid.box(
      area, title: reader.title, isFocused: true,
      scroll: ScrollPosition(
        first: reader.first, shown: area.height - 2, total: reader.lines.count))
    for (row, line) in reader.lines.dropFirst(reader.first).prefix(inside.height).enumerated() {
      grid.write(
        .text(line).truncated(to: inside.width - 2), at: Point(inside.x + 1, inside.y + row))
    }
    grid.mark(area, .inside)
  }

  static func press(_ stroke: KeyStroke, _ reader: Reader, _ state: inout AppState) -> [Effect] {
    var reader = reader
    let shown = max(1, area(reader, state).height - 2)
    let last = max(0, reader.lines.count - shown)
    switch stroke.key {
    case .up, .character("k"): reader.first -= 1
    case .down, .character("j"): reader.first += 1
    case .pageUp: reader.first -= shown
    case .pageDown, .character(" "): reader.first += shown
    case .home: reader.first = 0
    case .end: reader.first = last
    case .enter, .character("q"):
      state.overlay = nil
      return []
    default: break
    }
    reader.first = max(0, min(reader.first, last))
    state.overlay = .reader(reader)
    return []
  }
}
