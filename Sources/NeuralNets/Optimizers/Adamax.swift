import Tensors

/// Adam with the largest gradient in place of their mean square (Kingma & Ba 2015, section 7):
///
///     m ← β₁ m + (1 − β₁) g
///     u ← max(β₂ u, |g|)
///     w ← w − lr m / ((u + ε) (1 − β₁ᵗ))
package struct Adamax: ElementwiseOptimizer {
  package static let entry = ComponentClass.optimizer(
    "Adamax", ["adamax"],
    [.learningRate(0.001), .beta1(), .beta2(), .epsilon("keeps u from zero")],
    "Adam by the largest gradient")

  private let beta1, beta2, epsilon: Formula

  package init(_ arguments: Arguments) {
    beta1 = arguments.constant("beta_1", "β₁")
    beta2 = arguments.constant("beta_2", "β₂")
    epsilon = arguments.constant("epsilon", "ε")
  }

  package let states = [OptimizerState("m", "m"), OptimizerState("u", "u")]

  package func update(_ before: UpdateOperands) -> (weight: Formula, states: [Formula]) {
    let m = beta1 * before[0] + (1 - beta1) * before.g
    let u = Formula.max(beta2 * before[1], .abs(before.g))
    let share = 1 - .power(beta1, before.t)
    return (
      before.w - .learningRate * m.called("m") / ((u.called("u") + epsilon) * share), [m, u]
    )
  }
}
