import Autodiff
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// Adam on one number: m, v, the rate and the new number, each as formula, numbers and result.
struct AdamFormulas {
  private struct Step {
    let symbol: String
    let formula: String
    let numbers: String
    let result: String
    var note = ""

    func spelled(for ability: Ability) -> Step {
      Step(
        symbol: Spelling.text(symbol, for: ability.glyphs),
        formula: Spelling.text(formula, for: ability.glyphs),
        numbers: Spelling.text(numbers, for: ability.glyphs), result: result,
        note: Spelling.text(note, for: ability.glyphs))
    }
  }

  private let steps: [Step]

  private init(_ steps: [Step]) { self.steps = steps }

  /// Nil when the instruction is no update by Adam whose past is known.
  init?(_ moment: StepMoment) {
    guard let index = moment.instruction,
      case .adam(_, _, _, _, let beta1, let beta2, let epsilon)? =
        moment.plan.instructions[index].results.first?.rule,
      let update = ParameterUpdate(moment), update.state.count == 2,
      let gradients = update.gradient
    else { return nil }
    let cell = moment.cell
    let (m, v) = (update.state[0], update.state[1])
    let gradient = gradients.scalars[cell]
    let t = moment.updatesBefore + 1
    // In the arithmetic of the kernel: what is shown comes out to the last digit.
    let adam = AdamRate(learningRate: moment.learningRate, update: t, beta1, beta2)
    let (root, fit, alpha) = (adam.root, adam.fit, adam.rate)
    let change =
      alpha * m.after.scalars[cell] / (v.after.scalars[cell].squareRoot() + Float(epsilon))
    func step(
      _ symbol: String, _ formula: String, _ text: String, _ numbers: [Float], _ result: Float,
      digits: Int = 4, note: String = ""
    ) -> Step {
      let operands = numbers.map { Operand("", $0) }
      let shown = CellFormula(text, operands, result: result).shown(digits: digits)
      return Step(
        symbol: symbol, formula: formula, numbers: shown.numbers, result: shown.result, note: note)
    }
    steps = [
      step(
        "m", "β₁ m + (1 − β₁) g", "{} × {} + {} × {}",
        [Float(beta1), m.before.scalars[cell], Float(1 - beta1), gradient], m.after.scalars[cell]),
      step(
        "v", "β₂ v + (1 − β₂) g²", "{} × {} + {} × {}²",
        [Float(beta2), v.before.scalars[cell], Float(1 - beta2), gradient], v.after.scalars[cell]),
      step(
        "α", "lr √(1 − β₂^\(t)) / (1 − β₁^\(t))", "{} × {} / {}",
        [moment.learningRate, root, fit], alpha),
      step(
        "w", "w − α m / (√v + ε)", "{} − {}", [update.before.scalars[cell], change],
        update.after.scalars[cell], digits: 6,
        note: "α m / (√v + ε) = \(NumberFormat.compact(change, digits: 6))"),
    ]
  }

  private func linesEach(_ area: Rect) -> Int {
    area.height >= 12 ? 3 : area.height >= 8 && area.width >= 56 ? 2 : 1
  }

  /// The lines it takes.
  func height(in area: Rect) -> Int {
    max(linesEach(area) * steps.count, wrapped(in: area)?.count ?? 0)
  }

  /// Formula, numbers and result of each below each other, what is too long going on below; nil
  /// where that has no room.
  private func wrapped(in area: Rect) -> [StyledText]? {
    guard linesEach(area) == 3 else { return nil }
    let lines = steps.flatMap { step -> [StyledText] in
      let result = StyledText.text("  = ") + .accent(step.result)
      let note = Fitting.text(["    " + step.note], width: area.width - result.width)
      return (StyledText.accent(step.symbol) + .secondary(" ← ") + StyledText(step.formula, .loss))
        .wrapped(to: area.width)
        + StyledText.text("= " + step.numbers).wrapped(to: area.width - 2).map { "  " + $0 }
        + [result + .secondary(note)]
    }
    return lines.count <= area.height ? lines : nil
  }

  func draw(in area: Rect, on grid: inout CellGrid) {
    let spelled = AdamFormulas(steps.map { $0.spelled(for: grid.ability) })
    if let lines = spelled.wrapped(in: area) {
      for (row, line) in lines.enumerated() { write(line, area.y + row, area, on: &grid) }
      return
    }
    let linesEach = linesEach(area)
    // Where not all have room, the last ones say what became of the weight.
    for (place, step) in steps.suffix(max(1, area.height / linesEach)).enumerated() {
      let y = area.y + place * linesEach
      let step = step.spelled(for: grid.ability)
      let head =
        StyledText.accent(step.symbol) + .secondary(Spelling.text(" ← ", for: grid.ability.glyphs))
      let formula = StyledText(step.formula, .loss)
      switch linesEach {
      case 3:
        write(head + formula, y, area, on: &grid)
        write(.text("  = " + step.numbers), y + 1, area, on: &grid)
        let result = StyledText.text("  = ") + .accent(step.result)
        let note = Fitting.text(["    " + step.note], width: area.width - result.width)
        write(result + .secondary(note), y + 2, area, on: &grid)
      case 2:
        write(head + formula, y, area, on: &grid)
        let end = StyledText.text(" = ") + .accent(step.result)
        write(
          StyledText.text("  = " + step.numbers).truncated(to: area.width - end.width) + end,
          y + 1, area, on: &grid)
      default:
        let end = StyledText.text(" = ") + .accent(step.result)
        let all = [
          head + formula + .text(" = " + step.numbers), head + .text(step.numbers),
          head + formula, .accent(step.symbol),
        ]
        let fitting = all.first { $0.width + end.width <= area.width } ?? .accent(step.symbol)
        write(fitting + end, y, area, on: &grid)
      }
    }
  }

  private func write(_ text: StyledText, _ y: Int, _ area: Rect, on grid: inout CellGrid) {
    guard y < area.bottom else { return }
    grid.write(text, at: Point(area.x, y), width: area.width)
  }
}
