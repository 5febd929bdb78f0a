import TerminalGraphics
import Training

/// The share that is right, epoch by epoch.
enum AccuracyPanel {
  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    let lab = view.past
    let perEpoch = lab.settings?.stepsPerEpoch ?? 1
    let learned = points(lab, perEpoch, \.accuracy)
    let unseen = points(lab, perEpoch, \.validationAccuracy)
    var series: [LinePlot.Series] = []
    var legend: [StyledText] = []
    for (name, points, ink) in [
      ("accuracy", learned, Ink.series(0)), ("val_accuracy", unseen, Ink.series(1)),
    ] where !points.isEmpty {
      series.append(
        LinePlot.Series(name: name, x: points.map(\.x), y: points.map(\.y), ink: ink))
      let last =
        points.last.map { NumberFormat.fixed($0.y, decimals: view.area.width < 37 ? 2 : 3) } ?? ""
      let short = name == "accuracy" ? (view.area.width < 42 ? "" : name) : "val"
      let label = view.area.width < 56 ? short : name
      let mark = series.count > 1 && view.state.ability.depth == .none ? "o" : "━"
      legend.append(StyledText("\(mark) \(label)\(label.isEmpty ? "" : " ")\(last)", ink))
    }
    let inside = view.box(
      "Accuracy", detail: .joined(legend, separator: view.area.width < 42 ? " " : "  "), on: &grid)
    let total = Double(max(1, lab.settings?.totalSteps ?? 1))
    LinePlot(
      series: series, xAxis: Axis(low: 0, high: total), yAxis: Axis(low: 0, high: 1),
      xLabel: "step"
    ).draw(in: inside, on: &grid)
    if series.isEmpty {
      grid.writeWrapped(
        .secondary("A point for each epoch: the first at step \(NumberFormat.integer(perEpoch))."),
        in: inside.trimmed(left: 6, top: inside.height / 2, right: 1))
    }
  }

  private static func points(
    _ lab: LabSnapshot, _ perEpoch: Int, _ value: (History.Epoch) -> Float?
  ) -> [(x: Float, y: Float)] {
    lab.history.epochs.enumerated().compactMap { place, epoch in
      value(epoch).map { (Float((lab.history.epochNumber(at: place) + 1) * perEpoch), $0) }
    }
  }
}
