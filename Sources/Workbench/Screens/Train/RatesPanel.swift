import TerminalGraphics
import Training

/// Small curves of what goes along with the loss, and their numbers at the crosshair.
enum RatesPanel {
  private struct Rate {
    let name: String
    let values: [Float]
    /// Where the name leaves no room for the number.
    let shortName: String
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
    func series(_ chart: Chart, _ name: String, _ shortName: String, _ ink: Ink) -> Rate {
      let values = history.steps.compactMap(chart.number)
      // Not every step is measured at full speed: the last one that was stands for now.
      let now = measured.flatMap(chart.number) ?? (step == nil ? values.last : nil)
      return Rate(
        name: name, values: values, shortName: shortName,
        text: chart.shown(now ?? (chart == .rate ? lab.learningRate : nil)), ink: ink)
    }
    let terms = history.termNames.enumerated().map { place, name in
      term(
        name, history.termLosses(place),
        step.map { history.termLosses(place, upTo: $0).last }
          ?? history.termLosses(place).last)
    }
    // Of several outputs what each one's loss does says more than how fast all is learned.
    guard terms.isEmpty else {
      return [judged(lab, ended)] + terms + [series(.gradient, "|gradient|", "|grad|", .series(0))]
    }
    return [
      judged(lab, ended), series(.gradient, "|gradient|", "|grad|", .series(0)),
      series(.rate, "learning rate", "rate", .update),
      series(.update, "update/weights", "update/w", .series(0)),
    ]
  }

  /// The loss of one of several outputs.
  private static func term(_ name: String, _ values: [Float], _ now: Float?) -> Rate {
    Rate(
      name: name, values: values, shortName: String(name.prefix(10)),
      text: Chart.loss.shown(now ?? values.last), ink: .loss)
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
        shortName: hasUnseen ? "val_acc" : "accuracy",
        text: Chart.accuracy.shown(ended.flatMap(number)), ink: .good, limits: 0...1,
        promise: "after one epoch")
    }
    let number = { (epoch: History.Epoch) in hasUnseen ? epoch.validationLoss : epoch.loss }
    return Rate(
      name: hasUnseen ? "val_loss" : "loss, by epoch", values: epochs.compactMap(number),
      shortName: hasUnseen ? "val_loss" : "loss", text: Chart.loss.shown(ended.flatMap(number)),
      ink: .loss, promise: "after one epoch")
  }

  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    let cursor = view.state.train.curves.cursor.flatMap { _ in view.state.cursorStep }
    let words =
      cursor.map { "at step \(NumberFormat.integer($0))" } ?? "since step 0"
    let inside = view.box(
      "Rates", detail: view.area.width > words.count + 11 ? .secondary(words) : "", on: &grid)
    let lab = cursor == nil ? view.past : view.lab
    let rates = rates(lab, at: cursor)
    // A line of words, the curve, and a blank line where there is one to spare.
    let height = max(1, (inside.height + 1) / rates.count)
    for (index, rate) in rates.enumerated()
    where index * height + min(2, height) <= inside.height {
      let row = inside.row(index * height)
      let room = row.width - TextWidth.columns(rate.text) - 1
      let name = TextWidth.columns(rate.name) <= room ? rate.name : rate.shortName
      grid.write(
        .secondary(name) + (height > 4 ? range(rate) : ""), at: row.origin, width: room)
      grid.writeTrailing(.text(rate.text), in: row)
      guard height > 1 else { continue }
      let lines = max(1, min(height - (height > 2 ? 2 : 1), inside.bottom - row.bottom))
      let area = Rect(inside.x, row.bottom, inside.width, lines)
      draw(rate, in: area, on: &grid)
      if let cursor, rate.values.count > 1 {
        let column = cursor * inside.width / max(1, lab.history.count)
        grid.highlight(
          Rect(inside.x + min(inside.width - 1, column), area.y, 1, lines), background: .thumb)
      }
    }
  }

  /// `   from 0.0021 to 1.93`: what the lowest and the highest level of a high curve stand for.
  private static func range(_ rate: Rate) -> StyledText {
    let finite = rate.values.filter(\.isFinite)
    guard let low = rate.limits?.lowerBound ?? finite.min(),
      let high = rate.limits?.upperBound ?? finite.max(), low < high
    else { return "" }
    let ends = [low, high].map { NumberFormat.compact($0, digits: 3) }
    return .faint("   from \(ends[0]) to \(ends[1])")
  }

  private static func draw(_ rate: Rate, in area: Rect, on grid: inout CellGrid) {
    if rate.values.isEmpty {
      grid.write(.faint(rate.promise), at: area.origin, width: area.width)
    } else if Set(rate.values).count == 1, rate.limits == nil {
      // A rate that never changed: a level line, not an empty one.
      let count = min(area.width, rate.values.count)
      grid.write(
        StyledText(String(repeating: "▄", count: count), rate.ink),
        at: Point(area.x, area.y + area.height / 2))
    } else {
      Sparkline(values: rate.values, ink: rate.ink, limits: rate.limits)
        .draw(in: area, on: &grid)
    }
  }
}
