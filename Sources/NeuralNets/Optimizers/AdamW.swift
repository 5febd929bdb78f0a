import Autodiff
import Tensors

/// Adam with weights that decay apart from their gradients (Loshchilov & Hutter 2019).
package struct AdamW: OptimizerClass {
  package static let entry = ComponentClass.optimizer(
    "AdamW", ["adamw"],
    [
      .learningRate(0.001),
      .number(
        "weight_decay", 0...1e6, 0.004,
        "share of each weight, times the rate, that an update drops"),
    ] + ArgumentSpec.ofAdam + [Adam.amsgrad], decays: true,
    "Adam, and weights that shrink")

  private let adam: Adam

  package init(_ arguments: Arguments) { adam = Adam(arguments) }

  package func kept(of shape: Shape) -> [KeptNumbers] { adam.kept(of: shape) }

  package func update(_ weight: LearnedWeight, _ emitter: inout Emitter) {
    adam.update(weight, &emitter)
  }
}
