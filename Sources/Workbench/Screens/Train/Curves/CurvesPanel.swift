import TerminalGraphics
import Training

/// The loss of every batch, val_loss of every epoch, and a cursor that reads them.
enum LossPanel {
  /// How many batches one point of the smoothed line is the mean of.
  static func meanLength(_ total: Int) -> Int { max(5, total / 40) }

  static func plot(_ state: AppState) -> LinePlot {
    let lab = state.lab
    let total = max(1, lab.settings?.totalSteps ?? 1)
    let perEpoch = lab.settings?.stepsPerEpoch ?? 1
    let losses = lab.history.steps.map(\.loss)
    let stride = lab.history.stride
    let done = min((lab.position.step + stride - 1) / stride, losses.count)
    let past = Thinned(losses[..<done], stride: stride)
    let future = Thinned(losses[done...], stride: stride)
    var series = [LinePlot.Series(name: "loss", x: past.x, y: past.y, ink: .series(0))]
    if done < losses.count {
      // Gone back: what was recorded after this moment is still there, and will come again.
      series[0].name = "loss so far"
      series.append(
        LinePlot.Series(name: "to come", x: future.x, y: future.y, ink: .faint))
    }
    let epochs = lab.history.epochs.enumerated().compactMap { place, epoch in
      epoch.validationLoss.map {
        (x: Float((lab.history.epochNumber(at: place) + 1) * perEpoch), y: $0)
      }
    }
    let reached = epochs.filter { $0.x <= Float(lab.position.step) }
    if reached.count < epochs.count {
      let rest = epochs.dropFirst(reached.count)
      series.append(
        LinePlot.Series(
          name: "val_loss to come", x: rest.map(\.x), y: rest.map(\.y), ink: .secondary))
    }
    if !reached.isEmpty {
      series.append(
        LinePlot.Series(
          name: "val_loss", x: reached.map(\.x), y: reached.map(\.y), ink: .series(1)))
    }
    if state.train.showsMean {
      let length = meanLength(total)
      let means = Thinned(trailingMeans(losses, max(1, length / stride))[...], stride: stride)
      series.append(
        LinePlot.Series(name: "mean of \(length)", x: means.x, y: means.y, ink: .series(2)))
    }
    return LinePlot(
      series: series, xAxis: xAxis(state, total: total),
      yAxis: RoundLimits.axis(
        for: past.y + future.y + epochs.map(\.y), isLogarithmic: state.train.isLogarithmic),
      xLabel: "step", cursor: cursor(state).map { Double($0) })
  }

  private static func xAxis(_ state: AppState, total: Int) -> Axis {
    guard state.train.follows else { return Axis(low: 0, high: Double(total)) }
    let width = max(20, total / 10)
    let end = min(total, max(width, state.lab.position.step))
    return Axis(low: Double(end - width), high: Double(end))
  }

  /// The mean of each value and those before it, at most `length` together.
  static func trailingMeans(_ values: [Float], _ length: Int) -> [Float] {
    var sum: Double = 0
    return values.indices.map { i in
      sum += Double(values[i])
      if i >= length { sum -= Double(values[i - length]) }
      return Float(sum / Double(min(i + 1, length)))
    }
  }

  /// Where the cursor stands: where it was put, else at the position of a run that has gone back.
  private static func cursor(_ state: AppState) -> Int? {
    let count = state.lab.history.count
    if let cursor = state.train.cursor, count > 0 { return min(cursor, count - 1) }
    return state.lab.position.step < count ? state.lab.position.step : nil
  }

  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    let state = view.state
    let isNarrow = view.area.width < 60
    let scale = StyledText.secondary(
      (state.train.isLogarithmic ? "log" : "linear") + (isNarrow ? "" : " y"))
    let plot = plot(state)
    let inside = view.box(
      "Loss",
      detail: legend(state, plot, width: view.area.width)
        + (view.area.width < 40 ? "" : "  " + scale), on: &grid)
    plot.draw(in: inside, on: &grid)
    if state.lab.history.steps.isEmpty {
      let middle = plot.plotArea(in: inside)
      grid.writeWrapped(
        .secondary("The first point comes with the first step: ") + .accent(".")
          + .secondary(" or ") + .accent("Space") + .secondary("."),
        in: middle.trimmed(left: 2, top: middle.height / 2, right: 2))
    }
    if let step = cursor(state) { drawReading(step, plot, state, inside, on: &grid) }
  }

  /// `━ loss 0.065   ━ val_loss 0.138`, with the marks of the plot where there are no colors.
  private static func legend(_ state: AppState, _ plot: LinePlot, width: Int) -> StyledText {
    let lab = state.lab
    let plain = state.ability.depth == .none || state.ability.glyphs != .full
    let marks = state.ability.glyphs == .full ? "━" : "*"
    let loss = lab.history.step(lab.position.step - 1)?.loss
    let perEpoch = lab.settings?.stepsPerEpoch ?? 1
    let epoch = lab.position.step / perEpoch - 1
    let validation = lab.history.epoch(epoch)?.validationLoss
    // Where both do not fit, val_loss is its line alone.
    let isShort = width < 44
    let isNarrow = width < 60
    var parts = [
      StyledText("\(marks) \(isShort ? "" : "loss ")\(reading(loss))", .series(0))
    ]
    if lab.settings?.data.validation != nil, width >= 28 {
      let second = plot.series.count > 2 ? "+" : "o"
      parts.append(
        StyledText(
          "\(plain ? second : "━") \(isNarrow ? "val" : "val_loss") \(reading(validation))",
          .series(1)))
    }
    if state.train.showsMean, !isNarrow {
      let length = meanLength(lab.settings?.totalSteps ?? 1)
      parts.append(StyledText("\(plain ? "+" : "━") mean of \(length)", .series(2)))
    }
    return .joined(parts, separator: isNarrow ? " " : "   ")
  }

  /// A loss in six columns, so that nothing beside it moves.
  static func reading(_ value: Float?) -> String {
    NumberFormat.padded(value.map { NumberFormat.compact($0, digits: 3) } ?? "—", to: 6)
  }

  /// The box beside the cursor: the step, what was measured there.
  private static func drawReading(
    _ step: Int, _ plot: LinePlot, _ state: AppState, _ inside: Rect, on grid: inout CellGrid
  ) {
    guard let measured = state.lab.history.step(step) else { return }
    let area = plot.plotArea(in: inside)
    let perEpoch = state.lab.settings?.stepsPerEpoch ?? 1
    var lines: [StyledText] = [
      .text("step \(NumberFormat.padded(NumberFormat.integer(step), to: 6)) ")
        + StyledText(reading(measured.loss), .series(0))
    ]
    let epoch = (step + 1) / perEpoch - 1
    if let loss = state.lab.history.epoch(epoch)?.validationLoss {
      lines.append(.text("val_loss    ") + StyledText(reading(loss), .series(1)))
    }
    let width = 20
    guard area.width > width + 6, area.height > lines.count + 1 else { return }
    let column = plot.column(of: Double(step), in: inside) ?? area.x
    let x = column + 2 + width <= area.right ? column + 2 : column - width - 1
    for (row, line) in lines.enumerated() {
      let place = Rect(max(area.x, x), area.y + row, width, 1)
      grid.fill(place, background: .selection)
      grid.write(line, at: Point(place.x + 1, place.y), background: .selection)
    }
    let span = max(1, Int((plot.xAxis.high - plot.xAxis.low) / Double(max(1, 2 * area.width))))
    let note = "a dot column spans \(NumberFormat.integer(span)) batches"
    guard span > 1, state.ability.glyphs == .full, area.width > note.count + 4,
      area.height > lines.count + 3
    else { return }
    let start = min(max(area.x, x), area.right - note.count)
    grid.write(.faint(note), at: Point(start, area.y + lines.count))
  }

  // MARK: Keys

  static func press(_ key: Key, _ state: inout AppState) -> [Effect]? {
    let count = state.lab.history.count
    guard count > 0 else { return nil }
    let here = cursor(state) ?? count - 1
    let span = max(1, (state.lab.settings?.totalSteps ?? 1) / 60)
    switch key {
    case .left: state.train.cursor = max(0, here - span)
    case .right: state.train.cursor = here + span >= count ? nil : here + span
    case .home: state.train.cursor = 0
    case .end: state.train.cursor = nil
    default: return nil
    }
    return []
  }

  static func click(_ point: Point, _ area: Rect, _ state: inout AppState) -> [Effect] {
    let inside = area.inset().inset(columns: 1, rows: 0)
    let step = plot(state).x(atColumn: point.x, in: inside)
    let count = state.lab.history.count
    guard count > 0, step.isFinite else { return [] }
    state.train.cursor = max(0, min(count - 1, Int(step)))
    return []
  }
}
