import Autodiff
import Foundation
import Tensors

// Layers that disturb their numbers by chance in training and do nothing otherwise.

/// `h = x + ε`, ε normal around 0.
package struct GaussianNoise: SingleLayer {
  package static let kind = "GaussianNoise"
  package static let summary = "adds normal noise while training"
  package static let ownArguments: [ArgumentSpec] = [
    .number("stddev", 0...1, nil, "the standard deviation of the noise"), .seed,
  ]

  private let deviation: Double
  private let arguments: Arguments

  package init(_ arguments: Arguments) {
    deviation = arguments.number("stddev")
    self.arguments = arguments
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    guard builder.mode == .training, deviation > 0 else { return input }
    let noise = builder.drawn(
      .normal(mean: 0, deviation: deviation), shape: input.shape,
      key: arguments.drawKey(builder.layerName), name: "noise", symbol: "ε")
    return builder.formula("noisy", "h", .operand(0) + .operand(1), [input, noise])
  }
}

/// `h = x · ε`, ε normal around 1 with the deviation `√(rate / (1 − rate))` that dropout has.
/// (Srivastava et al. 2014.)
package struct GaussianDropout: SingleLayer {
  package static let kind = "GaussianDropout"
  package static let summary = "multiplies by normal noise around 1 while training"
  package static let ownArguments: [ArgumentSpec] = [.rate, .seed]

  private let rate: Double
  private let arguments: Arguments

  package init(_ arguments: Arguments) {
    rate = arguments.number("rate")
    self.arguments = arguments
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    guard builder.mode == .training, rate > 0 else { return input }
    let noise = builder.drawn(
      .normal(mean: 1, deviation: (rate / (1 - rate)).squareRoot()), shape: input.shape,
      key: arguments.drawKey(builder.layerName), name: "noise", symbol: "ε")
    return builder.formula("noisy", "h", .operand(0) * .operand(1), [input, noise])
  }
}

/// `h = a (x k + α' (1 − k)) + b`: what is dropped (k = 0) falls to α', where selu ends, and a and b
/// keep mean 0 and variance 1. (Klambauer et al. 2017.)
package struct AlphaDropout: SingleLayer {
  package static let kind = "AlphaDropout"
  package static let summary = "dropout that keeps mean and variance, after selu"
  package static let ownArguments: [ArgumentSpec] = [.rate, .noiseShape, .seed]

  private let rate: Double
  private let arguments: Arguments

  package init(_ arguments: Arguments) {
    rate = arguments.number("rate")
    self.arguments = arguments
  }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    try arguments.checkNoiseShape(for: input)
    return input
  }

  /// Where selu ends on the left: −α · scale.
  private static let lowest = -1.7580993408473766

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    guard builder.mode == .training, rate > 0 else { return input }
    let kept = builder.drawn(
      .bernoulli(probability: 1 - rate), shape: arguments.noiseShape(for: input.shape),
      key: arguments.drawKey(builder.layerName), name: "mask", symbol: "k")
    let scale = 1 / ((1 - rate) * (1 + rate * Self.lowest * Self.lowest)).squareRoot()
    let (x, k, lowest) = (Formula.operand(0), Formula.operand(1), Formula.named("α'", Self.lowest))
    return builder.formula(
      "kept", "h",
      .named("a", scale) * .where(k, x, lowest) + .named("b", -scale * Self.lowest * rate),
      [input, kept])
  }
}
