import Autodiff
import Tensors

// What the layers that bring numbers to mean 0 and deviation 1 have in common:
//
//     x̂ = (x − μ) / √(σ² + ε)        y = γ x̂ + β

extension GraphBuilder {
  /// `μ = mean(x)` and `σ² = mean((x − μ)²)` along axes that stay with one place.
  mutating func moments(of x: Value, axes: [Int]) -> (mean: Value, variance: Value) {
    let mean = reduce(.mean, x, axes: axes, keepsAxes: true, name: "mean", symbol: "μ")
    let squares = formula(
      "squares", "(\(symbol(of: x)) − μ)²", .square(.operand(0) - .operand(1)), [x, mean])
    let variance = reduce(
      .mean, squares, axes: axes, keepsAxes: true, name: "variance", symbol: "σ²")
    return (mean, variance)
  }

  /// `μ = Σ m x / (Σ m + ε)` and `σ² = Σ m (x − μ)² / (Σ m + ε)`, ε Keras's 10⁻⁷.
  mutating func moments(
    of x: Value, axes: [Int], mask: Value
  ) -> (mean: Value, variance: Value) {
    var wide = spread(mask: mask, over: x)
    if wide.shape != x.shape {
      wide = apply(BroadcastOp(to: x.shape), to: [wide])
      fix(wide)
    }
    let count = reduce(.sum, wide, axes: axes, keepsAxes: true, name: "count", symbol: "Σ m")
    let share = Formula.operand(0) / (.operand(1) + .named("ε", 1e-7))
    let kept = formula("kept", "m x", .where(.operand(1), .operand(0), 0), [x, wide])
    let sum = reduce(.sum, kept, axes: axes, keepsAxes: true, name: "sum", symbol: "Σ m x")
    let mean = formula("mean", "μ", share, [sum, count])
    let squares = formula(
      "squares", "m (\(symbol(of: x)) − μ)²",
      .where(.operand(2), .square(.operand(0) - .operand(1)), 0), [x, mean, wide])
    let squareSum = reduce(
      .sum, squares, axes: axes, keepsAxes: true, name: "square_sum", symbol: "Σ m (x − μ)²")
    return (mean, formula("variance", "σ²", share, [squareSum, count]))
  }

  /// `x̂ = (x − μ) / √(σ² + ε)`.
  mutating func normalized(
    _ x: Value, mean: Value, variance: Value, epsilon: Double
  ) -> Value {
    formula(
      "normalized", "x̂",
      (.operand(0) - .operand(1)) / .sqrt(.operand(2) + .named("ε", epsilon)),
      [x, mean, variance])
  }

  /// `y = γ x̂ + β`, without what is missing.
  mutating func scaled(_ x: Value, gamma: Value?, beta: Value?) -> Value {
    switch (gamma, beta) {
    case (let gamma?, let beta?):
      formula("scaled", "y", .operand(1) * .operand(0) + .operand(2), [x, gamma, beta])
    case (let gamma?, nil): formula("scaled", "y", .operand(1) * .operand(0), [x, gamma])
    case (nil, let beta?): formula("scaled", "y", .operand(0) + .operand(1), [x, beta])
    case (nil, nil): x
    }
  }
}

/// The arguments and weights γ and β, which scale and shift what was normalized.
struct ScaleAndShift: Sendable {
  let hasScale, hasCenter: Bool
  private let arguments: Arguments

  static let flags: [ArgumentSpec] = [
    .flag("center", true, "whether β is added"),
    .flag("scale", true, "whether it is multiplied by γ"),
  ]
  static let initializers: [ArgumentSpec] = [
    .initializer("beta_initializer", default: "zeros"),
    .initializer("gamma_initializer", default: "ones"),
  ]
  static let limits: [ArgumentSpec] = [
    .regularizer("beta_regularizer"), .regularizer("gamma_regularizer"),
    .constraint("beta_constraint"), .constraint("gamma_constraint"),
  ]
  static let epsilon = ArgumentSpec.number(
    "epsilon", 0...1e6, 1e-3, "what is added to σ² so that nothing is divided by 0")

  init(_ arguments: Arguments, hasCenter: Bool? = nil, hasScale: Bool? = nil) {
    self.hasScale = hasScale ?? arguments.boolean("scale")
    self.hasCenter = hasCenter ?? arguments.boolean("center")
    self.arguments = arguments
  }

  /// γ, then β.
  func weights(_ shape: Shape) -> [WeightSpec] {
    (hasScale ? [arguments.weight("gamma", shape)] : [])
      + (hasCenter ? [arguments.weight("beta", shape)] : [])
  }

  /// `γ x̂ + β` with weights that belong to some axes of x.
  func apply(
    _ weights: [Value], to x: Value, along places: [Int], into builder: inout GraphBuilder
  ) -> Value {
    let spread = weights.prefix((hasScale ? 1 : 0) + (hasCenter ? 1 : 0)).map {
      builder.spread($0, along: places, rank: x.shape.rank)
    }
    return builder.scaled(
      x, gamma: hasScale ? spread.first : nil, beta: hasCenter ? spread.last : nil)
  }
}
