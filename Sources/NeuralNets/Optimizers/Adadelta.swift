import Tensors

/// Steps as long as recent steps were, by the size of recent gradients (Zeiler 2012):
///
///     a ← ρ a + (1 − ρ) g²
///     Δ = −√(d + ε) g / √(a + ε)
///     d ← ρ d + (1 − ρ) Δ²
///     w ← w + lr Δ
package struct Adadelta: ElementwiseOptimizer {
  package static let entry = ComponentClass.optimizer(
    "Adadelta", ["adadelta"],
    [
      .learningRate(0.001), .number("rho", 0...1, 0.95, "memory of squares"),
      .epsilon("lets the first step begin"),
    ],
    "steps by the size of recent steps and gradients")

  private let rho, epsilon: Formula

  package init(_ arguments: Arguments) {
    rho = arguments.constant("rho", "ρ")
    epsilon = arguments.constant("epsilon", "ε")
  }

  package let states = [
    OptimizerState("gradient_squares", "a"), OptimizerState("step_squares", "d"),
  ]

  package func update(_ before: UpdateOperands) -> (weight: Formula, states: [Formula]) {
    let a = rho * before[0] + (1 - rho) * .square(before.g)
    let step = -(.sqrt(before[1] + epsilon) * before.g / .sqrt(a.called("a") + epsilon))
    let d = rho * before[1] + (1 - rho) * .square(step.called("Δ"))
    return (before.w + .learningRate * step.called("Δ"), [a, d])
  }
}
