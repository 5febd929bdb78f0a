import Autodiff
import Tensors

/// Adam with Nesterov's look ahead (Dozat 2016), its momentum growing as Keras lets it:
///
///     u(t) = β₁ (1 − ½ 0.96ᵗ),  P ← P u(t)
///     m and v as Adam's
///     m̂ = u(t+1) m / (1 − P u(t+1)) + (1 − u(t)) g / (1 − P)
///     w ← w − lr m̂ / (√(v / (1 − β₂ᵗ)) + ε)
package struct Nadam: ElementwiseOptimizer {
  package static let entry = ComponentClass.optimizer(
    "Nadam", ["nadam"], [.learningRate(0.001)] + ArgumentSpec.ofAdam, "Adam that looks ahead")

  private let beta1, beta2: Double
  private let epsilon: Formula

  package init(_ arguments: Arguments) {
    beta1 = arguments.number("beta_1")
    beta2 = arguments.number("beta_2")
    epsilon = arguments.constant("epsilon", "ε")
  }

  package let states = OptimizerState.moments

  private func momentum(_ t: Formula) -> Formula {
    .named("β₁", beta1) * (1 - 0.5 * .power(0.96, t))
  }

  /// P, the product of the momenta so far, one number for all weights.
  package func begin(_ timing: UpdateTiming, _ emitter: inout Emitter) -> [Value] {
    let product = emitter.state("u_product", "P", [], initially: 1)
    let next = Formula.operand(0) * momentum(timing.count).called("u")
    emitter.emitUpdate(
      title: "momentum", [(product, timing.isDue.map { .where($0, next, .operand(0)) } ?? next)],
      operands: [product])
    return [product]
  }

  package func update(_ before: UpdateOperands) -> (weight: Formula, states: [Formula]) {
    let moments = Moments(before, beta1, beta2)
    let product = before.shared(0)
    let (now, next) = (
      momentum(before.t).called("u"), momentum(before.t + 1).called("u next")
    )
    let ahead =
      next * moments.m.called("m") / (1 - product * next)
      + (1 - now) * before.g / (1 - product)
    let square = moments.v.called("v") / moments.squareShare
    return (
      before.w - .learningRate * ahead.called("m̂") / (.sqrt(square.called("v̂")) + epsilon),
      [moments.m, moments.v]
    )
  }
}
