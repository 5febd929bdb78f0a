import Datasets
import NeuralNets
import Tensors
import TerminalGraphics

/// The settings of the chosen line, the curve of its activation, its formula and its counts.
struct InspectorPanel {
  private let view: BuildView

  init(_ view: BuildView) { self.view = view }

  private var fields: [InspectorField] { view.state.inspectorFields }

  private var title: String {
    if view.line == 0 { return "Input" }
    let names = view.blueprint.names
    return names.indices.contains(view.line - 1) ? names[view.line - 1] : "compile"
  }

  private var detail: StyledText {
    guard let layer = view.state.chosenLayer else {
      return .secondary(view.line == 0 ? "one example" : "how it is trained")
    }
    return .secondary("layer \(layer + 1) of \(view.blueprint.model.layers.count)")
  }

  func draw(in area: Rect, isFocused: Bool, on grid: inout CellGrid) {
    let columnCount = area.width >= 62 && area.height < 14 ? 2 : 1
    let perColumn = (fields.count + columnCount - 1) / columnCount
    let shown = min(perColumn, area.height - 2)
    let chosen = max(0, min(view.state.build.field, fields.count - 1))
    let scroll = ListSelection(index: columnCount == 1 ? chosen : 0)
      .scroll(shown: max(1, shown), count: perColumn)
    let inside = grid.box(
      area, title: title, detail: detail, isFocused: isFocused,
      scroll: columnCount == 1 ? scroll : nil)
    let columns = inside.columns(
      Array(repeating: Extent.share(1), count: columnCount), gap: 2)
    for (i, field) in fields.enumerated() {
      let row = i % max(1, perColumn) - (columnCount == 1 ? scroll.first : 0)
      guard row >= 0, row < inside.height else { continue }
      draw(
        field, isChosen: i == chosen, isFocused: isFocused,
        in: columns[min(i / max(1, perColumn), columns.count - 1)].row(row), on: &grid)
    }
    drawFacts(in: inside.trimmed(top: shown), on: &grid)
  }

  private func draw(
    _ field: InspectorField, isChosen: Bool, isFocused: Bool, in row: Rect,
    on grid: inout CellGrid
  ) {
    let widest = fields.map(\.label.count).max() ?? 0
    let labelWidth = row.width >= 44 ? 16 : min(widest + 1, row.width / 2)
    let marks = isChosen && isFocused
    grid.write(
      StyledText(field.label, marks ? .accent : .secondary), at: Point(row.x + 1, row.y),
      width: labelWidth)
    let box = row.trimmed(left: labelWidth + 1)
    let background: Ink = isChosen ? .selection : .bar
    grid.fill(box, background: background)
    if marks, !grid.ability.hasBackgrounds { grid.put("▶", at: Point(row.x, row.y), ink: .accent) }
    if isChosen, let typed = view.state.field, typed.label == field.label {
      grid.write(
        .accent(typed.text + "▏"), at: Point(box.x + 1, box.y), width: max(0, box.width - 1))
      return
    }
    grid.write(
      isChosen ? .accent(field.text) : .text(field.text), at: Point(box.x + 1, box.y),
      width: max(0, box.width - 3 - TextWidth.columns(field.sign)))
    grid.writeTrailing(.secondary(field.sign), in: box.trimmed(right: 1))
  }

  // MARK: Below the fields

  private func drawFacts(in area: Rect, on grid: inout CellGrid) {
    let facts = LayerFacts.lines(view)
    let activation = view.state.chosenLayer.flatMap { view.blueprint.activation(of: $0) }
    let lines = facts.flatMap { $0.wrapped(to: max(1, area.width - 1)) }
    var rest = area
    if let curve = activation.flatMap(ActivationCurve.init), area.height >= 4 {
      // The facts below, if the curve keeps five rows; else the curve alone, or the facts alone.
      let room = area.height - lines.count - 1
      let height = room >= 6 ? room : area.height
      curve.draw(in: Rect(area.x, area.y, area.width, height), on: &grid)
      guard height < area.height else { return }
      rest = area.trimmed(top: height)
    }
    for (i, line) in lines.prefix(max(0, rest.height - 1)).enumerated() {
      grid.write(line, at: Point(rest.x + 1, rest.y + 1 + i))
    }
  }
}

/// An activation and its slope over −3 … 3.
struct ActivationCurve {
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
    let plot = LinePlot(
      series: [
        LinePlot.Series(name: "slope", x: x, y: slopes, ink: .series(1)),
        LinePlot.Series(name: "\(name)(x)", x: x, y: values, ink: .series(0)),
      ], xAxis: Axis(low: -3, high: 3),
      yAxis: Axis(low: Double(values.min() ?? 0), high: Double(max(1, values.max() ?? 1))))
    plot.draw(in: rest.trimmed(left: 1, right: 1, bottom: 1), on: &grid)
    grid.write(
      plot.legend(ability: grid.ability), at: Point(rest.x + 2, rest.bottom - 1),
      width: max(0, rest.width - 3))
  }
}
