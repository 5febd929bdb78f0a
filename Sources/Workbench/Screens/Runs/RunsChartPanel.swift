import TerminalGraphics

/// The curves of the compared runs over each other.
enum RunsChartPanel {
  /// A run with the curve that it is compared by.
  private struct Curve {
    let run: RunSummary
    let mark: RunMark
    let curve: RunCurve
    let isOfUnseen: Bool

    init?(_ run: RunSummary, _ mark: RunMark, _ state: AppState) {
      guard let reading = state.runs.readings[run.number] else { return nil }
      isOfUnseen = !reading.validation.values.isEmpty
      curve = isOfUnseen ? reading.validation : reading.loss
      guard !curve.values.isEmpty else { return nil }
      (self.run, self.mark) = (run, mark)
    }

    /// `r12`, and which loss it is where that is not the one of the others.
    func name(among all: [Curve]) -> String {
      let isOdd = !isOfUnseen && all.contains(where: \.isOfUnseen)
      return "r\(run.number)" + (isOdd ? " loss" : "")
    }

    /// Its value at the crosshair, else its last one.
    func value(at step: Double?) -> Float? {
      guard let step else { return curve.values.last }
      return curve.value(at: step)
    }
  }

  private static func curves(_ state: AppState) -> [Curve] {
    state.comparedRuns.compactMap { Curve($0.run, $0.mark, state) }
  }

  private static func inside(_ area: Rect) -> Rect { area.inset().inset(columns: 1, rows: 0) }

  /// The columns at the right for names and values; none in a narrow panel.
  private static func labelRoom(_ area: Rect, _ curves: [Curve]) -> Int {
    guard area.width >= 56 else { return 0 }
    let names = curves.map { $0.name(among: curves).count }.max() ?? 3
    return names + 8
  }

  private static func plot(_ curves: [Curve], _ state: AppState) -> LinePlot {
    let series = curves.map { curve in
      LinePlot.Series(
        name: curve.name(among: curves), x: curve.curve.steps, y: curve.curve.values,
        ink: curve.mark.ink)
    }
    let isPositive = series.allSatisfy { $0.y.allSatisfy { !$0.isFinite || $0 > 0 } }
    let last = series.compactMap { $0.x.last }.max() ?? 1
    return LinePlot(
      series: series, xAxis: Axis(low: 0, high: Double(last)),
      isLogarithmic: state.runs.isLogarithmic && isPositive, xLabel: "step",
      hasWholeX: true, cursor: state.runs.cursor)
  }

  // MARK: Drawing

  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    let state = view.state
    let curves = curves(state)
    let area = inside(view.area)
    let room = labelRoom(view.area, curves)
    let plot = plot(curves, state)
    let title = curves.isEmpty || curves.contains(where: \.isOfUnseen) ? "val_loss" : "loss"
    let cursor = state.runs.cursor.map { "step \(NumberFormat.integer(Int($0)))" } ?? ""
    _ = view.box(
      curves.isEmpty ? "Curves" : title + (cursor.isEmpty ? "" : " at " + cursor),
      detail: legend(curves, plot, view, title.count + cursor.count, hasValues: room == 0),
      on: &grid)
    guard !curves.isEmpty else { return drawNone(state, area, on: &grid) }
    plot.draw(in: area.trimmed(right: room), on: &grid)
    if room > 0, !state.ability.isSpoken {
      drawLabels(curves, plot, area, room, state, on: &grid)
    }
  }

  private static func drawNone(_ state: AppState, _ area: Rect, on grid: inout CellGrid) {
    let words: StyledText =
      state.runs.ordered.isEmpty
      ? .secondary("Here the losses of the runs you mark lie over each other.")
      : state.runs.chosen.flatMap { state.runs.readings[$0] } == nil
        ? .secondary("reading …") : .secondary("No step of this run is recorded yet.")
    grid.writeWrapped(words, in: area.inset(columns: 1, rows: area.height > 3 ? 1 : 0))
  }

  /// `━ r12  ━ r11   log y`, with values at the crosshair where no room is beside the plot.
  private static func legend(
    _ curves: [Curve], _ plot: LinePlot, _ view: PanelView, _ titleWidth: Int, hasValues: Bool
  ) -> StyledText {
    guard !curves.isEmpty else { return StyledText() }
    let state = view.state
    let scale = StyledText.secondary(plot.yAxis.isLogarithmic ? "log" : "linear")
    let room = view.area.width - titleWidth - 10
    let marks = plot.legendMarks(ability: state.ability)
    for isShort in [false, true] {
      let parts = zip(curves, marks).map { curve, mark -> StyledText in
        let value =
          hasValues && state.runs.cursor != nil
          ? curve.value(at: state.runs.cursor).map { " " + NumberFormat.compact($0, digits: 3) }
          : nil
        return StyledText(
          mark + (isShort ? "" : " ") + curve.name(among: curves) + (value ?? ""),
          curve.mark.ink)
      }
      let text =
        StyledText.joined(parts, separator: isShort ? " " : "  ")
        + (isShort ? " " : "   ") + scale + .secondary(isShort ? "" : " y")
      if text.width <= room { return text }
    }
    return scale.width <= room ? scale : StyledText()
  }

  /// At the right of the plot each run with its value, as near to its curve as the others allow.
  private static func drawLabels(
    _ curves: [Curve], _ plot: LinePlot, _ area: Rect, _ room: Int, _ state: AppState,
    on grid: inout CellGrid
  ) {
    let inside = plot.plotArea(in: area.trimmed(right: room))
    guard inside.height > 0 else { return }
    let wanted = curves.compactMap { curve -> (curve: Curve, row: Int, text: String)? in
      guard let value = curve.value(at: state.runs.cursor) else { return nil }
      let place = min(1, max(0, plot.yAxis.place(of: Double(value)) ?? 0))
      let row = inside.height - 1 - min(inside.height - 1, Int(place * Double(inside.height)))
      return (
        curve, row, curve.name(among: curves) + " " + NumberFormat.compact(value, digits: 3)
      )
    }.sorted { $0.row < $1.row }
    let rows = spread(wanted.map(\.row), within: inside.height)
    for (label, row) in zip(wanted, rows) {
      grid.write(
        StyledText(label.text, label.curve.mark.ink),
        at: Point(inside.right + 1, inside.y + row), width: max(0, area.right - inside.right - 1))
    }
  }

  /// Rows that rise, one for each, moved as little as needed to differ.
  static func spread(_ rows: [Int], within height: Int) -> [Int] {
    var result: [Int] = []
    for row in rows { result.append(max(row, (result.last ?? -1) + 1)) }
    var limit = height - 1
    for place in result.indices.reversed() {
      result[place] = min(result[place], limit)
      limit = result[place] - 1
    }
    return result
  }

  // MARK: Keys and mouse

  /// The crosshair moves by a column of the screen, `Home` and `End` take it to the ends.
  static func press(_ key: Key, _ state: inout AppState) -> [Effect]? {
    let curves = curves(state)
    guard let area = state.panels.first(where: { $0.id == RunsPart.chart.rawValue })?.area,
      !curves.isEmpty
    else { return RunsListPanel.press(key, &state) }
    let plot = plot(curves, state)
    let place = inside(area).trimmed(right: labelRoom(area, curves))
    let column = (plot.xAxis.high - plot.xAxis.low) / Double(max(1, plot.plotArea(in: place).width))
    let (low, high) = (plot.xAxis.low, plot.xAxis.high)
    switch key {
    case .left: state.runs.cursor = max(low, (state.runs.cursor ?? high + column) - max(1, column))
    case .right: state.runs.cursor = min(high, (state.runs.cursor ?? low) + max(1, column))
    case .home: state.runs.cursor = low
    case .end: state.runs.cursor = high
    // What the arrows do not mean here moves the choice in the list.
    default: return RunsListPanel.press(key, &state)
    }
    return []
  }

  static func click(_ point: Point, _ area: Rect, _ state: inout AppState) {
    let curves = curves(state)
    guard !curves.isEmpty else { return }
    let plot = plot(curves, state)
    let place = inside(area).trimmed(right: labelRoom(area, curves))
    guard plot.plotArea(in: place).contains(point) else { return }
    let step = plot.x(atColumn: point.x, in: place)
    state.runs.cursor = min(plot.xAxis.high, max(plot.xAxis.low, step.rounded()))
  }
}

extension LinePlot {
  /// The character each series is drawn with, as a legend shows it.
  fileprivate func legendMarks(ability: Ability) -> [String] {
    // Between two series stands a separator.
    legend(ability: ability).runs.enumerated().filter { $0.offset % 2 == 0 }
      .map { String($0.element.text.prefix(1)) }
  }
}
