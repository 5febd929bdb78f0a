import Tensors

/// Follow the regularized leader (McMahan et al. 2013): weights that gradients do not keep alive
/// become exactly 0.
///
///     λ₂' = λ₂ + β / (2 lr),  ĝ = g + 2 s w,  n' = n + g²
///     z ← z + ĝ − (n'^p − n^p) / lr · w
///     w ← (clip(z, −λ₁, λ₁) − z) / (n'^p / lr + 2 λ₂'),  n ← n'
package struct Ftrl: ElementwiseOptimizer {
  package static let entry = ComponentClass.optimizer(
    "Ftrl", ["ftrl"],
    [
      .learningRate(0.001),
      .number("learning_rate_power", -10...0, -0.5, "how the rate falls with the squares"),
      .number("initial_accumulator_value", 0...1e6, 0.1, "what the sum of squares begins with"),
      .number("l1_regularization_strength", 0...1e6, 0, "what sets small weights to 0"),
      .number("l2_regularization_strength", 0...1e6, 0, "what keeps weights small"),
      .number("l2_shrinkage_regularization_strength", 0...1e6, 0, "what adds to the gradient"),
      .number("beta", 0...1e6, 0, "added to the second, by the rate"),
    ],
    "sparse weights for wide inputs")

  private let power, beta: Double
  private let start: Double
  private let l1, l2, shrinkage: Formula

  package init(_ arguments: Arguments) {
    power = -arguments.number("learning_rate_power")
    start = arguments.number("initial_accumulator_value")
    l1 = arguments.constant("l1_regularization_strength", "λ₁")
    l2 = arguments.constant("l2_regularization_strength", "λ₂")
    shrinkage = arguments.constant("l2_shrinkage_regularization_strength", "s")
    beta = arguments.number("beta")
  }

  package var states: [OptimizerState] {
    [OptimizerState("accumulator", "n", startingAt: start), OptimizerState("linear", "z")]
  }

  package func update(_ before: UpdateOperands) -> (weight: Formula, states: [Formula]) {
    let (w, g, lr) = (before.w, before.g, Formula.learningRate)
    let l2 = beta == 0 ? self.l2 : self.l2 + .named("β", beta) / (2 * lr)
    let n = before[0] + .square(g)
    func scaled(_ squares: Formula) -> Formula { .power(squares, .constant(power)) }
    let slope = g + 2 * shrinkage * w
    let z = before[1] + slope - (scaled(n.called("n'")) - scaled(before[0])) / lr * w
    let next = z.called("z")
    let weight =
      (.clip(next, -l1, l1) - next) / (scaled(n.called("n'")) / lr + 2 * l2)
    return (weight, [n, z])
  }
}
