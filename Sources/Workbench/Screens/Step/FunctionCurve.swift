import Autodiff
import Tensors
import TerminalGraphics
import Training

/// The curve of the function that made the chosen number, with the place where it stands.
struct FunctionCurve {
  private let function: ScalarFunction
  private let x: Float
  private let y: Float

  /// Nil when no function of one number made it.
  init?(_ moment: StepMoment) {
    guard let index = moment.instruction, let explanation = moment.explanation,
      case .formula(_, let operands) = explanation.body, operands.count == 1,
      operands[0].value.isFinite, explanation.result.isFinite
    else { return nil }
    switch moment.plan.instructions[index].results[moment.result].rule {
    case .function(let function, _), .functionOfColumns(let function, _, _):
      self.function = function
    default: return nil
    }
    x = operands[0].value
    y = explanation.result
  }

  func draw(in area: Rect, on grid: inout CellGrid) {
    guard area.height >= 5, area.width >= 24 else { return }
    // At least from −3 to 3, where curves bend, and on to the number.
    let reach = max(3, abs(x) * 1.2)
    let points = (0...80).map { -reach + 2 * reach * Float($0) / 80 }
    let series = LinePlot.Series(
      name: function.name, x: points, y: points.map { value($0) }, ink: .series(0))
    let plot = LinePlot(
      series: [series], xAxis: Axis(low: Double(-reach), high: Double(reach)),
      xLabel: "z", cursor: Double(x))
    grid.write(
      plot.legend(ability: grid.ability)
        + .secondary("  ┊ here: z = \(NumberFormat.compact(x))"),
      at: area.origin, width: area.width)
    plot.draw(in: area.trimmed(top: 1), on: &grid)
  }

  private func value(_ z: Float) -> Float {
    CellFormula("\(function.name)({})", [Operand("z", z)], result: 0).evaluate([Double(z)])
      .map { Float($0) } ?? .nan
  }
}
