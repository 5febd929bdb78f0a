import Autodiff
import TerminalGraphics
import Training

/// What a fold that was done as one line gives: one number of each array opened, and below what these
/// are made of within the fold.
struct FoldLines {
  let fold: FoldExplanation

  func draw(in area: Rect, _ isFocused: Bool, on grid: inout CellGrid) {
    let inside = grid.box(
      area, title: "What this fold gives",
      detail: Fitting.detail(
        [fold.fold.name, fold.fold.path.last ?? ""].map { .secondary($0) },
        beside: "What this fold gives", in: area),
      isFocused: isFocused
    ).inset(rows: 0)
    var y = inside.y
    for explanation in fold.outputs + fold.inner {
      let lines = lines(explanation, width: inside.width, grid.ability.glyphs)
      guard y + lines.count <= inside.bottom else { continue }
      for line in lines {
        grid.write(line, at: Point(inside.x, y), width: inside.width)
        y += 1
      }
    }
  }

  /// The formula with names and with numbers; of a long one how many numbers are in it.
  private func lines(
    _ explanation: CellExplanation, width: Int, _ glyphs: Ability.Glyphs
  ) -> [StyledText] {
    let name = StyledText.strong(explanation.shortName)
    let formula: CellFormula
    switch explanation.body {
    case .sum(let terms) where terms.count > 4:
      return
        (name + .text(" = the sum of \(NumberFormat.integer(terms.count)) terms = ")
        + .accent(NumberFormat.compact(explanation.result))).wrapped(to: width)
    case .formula(_, let operands) where operands.count > 6:
      return
        (name + .text(" of \(NumberFormat.integer(operands.count)) numbers = ")
        + .accent(NumberFormat.compact(explanation.result))).wrapped(to: width)
    case .sum(let terms): formula = CellFormula(sum: terms, result: explanation.result)
    case .formula(let text, let operands):
      formula = CellFormula(text, operands, result: explanation.result)
    }
    let shown = formula.shown
    let numbers =
      StyledText("  = " + shown.numbers, .loss) + .text(" = ") + .accent(shown.result)
    return [name + .text(" = " + formula.named), numbers].flatMap {
      $0.spelled(for: glyphs).wrapped(to: width)
    }
  }
}
