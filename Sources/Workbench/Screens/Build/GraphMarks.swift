import NeuralNets
import Tensors
import TerminalGraphics

/// In the picture of a graph whose run is at hand: a mark for each unit of a box, and for the largest
/// weight into it.
struct GraphMarks {
  private let numbers: RunNumbers
  private let blueprint: Blueprint

  /// Nil where no run has this network.
  init?(_ view: BuildView) {
    guard let numbers = RunNumbers(view.state) else { return nil }
    self.numbers = numbers
    blueprint = view.blueprint
  }

  private func name(_ node: GraphLayout.Node) -> String? {
    guard case .call(let call) = node, blueprint.wiring.calls.indices.contains(call) else {
      return nil
    }
    return blueprint.names[blueprint.wiring.calls[call].layer]
  }

  /// What comes in, or what a layer gives for the example: a number for each unit.
  private func units(_ node: GraphLayout.Node) -> [Float]? {
    if let name = name(node) { return numbers.values[name].map(UnitMarks.means) }
    guard blueprint.wiring.inputs.count <= 1, let shape = blueprint.shape(of: .input(0)),
      !numbers.input.isEmpty, shape.count == numbers.input.count
    else { return nil }
    return UnitMarks.means(Tensor(shape: shape, scalars: numbers.input))
  }

  func hasUnits(_ node: GraphLayout.Node) -> Bool { units(node) != nil }

  /// Draws as many units as have room; false when there are no values.
  @discardableResult
  func drawUnits(of node: GraphLayout.Node, in row: Rect, on grid: inout CellGrid) -> Bool {
    guard let units = units(node), row.width > 0 else { return false }
    let limit = units.reduce(Float(0)) { $1.isFinite ? max($0, abs($1)) : $0 }
    draw(units, in: row, on: &grid) { value, _ in UnitMarks.unit(value, limit) }
    return true
  }

  /// Draws the largest weight into each of the units drawn.
  func drawWeights(of node: GraphLayout.Node, in row: Rect, on grid: inout CellGrid) {
    guard let name = name(node), let kernel = numbers.kernels[name] else {
      grid.write(.faint("no weights"), at: row.origin, width: row.width)
      return
    }
    let limit = UnitMarks.limit(kernel)
    guard limit > 0 else { return }
    draw(UnitMarks.strongest(kernel), in: row, on: &grid) { weight, isAscii in
      UnitMarks.weight(weight / limit, isAscii: isAscii)
    }
  }

  private func draw(
    _ all: [Float], in row: Rect, on grid: inout CellGrid,
    mark: (Float, Bool) -> (scalar: Unicode.Scalar, ink: Ink)
  ) {
    let shown = all.count <= row.width ? all.count : max(0, row.width - 1)
    for (place, number) in all.prefix(shown).enumerated() {
      let (scalar, ink) = mark(number, grid.ability.glyphs == .ascii)
      grid.put(scalar, at: Point(row.x + place, row.y), ink: ink)
    }
    if shown < all.count { grid.put("…", at: Point(row.x + shown, row.y), ink: .secondary) }
  }

  /// Draws units, and after a blank the weights into them: for a box of one row.
  func drawBoth(of node: GraphLayout.Node, in row: Rect, on grid: inout CellGrid) {
    let half = (row.width - 1) / 2
    guard half >= 3, let name = name(node), numbers.kernels[name] != nil else {
      drawUnits(of: node, in: row, on: &grid)
      return
    }
    drawUnits(of: node, in: Rect(row.x, row.y, half, 1), on: &grid)
    drawWeights(of: node, in: Rect(row.x + half + 1, row.y, half, 1), on: &grid)
  }

  /// What the marks mean, below the picture, in as many words as have room.
  func legend(width: Int, isAscii: Bool) -> StyledText {
    guard !numbers.values.isEmpty else {
      return Fitting.first(numbers.circles(of: 0), width: width) ?? ""
    }
    let plus = StyledText(isAscii ? "+" : "━ +", .positive)
    let minus = StyledText(isAscii ? "-" : "╌ −", .negative)
    let values =
      StyledText.secondary("values ") + StyledText("● +", .positive) + " "
      + StyledText("○ −", .negative)
    let turn = StyledText.hint("[ ]", "others")
    let long = StyledText.secondary("  largest weight into each ") + plus + " " + minus
    let short = StyledText.secondary("  weights ") + plus + " " + minus
    return [values + long + "  " + turn, values + short + "  " + turn, values + short]
      .first { $0.width <= width } ?? values
  }

  /// `example 0 of 1,797 · weights of step 900`, and shorter.
  func notes(of count: Int) -> [String] {
    let step = "step \(NumberFormat.integer(numbers.step))"
    guard !numbers.values.isEmpty else { return ["weights of " + step, step] }
    let example = "example \(numbers.example) of \(NumberFormat.integer(count)) · "
    return [example + "weights of " + step, example + step, step]
  }
}
