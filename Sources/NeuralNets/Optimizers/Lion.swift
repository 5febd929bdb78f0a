import Tensors

/// Steps of one length, their signs by two memories of the gradient (Chen et al. 2023):
///
///     w ← w − lr sign(β₁ m + (1 − β₁) g)
///     m ← β₂ m + (1 − β₂) g
package struct Lion: ElementwiseOptimizer {
  package static let entry = ComponentClass.optimizer(
    "Lion", ["lion"],
    [
      .learningRate(0.001), .number("beta_1", 1e-12...1, 0.9, "memory that gives the sign"),
      .number("beta_2", 0...1, 0.99, "memory of the gradient"),
    ],
    "steps of equal length by the sign")

  private let beta1, beta2: Formula

  package init(_ arguments: Arguments) {
    beta1 = arguments.constant("beta_1", "β₁")
    beta2 = arguments.constant("beta_2", "β₂")
  }

  package let states = [OptimizerState("m", "m")]

  package func update(_ before: UpdateOperands) -> (weight: Formula, states: [Formula]) {
    let (m, g) = (before[0], before.g)
    return (
      before.w - .learningRate * .sign(beta1 * m + (1 - beta1) * g),
      [beta2 * m + (1 - beta2) * g]
    )
  }
}
