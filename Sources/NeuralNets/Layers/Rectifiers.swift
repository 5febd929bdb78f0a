import Autodiff
import Tensors

// Activations with numbers of their own to set, or to learn, as layers.

/// 0 below a threshold, or a slope there; the number itself above, up to a largest value.
package struct ReLU: SingleLayer {
  package static let kind = "ReLU"
  package static let summary = "the number, or 0 below it, with a threshold and a limit"
  package static let ownArguments: [ArgumentSpec] = [
    ArgumentSpec(
      "max_value", .number(0...1e30), default: ArgumentValue.none, "the largest output"),
    .number("negative_slope", 0...1e30, 0, "the slope below the threshold"),
    .number("threshold", 0...1e30, 0, "below what it is held back"),
  ]

  private let formula: Formula

  /// `min(max(x if x > t else 0, 0), most) − slope · max(t − x, 0)`.
  package init(_ arguments: Arguments) {
    let x = Formula.operand(0)
    let threshold = arguments.number("threshold")
    let slope = arguments.number("negative_slope")
    let limit = arguments["max_value"] == .none ? nil : arguments.number("max_value")
    if slope != 0, threshold == 0, limit == nil {
      formula = .where(x > 0, x, .named("α", slope) * x)
      return
    }
    var above: Formula =
      threshold == 0 ? .relu(x) : .where(x > .named("t", threshold), x, 0)
    if let limit { above = .min(above, .constant(limit)) }
    formula =
      slope == 0
      ? above : above - .named("α", slope) * .relu(.named("t", threshold) - x)
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    builder.formula("relu", "h", formula, [input])
  }
}

/// `h = x` above 0, `α x` below. (Maas et al. 2013.)
package struct LeakyReLU: SingleLayer {
  package static let kind = "LeakyReLU"
  package static let summary = "the number, or a small share of it below 0"
  package static let ownArguments: [ArgumentSpec] = [
    .number("negative_slope", 0...1e30, 0.3, "the slope below 0")
  ]

  private let slope: Double

  package init(_ arguments: Arguments) { slope = arguments.number("negative_slope") }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    let x = Formula.operand(0)
    return builder.formula(
      "leaky_relu", "h", .where(x > 0, x, .named("α", slope) * x), [input])
  }
}

/// `h = x` above 0, `α (eˣ − 1)` below. (Clevert et al. 2016.)
package struct ELU: SingleLayer {
  package static let kind = "ELU"
  package static let summary = "the number, or below 0 a curve down to −α"
  package static let ownArguments: [ArgumentSpec] = [
    .number("alpha", -1e30...1e30, 1, "how far down the curve goes")
  ]

  private let alpha: Double

  package init(_ arguments: Arguments) { alpha = arguments.number("alpha") }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    let x = Formula.operand(0)
    return builder.formula("elu", "h", .where(x > 0, x, .named("α", alpha) * .expm1(x)), [input])
  }
}

/// `h = x` above 0, `α x` below, α learned for each place of an example. (He et al. 2015.)
package struct PReLU: SingleLayer {
  package static let kind = "PReLU"
  package static let summary = "the number, or below 0 a share of it that is learned"
  package static let ownArguments: [ArgumentSpec] = [
    .initializer("alpha_initializer", default: "zeros"), .regularizer("alpha_regularizer"),
    .constraint("alpha_constraint"),
    ArgumentSpec(
      "shared_axes", .axes, default: ArgumentValue.none,
      "the axes along which α is the same, from 1 on"),
  ]

  private let arguments: Arguments

  package init(_ arguments: Arguments) { self.arguments = arguments }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    try arguments.checkAxes("shared_axes", in: input)
    return input
  }

  package func weights(for input: Shape) -> [WeightSpec] {
    var shape = input
    for place in arguments.places("shared_axes", in: input) { shape.extents[place - 1] = 1 }
    return [arguments.weight("alpha", shape)]
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    let (x, alpha) = (Formula.operand(0), Formula.operand(1))
    return builder.formula(
      "prelu", "h", .relu(x) - alpha * .relu(-x), [input, weights[0]])
  }
}

/// `p = eˣ / Σ eˣ` along axes: numbers between 0 and 1 that sum to 1.
///
/// Keras's Softmax takes a mask as one of numbers, so that a mask of steps fits none of its inputs.
package struct Softmax: SingleLayer, MaskingLayer {
  package static let kind = "Softmax"
  package static let summary = "shares that sum to 1"
  package static let ownArguments: [ArgumentSpec] = [.axis("along which axes they sum to 1")]

  private let arguments: Arguments

  package init(_ arguments: Arguments) { self.arguments = arguments }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    try arguments.checkAxes("axis", in: input)
    return input
  }

  package var takesMask: Bool { true }

  package func outputMasks(
    for inputs: [Shape], masks: [Shape?]
  ) throws(LayerFailure) -> [Shape?] {
    guard let mask = masks[0] else { return [nil] }
    throw LayerFailure(
      "gets \(inputs[0].tuple) with a mask of \(mask.tuple), and masks numbers, not steps",
      remedy: "Activation(\"softmax\"), which hands masks on")
  }

  package func lower(
    masked inputs: [MaskedValue], weights: [Value], into builder: inout GraphBuilder
  ) -> [MaskedValue] {
    [MaskedValue(lower(inputs[0].value, weights: weights, into: &builder))]
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    let axes = arguments.places("axis", in: Shape(Array(input.shape.extents.dropFirst())))
    if axes.count == 1 { return builder.apply(SoftmaxOp(axis: axes[0]), to: [input]) }
    let largest = builder.reduce(
      .maximum, input, axes: axes, keepsAxes: true, name: "largest", symbol: "m")
    let powers = builder.formula(
      "powers", "e", .exp(.operand(0) - .operand(1)), [input, largest])
    let sum = builder.reduce(.sum, powers, axes: axes, keepsAxes: true, name: "sum", symbol: "Σe")
    return builder.formula("softmax", "p", .operand(0) / .operand(1), [powers, sum])
  }
}
