import TerminalGraphics
import Training

/// Small curves of what goes along with the loss, and their numbers at the crosshair.
enum RatesPanel {
  private struct Rate {
    let name: String
    let values: [Float]
    /// Where the name leaves no room for the number, the longest first.
    let shortNames: [String]
    let text: String
    let ink: Ink
    var limits: ClosedRange<Float>?
    /// When its first number comes.
    var promise = "after one step"
  }

  private static func rates(_ lab: LabSnapshot, at step: Int?) -> [Rate] {
    let history = lab.history
    let measured = step.flatMap(history.step) ?? history.latest
    let ended = lab.epochsEnded(by: step.map { $0 + 1 } ?? history.count)
    func series(_ chart: Chart, _ name: String, _ shortName: String, _ ink: Ink) -> Rate {
      let values = history.steps.compactMap(chart.number)
      // Not every step is measured at full speed: the last one that was stands for now.
      let now = measured.flatMap(chart.number) ?? (step == nil ? values.last : nil)
      return Rate(
        name: name, values: values, shortNames: [shortName],
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
      return [judged(lab, ended)] + terms + [
        series(.gradient, "|gradient|", "|grad|", MetricInk.gradient)
      ]
    }
    return [
      judged(lab, ended), series(.gradient, "|gradient|", "|grad|", MetricInk.gradient),
      series(.rate, "learning rate", "rate", MetricInk.rate),
      series(.update, "update/weights", "update/w", MetricInk.update),
    ]
  }

  /// The loss of one of several outputs.
  private static func term(_ name: String, _ values: [Float], _ now: Float?) -> Rate {
    Rate(
      name: name, values: values, shortNames: [String(name.prefix(10))],
      text: Chart.loss.shown(now ?? values.last), ink: MetricInk.loss)
  }

  /// How good it is, epoch by epoch: the share right, else the loss, of unseen examples if there
  /// are any.
  ///
  /// - Parameter ended: how many epochs had ended; the number is that of the last of them.
  private static func judged(_ lab: LabSnapshot, _ ended: Int) -> Rate {
    let epochs = lab.history.epochs
    let last = lab.history.epoch(ended - 1)
    let hasUnseen = lab.settings?.data.validation != nil
    func rate(
      _ name: String, _ short: String, _ chart: Chart, _ ink: Ink,
      _ number: (History.Epoch) -> Float?
    ) -> Rate {
      let names = [name, short]
      let dated = lab.afterEpoch(ended)
      let all =
        (last == nil ? [] : dated.prefix(2).flatMap { words in names.map { $0 + words } })
        + (last == nil ? [] : dated.dropFirst(2).map { short + $0 }) + names
      return Rate(
        name: all[0], values: epochs.compactMap(number), shortNames: Array(all.dropFirst()),
        text: chart.shown(last.flatMap(number)), ink: ink,
        limits: chart == .accuracy ? 0...1 : nil, promise: "after one epoch")
    }
    if Chart.all(for: lab).contains(.accuracy) {
      return hasUnseen
        ? rate("val_accuracy", "val_acc", .accuracy, MetricInk.validationAccuracy) {
          $0.validationAccuracy
        }
        : rate("accuracy", "accuracy", .accuracy, MetricInk.accuracy) { $0.accuracy }
    }
    return hasUnseen
      ? rate("val_loss", "val_loss", .loss, MetricInk.validationLoss) { $0.validationLoss }
      : rate("loss", "loss", .loss, MetricInk.loss) { $0.loss }
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
      // It ends at the right: blanks that keep a legend in place would take the name's room.
      let text = String(rate.text.drop { $0 == " " })
      let room = row.width - TextWidth.columns(text) - 1
      let names = [rate.name] + rate.shortNames
      let name = Fitting.first(names, width: room) ?? names.last ?? ""
      grid.write(
        .secondary(name) + (height > 4 ? range(rate) : ""), at: row.origin, width: room)
      grid.writeTrailing(.text(text), in: row)
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
