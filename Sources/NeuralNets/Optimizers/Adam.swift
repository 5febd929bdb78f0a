import Autodiff
import Tensors

/// Adam (Kingma & Ba 2015) in Keras's form, t counting updates from 1:
///
///     m ← β₁ m + (1 − β₁) g
///     v ← β₂ v + (1 − β₂) g²
///     α = lr √(1 − β₂ᵗ) / (1 − β₁ᵗ)
///     w ← w − α m / (√v + ε)
///
/// With AMSGrad the largest v so far takes the place of v. (Reddi et al. 2018)
package struct Adam: ElementwiseOptimizer {
  package static let entry = ComponentClass.optimizer(
    "Adam", ["adam"], [.learningRate(0.001)] + ArgumentSpec.ofAdam + [amsgrad],
    "steps of a size that each weight finds for itself")

  static let amsgrad = ArgumentSpec.flag(
    "amsgrad", false, "divide by the largest √v so far")

  private let beta1, beta2, epsilon: Double
  private let usesLargest: Bool

  package init(_ arguments: Arguments) {
    beta1 = arguments.number("beta_1")
    beta2 = arguments.number("beta_2")
    epsilon = arguments.number("epsilon")
    usesLargest = arguments.boolean("amsgrad")
  }

  package var states: [OptimizerState] {
    OptimizerState.moments + (usesLargest ? [OptimizerState("v_max", "v̂")] : [])
  }

  package func update(_ before: UpdateOperands) -> (weight: Formula, states: [Formula]) {
    let moments = Moments(before, beta1, beta2)
    var states = [moments.m, moments.v]
    var v = moments.v.called("v")
    if usesLargest {
      states.append(.max(before[2], v))
      v = states[2].called("v̂")
    }
    let alpha =
      Formula.learningRate * .sqrt(moments.squareShare) / moments.gradientShare
    let move = moments.m.called("m") * alpha.called("α") / (.sqrt(v) + .named("ε", epsilon))
    return (before.w - move, states)
  }

  /// Every step, without AMSGrad, by a kernel of its own.
  package func update(_ weight: LearnedWeight, _ emitter: inout Emitter) {
    guard weight.timing.steps == 1, !usesLargest else { return emitFormulas(weight, &emitter) }
    let (w, g) = (weight.value, weight.gradient)
    let (name, symbol) = (emitter.name(of: w), emitter.symbol(of: w))
    let kept = states.map { weight.state($0, nil, &emitter) }
    let (m, v) = (kept[0], kept[1])
    emitter.emit(
      name.split(separator: "/").last.map(String.init) ?? name,
      [
        KernelCall(
          .adam, [w, g, m, v], sizes: [w.shape.count],
          // 1 − β is rounded from double, as Keras does: it moves the sixth digit of an update.
          constants: [beta1, beta2, epsilon, 1 - beta1, 1 - beta2])
      ],
      [
        InstructionResult(
          w, "\(symbol) ← \(symbol) − α m / (√v + ε)",
          .adam(w, gradient: g, m: m, v: v, beta1: beta1, beta2: beta2, epsilon: epsilon)),
        InstructionResult(
          m, "m ← β₁ m + (1 − β₁) g", .runningMean(m, gradient: g, beta: beta1, power: 1)),
        InstructionResult(
          v, "v ← β₂ v + (1 − β₂) g²", .runningMean(v, gradient: g, beta: beta2, power: 2)),
      ],
      overwrites: [w, m, v])
  }
}

/// The running means of Adam and its kin, the first two states:
///
///     m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²
struct Moments {
  let m, v: Formula
  /// `1 − βᵗ`: how much of m and of v the gradients are, the rest being the zeros they began with.
  let gradientShare, squareShare: Formula

  init(_ before: UpdateOperands, _ beta1: Double, _ beta2: Double) {
    let (b1, b2) = (Formula.named("β₁", beta1), Formula.named("β₂", beta2))
    m = b1 * before[0] + (1 - b1) * before.g
    v = b2 * before[1] + (1 - b2) * .square(before.g)
    gradientShare = 1 - .power(b1, before.t)
    squareShare = 1 - .power(b2, before.t)
  }
}

extension OptimizerState {
  static let moments = [OptimizerState("m", "m"), OptimizerState("v", "v")]
}
