import Autodiff
import Tensors

/// Adam (Kingma & Ba 2015) in Keras's form, t counting updates from 1:
///
///     m ← β₁ m + (1 − β₁) g
///     v ← β₂ v + (1 − β₂) g²
///     α = lr √(1 − β₂ᵗ) / (1 − β₁ᵗ)
///     w ← w − α m / (√v + ε)
package struct Adam: OptimizerClass {
  package static let entry = ComponentClass(
    "Adam", ["adam"],
    [
      .learningRate(0.001),
      .number("beta_1", 0...1, 0.9, "memory of the gradient"),
      .number("beta_2", 0...1, 0.999, "memory of its square"),
      .number("epsilon", 0...1, 1e-7, "keeps √v from zero"),
    ],
    "steps of a size that each weight finds for itself")

  package let name = "Adam"
  private let beta1: Double
  private let beta2: Double
  private let epsilon: Double

  package init(_ arguments: Arguments) {
    beta1 = arguments.number("beta_1")
    beta2 = arguments.number("beta_2")
    epsilon = arguments.number("epsilon")
  }

  package func update(_ w: Value, gradient g: Value, _ emitter: inout Emitter) {
    let (name, symbol) = (emitter.name(of: w), emitter.symbol(of: w))
    let m = emitter.value(name + ".m", "m", w.shape, role: .optimizerState)
    let v = emitter.value(name + ".v", "v", w.shape, role: .optimizerState)
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
