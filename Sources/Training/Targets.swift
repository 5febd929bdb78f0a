import NeuralNets
import Tensors

/// Brings examples into the form a network takes, or says why they do not fit.
package enum Targets {
  /// The examples with every array in the shape that the network's inputs and losses take.
  package static func fitted(
    _ examples: Examples, to network: Network
  ) throws(RunFailure) -> Examples {
    guard let compilation = network.description.compilation else {
      throw RunFailure(
        "the model is not compiled", remedy: "model.compile(optimizer=\"adam\", loss=…)")
    }
    let judged = compilation.targeted
    guard examples.allTargets.count == judged.count else {
      throw RunFailure(
        "there are \(examples.allTargets.count) arrays of targets for \(judged.count) outputs",
        remedy: "one array for each output that has a loss or a metric")
    }
    var (targets, weights) = ([Tensor](), [Tensor]())
    for (i, (array, output)) in zip(examples.allTargets, judged).enumerated() {
      let shape = network.outputShapes[output]
      let judging = compilation.outputs[output]
      if let loss = judging.loss {
        targets.append(try fitted(array, to: shape, loss: loss))
      } else {
        targets.append(try fitted(array, to: shape, judging: judging))
      }
      guard examples.weights.indices.contains(i) else { continue }
      weights.append(try fitted(weights: examples.weights[i], to: shape, loss: judging.loss))
    }
    return Examples(
      inputs: try inputs(examples.allInputs, of: network), targets: targets,
      weights: weights)
  }

  /// How much each example counts, [n], or each of its losses, [n, …].
  private static func fitted(
    weights: Tensor, to output: Shape, loss: Component?
  ) throws(RunFailure) -> Tensor {
    let n = weights.shape.extents.first ?? 0
    if weights.count == n { return weights.reshaped(to: [n]) }
    let prediction = Shape([2] + output.extents)
    let each = loss.map { LossCatalog.loss($0).lossShape(for: prediction) } ?? [2]
    let wanted = Shape([n] + each.extents.dropFirst())
    guard each.rank > 1, weights.count == wanted.count else {
      throw RunFailure(
        "there are weights of shape \(weights.shape.tuple) for losses of shape \(wanted.tuple)",
        remedy: each.rank > 1
          ? "one weight for each example, (\(n),), or for each of its losses, \(wanted.tuple)"
          : "one weight for each example, (\(n),)")
    }
    return weights.reshaped(to: wanted)
  }

  /// Inputs in the shapes that a network takes.
  package static func inputs(
    _ arrays: [Tensor], of network: Network
  ) throws(RunFailure) -> [Tensor] {
    guard arrays.count == network.inputShapes.count else {
      throw RunFailure(
        "there \(arrays.count == 1 ? "is 1 array" : "are \(arrays.count) arrays") for"
          + " \(network.inputShapes.count) inputs",
        remedy: "one array for each input: fit([x1, x2], y) in a program, x and x_1 in an .npz")
    }
    var all: [Tensor] = []
    for (array, shape) in zip(arrays, network.inputShapes) {
      let count = array.shape.extents.first ?? 0
      guard array.count == count * shape.count else {
        let found = Shape(Array(array.shape.extents.dropFirst())).tuple
        throw RunFailure(
          "the network takes examples of shape \(shape.tuple), the data has \(found)",
          remedy: "Input(shape=\(found)), or data of that shape")
      }
      all.append(array.reshaped(to: Shape([count] + shape.extents)))
    }
    return all
  }

  /// The targets of an output that only metrics look at.
  private static func fitted(
    _ targets: Tensor, to output: Shape, judging: Compilation.Judging
  ) throws(RunFailure) -> Tensor {
    let n = targets.shape.extents.first ?? 0
    let wanted = judging.targetShape(for: Shape([n] + output.extents))
    guard targets.count == wanted.count else {
      throw RunFailure(
        "an output without a loss has \(output.tuple) for each example, its targets have shape "
          + targets.shape.tuple,
        remedy: "targets of shape \(wanted.tuple) for its metrics")
    }
    return targets.reshaped(to: wanted)
  }

  /// The targets for one output, checked: class numbers below the number of outputs, shapes equal.
  private static func fitted(
    _ targets: Tensor, to output: Shape, loss: Component
  ) throws(RunFailure) -> Tensor {
    let n = targets.shape.extents.first ?? 0
    let judge = LossCatalog.loss(loss)
    let prediction = Shape([n] + output.extents)
    let wanted = judge.targetShape(for: prediction)
    guard let classes = judge.classCount(for: prediction) else {
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
    guard targets.count == wanted.count else {
      throw RunFailure(
        "the loss takes one class number for each of \(wanted.count) rows, the targets have "
          + "shape \(targets.shape.tuple)",
        remedy: "class numbers, or loss=\"categorical_crossentropy\" for one-hot targets")
    }
    let ignored = judge.ignoredClass.map { Float($0) }
    if let odd = targets.scalars.first(where: {
      !($0 >= 0 && $0 < Float(classes) && $0 == $0.rounded()) && $0 != ignored
    }) {
      throw RunFailure(
        "a target is \(odd), the network has \(classes) outputs",
        remedy: "class numbers from 0 to \(classes - 1), or a last layer with more units")
    }
    return targets.reshaped(to: wanted)
  }
}
