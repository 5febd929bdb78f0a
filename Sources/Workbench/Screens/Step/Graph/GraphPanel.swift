import Autodiff
import Tensors
import TerminalGraphics
import Training

/// How one example goes through the step: its arrays from left to right, the values above, the
/// gradients that come back below, and the chosen number opened.
struct GraphPanel {
  private let state: AppState
  private let moment: StepMoment
  private let graph: ExampleGraph
  private let area: Rect
  private let columns: GraphColumns
  private let place: GraphPlace

  init(_ state: AppState, _ moment: StepMoment, _ graph: ExampleGraph, _ area: Rect) {
    self.state = state
    self.moment = moment
    self.graph = graph
    self.area = area
    place = GraphKeys.place(graph, state)
    columns = GraphColumns(graph, place, in: Self.numbers(area))
  }

  /// How many lines the chosen number takes at the bottom.
  private static func focusHeight(_ area: Rect) -> Int {
    area.height >= 24 ? 7 : area.height >= 16 ? 4 : 3
  }

  /// Where the columns are.
  static func numbers(_ area: Rect) -> Rect {
    area.inset(columns: 2, rows: 1).trimmed(bottom: focusHeight(area))
  }

  private var numbers: Rect { Self.numbers(area) }

  // MARK: Drawing

  func draw(_ isFocused: Bool, on grid: inout CellGrid) {
    let count = graph.nodes.count
    let note =
      columns.shown.count < count
      ? "arrays \(columns.shown.lowerBound + 1)–\(columns.shown.upperBound) of \(count)" : ""
    let title = "Example \(graph.example) of \(moment.plan.batchSize) through the step"
    let arrows = StyledText.accent("←↑↓→")
    let details = [arrows + .secondary(" along the edges"), arrows + .secondary(" edges"), arrows]
    grid.box(
      area, title: title, detail: Fitting.detail(details, beside: title, in: area),
      note: .secondary(note), isFocused: isFocused)
    for (slot, index) in columns.shown.enumerated() {
      let x = numbers.x + slot * columns.width
      draw(index, Rect(x, numbers.y, columns.width, numbers.height), on: &grid)
    }
    let top = min(numbers.bottom, numbers.y + columns.height)
    drawFocus(
      Rect(numbers.x, top, numbers.width, max(0, area.bottom - 1 - top)), on: &grid)
  }

  private func draw(_ index: Int, _ column: Rect, on grid: inout CellGrid) {
    let node = graph.nodes[index]
    let units = columns.units(of: index)
    drawTitle(node, index, column, on: &grid)
    let inside = column.trimmed(right: 2)
    let isHere = graph.here != nil && node.instruction == graph.here
    drawHead(
      node.instruction.map { "\(isHere ? "▶ " : "")\($0 + 1)" } ?? "data", "value", isHere,
      node.numbers != nil, Phase.forward, inside.row(2), on: &grid)
    drawNumbers(node, units, node.numbers, isGradient: false, inside.trimmed(top: 3), on: &grid)
    guard let maker = node.gradientInstruction else { return }
    let y = 2 + columns.half
    let isBackHere = graph.here == maker
    drawHead(
      "\(isBackHere ? "▶ " : "")\(maker + 1)", "∂L/∂\(node.symbol)", isBackHere,
      node.gradients != nil, Phase.backward, inside.row(y), on: &grid)
    drawNumbers(
      node, units, node.gradients, isGradient: true, inside.trimmed(top: y + 1), on: &grid)
  }

  /// `─ x W ─▶ z`, and below the layer and the shape.
  private func drawTitle(
    _ node: ExampleGraph.Node, _ index: Int, _ column: Rect, on grid: inout CellGrid
  ) {
    let isChosen = place.value == node.value.id
    let title = StyledText(node.symbol, isChosen ? .accent : .text, .bold)
    let inside = column.trimmed(right: 1)
    if let maker = node.instruction {
      let arrow = StyledText.faint("→ ")
      let name = StyledText.secondary(moment.plan.instructions[maker].title + " ")
      let room = inside.width - title.width - 1
      let full = name + arrow
      grid.write(
        (full.width <= room ? full : arrow) + title, at: inside.origin, width: inside.width)
    } else {
      grid.write(title, at: inside.origin, width: inside.width)
    }
    let layer = node.name.split(separator: "/").first.map(String.init) ?? node.name
    let shape =
      node.shape.extents.isEmpty
      ? "" : " [" + node.shape.extents.map(String.init).joined(separator: ",") + "]"
    let both = layer + shape
    grid.write(
      .faint(both.count <= inside.width ? both : shape.isEmpty ? layer : shape),
      at: Point(inside.x, inside.y + 1), width: inside.width)
  }

  private func drawHead(
    _ number: String, _ what: String, _ isHere: Bool, _ isKnown: Bool, _ phase: Phase, _ line: Rect,
    on grid: inout CellGrid
  ) {
    let ink: Ink = isHere ? .accent : isKnown ? phase.ink : .faint
    grid.write(StyledText(number, ink, isHere ? .bold : []), at: line.origin)
    grid.writeTrailing(
      StyledText(what, ink), in: Rect(line.x + 5, line.y, max(0, line.width - 5), 1))
    if isHere { grid.highlight(line) }
  }

  private func drawNumbers(
    _ node: ExampleGraph.Node, _ units: [Int], _ numbers: [Float]?, isGradient: Bool, _ area: Rect,
    on grid: inout CellGrid
  ) {
    for (row, unit) in units.enumerated() {
      let line = area.row(row)
      let isChosen =
        place
        == GraphPlace(
          value: node.value.id, isGradient: isGradient, unit: unit)
      if isChosen { grid.highlight(line) }
      let isPart = isSource(node, unit, isGradient)
      let mark: StyledText = isChosen ? .accent("▶") : isPart ? .accent("›") : " "
      let index = GraphColumns.index(unit, node)
      grid.write(
        mark + StyledText(index, isChosen ? .accent : .secondary), at: line.origin,
        width: line.width)
      // What is 0 has no sign and no digits: no small number looks like it.
      let number = numbers?[unit]
      let text =
        number.map { $0 == 0 ? "0" : NumberFormat.column($0, width: 8, decimals: 4) } ?? "·····"
      let ink: Ink =
        number.map { $0 == 0 ? .secondary : $0 < 0 ? .negative : .positive } ?? .faint
      grid.writeTrailing(StyledText(text, ink, isChosen ? .bold : []), in: line)
    }
    let others = node.shape.count - units.count
    if others > 0 {
      grid.writeTrailing(
        .faint("and \(NumberFormat.integer(others)) more"), in: area.row(units.count))
    }
  }

  /// Whether a number goes into the chosen one.
  private func isSource(_ node: ExampleGraph.Node, _ unit: Int, _ isGradient: Bool) -> Bool {
    guard let focus = graph.focus, focus.place == place else { return false }
    return focus.edges.contains {
      $0.place == GraphPlace(value: node.value.id, isGradient: isGradient, unit: unit)
    }
  }

  // MARK: The chosen number

  private func drawFocus(_ area: Rect, on grid: inout CellGrid) {
    grid.rule(.secondary("the chosen number"), in: area)
    let inside = area.trimmed(top: 1)
    guard let focus = graph.focus, focus.place == place else {
      grid.write(missing, at: inside.origin, width: inside.width)
      return
    }
    let explanation = focus.explanation
    switch explanation.body {
    case .formula(let text, let operands):
      let formula = CellFormula(text, operands, result: explanation.result)
      let shown = formula.shown
      var lines = [StyledText.strong(explanation.name) + .secondary(" = ") + .text(formula.named)]
      if !operands.isEmpty { lines.append(StyledText("= " + shown.numbers, .loss)) }
      lines.append(.text("= ") + .accent(shown.result))
      draw(lines, inside, on: &grid)
    case .sum(let terms):
      drawSum(terms, explanation, inside, on: &grid)
    }
  }

  private var missing: StyledText {
    guard let index = graph.node(of: place.value) else { return StyledText() }
    let node = graph.nodes[index]
    let name = node.name + (place.isGradient ? ".grad" : "") + GraphColumns.index(place.unit, node)
    guard let maker = place.isGradient ? node.gradientInstruction : node.instruction else {
      let value = node.numbers.map { NumberFormat.compact($0[place.unit], digits: 6) } ?? "?"
      return .strong(name) + .secondary(" = ") + .accent(value)
        + .secondary("   it comes with the batch")
    }
    return .strong(name) + .secondary("   not yet: instruction \(maker + 1) makes it")
  }

  private func drawSum(
    _ terms: [SumTerm], _ explanation: CellExplanation, _ area: Rect, on grid: inout CellGrid
  ) {
    let most = max(1, area.height - 2)
    let table = SumTable(
      terms, result: explanation.result, most: terms.count <= most + 1 ? most + 1 : most)
    let names = table.rows.map { $0.term.factors.map(\.name).joined(separator: " × ") }
    let widest = names.map { TextWidth.columns($0) }.max() ?? 0
    let factors = (0..<(table.rows.map(\.factors.count).max() ?? 0)).map { place in
      table.rows.map { place < $0.factors.count ? $0.factors[place].count : 0 }.max() ?? 0
    }
    var lines: [(StyledText, StyledText)] = zip(table.rows, names).map { row, name in
      let numbers = zip(row.factors, factors).map { NumberFormat.padded($0, to: $1) }
        .joined(separator: " × ")
      let gap = String(repeating: " ", count: widest - TextWidth.columns(name) + 3)
      return (
        .text("  " + name) + .secondary(row.term.factors.count > 1 ? gap + numbers : ""),
        StyledText(row.product, row.product.hasPrefix("-") ? .negative : .positive)
      )
    }
    if let rest = table.rest {
      lines.append(
        (
          .secondary("  and \(NumberFormat.integer(rest.count)) more, added"),
          .secondary(rest.text)
        ))
    }
    lines.append((.strong(explanation.name) + .secondary("  ="), .accent(table.result)))
    let width = min(area.width, 78)
    for (row, line) in lines.suffix(area.height).enumerated() {
      grid.write(
        line.0, at: Point(area.x, area.y + row), width: max(0, width - line.1.width - 1))
      grid.writeTrailing(line.1, in: Rect(area.x, area.y + row, width, 1))
    }
    guard area.width >= width + 32 else { return }
    grid.writeWrapped(
      .secondary(
        "›  goes into the chosen number. Of large arrays those units are listed whose value × "
          + "gradient, or value while there is no gradient yet, is largest in size."),
      in: Rect(area.x + width + 4, area.y, area.width - width - 4, area.height))
  }

  private func draw(_ lines: [StyledText], _ area: Rect, on grid: inout CellGrid) {
    var y = area.y
    for line in lines.flatMap({ $0.wrapped(to: area.width) }) where y < area.bottom {
      grid.write(line, at: Point(area.x, y), width: area.width)
      y += 1
    }
  }

  // MARK: The mouse

  func place(at point: Point) -> GraphPlace? {
    guard numbers.contains(point) else { return nil }
    let slot = (point.x - numbers.x) / columns.width
    guard slot < columns.shown.count else { return nil }
    let index = columns.shown.lowerBound + slot
    let node = graph.nodes[index]
    let units = columns.units(of: index)
    let line = point.y - numbers.y - 3
    if units.indices.contains(line) {
      return GraphPlace(value: node.value.id, unit: units[line])
    }
    let back = line - columns.half
    guard units.indices.contains(back), node.gradientInstruction != nil else { return nil }
    return GraphPlace(value: node.value.id, isGradient: true, unit: units[back])
  }
}
