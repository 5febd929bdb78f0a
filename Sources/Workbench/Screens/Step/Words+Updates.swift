import Autodiff
import NeuralNets
import Tensors
import TerminalGraphics
import Training

// What an optimizer changed.

extension Words {
  /// Whether a line makes weights smaller by a share of themselves.
  static func isDecay(_ instruction: Instruction) -> Bool {
    instruction.phase == .update && instruction.title == "decay"
  }

  /// What weight decay does, with its share.
  var decay: [String] {
    guard case .formula(_, let operands)? = moment.explanation?.body,
      let rate = operands.first(where: { $0.name == "λ" })?.value
    else { return strongest }
    let share = NumberFormat.compact(rate * moment.learningRate, digits: 3)
    let each = numbers.count == 1 ? "The number" : "Each of \(integer(numbers.count)) numbers"
    return ["\(each) loses \(share) of itself, λ × lr, whatever its gradient is."] + strongest
  }

  var update: [String] {
    guard let update = ParameterUpdate(moment), let gradient = update.gradient else { return [] }
    let changes = zip(update.after.scalars, update.before.scalars).map { $0 - $1 }
    let moved = changes.count { $0 != 0 }
    var sentences: [String] = []
    let against = zip(changes, gradient.scalars).count { $0 * $1 < 0 }
    sentences.append(changed(moved, of: changes, against: against))
    sentences += firstOrder(changes, gradient.scalars)
    if update.state.count == 2 {
      let apart = zip(update.state[0].after.scalars, gradient.scalars)
        .count { $0 * $1 < 0 }
      if apart > 0 {
        sentences.append(
          changes.count == 1
            ? "m and g have different signs: the mean of past gradients decides."
            : "\(integer(apart)) of \(integer(changes.count)) have m and g of different sign: there "
              + "the mean of past gradients decides.")
      }
    }
    if update.state.count == 1 {
      let uphill = zip(update.state[0].after.scalars, gradient.scalars)
        .count { $0 * $1 > 0 }
      if uphill > 0 {
        sentences.append(
          changes.count == 1
            ? "The velocity has the sign of the gradient: the momentum of past steps decides."
            : "\(integer(uphill)) of \(integer(changes.count)) velocities have the sign of their "
              + "gradient: there the momentum of past steps decides.")
      }
    }
    let size = changes.map { abs($0) }
    if let most = size.max(), most > 0, size.count > 1,
      case let shown = compact(most), size.count(where: { compact($0) == shown }) == 1,
      let offset = size.firstIndex(of: most)
    {
      sentences.append(
        "The largest change is that of "
          + "\(moment.results.first?.symbol ?? "")\(place(offset)): \(compact(changes[offset])).")
    }
    return sentences
  }

  /// How many numbers changed, and how many of them against their gradient.
  private func changed(_ moved: Int, of changes: [Float], against: Int) -> String {
    if moved == 0 {
      return changes.count == 1 ? "The number does not change." : "No number changes."
    }
    if changes.count == 1 {
      return "The number changes by \(compact(changes[0])), "
        + (against == 1 ? "against the sign of its gradient." : "not against its gradient.")
    }
    let first =
      moved == changes.count
      ? (moved == 2 ? "Both numbers change" : "All \(integer(moved)) numbers change")
      : "\(integer(moved)) of \(integer(changes.count)) numbers change\(moved == 1 ? "s" : "")"
    let second =
      against == moved
      ? (moved == 1
        ? "against the sign of its gradient"
        : "\(moved == 2 ? "both" : "all") against the signs of their gradients")
      : "\(against == 0 ? "none" : integer(against)) of them against "
        + (against == 1 ? "the sign of its gradient" : "the signs of their gradients")
    return first + ", " + second + "."
  }

  /// What the change does to the loss of this batch as far as the gradient says: Σ g · change.
  private func firstOrder(_ changes: [Float], _ gradient: [Float]) -> [String] {
    let effect = zip(changes, gradient).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    guard effect.isFinite, effect != 0 else { return [] }
    let size = NumberFormat.compact(abs(effect), digits: 3)
    // A slope reaches no farther than a small step: no squared error falls below 0.
    if effect < 0, let loss = moment.loss, loss >= 0, Double(loss) < -effect {
      return [
        "By its gradient, this change alone would lower the loss of this batch by about \(size), more "
          + "than all of its \(NumberFormat.compact(loss, digits: 3)): the slope holds for small steps "
          + "only."
      ]
    }
    return [
      "By its gradient, this change alone \(effect < 0 ? "lowers" : "raises") the loss of this batch "
        + "by about \(size)\(changes.count > 1 ? " (Σ g × change)" : " (g × change)")."
    ]
  }
}
