import Autodiff
import Tensors
import TerminalGraphics
import Training

/// What an update did to one number, below its formula: how far it went, and what that means for
/// the loss.
enum ChangeLines {
  static func lines(_ moment: StepMoment) -> [StyledText] {
    guard let update = ParameterUpdate(moment), moment.result == 0,
      moment.cell < update.before.count
    else { return [] }
    let (before, after) = (update.before.scalars[moment.cell], update.after.scalars[moment.cell])
    let gradient = update.gradient.scalars[moment.cell]
    let change = after - before
    guard change.isFinite, gradient.isFinite else { return [] }
    var lines: [StyledText] = [
      .secondary("change = after − before = ")
        + .text(NumberFormat.compact(change, digits: 6))
    ]
    if before != 0, change != 0 {
      let share = Double(abs(change / before))
      lines[0] += .secondary(" (\(NumberFormat.compact(share * 100, digits: 2)) % of it)")
    }
    let effect = change * gradient
    if effect != 0 {
      lines.append(
        .secondary("g × change = ") + .text(NumberFormat.compact(effect, digits: 4))
          + .secondary(effect < 0 ? ": the loss should fall so much" : ": the loss should rise so much"))
    }
    return lines
  }
}
