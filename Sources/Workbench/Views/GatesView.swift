import Autodiff
import TerminalGraphics
import Training

/// Gates, memory and outputs of a recurrent layer over time, with what came in at each step; of the
/// chosen unit at the chosen step the numbers.
enum GatesView: CloseUpView {
  static let kind = CloseUp.gates
  static let name = "gates over time"
  static let help = "every gate, the memory and the output at each time step, unit by unit"
  static let fits = "a SimpleRNN, LSTM, GRU or Bidirectional layer"
  static let moves = "unit, time"
  static let part = "direction"

  static func extent(_ picture: CloseUpPicture) -> CloseUpExtent? {
    guard case .gates(let gates) = picture else { return nil }
    return CloseUpExtent(
      rows: gates.recurrent.units, columns: gates.recurrent.steps, parts: gates.directions.count)
  }

  static func draw(_ look: CloseUpLook, on grid: inout CellGrid) {
    guard case .gates(let gates) = look.picture else { return }
    GatesDrawing(look: look, gates: gates).draw(on: &grid)
  }
}

private struct GatesDrawing {
  let look: CloseUpLook
  let gates: GatesCloseUp

  private var recurrent: RecurrentMoment { gates.recurrent }

  func draw(on grid: inout CellGrid) {
    let area = look.area
    guard area.height > 2, area.width > 24 else { return }
    let numbers = numberLines
    let below = area.height >= 12 ? numbers.count + 2 : area.height >= 8 ? 2 : 1
    let hasTokens = gates.tokens != nil
    let room = area.trimmed(top: hasTokens ? 1 : 0, bottom: below)
    let layout = RecurrentLayout(recurrent, in: room)
    if hasTokens { drawTokens(layout, on: &grid) }
    RecurrentRows(recurrent: recurrent, layout: layout, unit: gates.unit).draw(on: &grid)
    let foot = Rect(area.x, area.bottom - below, area.width, below)
    if below > 1 { drawNumbers(numbers, foot.trimmed(bottom: 1), on: &grid) }
    grid.write(legend(layout), at: Point(area.x, area.bottom - 1), width: area.width)
  }

  /// What came in, over the time steps.
  private func drawTokens(_ layout: RecurrentLayout, on grid: inout CellGrid) {
    guard let tokens = gates.tokens else { return }
    grid.write(
      .secondary("comes in"), at: look.area.origin, width: max(0, layout.labelWidth - 1))
    let names = tokens.map { look.tokens.name($0) }
    let widest = layout.times.map { TextWidth.columns(names[$0]) }.max() ?? 1
    // Words that are longer than a step are wide stand over every few steps, the chosen one always.
    let every = max(1, (widest + layout.timeWidth) / layout.timeWidth)
    for time in layout.times {
      let isHere = time == recurrent.time
      let isFar = abs(time - recurrent.time) >= every
      guard widest <= layout.blockWidth || isHere || (time % every == 0 && isFar) else { continue }
      let width = TextWidth.columns(names[time])
      let x = layout.x(time) + max(0, (layout.blockWidth - width + 1) / 2)
      grid.write(
        isHere ? StyledText(names[time], .accent, .bold) : .text(names[time]),
        at: Point(x, look.area.y), width: max(0, min(look.area.right - x, 12)))
    }
  }

  // MARK: The chosen unit

  private func number(_ part: RecurrentMoment.Part, _ time: Int) -> Float? {
    recurrent.number(part, at: time, unit: gates.unit)
  }

  /// `f[5] 0.93` as an operand of a formula; before the first step the state is 0.
  private func operand(_ part: RecurrentMoment.Part, _ time: Int) -> Operand? {
    if time < 0 { return Operand("\(part.rawValue)[−1]", 0) }
    return number(part, time).map { Operand("\(part.rawValue)[\(time)]", $0) }
  }

  private func formula(
    _ part: RecurrentMoment.Part, _ text: String,
    _ operands: [(RecurrentMoment.Part, Int)]
  ) -> TermLines.Line? {
    let t = recurrent.time
    let known = operands.compactMap { operand($0.0, $0.1) }
    guard known.count == operands.count, let result = number(part, t) else { return nil }
    let formula = CellFormula(text, known, result: result)
    let shown = formula.shown
    let name = "\(part.rawValue)[\(t)]"
    return TermLines.Line(
      left: .strong(name) + .secondary(" = " + formula.named + " = ")
        + StyledText(shown.numbers, .loss) + .secondary(" ="),
      right: StyledText(shown.result, .accent, .bold))
  }

  /// The gates of the unit, then how memory and output come of them.
  private var numberLines: [TermLines.Line] {
    let t = recurrent.time
    let parts = recurrent.rows.map(\.part).filter { $0 != .x }
    let all = parts.compactMap { part in
      number(part, t).map { value in
        StyledText.secondary(part.rawValue + " ") + .text(NumberFormat.compact(value, digits: 3))
      }
    }
    let token = gates.tokens.map { " reads " + look.tokens.name($0[t]) } ?? ""
    let head = TermLines.Line(
      left: .strong("unit \(gates.unit), t = \(t)") + .secondary(token + "  ")
        + .joined(all, separator: "  "), right: "")
    let made: [TermLines.Line?] =
      if parts.contains(.c) {
        [
          formula(.c, "{} × {} + {} × {}", [(.f, t), (.c, t - 1), (.i, t), (.g, t)]),
          formula(.h, "{} × tanh({})", [(.o, t), (.c, t)]),
        ]
      } else if parts.contains(.z), parts.contains(.g) {
        [formula(.h, "{} × {} + (1 − {}) × {}", [(.z, t), (.h, t - 1), (.z, t), (.g, t)])]
      } else {
        []
      }
    return [head] + made.compactMap { $0 }
  }

  private func drawNumbers(
    _ lines: [TermLines.Line], _ area: Rect, on grid: inout CellGrid
  ) {
    let room = area.height > lines.count ? area.trimmed(top: 1) : area
    TermLines.draw(lines, in: room, on: &grid)
  }

  private func legend(_ layout: RecurrentLayout) -> StyledText {
    let direction =
      gates.directions.count > 1
      ? "\(gates.direction == 0 ? "forwards" : "backwards"); " : ""
    let signs = LayersPanel.swatches(.diverging(limit: 1), "−", "+", look.ability)
    let order = Fitting.text(
      layout.order(ofUnits: recurrent.units),
      width: look.area.width - direction.count - signs.width - 2)
    return .secondary(direction + order + "  ") + signs
  }
}
