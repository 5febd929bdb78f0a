import Autodiff
import Tensors

/// How little prediction y and target t overlap, as areas of an image do; over the whole batch when
/// no axis is named.
///
///     Dice      L = 1 − 2 Σty / (Σ(t + y) + 1e-7)
///     Tversky   L = 1 − Σty / (Σty + Σ(α (1 − y) t + β y (1 − t)) + 1e-7)
///
/// Salehi et al. 2017.
struct Overlap: LossClass {
  static let dice = LossEntry(
    "Dice", ["dice"], all: [.reduction, .lossName("dice"), axis, .lossPrecision],
    "how little prediction and target overlap"
  ) { given in
    let overlap = Formula.operand(0)
    return Overlap(
      given, rest: .operand(0) + .operand(1), restName: "total",
      loss: 1 - 2 * overlap / (.operand(1) + FormulaLosses.tiny))
  }

  static let tversky = LossEntry(
    "Tversky", ["tversky"],
    all: [
      .number("alpha", 0...1e6, 0.5, "what it costs to miss something"),
      .number("beta", 0...1e6, 0.5, "what it costs to find what is not there"),
      .reduction, .lossName("tversky"), axis, .lossPrecision,
    ], "how little prediction and target overlap, two errors weighed"
  ) { given in
    let (y, t, overlap) = (Formula.operand(0), Formula.operand(1), Formula.operand(0))
    let (α, β) = (given.named("α", "alpha"), given.named("β", "beta"))
    return Overlap(
      given, rest: α * (1 - y) * t + β * y * (1 - t), restName: "errors",
      loss: 1 - overlap / (overlap + .operand(1) + FormulaLosses.tiny))
  }

  private static let axis = ArgumentSpec(
    "axis", .axes, default: ArgumentValue.none, "the axes of one area; the whole batch when None")

  /// Nil for the whole batch.
  private let axes: [Int]?
  private let rest: Formula
  private let restName: String
  private let loss: Formula

  /// - Parameters:
  ///   - rest: of y and t, what is summed besides their product.
  ///   - loss: of the sum of products and the other sum.
  private init(_ arguments: Arguments, rest: Formula, restName: String, loss: Formula) {
    axes = arguments["axis"] == .none ? nil : arguments.axes("axis")
    self.rest = rest
    self.restName = restName
    self.loss = loss
  }

  var isOneNumber: Bool { axes == nil }

  func check(_ prediction: Shape) throws(LayerFailure) {
    for axis in axes ?? [] { try check(axis: axis, of: prediction) }
  }

  func losses(
    prediction: Value, target: Value, into builder: inout GraphBuilder
  ) -> Losses {
    let products = builder.formula(
      "products", "e", .operand(0) * .operand(1), [prediction, target])
    let overlap = builder.reduce(
      .sum, products, axes: axes, name: "overlap", symbol: "Σe")
    let others = builder.formula(restName + "_each", "r", rest, [prediction, target])
    let total = builder.reduce(.sum, others, axes: axes, name: restName, symbol: "Σr")
    return Losses(builder.formula("missing_overlap", "e", loss, [overlap, total]))
  }
}
