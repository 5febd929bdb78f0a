import Autodiff
import Tensors

/// Brings each feature to mean 0 and variance 1 over the batch, then scales and shifts it by what it
/// learns. Predictions use moving averages of mean and variance. (Ioffe & Szegedy 2015.)
///
///     x̂ = (x − μ) / √(σ² + ε)        y = γ x̂ + β
///
/// Frozen, it predicts also while the rest of the network is trained.
///
/// Steps that a mask leaves out do not count in mean and variance.
package struct BatchNormalization: SingleLayer, MaskingLayer {
  package static let kind = "BatchNormalization"
  package static let summary = "brings each feature to mean 0 and variance 1 over the batch"
  package static let ownArguments: [ArgumentSpec] =
    [
      .axis("the axis of the features"),
      .number("momentum", 0...1, 0.99, "the share of the past in the moving averages"),
      ScaleAndShift.epsilon,
    ] + ScaleAndShift.flags + ScaleAndShift.initializers + [
      .initializer("moving_mean_initializer", default: "zeros"),
      .initializer("moving_variance_initializer", default: "ones"),
    ] + ScaleAndShift.limits + [
      .fixed("renorm", .boolean(false)), .fixed("renorm_clipping"),
      .number("renorm_momentum", 0...1, 0.99, "unused without renorm"),
      .fixed("synchronized", .boolean(false)),
    ]

  private let momentum, epsilon: Double
  private let isTrainable: Bool
  private let ending: ScaleAndShift
  private let arguments: Arguments

  package init(_ arguments: Arguments) {
    momentum = arguments.number("momentum")
    epsilon = arguments.number("epsilon")
    isTrainable = arguments["trainable"] != .boolean(false)
    ending = ScaleAndShift(arguments)
    self.arguments = arguments
  }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    try arguments.checkAxes("axis", in: input, single: true)
    return input
  }

  package func weights(for input: Shape) -> [WeightSpec] {
    let shape = input.ofAxes(arguments.places("axis", in: input))
    return ending.weights(shape)
      + ["moving_mean", "moving_variance"].map {
        WeightSpec($0, shape, arguments.initializer($0 + "_initializer"), isTrainable: false)
      }
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    lower(input, mask: nil, weights: weights, into: &builder)
  }

  package var takesMask: Bool { true }

  package func outputMasks(
    for inputs: [Shape], masks: [Shape?]
  ) throws(LayerFailure) -> [Shape?] {
    guard let mask = masks[0], mask.rank != inputs[0].rank - 1 else { return [masks[0]] }
    throw LayerFailure(
      "gets \(inputs[0].tuple) with a mask of \(mask.tuple)",
      remedy: "a mask of all axes but the last")
  }

  package func lower(
    masked inputs: [MaskedValue], weights: [Value], into builder: inout GraphBuilder
  ) -> [MaskedValue] {
    let (input, mask) = (inputs[0].value, inputs[0].mask)
    return [
      MaskedValue(lower(input, mask: mask, weights: weights, into: &builder), mask: mask)
    ]
  }

  private func lower(
    _ input: Value, mask: Value?, weights: [Value], into builder: inout GraphBuilder
  ) -> Value {
    let rank = input.shape.rank
    let place = arguments.places("axis", in: Shape(Array(input.shape.extents.dropFirst())))
    let moving = weights.suffix(2).map { $0 }
    let mean, variance: Value
    if builder.mode == .training && isTrainable {
      let axes = (0..<rank).filter { !place.contains($0) }
      (mean, variance) =
        mask.map { builder.moments(of: input, axes: axes, mask: $0) }
        ?? builder.moments(of: input, axes: axes)
      average(mean, variance, in: moving, &builder)
    } else {
      mean = builder.spread(moving[0], along: place, rank: rank)
      variance = builder.spread(moving[1], along: place, rank: rank)
    }
    let normalized = builder.normalized(
      input, mean: mean, variance: variance, epsilon: epsilon)
    return ending.apply(weights, to: normalized, along: place, into: &builder)
  }

  /// `moving ← m · moving + (1 − m) · now`, for mean and variance.
  private func average(
    _ mean: Value, _ variance: Value, in moving: [Value], _ builder: inout GraphBuilder
  ) {
    let (m, rest) = (Formula.named("m", momentum), Formula.named("1 − m", 1 - momentum))
    builder.update { emitter in
      emitter.emitUpdate(
        title: "moving averages",
        [
          (moving[0], m * .operand(0) + rest * .operand(2)),
          (moving[1], m * .operand(1) + rest * .operand(3)),
        ],
        operands: moving + [mean, variance], names: ["moving μ", "moving σ²", "μ", "σ²"])
    }
  }
}
