import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// Numbers predicted: over the input where there is one, else against what is true.
enum FitPanel {
  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    let fitted = view.lab.pictures?.fitted ?? []
    let isCurve = view.lab.network?.inputShape.count == 1
    let inside = view.box(
      view.area.width < 40 ? "Learned" : TrainPart.learned.title,
      detail: view.area.width < 40 ? "" : isCurve ? "y over x" : "said over true", on: &grid)
    guard !fitted.isEmpty, inside.height > 2 else {
      grid.writeWrapped(.secondary("The picture comes with the next news of the run."), in: inside)
      return
    }
    let picture = inside.trimmed(bottom: 2)
    let dots: [ScatterPlot.Dot] =
      isCurve
      ? fitted.map { ScatterPlot.Dot(x: $0.input, y: $0.target, group: 0) }
        + fitted.map { ScatterPlot.Dot(x: $0.input, y: $0.said, group: 1) }
      : fitted.map { ScatterPlot.Dot(x: $0.target, y: $0.said, group: 0) }
    // The plot keeps to what is true, so that wild predictions do not shrink it.
    let truth = Axis(fitting: fitted.map(\.target))
    let margin = (truth.high - truth.low) * 0.15
    let yAxis = Axis(low: truth.low - margin, high: truth.high + margin)
    let xAxis = isCurve ? Axis(fitting: fitted.map(\.input)) : yAxis
    let plot = ScatterPlot(dots: dots, xAxis: xAxis, yAxis: yAxis)
    if !isCurve { drawDiagonal(plot, in: picture, on: &grid) }
    plot.draw(in: picture, on: &grid)
    drawWords(fitted, isCurve, yAxis, view, inside, on: &grid)
  }

  /// Where said and true are equal.
  private static func drawDiagonal(
    _ plot: ScatterPlot, in area: Rect, on grid: inout CellGrid
  ) {
    for column in 0..<area.width {
      let value = plot.xAxis.value(at: (Double(column) + 0.5) / Double(area.width))
      guard let point = plot.point(x: Float(value), y: Float(value), in: area) else { continue }
      grid.put("·", at: point, ink: .border)
    }
  }

  private static func drawWords(
    _ fitted: [FittedExample], _ isCurve: Bool, _ axis: Axis, _ view: PanelView, _ inside: Rect,
    on grid: inout CellGrid
  ) {
    let ability = view.state.ability
    func mark(_ group: Int) -> String {
      String(Character(ScatterPlot.mark(of: group, ability: ability)))
    }
    let range =
      "\(NumberFormat.compact(axis.low, digits: 2)) … \(NumberFormat.compact(axis.high, digits: 2))"
    let part = view.lab.settings?.data.validation == nil ? "learned" : "unseen"
    let key: StyledText =
      isCurve
      ? StyledText(mark(0) + " true ", .series(0)) + StyledText(mark(1) + " said ", .series(1))
        + .secondary("up \(range)")
      : StyledText(mark(0) + " \(part) ", .series(0))
        + .secondary("across true, up said: \(range)")
    grid.write(key, at: Point(inside.x, inside.bottom - 2), width: inside.width)
    let errors = fitted.map { Double(abs($0.said - $0.target)) }
    let mean = errors.reduce(0, +) / Double(max(errors.count, 1))
    grid.write(
      .secondary("mean distance ") + .text(NumberFormat.compact(mean, digits: 3))
        + .secondary(" over \(NumberFormat.integer(errors.count)) \(part)"),
      at: Point(inside.x, inside.bottom - 1), width: inside.width)
  }
}
