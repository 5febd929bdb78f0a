import Autodiff
import Tensors

// Layers that show pictures otherwise in every step of training, one draw for each, and as they are
// in use: mirrored, or with another contrast.

/// Mirrors half of the pictures, drawn by chance. Where both ways are on, one draw mirrors both.
package struct RandomFlip: SingleLayer {
  package static let kind = "RandomFlip"
  package static let summary = "mirrors pictures at random while training"
  package static let ownArguments: [ArgumentSpec] = [
    ArgumentSpec(
      "mode", .choice(["horizontal", "vertical", "horizontal_and_vertical"]),
      default: .text("horizontal_and_vertical"), "which sides change places"),
    .seed, .dataFormat,
  ]

  private let axes: [Int]
  private let arguments: Arguments

  package init(_ arguments: Arguments) {
    axes = ["horizontal": [2], "vertical": [1]][arguments.text("mode")] ?? [1, 2]
    self.arguments = arguments
  }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    try input.checkImage()
    return input
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    guard builder.mode == .training else { return input }
    let flips = builder.drawn(
      .bernoulli(probability: 0.5), shape: [input.shape[0], 1, 1, 1],
      key: arguments.drawKey(builder.layerName), name: "flips", symbol: "k")
    let mirrored = builder.apply(FlipOp(axes: axes), to: [input])
    return builder.formula(
      "flipped", "y", .where(.operand(0), .operand(1), .operand(2)), [flips, mirrored, input])
  }
}

/// `y = (x − μ) f + μ`, held within the range of values, μ the mean of a channel of the picture and
/// f drawn for each picture.
package struct RandomContrast: SingleLayer {
  package static let kind = "RandomContrast"
  package static let summary = "changes the contrast of pictures at random while training"
  package static let ownArguments: [ArgumentSpec] = [
    ArgumentSpec(
      "factor", .span(-1e6...1e6, alone: 0...1),
      "f is drawn from 1 − the first to 1 + the second; one number is the second, the first then 0"),
    ArgumentSpec(
      "value_range", .span(-1e9...1e9, alone: nil), default: .list([.number(0), .number(255)]),
      "the smallest and the largest number of a picture"),
    .seed,
  ]

  private let arguments: Arguments

  package init(_ arguments: Arguments) { self.arguments = arguments }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    try input.checkImage()
    let factor = arguments.span("factor")
    guard factor.count == 1 || factor[0] <= 1 && factor[1] >= 0 else {
      throw LayerFailure(
        "has factor=(\(factor[0]), \(factor[1]))",
        remedy: "a number from 0 to 1, or two, as (0.2, 0.4)")
    }
    return input
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    guard builder.mode == .training else { return input }
    let given = arguments.span("factor")
    let factor = given.count == 1 ? [0, given[0]] : given.sorted()
    let range = arguments.span("value_range")
    let strength = builder.drawn(
      .uniform(low: 1 - factor[0], high: 1 + factor[1]), shape: [input.shape[0], 1, 1, 1],
      key: arguments.drawKey(builder.layerName), name: "factor", symbol: "f")
    let mean = builder.reduce(
      .mean, input, axes: [1, 2], keepsAxes: true, name: "mean", symbol: "μ")
    let (x, m, f) = (Formula.operand(0), Formula.operand(1), Formula.operand(2))
    return builder.formula(
      "contrast", "y", .clip((x - m) * f + m, .constant(range[0]), .constant(range[1])),
      [input, mean, strength])
  }
}
