import TerminalGraphics
import Training

/// The panels of Runs.
enum RunsPart: String, CaseIterable {
  case list, chart, differs, learned
}

/// Runs: what was trained, side by side: the list of kept runs, the curves of those that are marked,
/// and the settings in which they differ.
package enum RunsScreen: Screen {
  package static let name = ScreenName.runs

  static func places(_ state: AppState, in area: Rect) -> [PanelPlace] {
    let (list, chart, differs, learned) = (
      RunsPart.list.rawValue, RunsPart.chart.rawValue, RunsPart.differs.rawValue,
      RunsPart.learned.rawValue
    )
    guard area.width >= 76, area.height >= 18 else {
      let rows = area.rows(.share(1), .share(1))
      return [PanelPlace([list], rows[0]), PanelPlace([chart, differs, learned], rows[1])]
    }
    let high = state.isCompact ? area.height / 2 : max(12, area.height * 36 / 100)
    let rows = area.rows(.cells(high), .share(1))
    let columns =
      state.isCompact
      ? rows[1].columns(.share(46), .share(34)) : rows[1].columns(.share(72), .share(48))
    let places = [PanelPlace([list], rows[0]), PanelPlace([chart], columns[0])]
    guard !state.isCompact, columns[1].height >= 19 else {
      return places + [PanelPlace([differs, learned], columns[1])]
    }
    let right = columns[1].rows(.share(1), .cells(9))
    return places + [PanelPlace([differs], right[0]), PanelPlace([learned], right[1])]
  }

  package static func panels(_ state: AppState, in area: Rect) -> [Panel] {
    places(state, in: area).panels(focused: state.focus[.runs])
  }

  package static func bindings(_ state: AppState) -> [Binding] { RunsKeys.bindings(state) }

  package static func draw(_ state: AppState, _ panels: [Panel], on grid: inout CellGrid) {
    let places = places(state, in: state.body)
    for panel in panels where !panel.area.isEmpty {
      let view = PanelView(
        state: state, area: panel.area, isFocused: state.focusedPanel == panel.id,
        others: state.namesOthers ? places.hidden(beside: panel.id) : [])
      grid.clipped(to: panel.area) { grid in
        switch RunsPart(rawValue: panel.id) {
        case .list: RunsListPanel.draw(view, on: &grid)
        case .chart: RunsChartPanel.draw(view, on: &grid)
        case .differs: DiffersPanel.draw(view, on: &grid)
        case .learned: RunsLearnedPanel.draw(view, on: &grid)
        case nil: break
        }
        view.noteOthers(on: &grid)
      }
    }
  }

  package static func handle(_ stroke: KeyStroke, _ state: inout AppState) -> [Effect]? {
    switch RunsPart(rawValue: state.focusedPanel) {
    case .list: RunsListPanel.press(stroke.key, &state)
    case .chart: RunsChartPanel.press(stroke.key, &state)
    case .differs: DiffersPanel.press(stroke.key, &state)
    case .learned, nil: nil
    }
  }

  package static func status(_ state: AppState, isCompact: Bool) -> StyledText {
    let all = state.runs.ordered.count
    let marked = state.listedMarks.count
    guard all > 0 else { return .secondary(isCompact ? "no run" : "no run kept yet") }
    let count = NumberFormat.integer(all)
    guard isCompact else {
      return .strong("\(marked)") + .secondary(" marked of \(count)")
    }
    return .strong("\(marked)")
      + .secondary("/\(count)" + (state.size.width < 70 ? "" : " marked"))
  }

  package static func searchable(_ panel: String, _ state: AppState) -> Searchable? {
    guard panel == RunsPart.list.rawValue else { return nil }
    let chosen = state.runs.ordered.firstIndex { $0.number == state.runs.chosen }
    return Searchable(
      state.runs.ordered.map(\.searchText), isNarrowing: true, chosen: chosen
    ) { line, state in
      guard state.runs.ordered.indices.contains(line) else { return [] }
      state.chooseRun(state.runs.ordered[line].number)
      return []
    }
  }

  package static func arrive(_ state: inout AppState) -> [Effect] {
    state.runs.nextLook = state.now + RunsState.lookInterval
    state.arrangeRuns()
    return [.refreshHome]
  }

  package static func click(
    _ point: Point, _ panel: Panel, _ state: inout AppState
  ) -> [Effect] {
    switch RunsPart(rawValue: panel.id) {
    case .list: return RunsListPanel.click(point, panel.area, &state)
    case .chart: RunsChartPanel.click(point, panel.area, &state)
    case .differs, .learned, nil: break
    }
    return []
  }
}
