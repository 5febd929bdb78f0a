import TerminalGraphics
import Training

/// Small curves of what goes along with the loss, and their numbers at the crosshair.
enum RatesPanel {
  private struct Rate {
    let name: String
    let values: [Float]
    let text: String
    let ink: Ink
    var limits: ClosedRange<Float>?
    /// When its first number comes.
    var promise = "after one step"
  }

  private static func rates(_ lab: LabSnapshot, at step: Int?) -> [Rate] {
    let history = lab.history
    let measured = step.flatMap(history.step) ?? history.latest
    let ended =
      step.map { lab.lastEpoch(by: $0 + 1) }
      ?? history.epochs.last
    func series(_ chart: Chart, _ name: String, _ ink: Ink) -> Rate {
      Rate(
        name: name, values: history.steps.compactMap(chart.number),
        text: chart.shown(
          measured.flatMap(chart.number) ?? (chart == .rate ? lab.learningRate : nil)),
        ink: ink)
    }
    return [judged(lab, ended), series(.gradient, "|gradient|", .series(0))]
      + [
        series(.rate, "learning rate", .update),
        series(.update, "update/weights", .series(0)),
      ]
  }

  /// How good it is, epoch by epoch: the share right, else the loss, of unseen examples if there
  /// are any.
  private static func judged(_ lab: LabSnapshot, _ ended: History.Epoch?) -> Rate {
    let epochs = lab.history.epochs
    let hasUnseen = lab.settings?.data.validation != nil
    if Chart.all(for: lab).contains(.accuracy) {
      let number = { (epoch: History.Epoch) in
        hasUnseen ? epoch.validationAccuracy : epoch.accuracy
      }
      return Rate(
        name: hasUnseen ? "val_accuracy" : "accuracy", values: epochs.compactMap(number),
        text: Chart.accuracy.shown(ended.flatMap(number)), ink: .good, limits: 0...1,
        promise: "after one epoch")
    }
    let number = { (epoch: History.Epoch) in hasUnseen ? epoch.validationLoss : epoch.loss }
    return Rate(
      name: hasUnseen ? "val_loss" : "loss, by epoch", values: epochs.compactMap(number),
      text: Chart.loss.shown(ended.flatMap(number)), ink: .loss, promise: "after one epoch")
  }

  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    let cursor = view.state.train.curves.cursor.flatMap { _ in view.state.cursorStep }
    let words =
      cursor.map { "at step \(NumberFormat.integer($0))" } ?? "since step 0"
    let inside = view.box(
      "Rates", detail: view.area.width > words.count + 11 ? .secondary(words) : "", on: &grid)
    let lab = cursor == nil ? view.past : view.lab
    let rates = rates(lab, at: cursor)
    let height = inside.height >= rates.count * 3 - 1 ? 3 : inside.height >= rates.count * 2 ? 2 : 1
    for (index, rate) in rates.enumerated()
    where (index + 1) * height - (height == 3 ? 1 : 0) <= inside.height {
      let row = inside.y + index * height
      grid.write(.secondary(rate.name), at: Point(inside.x, row), width: inside.width - 7)
      grid.writeTrailing(.text(rate.text), in: inside, row: index * height)
      guard height > 1 else { continue }
      draw(rate, in: Rect(inside.x, row + 1, inside.width, 1), on: &grid)
      if let cursor, rate.values.count > 1 {
        let column = cursor * inside.width / max(1, lab.history.count)
        grid.highlight(
          Rect(inside.x + min(inside.width - 1, column), row + 1, 1, 1), background: .thumb)
      }
    }
  }

  private static func draw(_ rate: Rate, in area: Rect, on grid: inout CellGrid) {
    if rate.values.isEmpty {
      grid.write(.faint(rate.promise), at: area.origin, width: area.width)
    } else if Set(rate.values).count == 1, rate.limits == nil {
      // A rate that never changed: a level line, not an empty one.
      let count = min(area.width, rate.values.count)
      grid.write(StyledText(String(repeating: "▄", count: count), rate.ink), at: area.origin)
    } else {
      Sparkline(values: rate.values, ink: rate.ink, limits: rate.limits)
        .draw(in: area, on: &grid)
    }
  }
}
