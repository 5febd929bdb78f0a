import Autodiff
import Tensors
import TerminalGraphics
import Training

/// What an update did to one number, below its formula: how far it went, and what that means for
/// the loss.
enum ChangeLines {
  static func lines(_ moment: StepMoment, width: Int) -> [StyledText] {
    guard let update = ParameterUpdate(moment), moment.result == 0,
      moment.cell < update.before.count
    else { return [] }
    let (before, after) = (update.before.scalars[moment.cell], update.after.scalars[moment.cell])
    let change = after - before
    guard change.isFinite else { return [] }
    let number = StyledText.text(NumberFormat.compact(change, digits: 6))
    var ways = [
      StyledText.secondary("change = after − before = ") + number,
      .secondary("change = ") + number,
    ]
    if before != 0, change != 0 {
      let share = NumberFormat.compact(Double(abs(change / before)) * 100, digits: 2)
      let note = StyledText.secondary(" (\(share) % of it)")
      ways = [ways[0] + note, ways[1] + note, ways[1]]
    }
    var lines = [Self.fitting(ways, width)]
    if let gradient = update.gradient?.scalars[moment.cell], case let effect = change * gradient,
      effect.isFinite, effect != 0
    {
      let product =
        StyledText.secondary("g × change = ") + .text(NumberFormat.compact(effect, digits: 4))
      let falls = effect < 0 ? "fall" : "rise"
      lines.append(
        Self.fitting(
          [
            product + .secondary(": the loss should \(falls) by so much"),
            product + .secondary(": L should \(falls)"), product,
          ], width))
    }
    return lines
  }

  private static func fitting(_ ways: [StyledText], _ width: Int) -> StyledText {
    ways.first { $0.width <= width } ?? ways.last ?? StyledText()
  }
}
