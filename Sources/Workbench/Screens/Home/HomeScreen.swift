import TerminalGraphics
import Training

/// Home: what one was at, what there is, and where to begin.
package enum HomeScreen: Screen {
  package static let name = ScreenName.home

  package static func panels(_ state: AppState, in area: Rect) -> [Panel] {
    HomeLayout(state, area).panels
  }

  package static func draw(_ state: AppState, _ panels: [Panel], on grid: inout CellGrid) {
    for panel in panels {
      let isFocused = state.focusedPanel == panel.id && panels.count > 1
      switch panel.id {
      case "start": StartHerePanel.draw(state, panel.area, isFocused, on: &grid)
      case "own": OwnPanel.draw(state, panel.area, isFocused, on: &grid)
      case "continue": ContinuePanel.draw(state, panel.area, isFocused, on: &grid)
      case "course": CoursePanel.draw(state, panel.area, isFocused, on: &grid)
      case "runs": RunsPanel.draw(state, panel.area, isFocused, on: &grid)
      case "learned": LastRunPanel.draw(state, panel.area, isFocused, on: &grid)
      case "begin": BeginPanel.draw(state, panel.area, isFocused, on: &grid)
      default: TerminalPanel.draw(state, panel.area, isFocused, on: &grid)
      }
    }
    if state.isNewcomer, !state.isCompact, !state.isZoomed, let last = panels.last?.area,
      last.bottom < state.body.bottom
    {
      grid.write(
        .secondary("No run yet, no lesson begun. This page fills with yours."),
        at: Point(panels[0].area.x, min(last.bottom + 1, state.body.bottom - 1)))
    }
  }

  package static func status(_ state: AppState, isCompact: Bool) -> StyledText {
    if state.isNewcomer { return .secondary("welcome") }
    let lessons = state.home.contents.lessons
    let done = lessons.count { $0.isDone }
    let course: StyledText =
      lessons.isEmpty
      ? StyledText()
      : .secondary(isCompact ? "\(done)/\(lessons.count)" : "\(done) of \(lessons.count) lessons")
    let isNarrow = state.size.width < 70
    let word = isNarrow ? "kept" : "recorded"
    let record: StyledText =
      state.home.contents.isRecording
      ? .good("●") + .secondary(" " + word) : .warning("○") + .secondary(" not " + word)
    return .joined([isNarrow ? StyledText() : course, record])
  }

  package static func arrive(_ state: inout AppState) -> [Effect] {
    state.giveWorkpieceBack()
    return [.refreshHome]
  }

  package static func handle(_ stroke: KeyStroke, _ state: inout AppState) -> [Effect]? {
    let shown = max(1, (state.panels.first { $0.id == state.focusedPanel }?.area.height ?? 4) - 3)
    switch state.focusedPanel {
    case "runs":
      let visible = state.narrowed(
        state.home.contents.latest.count, .home, "runs", lines: RunsPanel.lines(state))
      return state.home.runs.handle(
        stroke.key, among: visible, count: state.home.contents.latest.count, shown: shown)
        ? [] : nil
    case "course":
      return CoursePanel.handle(stroke.key, shown: shown, &state) ? [] : nil
    case "begin", "own":
      let count = HomeActionList.actions(state.focusedPanel, state).count
      return state.home.beginning.handle(stroke.key, count: count, shown: count) ? [] : nil
    default: return nil
    }
  }

  package static func click(
    _ point: Point, _ panel: Panel, _ state: inout AppState
  ) -> [Effect] {
    switch panel.id {
    case "runs": RunsPanel.click(point, panel.area, &state)
    case "course": CoursePanel.click(point, panel.area, &state)
    case "begin", "own":
      let inside = panel.area.inset().inset(columns: panel.id == "begin" ? 1 : 0, rows: 0)
      let actions = HomeActionList.actions(panel.id, state)
      if let place = HomeActionList.action(at: point, actions, inside) {
        return HomeActionList.run(place, panel.id, &state)
      }
    default: break
    }
    return []
  }
}

/// Where the panels of Home lie.
private struct HomeLayout {
  let panels: [Panel]

  init(_ state: AppState, _ area: Rect) {
    switch (state.isNewcomer, state.isCompact) {
    case (true, false): panels = Self.first(state, area)
    case (true, true): panels = Self.firstCompact(state, area)
    case (false, false): panels = Self.full(state, area)
    case (false, true): panels = Self.compact(state, area)
    }
  }

  private static func first(_ state: AppState, _ area: Rect) -> [Panel] {
    let column = area.centered(Size(98, area.height)).trimmed(top: 1)
    let rows = column.rows(.cells(16), .cells(2), .cells(9))
    guard !state.home.contents.lessons.isEmpty else {
      return [Panel("start", rows[0]), Panel("own", rows[2])]
    }
    let lower = rows[2].columns(.share(1), .share(1), gap: 3)
    return [Panel("start", rows[0]), Panel("course", lower[0]), Panel("own", lower[1])]
  }

  private static func firstCompact(_ state: AppState, _ area: Rect) -> [Panel] {
    // The lower panels give way before the start loses a line that matters.
    let rows = area.rows(.cells(min(12, area.height)), .share(1))
    let upper = area.height - 12 < 4 ? area : rows[0]
    var panels = [Panel("start", upper)]
    guard area.height - 12 >= 4 else { return panels }
    let lower = rows[1]
    if state.home.contents.lessons.isEmpty {
      panels.append(Panel("own", lower))
    } else {
      let columns = lower.columns(.share(1), .share(1))
      panels += [Panel("course", columns[0]), Panel("own", columns[1])]
    }
    return panels
  }

  private static func full(_ state: AppState, _ area: Rect) -> [Panel] {
    let columns = area.columns(.share(66), .share(54))
    let hasCourse = !state.home.contents.lessons.isEmpty
    let hasPicture = LastRunPanel.hasPicture(state)
    let isHigh = area.height >= 32
    let low = isHigh ? 8 : 7
    let top = 7
    let picture = max(13, area.height * 2 / 5)
    if !hasPicture && state.home.contents.runs.isEmpty {
      // Nothing is trained yet: what one may begin takes the place of runs.
      let left = columns[0].rows(.cells(top), .share(1))
      let isAlone = !hasCourse
      let right = columns[1].rows(
        .cells(6), .share(isAlone ? 0 : 1), isAlone ? .share(1) : .cells(low))
      let begin = Panel("begin", isAlone ? left[1] : right[1])
      return [Panel("continue", left[0])]
        + (hasCourse
          ? [Panel("course", left[1]), Panel("runs", right[0]), begin]
          : [begin, Panel("runs", right[0])]) + [Panel("terminal", right[2])]
    }
    let right =
      hasPicture
      ? columns[1].rows(.share(1), .cells(picture), .cells(low))
      : columns[1].rows(.share(1), .cells(0), .cells(low))
    let runs =
      [Panel("runs", right[0])] + (hasPicture ? [Panel("learned", right[1])] : [])
      + [Panel("terminal", right[2])]
    guard hasCourse else {
      let left = columns[0].rows(.cells(top), .share(1))
      return [Panel("continue", left[0]), Panel("begin", left[1])] + runs
    }
    let left = columns[0].rows(.cells(top), .share(1), .cells(isHigh ? 9 : 8))
    return [
      Panel("continue", left[0]), Panel("course", left[1]), Panel("begin", left[2]),
    ] + runs
  }

  private static func compact(_ state: AppState, _ area: Rect) -> [Panel] {
    let lessons = state.home.contents.lessons.count
    let hasCourse = lessons > 0
    // A short course shares its room.
    if hasCourse, area.height - 6 - lessons - 2 >= (area.height >= 18 ? 11 : 5) {
      guard area.height >= 18 else {
        let rows = area.rows(.cells(6), .cells(lessons + 2), .share(1))
        return [Panel("continue", rows[0]), Panel("course", rows[1]), Panel("begin", rows[2])]
      }
      let rows = area.rows(.cells(6), .cells(lessons + 2), .share(1), .cells(6))
      return [
        Panel("continue", rows[0]), Panel("course", rows[1]), Panel("runs", rows[2]),
        Panel("begin", rows[3]),
      ]
    }
    guard area.height >= 18 else {
      let rows = area.rows(.cells(6), .share(1))
      return [Panel("continue", rows[0]), Panel(hasCourse ? "course" : "runs", rows[1])]
    }
    if hasCourse {
      let rows = area.rows(.cells(6), .share(1), .cells(4))
      return [Panel("continue", rows[0]), Panel("course", rows[1]), Panel("runs", rows[2])]
    }
    let rows = area.rows(.cells(6), .share(1), .cells(7))
    return [Panel("continue", rows[0]), Panel("runs", rows[1]), Panel("begin", rows[2])]
  }
}
