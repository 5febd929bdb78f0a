import NeuralNets
import Tensors

/// Brings targets into the form a loss takes, or says why they do not fit.
package enum Targets {
  /// The targets for `network`, checked: class numbers below the number of outputs, shapes equal.
  package static func fitted(
    _ targets: Tensor, to network: Network, loss: Component
  ) throws(RunFailure) -> Tensor {
    let output = network.outputShape
    let n = targets.shape.extents.first ?? 0
    if loss.kind == "SparseCategoricalCrossentropy" {
      let wanted = Shape([n] + output.extents.dropLast())
      guard targets.count == wanted.count else {
        throw RunFailure(
          "the loss takes one class number for each of \(wanted.count) rows, the targets have "
            + "shape \(targets.shape.tuple)",
          remedy: "class numbers, or loss=\"categorical_crossentropy\" for one-hot targets")
      }
      let classes = Float(output.last)
      if let odd = targets.scalars.first(where: { !($0 >= 0 && $0 < classes && $0 == $0.rounded()) }
      ) {
        throw RunFailure(
          "a target is \(odd), the network has \(output.last) outputs",
          remedy: "class numbers from 0 to \(output.last - 1), or a last layer with more units")
      }
      return targets.reshaped(to: wanted)
    }
    let wanted = Shape([n] + output.extents)
    guard targets.count == wanted.count else {
      throw RunFailure(
        "the network gives \(output.tuple) for each example, the targets have shape "
          + "\(targets.shape.tuple)",
        remedy: targets.count == n && output.last > 1
          ? "loss=\"sparse_categorical_crossentropy\" for class numbers, or a last layer of 1 unit"
          : "a last layer whose outputs match the targets")
    }
    return targets.reshaped(to: wanted)
  }
}
