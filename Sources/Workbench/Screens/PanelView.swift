import TerminalGraphics
import Training

/// What a panel is drawn from.
struct PanelView {
  let state: AppState
  var area: Rect
  var isFocused: Bool
  /// The other panels of this place, named in the lower border.
  var others: [String] = []

  var lab: LabSnapshot { state.lab }

  /// The run up to where it stands: after going back, what is to come is left out.
  var past: LabSnapshot {
    var lab = state.lab
    lab.history = lab.history.prefix(
      steps: lab.position.step, stepsPerEpoch: lab.settings?.stepsPerEpoch ?? 1)
    return lab
  }

  /// Draws the frame and returns the area inside it, a column of air at both sides.
  func box(
    _ title: String, detail: StyledText = StyledText(), note: StyledText = StyledText(),
    scroll: ScrollPosition? = nil, on grid: inout CellGrid
  ) -> Rect {
    grid.box(
      area, title: title, detail: detail, note: fitting(note), isFocused: isFocused,
      scroll: scroll
    ).inset(columns: 1, rows: 0)
  }

  /// A note of the lower border, left out where the names of the other panels take its room.
  func fitting(_ note: StyledText) -> StyledText {
    others.isEmpty || othersText.width + note.width + 8 <= area.width ? note : StyledText()
  }

  private var othersText: StyledText {
    StyledText(" ") + .hint("Tab", others.joined(separator: ", ")) + " "
  }

  /// A panel without a run to show says how to get one.
  func drawEmpty(_ title: String, on grid: inout CellGrid) {
    let inside = box(title, on: &grid)
    guard !state.awaitsKeptRun else {
      grid.writeWrapped(.secondary("The run that was at hand is being opened …"), in: inside)
      return
    }
    let why = lab.failure ?? "No run yet."
    grid.writeWrapped(
      .secondary(why + " ") + .accent("Space") + .secondary(" makes one of the network on ")
        + .key("3") + .secondary(" and the data on ") + .key("6") + .secondary("."),
      in: inside)
  }

  /// Says in the lower border what else has this place.
  func noteOthers(on grid: inout CellGrid) {
    guard !others.isEmpty, othersText.width + 4 < area.width else { return }
    grid.write(othersText, at: Point(area.x + 2, area.bottom - 1))
  }
}
