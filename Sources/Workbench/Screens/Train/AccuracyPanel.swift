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
    let legend = CurveLegend(row.data, view.state, width: view.area.width - 17)
    let text = legend.text
    // What has no room above is named below.
    let hasBatches = view.lab.history.count > 0 && !text.plain.contains("batches")
    _ = view.box(
      "Accuracy", detail: text, note: hasBatches ? legend.batches : StyledText(), on: &grid)
    stack.draw(on: &grid)
  }
}
