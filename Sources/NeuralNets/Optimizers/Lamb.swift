import Autodiff
import Tensors

/// Adam whose step is as long, against its weight, as the rate says (You et al. 2020):
///
///     u = m / (1 − β₁ᵗ) / (√(v / (1 − β₂ᵗ)) + ε)
///     w ← w − lr ‖w‖ / ‖u‖ u            without the lengths where one is 0
package struct Lamb: OptimizerClass {
  package static let entry = ComponentClass.optimizer(
    "Lamb", [], [.learningRate(0.001)] + ArgumentSpec.ofAdam, isNamedAlone: false,
    "Adam's steps, as long as each weight is")

  private let beta1, beta2: Double
  private let epsilon: Formula

  package init(_ arguments: Arguments) {
    beta1 = arguments.number("beta_1")
    beta2 = arguments.number("beta_2")
    epsilon = arguments.constant("epsilon", "ε")
  }

  package func kept(of shape: Shape) -> [KeptNumbers] {
    OptimizerState.moments.map { KeptNumbers(symbol: $0.symbol, shape: shape) }
  }

  package func update(_ weight: LearnedWeight, _ emitter: inout Emitter) {
    let w = weight.value
    let kept = OptimizerState.moments.map { weight.state($0, nil, &emitter) }
    let before = UpdateOperands(t: weight.timing.count, stateCount: 2)
    let moments = Moments(before, beta1, beta2)
    weight.assign(
      [(kept[0], moments.m), (kept[1], moments.v)], operands: [w, weight.gradient] + kept,
      title: "moments", &emitter)
    let (m, v) = (Formula.operand(0), Formula.operand(1))
    let direction = emitter.compute(
      emitter.name(of: w) + ".direction", "u",
      m / moments.gradientShare / (.sqrt(v / moments.squareShare) + epsilon), kept,
      title: "direction")
    let squares = [w, direction].map { emitter.sumOfSquares(of: $0) }
    let (own, step) = (Formula.operand(2), Formula.operand(3))
    let ratio = Formula.where(
      .min(own, step) > 0, .sqrt(own) / .sqrt(step), 1)
    weight.assign(
      [(w, .operand(0) - ratio * .learningRate * .operand(1))],
      operands: [w, direction] + squares, &emitter)
  }
}
