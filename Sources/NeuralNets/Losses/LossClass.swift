import Autodiff
import Tensors

/// How predictions are judged: a number for each example.
///
/// To add one, write a formula into `FormulaLosses`, or `Losses/X.swift` and name it in
/// `LossCatalog`.
package protocol LossClass: Sendable {
  /// The shape of a batch of targets for a batch of predictions.
  func targetShape(for prediction: Shape) -> Shape
  /// The number of classes, where targets are their numbers; nil where they are not.
  func classCount(for prediction: Shape) -> Int?
  /// The class number whose examples do not count, if any.
  var ignoredClass: Int? { get }
  /// The form that has kernels of its own, where nothing differs from the defaults.
  var fused: LossFunction? { get }
  /// Whether it looks at a batch as a whole and gives one number for it.
  var isOneNumber: Bool { get }
  /// Throws when batches of predictions of this shape do not fit.
  func check(_ prediction: Shape) throws(LayerFailure)
  /// The loss of each example: the ops of a graph.
  ///
  /// - Precondition: `check` accepts the shape of the prediction.
  func losses(
    prediction: Value, target: Value, into builder: inout GraphBuilder
  ) -> Losses
}

extension LossClass {
  package func targetShape(for prediction: Shape) -> Shape { prediction }
  package func classCount(for prediction: Shape) -> Int? { nil }
  package var ignoredClass: Int? { nil }
  package var fused: LossFunction? { nil }
  package var isOneNumber: Bool { false }
  package func check(_ prediction: Shape) throws(LayerFailure) {}
}

/// What a loss makes of a batch.
package struct Losses: Sendable {
  /// The loss of each example, [batch, …]; one number where the loss looks at the batch as a whole.
  package let each: Value
  /// 1 for the losses that count and 0 for the others, which are 0 themselves; nil where all count.
  package let mask: Value?

  init(_ each: Value, mask: Value? = nil) {
    self.each = each
    self.mask = mask
  }
}

extension Losses {
  /// The losses of what counts, 0 in the place of the others: those of padded steps do not count.
  ///
  /// A loss that looks at the batch as a whole has no places to leave out.
  func masked(by mask: Value?, into builder: inout GraphBuilder) -> Losses {
    guard let mask, mask.shape == each.shape else { return self }
    let kept = builder.formula("masked_losses", "L m", .operand(0) * .operand(1), [each, mask])
    let both = self.mask.map {
      builder.formula("counted_losses", "m", .operand(0) * .operand(1), [$0, mask])
    }
    return Losses(kept, mask: both ?? mask)
  }
}

extension LossClass {
  /// Throws unless an axis, counted with the batch as 0, is one of each example's prediction: along
  /// the batch nothing would be left that sample weights could weigh.
  func check(axis: Int, of prediction: Shape) throws(LayerFailure) {
    let place = axis < 0 ? axis + prediction.rank : axis
    guard place > 0 && place < prediction.rank else {
      throw LayerFailure(
        place == 0
          ? "works along the batch"
          : "works along axis \(axis) of predictions \(prediction.exampleTuple)",
        remedy: "an axis from 1, the first one after the batch, to \(prediction.rank - 1), or -1")
    }
  }
}

extension Shape {
  /// The shape of one example of a batch, as Keras writes it.
  var exampleTuple: String { Shape(Array(extents.dropFirst())).tuple }

  /// The shape without an axis, which may be counted from the end.
  func without(_ axis: Int) -> Shape {
    var shape = self
    shape.extents.remove(at: axis < 0 ? axis + rank : axis)
    return shape
  }

  /// The shape with one place along a new axis, which is counted in the result.
  func inserting(_ axis: Int) -> Shape {
    var shape = self
    shape.extents.insert(1, at: axis < 0 ? axis + rank + 1 : axis)
    return shape
  }
}

extension ArgumentSpec {
  /// What every loss takes after its own arguments, in the order of most of them.
  static func ofEveryLoss(_ name: String) -> [ArgumentSpec] {
    [reduction, lossName(name), lossPrecision]
  }

  static let reduction = ArgumentSpec(
    "reduction",
    .choice(["sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none"]),
    default: .text("sum_over_batch_size"), orNone: true,
    "how the losses of a batch become one number")

  static func lossName(_ name: String) -> ArgumentSpec {
    ArgumentSpec("name", .text, default: .text(name), orNone: true, "the loss's name")
  }

  static let lossPrecision = ArgumentSpec(
    "dtype", .choice(["float32"]), default: ArgumentValue.none, "the precision of its numbers")

  static let fromLogits = ArgumentSpec.flag(
    "from_logits", false, "whether predictions are no probabilities yet")
  static let labelSmoothing = ArgumentSpec.number(
    "label_smoothing", 0...1, 0, "how far targets move from 0 and 1 to the middle")
  static let lossAxis = ArgumentSpec(
    "axis", .integer(-16...16), default: .integer(-1), "the axis of the classes")
}

extension Arguments {
  /// Whether a loss is judged by Keras's defaults, whatever it is called.
  var areStandardForLoss: Bool {
    spoken.allSatisfy { ["reduction", "name", "dtype"].contains($0.name) }
  }
}
