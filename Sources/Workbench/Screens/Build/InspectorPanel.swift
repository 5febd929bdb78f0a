import Datasets
import NeuralNets
import Tensors
import TerminalGraphics

/// The settings of the chosen line, the curve of its activation, its formula and its counts.
struct InspectorPanel {
  private let view: BuildView
  private let fields: [InspectorField]

  init(_ view: BuildView) {
    self.view = view
    fields = view.state.inspectorFields
  }

  private var title: String {
    if view.line == 0 { return "Input" }
    let names = view.blueprint.names
    return names.indices.contains(view.line - 1) ? names[view.line - 1] : "compile"
  }

  private var details: [String] {
    guard let layer = view.state.chosenLayer else {
      return [view.line == 0 ? "one example" : "how it is trained"]
    }
    let place = "\(layer + 1) of \(view.blueprint.model.layers.count)"
    return ["layer " + place, place]
  }

  // MARK: Where the fields lie

  /// The fields in one or two columns, and what of them shows.
  private struct Places {
    let columns: [Rect]
    let perColumn: Int
    let shown: Int
    let scroll: ScrollPosition
  }

  private var chosen: Int { max(0, min(view.state.build.field, fields.count - 1)) }

  private func places(in area: Rect) -> Places {
    let count = area.width >= 62 && area.height < 14 ? 2 : 1
    let perColumn = (fields.count + count - 1) / count
    // Something of the curve or the formula stays below the fields.
    let inside = area.inset()
    let room = count == 2 ? inside.height : max(5, inside.height - (inside.height >= 16 ? 10 : 4))
    let shown = min(perColumn, inside.height, room)
    var rows = view.state.build.fieldRows
    rows.select(count == 1 ? chosen : 0, count: perColumn)
    let scroll = rows.scroll(shown: max(1, shown), count: perColumn)
    return Places(
      columns: inside.columns(Array(repeating: Extent.share(1), count: count), gap: 2),
      perColumn: perColumn, shown: shown, scroll: scroll)
  }

  private func row(of field: Int, _ places: Places) -> Rect? {
    let first = places.columns.count == 1 ? places.scroll.first : 0
    let row = field % max(1, places.perColumn) - first
    guard row >= 0, row < places.shown else { return nil }
    return places.columns[min(field / max(1, places.perColumn), places.columns.count - 1)].row(row)
  }

  /// Chooses the field under a point. Its sign acts at once: ◀ and ▶ step, ▼ opens the list, ■
  /// switches; a click on the value of the chosen field opens it.
  static func click(_ point: Point, in area: Rect, _ state: inout AppState) {
    let panel = InspectorPanel(BuildView(state))
    let places = panel.places(in: area)
    let found = panel.fields.indices.compactMap { i in panel.row(of: i, places).map { (i, $0) } }
      .first { $0.1.contains(point) }
    guard let (i, row) = found else { return }
    let wasChosen = i == panel.chosen
    if places.columns.count == 1 {
      state.build.fieldRows.select(panel.chosen, count: panel.fields.count)
      state.build.fieldRows.choose(i, shown: places.shown, count: panel.fields.count)
    }
    state.build.field = i
    let box = panel.box(in: row)
    guard box.contains(point) else { return }
    switch (panel.fields[i].sign, box.right - point.x) {
    case ("◀ ▶", 3...4): state.stepField(-1)
    case ("◀ ▶", 1...2): state.stepField(1)
    case ("▼", 1...2), ("■", 1...2), ("□", 1...2): state.openField()
    default: if wasChosen { state.openField() }
    }
  }

  private func labelWidth(in row: Rect) -> Int {
    let widest = fields.map(\.label.count).max() ?? 0
    if row.width >= 44 { return 16 }
    // A value as glorot_uniform and its sign take nineteen columns; labels have the rest.
    let rest = max(row.width - 19, row.width * 2 / 5)
    return min(widest + 2, max(11, widest > rest + 1 ? row.width * 15 / 32 : rest))
  }

  /// Where the value of a field stands.
  private func box(in row: Rect) -> Rect { row.trimmed(left: labelWidth(in: row) + 1) }

  // MARK: Drawing

  func draw(in area: Rect, isFocused: Bool, on grid: inout CellGrid) {
    let places = places(in: area)
    let inside = grid.box(
      area, title: title, detail: Fitting.detail(details, beside: title, in: area),
      isFocused: isFocused,
      scroll: places.columns.count == 1 ? places.scroll : nil)
    for (i, field) in fields.enumerated() {
      guard let row = row(of: i, places) else { continue }
      draw(field, isChosen: i == chosen, isFocused: isFocused, in: row, on: &grid)
    }
    drawFacts(in: inside.trimmed(top: places.shown), on: &grid)
  }

  private func draw(
    _ field: InspectorField, isChosen: Bool, isFocused: Bool, in row: Rect,
    on grid: inout CellGrid
  ) {
    let marks = isChosen && isFocused
    grid.write(
      StyledText(field.label, marks ? .accent : .secondary), at: Point(row.x + 1, row.y),
      width: labelWidth(in: row))
    let box = box(in: row)
    let background: Ink = isChosen ? .selection : .bar
    grid.fill(box, background: background)
    if marks, !grid.ability.hasBackgrounds { grid.put("▶", at: Point(row.x, row.y), ink: .accent) }
    if isChosen, let typed = view.state.field, typed.label == field.label {
      // Where one types is in sight.
      let room = max(1, box.width - 1)
      let text = typed.text + "▏"
      grid.write(
        .accent(text.count > room ? "…" + text.suffix(room - 1) : text),
        at: Point(box.x + 1, box.y), width: room)
      return
    }
    let room = max(0, box.width - 3 - TextWidth.columns(field.sign))
    let text = Fitting.first([field.text, field.brief], width: room) ?? field.text
    grid.write(
      isChosen ? .accent(text) : .text(text), at: Point(box.x + 1, box.y), width: room)
    grid.writeTrailing(.secondary(field.sign), in: box.trimmed(right: 1))
  }

  // MARK: Below the fields

  /// From the top: the curve or a sketch of what the layer does; from the bottom: formula, counts.
  private func drawFacts(in area: Rect, on grid: inout CellGrid) {
    guard area.height >= 2 else { return }
    let facts = LayerFacts.lines(view).flatMap { $0.wrapped(to: max(1, area.width - 2)) }
    let curve = view.state.chosenLayer.flatMap { view.blueprint.activation(of: $0) }
      .flatMap(ActivationCurve.init)
    let sketch = LayerSketch.lines(view, width: area.width - 2)
    if let curve, area.height < 8 {
      if area.height >= ActivationCurve.leastHeight { return curve.draw(in: area, on: &grid) }
      return write(facts, from: area.y, in: area, on: &grid)
    }
    var top = area.y
    var room = area.height - facts.count - 1
    if !sketch.isEmpty, room > sketch.count {
      grid.rule(in: Rect(area.x, top, area.width, 1))
      write(sketch, from: top + 1, in: area, on: &grid)
      top += sketch.count + 1
      room -= sketch.count + 1
    }
    if let curve, room >= ActivationCurve.leastHeight {
      let height = min(room, 12)
      curve.draw(in: Rect(area.x, top, area.width, height), on: &grid)
      top += height
    }
    write(facts, from: top + 1, in: area, on: &grid)
  }

  private func write(
    _ lines: [StyledText], from y: Int, in area: Rect, on grid: inout CellGrid
  ) {
    for (i, line) in lines.enumerated() where y + i < area.bottom {
      grid.write(line, at: Point(area.x + 1, y + i), width: area.width - 1)
    }
  }
}

/// An activation and its slope over −3 … 3.
struct ActivationCurve {
  /// Four rows for the curves, one for the numbers below them, one for their names.
  static let leastHeight = 6

  private let name: String
  private let values: [Float]
  private let slopes: [Float]
  private let x: [Float]

  /// Nil for softmax and others that are no function of one number.
  init?(_ activation: ActivationFunction) {
    x = (0...240).map { Float($0 - 120) / 40 }
    guard let curve = activation.curve(over: x),
      (curve.values + curve.slopes).allSatisfy(\.isFinite)
    else { return nil }
    name = activation.name
    (values, slopes) = curve
  }

  func draw(in area: Rect, on grid: inout CellGrid) {
    var rest = area
    if area.height >= 7 {
      grid.rule(.secondary("\(name) and its slope"), in: area, row: area.height >= 9 ? 1 : 0)
      rest = area.trimmed(top: area.height >= 9 ? 2 : 1)
    }
    let slope = LinePlot.Series(name: "slope", x: x, y: slopes, ink: .series(1))
    var curve = LinePlot.Series(name: "\(name)(x)", x: x, y: values, ink: .series(0))
    // Where the two share a cell the slope goes on.
    curve.keepsDots = true
    // From half to half, so that what a curve only comes near to has its place: −1 of tanh.
    let plot = LinePlot(
      series: [slope, curve], xAxis: Axis(low: -3, high: 3),
      yAxis: Axis(
        low: (2 * Double((values + slopes).min() ?? 0)).rounded(.down) / 2,
        high: (2 * Double(max(1, (values + slopes).max() ?? 1))).rounded(.up) / 2))
    plot.draw(in: rest.trimmed(left: 1, right: 1, bottom: 1), on: &grid)
    grid.write(
      plot.legend(ability: grid.ability), at: Point(rest.x + 2, rest.bottom - 1),
      width: max(0, rest.width - 3))
  }
}
