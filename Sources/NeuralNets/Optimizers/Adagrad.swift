import Tensors

/// Gradients divided by the root of the sum of all their squares (Duchi et al. 2011):
///
///     a ← a + g²
///     w ← w − lr g / √(a + ε)
package struct Adagrad: ElementwiseOptimizer {
  package static let entry = ComponentClass.optimizer(
    "Adagrad", ["adagrad"],
    [
      .learningRate(0.001),
      .number("initial_accumulator_value", 0...1e6, 0.1, "what the sum of squares begins with"),
      .epsilon("keeps the root from zero"),
    ],
    "ever shorter steps where gradients were large")

  private let start: Double
  private let epsilon: Formula

  package init(_ arguments: Arguments) {
    start = arguments.number("initial_accumulator_value")
    epsilon = arguments.constant("epsilon", "ε")
  }

  package var states: [OptimizerState] {
    [OptimizerState("accumulator", "a", startingAt: start)]
  }

  package func update(_ before: UpdateOperands) -> (weight: Formula, states: [Formula]) {
    let a = before[0] + .square(before.g)
    return (before.w - .learningRate * before.g / .sqrt(a.called("a") + epsilon), [a])
  }
}
