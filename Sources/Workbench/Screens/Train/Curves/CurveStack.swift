import TerminalGraphics
import Training

/// Charts over the same steps, one under the other: their places, and the crosshair through all.
struct CurveStack {
  /// One chart with its place.
  struct Row {
    let data: CurveData
    let series: [LinePlot.Series]
    /// The line with its name and legend; nil for the first, whose legend is in the border.
    let head: Rect?
    let area: Rect
    var plot: LinePlot
  }

  let state: AppState
  private(set) var rows: [Row] = []

  /// - Parameter inside: the area within the frame.
  init(_ charts: [Chart], _ state: AppState, panel: String, in inside: Rect) {
    self.state = state
    let places = inside.rows(charts.map { _ in .share(1) })
    for (index, (chart, place)) in zip(charts, places).enumerated() {
      let data = CurveData(chart, state)
      let series = data.series
      let hasHead = index > 0
      var plot = LinePlot(
        series: series, xAxis: data.xAxis, yAxis: data.yAxis(for: series),
        xLabel: state.lab.pass == nil ? "step" : "pass", hasWholeX: true,
        cursor: state.cursorStep.map { Double($0) + 0.5 })
      plot.hasXLabels = index == charts.count - 1
      plot.flags = state.train.curves.marks.map {
        LinePlot.Flag(x: Double($0.step) + 0.5, label: "\($0.number)")
      }
      plot.flags += Self.flags(state.lab.deeds) + Self.rateFlags(state.lab.changes)
      if chart == .update { plot.guides = [LinePlot.Guide(y: 0.001, label: "1e-3 usual")] }
      if let drag = state.train.curves.drag, drag.hasMoved, drag.panel == panel {
        plot.span = Double(min(drag.from, drag.to))...Double(max(drag.from, drag.to))
      }
      rows.append(
        Row(
          data: data, series: series, head: hasHead ? place.row(0) : nil,
          area: hasHead ? place.trimmed(top: 1) : place, plot: plot))
    }
    alignLabels(inside)
  }

  /// Where a callback ended the run, and which weights it brought back.
  private static func flags(_ deeds: [CallbackDeed]) -> [LinePlot.Flag] {
    deeds.compactMap { deed in
      switch deed.kind {
      case .stopped: LinePlot.Flag(x: Double(deed.step) - 0.5, label: "■")
      case .restored: deed.source.map { LinePlot.Flag(x: Double($0) - 0.5, label: "◆") }
      case .rate: nil
      }
    }
  }

  /// Where the learning rate was set by hand, and to what; of several settings of a step the last,
  /// the latest step first.
  private static func rateFlags(_ changes: [Session.SettingChange]) -> [LinePlot.Flag] {
    let rates = Dictionary(
      changes.filter { $0.name == "learning_rate" }.map { ($0.step, $0.value) },
      uniquingKeysWith: { $1 })
    return rates.sorted { $0.key > $1.key }.prefix(8).map { step, rate in
      LinePlot.Flag(
        x: Double(step) - 0.5, label: "rate \(NumberFormat.compact(rate, digits: 3))",
        shortLabel: "rate")
    }
  }

  /// All plots begin at the same column, and seldom move: labels are rarely longer than `0.001`.
  private mutating func alignLabels(_ inside: Rect) {
    guard inside.width > 16 else { return }
    let needed =
      rows.indices.map { rows[$0].plot.neededLabelWidth(in: rows[$0].area) }.max() ?? 0
    for index in rows.indices {
      rows[index].plot.labelWidth = max(6, needed)
    }
  }

  /// The step at a column of the screen.
  func step(atColumn column: Int) -> Int? {
    guard let row = rows.first else { return nil }
    let area = row.plot.plotArea(in: row.area)
    guard area.width > 0 else { return nil }
    let inside = max(area.x, min(area.right - 1, column))
    // The middle of a column that stands for less than a step lies in the step it belongs to.
    return Int(row.plot.x(atColumn: inside, in: row.area))
  }

  /// The columns that the plots have.
  var width: Int { rows.first.map { $0.plot.plotArea(in: $0.area).width } ?? 0 }

  /// How many steps a column of dots stands for.
  var stepsPerDot: Int {
    max(1, state.window.count / max(1, 2 * width))
  }

  // MARK: Drawing

  func draw(on grid: inout CellGrid) {
    for row in rows {
      if let head = row.head { drawHead(row, head, on: &grid) }
      row.plot.draw(in: row.area, on: &grid)
      if state.lab.history.count == 0 { drawPromise(row, on: &grid) }
    }
    drawReading(on: &grid)
  }

  private func drawHead(_ row: Row, _ head: Rect, on grid: inout CellGrid) {
    for x in head.x..<head.right { grid.put("─", at: Point(x, head.y), ink: .border) }
    grid.write(.text(" \(row.data.chart.title) "), at: Point(head.x + 1, head.y))
    let room = head.width - row.data.chart.title.count - 6
    let legend = CurveLegend(row.data, state, width: room).text
    guard !legend.isEmpty else { return }
    grid.writeTrailing(" " + legend + " ", in: head.trimmed(right: 1))
  }

  /// What will be here, before the first step.
  private func drawPromise(_ row: Row, on grid: inout CellGrid) {
    let area = row.plot.plotArea(in: row.area)
    let words: StyledText =
      row.data.chart == .loss
      ? .secondary("The first point comes with the first step: ") + .key(".")
        + .secondary(" or ") + .key("Space") + .secondary(".")
      : .secondary("Here comes \(row.data.chart.meaning).")
    grid.writeWrapped(words, in: area.trimmed(left: 2, top: area.height > 4 ? 1 : 0, right: 2))
  }

  // MARK: The box at the crosshair

  private func drawReading(on grid: inout CellGrid) {
    guard let step = state.cursorStep, let first = rows.first else { return }
    let area = first.plot.plotArea(in: first.area)
    guard let column = first.plot.column(of: Double(step) + 0.5, in: first.area) else { return }
    let box = ReadingBox(step, first.data)
    guard let place = box.place(beside: column, in: area, on: grid) else { return }
    box.draw(in: place, on: &grid)
    drawNote(under: place, in: area, on: &grid)
  }

  /// How many batches one column of dots stands for, where no curve is covered by saying so.
  private func drawNote(under box: Rect, in area: Rect, on grid: inout CellGrid) {
    let span = stepsPerDot
    guard span > 1, grid.ability.glyphs == .full else { return }
    let note = "a dot column spans \(NumberFormat.integer(span)) batches"
    let start = max(area.x, min(box.x, area.right - note.count))
    let place = Rect(start, box.bottom, note.count, 1)
    guard place.bottom <= area.bottom, note.count < area.width,
      ReadingBox.covered(by: place, on: grid) == 0
    else { return }
    grid.write(.faint(note), at: place.origin)
  }
}

/// The values of all curves at the crosshair, in a box that keeps off the curves.
struct ReadingBox {
  let title: String
  let values: [(name: String, text: String, ink: Ink)]
  let width: Int

  init(_ step: Int, _ data: CurveData) {
    title = "step \(NumberFormat.integer(data.lab.history.kept(step)))"
    values = data.values(at: step)
    let words = values.map { TextWidth.columns($0.name) + 1 + $0.text.count }
    width = max(16, (words.max() ?? 0) + 2)
  }

  var height: Int { values.count + 1 }

  /// The columns it may begin at.
  func starts(beside column: Int, in area: Rect) -> [Int] {
    [column + 3, column - 2 - width].filter { $0 >= area.x && $0 + width <= area.right }
  }

  /// Where it covers the fewest points, and none within two columns of the crosshair; nil where it
  /// has no room.
  func place(beside column: Int, in area: Rect, on grid: CellGrid) -> Rect? {
    guard height <= area.height else { return nil }
    let places = starts(beside: column, in: area).flatMap { x in
      (area.y...area.bottom - height).map { Rect(x, $0, width, height) }
    }
    return places.enumerated().min {
      (Self.covered(by: $0.element, on: grid), $0.offset)
        < (Self.covered(by: $1.element, on: grid), $1.offset)
    }?.element
  }

  /// How many cells of a place show points of curves.
  static func covered(by place: Rect, on grid: CellGrid) -> Int {
    var count = 0
    for y in place.y..<place.bottom {
      for x in place.x..<place.right {
        guard let cell = grid[Point(x, y)] else { continue }
        if !LinePlot.isTick(cell), !isBackground(cell.scalar, grid.ability) { count += 1 }
      }
    }
    return count
  }

  /// Blanks, the dots of the axes, dashed lines.
  private static func isBackground(_ scalar: Unicode.Scalar, _ ability: Ability) -> Bool {
    let lines: [Unicode.Scalar] = [" ", "·", "┄", "╎", "┊"]
    return lines.contains { GlyphFold.fold($0, to: ability.glyphs) == scalar }
  }

  func draw(in place: Rect, on grid: inout CellGrid) {
    grid.fill(place, background: .selection)
    let inside = place.inset(columns: 1, rows: 0)
    grid.write(.text(title), at: inside.origin, background: .selection)
    for (row, value) in values.enumerated() {
      let line = inside.row(row + 1)
      grid.write(.text(value.name), at: line.origin, background: .selection)
      grid.writeTrailing(
        StyledText(value.text, value.ink == .border ? .text : value.ink), in: line,
        background: .selection)
    }
  }
}

/// `━ loss 0.065   ━ val_loss 0.138   log y`, with the marks of the plot where there are no colors.
struct CurveLegend {
  private let data: CurveData
  private let ability: Ability
  private let width: Int
  private let cursor: Int?

  /// - Parameter width: the columns it may take.
  init(_ data: CurveData, _ state: AppState, width: Int) {
    (self.data, self.ability, self.width) = (data, state.ability, width)
    // One number for one step: that under the crosshair, which is named; else the last one done.
    cursor = state.cursorStep
  }

  /// What the single batches are drawn with.
  var batches: StyledText {
    StyledText("\(mark(data.chart.batchCurve.mark)) batches", .secondary)
  }

  /// The longest form that fits; which epoch the numbers of epochs are of comes before other words.
  var text: StyledText {
    let ended = data.lab.epochsEnded(by: step + 1)
    let epochs = data.lab.afterEpoch(ended)
    // The same form in every epoch, so that nothing jumps: that which has room for the last one.
    let last = data.lab.afterEpoch(max(ended, data.lab.settings?.epochs ?? ended))
    let named = Form.allCases.filter { $0.hasNames || $0 == .dated }.flatMap { form in
      epochs.indices.map { (form, last[$0], epochs[$0]) }
    }
    let all = named + Form.allCases.filter { $0 != .dated }.map { ($0, "", "") }
    // Worked out once for all forms that are tried.
    let numbers = Numbers(
      usual: data.values(at: step), brief: data.values(at: step, isBrief: true))
    for (form, last, epoch) in all {
      let text = text(form, epoch: last, numbers)
      if text.width <= width {
        return last == epoch ? text : self.text(form, epoch: epoch, numbers)
      }
    }
    return StyledText()
  }

  private struct Numbers {
    let usual, brief: [(name: String, text: String, ink: Ink)]
  }

  /// The step that the numbers are of: the one under the crosshair, else the last one done.
  private var step: Int { cursor ?? data.lab.position.step - 1 }

  private enum Form: CaseIterable {
    case full, short, named, brief, dated, tight, close, marked, least

    /// Whether the curve of the batches is named.
    var hasNames: Bool { [.full, .short, .named, .brief].contains(self) }
  }

  private func text(_ form: Form, epoch: String, _ numbers: Numbers) -> StyledText {
    // Short numbers are for the loss, whose two curves have names, and where names would go else.
    guard form != .brief || data.chart == .loss else { return text(.named, epoch: epoch, numbers) }
    let isBrief =
      [.brief, .close].contains(form) || form == .dated && data.chart != .accuracy
    let values = isBrief ? numbers.brief : numbers.usual
    // A dash in the color of a curve would seem to be another one.
    let unknown = StyledText.secondary(data.chart.shown(nil, isBrief: isBrief))
    let look = data.chart.batchCurve
    var parts: [StyledText] = []
    if let cursor {
      // Of a thinned history the step at which it was measured.
      let shown = NumberFormat.integer(data.lab.history.kept(cursor))
      parts.append(.secondary(form == .full ? "at step \(shown)" : "\(shown):"))
    }
    if data.chart == .accuracy, form == .full || form == .short {
      parts.append(batches)
    }
    if data.chart != .accuracy {
      let name = form.hasNames || form == .marked ? look.name + " " : ""
      parts.append(
        StyledText("\(mark(look.mark)) \(name)", look.ink)
          + (values.first.map { StyledText($0.text, look.ink) } ?? unknown))
    }
    if data.lab.position.step < data.lab.history.count, form == .full || form == .short {
      parts.append(StyledText("\(mark(".")) to come", .secondary))
    }
    if data.lab.branches.count > 1, form == .full, data.chart == .loss {
      parts.append(StyledText("\(mark(".")) other branches", .faint))
    }
    for curve in data.chart.epochCurves(of: data.lab) {
      if form == .least || form == .marked,
        data.chart == .loss || curve.shortName == "acc"
      {
        // A name goes with its number: alone it would seem to be that of the number beside it.
        continue
      }
      let number = values.first { $0.name == curve.name }?.text
      // What changes once an epoch need not keep its width.
      let shown = form == .dated ? number?.trimmingSpaces : number
      let known =
        shown.map { StyledText($0, curve.ink) }
        ?? (form == .dated ? .secondary(unknown.plain.trimmingSpaces) : unknown)
      // The curve that is named as the panel is needs no name of its own.
      let isTitled = [.close, .dated].contains(form) && curve.shortName == "acc"
      let name = form == .full ? curve.name : isTitled ? "" : curve.shortName
      parts.append(
        StyledText("\(mark(curve.mark)) \(name.isEmpty ? "" : name + " ")", curve.ink) + known)
    }
    if !data.chart.epochCurves(of: data.lab).isEmpty, !parts.isEmpty {
      parts[parts.count - 1] += .secondary(epoch)
    }
    if data.curves.isSmoothed, data.chart != .rate {
      let span = data.curves.span(data.total)
      parts.append(
        StyledText(
          "\(mark("+")) " + (form == .full ? "mean, span \(span)" : "~\(span)"), .series(2)))
    }
    if data.chart.mayBeLogarithmic,
      ![.marked, .least, .brief, .dated, .close].contains(form)
    {
      let scale = data.curves.isLogarithmic ? "log" : "linear"
      parts.append(.secondary(form == .full ? scale + " y" : scale))
    }
    return .joined(parts, separator: form == .full ? "   " : form == .short ? "  " : " ")
  }

  /// A line in the color of the curve, or the mark that tells it from others.
  private func mark(_ mark: Unicode.Scalar) -> String {
    if ability.glyphs == .full, ability.depth != .none || mark == "*" { return "━" }
    return String(Character(mark))
  }
}
