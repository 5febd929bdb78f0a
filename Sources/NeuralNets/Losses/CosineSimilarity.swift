import Autodiff
import Tensors

/// How much the direction of a prediction is that of its target: −1 for the same, 1 for opposite.
///
///     L = −Σ y t · min(1 / √Σy², 1e7) · min(1 / √Σt², 1e7)
struct CosineSimilarity: LossClass {
  static let entry = LossEntry(
    "CosineSimilarity", ["cosine_similarity"],
    all: [.lossAxis] + ArgumentSpec.ofEveryLoss("cosine_similarity"),
    "minus the cosine of the angle to the target", { CosineSimilarity($0) })

  private let axis: Int

  private init(_ arguments: Arguments) { axis = arguments.integer("axis") }

  func check(_ prediction: Shape) throws(LayerFailure) { try check(axis: axis, of: prediction) }

  func losses(
    prediction: Value, target: Value, into builder: inout GraphBuilder
  ) -> Losses {
    func sum(
      _ formula: Formula, _ operands: [Value], _ name: String, _ symbol: String,
      _ builder: inout GraphBuilder
    ) -> Value {
      let terms = builder.formula(name + "s", "e", formula, operands)
      return builder.reduce(
        .sum, terms, axes: [axis], name: name + "_sum", symbol: symbol)
    }
    let (y, t) = (builder.symbol(of: prediction), builder.symbol(of: target))
    let products = sum(
      .operand(0) * .operand(1), [prediction, target], "product", "Σ\(y)\(t)", &builder)
    let own = sum(
      .square(.operand(0)), [prediction], "prediction_square", "Σ\(y)²", &builder)
    let other = sum(.square(.operand(0)), [target], "target_square", "Σ\(t)²", &builder)
    func inverse(_ square: Formula) -> Formula {
      .min(.function(.reciprocalSquareRoot, square), 1e7)
    }
    return Losses(
      builder.formula(
        "cosine", "e", -.operand(0) * inverse(.operand(1)) * inverse(.operand(2)),
        [products, own, other]))
  }
}
