import Autodiff
import Tensors

/// A loss that is a formula of a prediction y and its target t, and a mean or a sum of it over the
/// last axis.
struct FormulaLoss: LossClass {
  private let name: String
  private let formula: Formula
  private let reduction: Reduction
  let fused: LossFunction?

  /// - Parameters:
  ///   - name: what listings call the formula: `squared_error`.
  ///   - formula: of y and t.
  init(
    _ name: String, _ reduction: Reduction = .mean, fused: LossFunction? = nil,
    _ formula: (_ y: Formula, _ t: Formula) -> Formula
  ) {
    self.name = name
    self.reduction = reduction
    self.fused = fused
    self.formula = formula(.operand(0), .operand(1))
  }

  func losses(
    prediction: Value, target: Value, into builder: inout GraphBuilder
  ) -> Losses {
    let each = builder.formula(name, "e", formula, [prediction, target])
    return Losses(builder.reduce(reduction, each, axes: [-1]))
  }
}

/// The losses that are no more than a formula, each with its names and arguments.
enum FormulaLosses {
  /// What keeps logarithms and quotients finite: Keras's epsilon.
  static let tiny = Formula.constant(1e-7)

  static let huber = LossEntry(
    "Huber", ["huber"],
    [.number("delta", 0...1e9, 1, "from where on errors count by their size alone")],
    "squares of small errors, sizes of large ones", name: "huber_loss"
  ) { given in
    let δ = given.named("δ", "delta")
    return FormulaLoss("huber") { y, t in
      .where(
        .abs(y - t) <= δ, 0.5 * .square(y - t), δ * .abs(y - t) - 0.5 * .square(δ))
    }
  }

  static let klDivergence = LossEntry(
    "KLDivergence", ["kl_divergence", "kld", "KLD"],
    "how far predicted shares are from the true ones"
  ) { _ in
    FormulaLoss("divergence", .sum) { y, t in
      let share = Formula.clip(t, tiny, 1)
      return share * .log(share / .clip(y, tiny, 1))
    }
  }

  static let logCosh = LossEntry(
    "LogCosh", ["log_cosh"], "squares of small errors, sizes of large ones, smooth"
  ) { _ in
    // log((e^x + e^−x) / 2)
    FormulaLoss("log_cosh") { y, t in
      (y - t) + .softplus(-2 * (y - t)) - .constant(0.6931471805599453)
    }
  }

  static let meanAbsoluteError = LossEntry(
    "MeanAbsoluteError", ["mae", "mean_absolute_error", "MAE"], "the mean size of the differences"
  ) { _ in FormulaLoss("absolute_error") { y, t in .abs(y - t) } }

  static let meanAbsolutePercentageError = LossEntry(
    "MeanAbsolutePercentageError", ["mape", "mean_absolute_percentage_error", "MAPE"],
    "the mean size of the differences, in percent of the targets"
  ) { _ in
    FormulaLoss("percentage_error") { y, t in 100 * .abs((y - t) / .max(.abs(t), tiny)) }
  }

  static let meanSquaredError = LossEntry(
    "MeanSquaredError", ["mse", "mean_squared_error", "MSE"],
    "the mean of the squared differences"
  ) { _ in
    FormulaLoss("squared_error", fused: .meanSquaredError) { y, t in .square(y - t) }
  }

  static let meanSquaredLogarithmicError = LossEntry(
    "MeanSquaredLogarithmicError", ["msle", "mean_squared_logarithmic_error", "MSLE"],
    "the mean of the squared differences of orders of magnitude"
  ) { _ in
    FormulaLoss("logarithmic_error") { y, t in
      .square(.log(.max(y, tiny) + 1) - .log(.max(t, tiny) + 1))
    }
  }

  static let poisson = LossEntry(
    "Poisson", ["poisson"], "how surprised a predicted rate is by a count"
  ) { _ in FormulaLoss("poisson") { y, t in y - t * .log(y + tiny) } }
}
