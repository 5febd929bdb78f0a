import Tensors

/// Gradients divided by the root of their mean square (Hinton 2012), ε inside the root:
///
///     v ← ρ v + (1 − ρ) g²
///     a ← ρ a + (1 − ρ) g              centered: the mean is taken off
///     s = lr g / √(v − a² + ε)
///     w ← w − s,  or  b ← μ b + s,  w ← w − b
package struct RMSprop: ElementwiseOptimizer {
  package static let entry = ComponentClass.optimizer(
    "RMSprop", ["rmsprop"],
    [
      .learningRate(0.001), .number("rho", 0...1, 0.9, "memory of the square"),
      .number("momentum", 0...1, 0, "share of the last update"),
      .epsilon("keeps the root from zero"),
      .flag("centered", false, "divide by the deviation from the mean gradient"),
    ],
    "steps by the size of recent gradients")

  private let rho, epsilon: Formula
  private let momentum: Double
  private let isCentered: Bool

  package init(_ arguments: Arguments) {
    rho = arguments.constant("rho", "ρ")
    momentum = arguments.number("momentum")
    epsilon = arguments.constant("epsilon", "ε")
    isCentered = arguments.boolean("centered")
  }

  package var states: [OptimizerState] {
    [OptimizerState("v", "v")] + (isCentered ? [OptimizerState("mean", "a")] : [])
      + (momentum > 0 ? [OptimizerState("momentum", "b")] : [])
  }

  package func update(_ before: UpdateOperands) -> (weight: Formula, states: [Formula]) {
    let g = before.g
    let v = rho * before[0] + (1 - rho) * .square(g)
    var states = [v]
    var square = v.called("v") + epsilon
    if isCentered {
      states.append(rho * before[1] + (1 - rho) * g)
      square = square - .square(states[1].called("a"))
    }
    var move = Formula.learningRate * g / .sqrt(square)
    if momentum > 0 {
      states.append(.named("μ", momentum) * before[states.count] + move)
      move = states[states.count - 1].called("b")
    }
    return (before.w - move, states)
  }
}
