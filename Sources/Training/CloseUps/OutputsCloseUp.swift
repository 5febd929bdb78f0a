import Foundation
import NeuralNets
import Tensors

/// What comes out beside what went in and what was wanted: reconstructions, masks, sequences.
package struct OutputsCloseUp: Hashable, Sendable {
  /// What the numbers of an output are.
  package enum Meaning: Hashable, Sendable {
    /// As they are: a picture or numbers.
    case numbers
    /// For each place the probability of one thing: a mask.
    case mask
    /// For each place the probabilities of so many classes; the likeliest is kept.
    case classes(Int)
  }

  /// The rows among the examples.
  package let rows: [Int]
  package let meaning: Meaning
  /// The shape of one input, and of what comes out, a number for each place.
  package let inputShape, shape: Shape
  /// [n, …] each; what was wanted is nil where it is what went in.
  package let inputs, said: Tensor
  package let wanted: Tensor?
  /// How far off each is: the mean squared error, for masks 1 - Dice, for classes the share of wrong
  /// places.
  package let errors: [Float]

  package static let most = 8

  /// Whether an output has as many places as an input.
  static func fits(_ output: Shape, _ input: Shape) -> Bool {
    if output.count == input.count, output.count > 1 { return true }
    guard output.rank > 1, output.rank >= input.rank else { return false }
    return input.rank == 1
      ? output.rank == 2 && output[0] == input[0]
      : input.rank == output.rank
        && output.extents.dropLast().elementsEqual(input.extents.dropLast())
  }

  /// Nil when no output has the places of an input.
  init?(of session: Session, _ examples: Examples, from first: Int) {
    let network = session.network
    let input = network.inputShape
    guard
      let place = network.outputShapes.firstIndex(where: { Self.fits($0, input) })
    else { return nil }
    let count = min(Self.most, examples.count)
    let start = min(max(0, first), examples.count - 1)
    rows = (0..<count).map { (start + $0) % examples.count }
    let shown = examples.rows(rows)
    let output = network.outputShapes[place]
    let given = session.predict(shown.allInputs)[place]
    let isLogits =
      session.settings.model.compilation?.loss.arguments["from_logits"] == .boolean(true)
    inputShape = input
    inputs = shown.inputs
    // A model that judges itself has no targets: what went in stands for them.
    let targets =
      shown.allTargets.indices.contains(place)
      ? shown.allTargets[place] : shown.allTargets.first ?? shown.inputs
    let perTarget = targets.count / max(1, count)
    if output.count != input.count || (perTarget < output.count && output.last > 1) {
      // Scores of classes, one class after the other at each place.
      let classes = output.last
      let places = output.count / classes
      meaning = .classes(classes)
      shape = Shape(Array(output.extents.dropLast()))
      said = Tensor(
        shape: Shape([count] + shape.extents),
        scalars: Self.likeliest(given.scalars, classes))
      let known =
        perTarget == places
        ? targets.scalars
        : perTarget == output.count ? Self.likeliest(targets.scalars, classes) : nil
      wanted = known.map { Tensor(shape: Shape([count] + output.extents.dropLast()), scalars: $0) }
    } else {
      let isMask =
        perTarget == output.count
        && targets.scalars.allSatisfy { $0 == 0 || $0 == 1 }
        && targets.scalars != shown.inputs.scalars
      meaning = isMask ? .mask : .numbers
      shape = output
      let numbers =
        isLogits ? given.scalars.map { 1 / (1 + exp(-$0)) } : given.scalars
      said = Tensor(shape: Shape([count] + output.extents), scalars: numbers)
      let isCopy = perTarget != output.count || targets.scalars == shown.inputs.scalars
      wanted =
        isCopy ? nil : Tensor(shape: Shape([count] + output.extents), scalars: targets.scalars)
    }
    errors = Self.errors(
      said, wanted ?? (said.count == inputs.count ? inputs : nil), meaning, count)
  }

  /// The class with the largest score at each place.
  private static func likeliest(_ scores: [Float], _ classes: Int) -> [Float] {
    stride(from: 0, to: scores.count, by: max(1, classes)).map { start in
      let own = start..<min(scores.count, start + classes)
      return Float((own.max { scores[$0] < scores[$1] } ?? start) - start)
    }
  }

  private static func errors(
    _ said: Tensor, _ truth: Tensor?, _ meaning: Meaning, _ count: Int
  ) -> [Float] {
    guard let truth, count > 0, truth.count == said.count else { return [] }
    let width = said.count / count
    return (0..<count).map { row in
      let pairs = (row * width..<(row + 1) * width).map { (said.scalars[$0], truth.scalars[$0]) }
      switch meaning {
      case .numbers: return pairs.reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Float(width)
      case .classes: return Float(pairs.count { $0.0 != $0.1 }) / Float(width)
      case .mask:
        let both = pairs.count { $0.0 > 0.5 && $0.1 > 0.5 }
        let sum = pairs.count { $0.0 > 0.5 } + pairs.count { $0.1 > 0.5 }
        return sum == 0 ? 0 : 1 - 2 * Float(both) / Float(sum)
      }
    }
  }
}
