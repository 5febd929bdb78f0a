import TerminalGraphics
import Training

/// What happened in the run, as a list: Enter goes to the step of a line.
enum HappenedPanel {
  private static func events(_ state: AppState) -> [Happenings.Event] {
    Happenings.lines(state.lab, marks: state.train.curves.marks)
  }

  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    let events = events(view.state)
    let shown = max(0, view.area.height - 2)
    var selection = view.state.train.happened
    selection.reveal(shown: shown, count: events.count)
    let scroll = selection.scroll(shown: min(shown, events.count), count: events.count)
    let inside = view.box(
      "What happened",
      detail: view.area.width < 34
        ? StyledText() : .accent("Enter") + .secondary(" goes there"),
      scroll: scroll.isNeeded ? scroll : nil, on: &grid)
    let width = NumberFormat.integer(view.lab.settings?.totalSteps ?? 0).count
    for row in 0..<min(inside.height, events.count - scroll.first) {
      let event = events[scroll.first + row]
      let line = inside.row(row)
      let isChosen = view.isFocused && scroll.first + row == selection.index
      if isChosen { grid.highlight(line) }
      let step = NumberFormat.padded(NumberFormat.integer(event.step), to: width)
      let isAhead = event.step > view.lab.position.step
      let words: StyledText =
        isAhead
        ? .secondary(event.text + ", to come")
        : event.isBad ? .bad("! " + event.text) : .text(event.text)
      let text = (isChosen ? .accent(step) : .secondary(step)) + "  " + words
      let used = grid.write(text, at: line.origin, width: line.width) + 2
      guard !isAhead, !event.detail.isEmpty, used + event.detail.count <= line.width else {
        continue
      }
      grid.write(.secondary(event.detail), at: Point(line.x + used, line.y))
    }
  }

  static func press(_ key: Key, _ state: inout AppState) -> [Effect]? {
    let events = events(state)
    let shown = state.panels.first { $0.id == TrainPart.happened.rawValue }
      .map { $0.area.height - 2 }
    if key == .enter {
      guard events.indices.contains(state.train.happened.index) else { return nil }
      return CurvesPanel.go(to: events[state.train.happened.index].step, &state)
    }
    return state.train.happened.handle(key, count: events.count, shown: max(1, shown ?? 1))
      ? [] : nil
  }

  static func click(_ point: Point, _ area: Rect, _ state: inout AppState) -> [Effect] {
    let count = events(state).count
    let line =
      state.train.happened.scroll(shown: min(area.height - 2, count), count: count).first
      + point.y - area.y - 1
    guard area.inset().contains(point), line < count else { return [] }
    state.train.happened.select(line, count: count)
    return []
  }
}
