import TerminalGraphics
import Training

/// The share that is right, batch by batch and epoch by epoch, beside the other curves.
enum AccuracyPanel {
  static func stack(_ state: AppState, _ area: Rect) -> CurveStack {
    CurveStack(
      [.accuracy], state, panel: TrainPart.accuracy.rawValue,
      in: area.inset().inset(columns: 1, rows: 0))
  }

  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    let stack = stack(view.state, view.area)
    guard let row = stack.rows.first else { return }
    let room = view.area.width - 17
    _ = view.box(
      "Accuracy",
      detail: CurveLegend(row.data, view.state, width: room).text, on: &grid)
    stack.draw(on: &grid)
  }
}
