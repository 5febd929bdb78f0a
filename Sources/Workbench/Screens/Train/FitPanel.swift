import Datasets
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// Numbers predicted: over the input where there is one, else against what is true.
enum FitPanel {
  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    let fit = view.lab.pictures?.fit ?? Fitted()
    let isCurve = view.lab.network?.inputShape.count == 1
    let isNarrow = view.area.width < 40
    let title = isNarrow ? "Learned" : TrainPart.learned.title
    let line = [
      "on the dotted line: said = true", "dotted: said = true", "··· said = true",
    ]
    let inside = view.box(
      title, detail: isCurve ? "" : Fitting.detail(line, beside: title, in: view.area),
      note: view.judgedNote, on: &grid)
    guard fit.count > 0, inside.height > 2 else {
      grid.writeWrapped(
        .secondary("Here comes what it says for each example, beside what is true."), in: inside)
      return
    }
    let words = words(fit, isCurve, view, width: inside.width)
    let count = inside.height > 7 ? words.count : 1
    let area = inside.trimmed(bottom: count)
    let (frame, plot) = plots(fit.dots, isCurve, view)
    frame.draw(in: area, on: &grid)
    let inner = frame.plotArea(in: area)
    grid.clipped(to: inner) { grid in
      if !isCurve { drawDiagonal(plot, in: inner, on: &grid) }
      plot.draw(in: inner, on: &grid)
    }
    drawYName(isCurve ? yName(view) : "said", in: inner, on: &grid)
    for (row, line) in words.prefix(count).enumerated() {
      grid.write(line, at: Point(inside.x, area.bottom + row), width: inside.width)
    }
  }

  private static func xName(_ view: PanelView) -> String {
    view.lab.pass == nil ? view.state.workpiece.dataset.features.first ?? "x" : "x"
  }

  private static func yName(_ view: PanelView) -> String {
    view.lab.pass == nil ? view.state.workpiece.dataset.targetName : "target"
  }

  /// The axes, and the dots between them.
  private static func plots(
    _ fitted: [Fitted.Dot], _ isCurve: Bool, _ view: PanelView
  ) -> (frame: LinePlot, dots: ScatterPlot) {
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
    let frame = LinePlot(
      series: [], xAxis: xAxis, yAxis: yAxis, xLabel: isCurve ? xName(view) : "true")
    return (frame, ScatterPlot(dots: dots, xAxis: xAxis, yAxis: yAxis))
  }

  /// Where said and true are equal.
  private static func drawDiagonal(
    _ plot: ScatterPlot, in area: Rect, on grid: inout CellGrid
  ) {
    for column in 0..<area.width {
      let value = plot.xAxis.value(at: (Double(column) + 0.5) / Double(max(1, area.width)))
      guard let point = plot.point(x: Float(value), y: Float(value), in: area) else { continue }
      grid.put("·", at: point, ink: .secondary)
    }
  }

  /// What goes up, in the corner above the dots.
  private static func drawYName(_ name: String, in area: Rect, on grid: inout CellGrid) {
    let text: StyledText = .secondary("↑ " + name)
    guard text.width + 2 < area.width, area.height > 3,
      ReadingBox.covered(by: Rect(area.x, area.y, text.width + 1, 1), on: grid) == 0
    else { return }
    grid.write(text + " ", at: area.origin)
  }

  /// What the marks mean and which outputs they are, then how far off all are.
  private static func words(
    _ fit: Fitted, _ isCurve: Bool, _ view: PanelView, width: Int
  ) -> [StyledText] {
    func mark(_ group: Int) -> String {
      String(Character(ScatterPlot.mark(of: group, ability: view.state.ability)))
    }
    let part = view.lab.settings?.data.validation == nil ? "learned" : "unseen"
    let one = part == "learned" ? "a" : "an"
    let all = NumberFormat.integer(fit.count)
    let dot: [String] =
      if fit.outputs == 1 {
        ["\(one) \(part) example"]
      } else if fit.dots.count < fit.count {
        [
          "\(fit.dots.count) of \(all) outputs, \(part) examples",
          "\(fit.dots.count) of \(all) outputs",
        ]
      } else {
        ["an output of \(one) \(part) example", "an output"]
      }
    let key: StyledText =
      isCurve
      ? StyledText(mark(0) + " true  ", .series(0)) + StyledText(mark(1) + " said", .series(1))
      : StyledText(mark(0) + " " + Fitting.text(dot, width: width - 2), .series(0))
    let off: StyledText =
      .secondary("off by ") + .text(NumberFormat.compact(Double(fit.error), digits: 3))
      + .secondary(" on average")
    let count = fit.outputs == 1 ? ", \(all) \(part)" : " over all \(all)"
    return [key, Fitting.first([off + .secondary(count), off], width: width) ?? off]
  }
}
