import Autodiff
import NeuralNets
import Tensors
import TerminalGraphics
import Training

// What an optimizer changed.

extension Words {
  var update: [String] {
    guard let update = ParameterUpdate(moment) else { return [] }
    let changes = zip(update.after.scalars, update.before.scalars).map { $0 - $1 }
    let moved = changes.count { $0 != 0 }
    var sentences: [String] = []
    let against = zip(changes, update.gradient.scalars).count { $0 * $1 < 0 }
    sentences.append(
      "\(integer(moved)) of \(Self.count(changes.count, "number")) changed, \(integer(against)) of "
        + "them against the sign of \(moved == 1 ? "its" : "their") gradient.")
    if update.state.count == 2 {
      let apart = zip(update.state[0].after.scalars, update.gradient.scalars)
        .count { $0 * $1 < 0 }
      if apart > 0 {
        sentences.append(
          "\(integer(apart)) of \(integer(changes.count)) have m and g of different sign: there the "
            + "mean of past gradients decides.")
      }
    }
    if update.state.count == 1 {
      let uphill = zip(update.state[0].after.scalars, update.gradient.scalars)
        .count { $0 * $1 > 0 }
      if uphill > 0 {
        sentences.append(
          "\(integer(uphill)) of \(integer(changes.count)) velocities have the sign of their gradient: "
            + "there the momentum of past steps decides.")
      }
    }
    let size = changes.map { abs($0) }
    if let most = size.max(), most > 0, size.count > 1,
      size.count(where: { $0 == most }) == 1, let offset = size.firstIndex(of: most)
    {
      sentences.append(
        "The largest change is that of "
          + "\(moment.results.first?.symbol ?? "")\(place(offset)): \(compact(changes[offset])).")
    }
    return sentences
  }
}
