import TerminalGraphics
import Training

/// What a panel is drawn from.
struct PanelView {
  let state: AppState
  let area: Rect
  let isFocused: Bool

  var lab: LabSnapshot { state.lab }

  /// Draws the frame and returns the area inside it, a column of air at both sides.
  func box(
    _ title: String, detail: StyledText = StyledText(), note: StyledText = StyledText(),
    scroll: ScrollPosition? = nil, on grid: inout CellGrid
  ) -> Rect {
    grid.box(
      area, title: title, detail: detail, note: note, isFocused: isFocused, scroll: scroll
    ).inset(columns: 1, rows: 0)
  }

  /// A panel without a run to show says how to get one.
  func drawEmpty(_ title: String, on grid: inout CellGrid) {
    let inside = box(title, on: &grid)
    let why = lab.failure ?? "No run yet."
    grid.writeWrapped(
      .secondary(why + " ") + .accent("Space") + .secondary(" makes one of the network on ")
        + .accent("3") + .secondary(" and the data on ") + .accent("6") + .secondary("."),
      in: inside)
  }

  /// Says in the lower border what else has this place.
  func noteOthers(_ ids: [String], on grid: inout CellGrid) {
    let names = ids.joined(separator: ", ")
    let text: StyledText = .accent(" Tab") + .secondary(" \(names) ")
    guard text.width + 4 < area.width else { return }
    grid.write(text, at: Point(area.x + 2, area.bottom - 1))
  }
}
