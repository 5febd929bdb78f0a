import TerminalGraphics
import Training

/// What happened in the run, as a list: Enter goes to the step of a line.
enum HappenedPanel {
  private static func events(_ state: AppState) -> [Happenings.Event] {
    Happenings.lines(state.lab, marks: state.train.curves.marks)
  }

  /// Lines of one event: where it is narrow its words stand below its step.
  private static func height(_ area: Rect) -> Int { area.width < 38 ? 2 : 1 }

  /// How many events an area shows.
  private static func shown(_ area: Rect) -> Int { max(1, (area.height - 2) / height(area)) }

  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    let events = events(view.state)
    let scroll = view.state.train.happened.scroll(
      shown: min(shown(view.area), events.count), count: events.count)
    let inside = view.box(
      "What happened",
      detail: view.area.width < 42
        ? StyledText() : .key("Enter") + .secondary(" goes there"),
      // The names of the other panels stand where the count would.
      note: view.others.isEmpty || !scroll.isNeeded ? StyledText() : .secondary("↑↓"),
      scroll: scroll.isNeeded ? scroll : nil, on: &grid)
    let height = height(view.area)
    for row in 0..<min(scroll.shown, events.count - scroll.first) {
      let event = events[scroll.first + row]
      let place = inside.trimmed(top: row * height)
      let isChosen = view.isFocused && scroll.first + row == view.state.train.happened.index
      draw(
        event, view, isChosen: isChosen, in: Rect(place.x, place.y, place.width, height),
        on: &grid)
    }
  }

  private static func draw(
    _ event: Happenings.Event, _ view: PanelView, isChosen: Bool, in area: Rect,
    on grid: inout CellGrid
  ) {
    if isChosen { grid.highlight(area) }
    let width = NumberFormat.integer(view.lab.settings?.totalSteps ?? 0).count
    let number = NumberFormat.padded(NumberFormat.integer(event.step), to: width)
    let step: StyledText =
      (isChosen ? .accent("step ") : .secondary("step "))
      + (isChosen ? .accent(number) : .secondary(number))
    let isAhead = event.step > view.lab.position.step
    let ahead: StyledText = isAhead ? .secondary(", to come") : StyledText()
    let words: StyledText =
      isAhead ? .secondary(event.text) : event.isBad ? .bad("! " + event.text) : .text(event.text)
    grid.write(step, at: area.origin)
    guard area.height == 1 else {
      grid.write(ahead, at: Point(area.x + step.width, area.y))
      grid.write(words, at: Point(area.x + 2, area.y + 1), width: area.width - 2)
      return
    }
    let start = area.x + step.width + 2
    let end = start + grid.write(words + ahead, at: Point(start, area.y), width: area.right - start)
    guard !event.detail.isEmpty, end + 2 + event.detail.count <= area.right else { return }
    grid.write(.secondary(event.detail), at: Point(end + 2, area.y))
  }

  static func press(_ key: Key, _ state: inout AppState) -> [Effect]? {
    let events = events(state)
    if key == .enter {
      guard events.indices.contains(state.train.happened.index) else { return nil }
      return CurvesPanel.go(to: events[state.train.happened.index].step, &state)
    }
    let area = state.panels.first { $0.id == TrainPart.happened.rawValue }?.area
    let shown = area.map(shown) ?? 1
    return state.train.happened.handle(key, count: events.count, shown: shown) ? [] : nil
  }

  static func click(_ point: Point, _ area: Rect, _ state: inout AppState) -> [Effect] {
    let count = events(state).count
    let scroll = state.train.happened.scroll(shown: min(shown(area), count), count: count)
    let line = scroll.first + (point.y - area.y - 1) / height(area)
    guard area.inset().contains(point), line < count else { return [] }
    state.train.happened.select(line, count: count)
    return []
  }
}
