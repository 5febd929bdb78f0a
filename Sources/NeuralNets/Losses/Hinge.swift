import Autodiff
import Tensors

/// How far predictions are from lying on the side of their targets, −1 or 1, by a margin of 1:
///
///     L = mean of max(1 − t y, 0), or of its square
///
/// Where all targets of a batch are 0 or 1 they stand for −1 and 1.
struct Hinge: LossClass {
  static let entry = LossEntry(
    "Hinge", ["hinge"], "how far predictions are from the side of their targets",
    { _ in Hinge(isSquared: false) })
  static let squared = LossEntry(
    "SquaredHinge", ["squared_hinge"],
    "the squares of how far predictions are from the side of their targets",
    { _ in Hinge(isSquared: true) })

  private let isSquared: Bool

  func losses(
    prediction: Value, target: Value, into builder: inout GraphBuilder
  ) -> Losses {
    let label = Formula.operand(0)
    let isBinary = builder.formula(
      "is_binary", "b", .equal(label * (label - 1), 0), [target])
    let allBinary = builder.reduce(.minimum, isBinary, name: "all_binary", symbol: "all b")
    let (y, t, all) = (Formula.operand(0), Formula.operand(1), Formula.operand(2))
    let miss = Formula.max(1 - .where(all, 2 * t - 1, t) * y, 0)
    let each = builder.formula(
      "margin_error", "e", isSquared ? .square(miss) : miss, [prediction, target, allBinary])
    return Losses(builder.reduce(.mean, each, axes: [-1]))
  }
}

/// How far the true class is from leading all others by 1:
///
///     L = max(max_j (1 − t[j]) y[j] − Σ_j t[j] y[j] + 1, 0)
struct CategoricalHinge: LossClass {
  static let entry = LossEntry(
    "CategoricalHinge", ["categorical_hinge"], "how far the true class is from leading by 1",
    { _ in CategoricalHinge() })

  func losses(
    prediction: Value, target: Value, into builder: inout GraphBuilder
  ) -> Losses {
    let (y, t) = (Formula.operand(0), Formula.operand(1))
    let own = builder.formula("own", "a", t * y, [prediction, target])
    let right = builder.reduce(.sum, own, axes: [-1], name: "right", symbol: "Σa")
    let others = builder.formula("others", "b", (1 - t) * y, [prediction, target])
    let rival = builder.reduce(.maximum, others, axes: [-1], name: "rival", symbol: "max b")
    return Losses(
      builder.formula(
        "margin_error", "e", .max(.operand(0) - .operand(1) + 1, 0), [rival, right]))
  }
}
