import Autodiff
import Tensors

// Normalizations that look at one example at a time and do the same in training and prediction.

/// Brings the numbers of each example to mean 0 and variance 1 along axes. (Ba et al. 2016.)
///
///     x̂ = (x − μ) / √(σ² + ε)        y = γ x̂ + β
package struct LayerNormalization: SingleLayer {
  package static let kind = "LayerNormalization"
  package static let summary = "brings each example to mean 0 and variance 1"
  package static let ownArguments: [ArgumentSpec] =
    [.axis("along which axes"), ScaleAndShift.epsilon] + ScaleAndShift.flags
    + ScaleAndShift.initializers + ScaleAndShift.limits + [
      .flag(
        "rms_scaling", false, keywordOnly: true, "whether it only divides; Keras gives it up")
    ]

  private let epsilon: Double
  private let onlyScales: Bool
  private let ending: ScaleAndShift
  private let arguments: Arguments

  package init(_ arguments: Arguments) {
    epsilon = arguments.number("epsilon")
    onlyScales = arguments.boolean("rms_scaling")
    ending = ScaleAndShift(
      arguments, hasCenter: onlyScales ? false : nil, hasScale: onlyScales ? true : nil)
    self.arguments = arguments
  }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    try arguments.checkAxes("axis", in: input)
    return input
  }

  package func weights(for input: Shape) -> [WeightSpec] {
    ending.weights(input.ofAxes(arguments.places("axis", in: input)))
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    let axes = arguments.places("axis", in: Shape(Array(input.shape.extents.dropFirst())))
    let (mean, variance) = builder.moments(of: input, axes: axes)
    let normalized =
      onlyScales
      ? builder.formula(
        "normalized", "x̂", .operand(0) / .sqrt(.operand(1) + .named("ε", epsilon)),
        [input, variance])
      : builder.normalized(input, mean: mean, variance: variance, epsilon: epsilon)
    return ending.apply(weights, to: normalized, along: axes, into: &builder)
  }
}

/// Brings the channels of each example to mean 0 and variance 1, group by group. (Wu & He 2018.)
package struct GroupNormalization: SingleLayer {
  package static let kind = "GroupNormalization"
  package static let summary = "brings groups of channels to mean 0 and variance 1"
  package static let ownArguments: [ArgumentSpec] =
    [
      ArgumentSpec(
        "groups", .integer(-1...65_536), default: .integer(32),
        "how many groups; -1: each channel by itself"),
      .axis("the axis of the channels"), ScaleAndShift.epsilon,
    ] + ScaleAndShift.flags + ScaleAndShift.initializers + ScaleAndShift.limits

  private let epsilon: Double
  private let ending: ScaleAndShift
  private let arguments: Arguments

  package init(_ arguments: Arguments) {
    epsilon = arguments.number("epsilon")
    ending = ScaleAndShift(arguments)
    self.arguments = arguments
  }

  private func groups(of channels: Int) -> Int {
    arguments.integer("groups") == -1 ? channels : arguments.integer("groups")
  }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    try arguments.checkAxes("axis", in: input, single: true)
    let channels = input.ofAxes(arguments.places("axis", in: input)).last
    let groups = groups(of: channels)
    guard groups > 0, channels % groups == 0 else {
      let fitting = (1...channels).prefix(64).filter { channels % $0 == 0 }.map(String.init)
      throw LayerFailure(
        "makes \(groups) groups of \(channels) channels",
        remedy: "groups=-1 or one of \(fitting.joined(separator: ", "))")
    }
    return input
  }

  package func weights(for input: Shape) -> [WeightSpec] {
    ending.weights(input.ofAxes(arguments.places("axis", in: input)))
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    let place = arguments.places("axis", in: Shape(Array(input.shape.extents.dropFirst())))
    let axis = place[0]
    var extents = input.shape.extents
    let groups = groups(of: extents[axis])
    extents[axis] /= groups
    extents.insert(groups, at: axis)
    let grouped = builder.apply(ReshapeOp(to: Shape(extents)), to: [input])
    let (mean, variance) = builder.moments(
      of: grouped, axes: extents.indices.filter { $0 != 0 && $0 != axis })
    let normalized = builder.normalized(
      grouped, mean: mean, variance: variance, epsilon: epsilon)
    let whole = builder.apply(ReshapeOp(to: input.shape), to: [normalized])
    return ending.apply(weights, to: whole, along: place, into: &builder)
  }
}

/// Divides each example by the root of its mean square. (Zhang & Sennrich 2019.)
///
///     y = γ x / √(mean(x²) + ε)
package struct RMSNormalization: SingleLayer {
  package static let kind = "RMSNormalization"
  package static let summary = "divides each example by the root of its mean square"
  package static let ownArguments: [ArgumentSpec] = [
    .axis("along which axes"),
    .number("epsilon", 0...1e6, 1e-6, "what is added so that nothing is divided by 0"),
  ]

  private let epsilon: Double
  private let arguments: Arguments

  package init(_ arguments: Arguments) {
    epsilon = arguments.number("epsilon")
    self.arguments = arguments
  }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    try arguments.checkAxes("axis", in: input)
    return input
  }

  package func weights(for input: Shape) -> [WeightSpec] {
    [WeightSpec("scale", input.ofAxes(arguments.places("axis", in: input)), .ones)]
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    let axes = arguments.places("axis", in: Shape(Array(input.shape.extents.dropFirst())))
    let square = builder.meanSquare(of: input, .mean, axes: axes)
    let scale = builder.spread(weights[0], along: axes, rank: input.shape.rank)
    let normalized = builder.formula(
      "normalized", "x̂", .operand(0) / .sqrt(.operand(1) + .named("ε", epsilon)),
      [input, square])
    return builder.scaled(normalized, gamma: scale, beta: nil)
  }
}

/// Divides each example by its length, so that it has length 1.
///
///     y = x / max(√Σx², 10⁻¹²)
package struct UnitNormalization: SingleLayer {
  package static let kind = "UnitNormalization"
  package static let summary = "brings each example to length 1"
  package static let ownArguments: [ArgumentSpec] = [.axis("along which axes")]

  private let arguments: Arguments

  package init(_ arguments: Arguments) { self.arguments = arguments }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    try arguments.checkAxes("axis", in: input)
    return input
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    let axes = arguments.places("axis", in: Shape(Array(input.shape.extents.dropFirst())))
    return builder.unit(input, axes: axes, atLeast: 1e-12)
  }
}

extension GraphBuilder {
  /// `Σx²` or `mean(x²)` along axes that stay with one place.
  mutating func meanSquare(of x: Value, _ reduction: Reduction, axes: [Int]) -> Value {
    let squares = formula("squares", "\(symbol(of: x))²", .square(.operand(0)), [x])
    return reduce(
      reduction, squares, axes: axes, keepsAxes: true,
      name: reduction == .mean ? "mean_square" : "square_sum", symbol: "s")
  }

  /// `x / max(√Σx², least)` along axes.
  mutating func unit(_ x: Value, axes: [Int], atLeast least: Double) -> Value {
    let sum = meanSquare(of: x, .sum, axes: axes)
    // The root of the larger: the same number, and 0 has a derivative.
    return formula(
      "unit", "x̂", .operand(0) / .sqrt(.max(.operand(1), .constant(least * least))), [x, sum])
  }
}
