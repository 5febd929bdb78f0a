import Autodiff
import Tensors

/// Drops a share of the numbers at random in training; does nothing otherwise. (Srivastava 2014.)
package struct Dropout: SingleLayer {
  package static let kind = "Dropout"
  package static let summary = "drops numbers at random while training"
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

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    guard builder.mode == .training, rate > 0 else { return input }
    let key = arguments.drawKey(builder.layerName)
    guard arguments["noise_shape"] != .none else {
      return builder.apply(DropoutOp(rate: rate, layer: key), to: [input])
    }
    return builder.dropped(input, rate, shape: arguments.noiseShape(for: input.shape), key: key)
  }
}

/// Drops whole channels of a sequence at random in training. (Tompson et al. 2014.)
package struct SpatialDropout1D: SingleLayer {
  package static let kind = "SpatialDropout1D"
  package static let summary = "drops whole channels of a sequence while training"
  package static let ownArguments: [ArgumentSpec] = [.rate, .seed]

  private let rate: Double
  private let arguments: Arguments

  package init(_ arguments: Arguments) {
    rate = arguments.number("rate")
    self.arguments = arguments
  }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    try input.checkSequence()
    return input
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    guard builder.mode == .training, rate > 0 else { return input }
    return builder.dropped(
      input, rate, shape: [input.shape[0], 1, input.shape[2]],
      key: arguments.drawKey(builder.layerName))
  }
}

/// Drops whole channels of an image at random in training. (Tompson et al. 2014.)
package struct SpatialDropout2D: SingleLayer {
  package static let kind = "SpatialDropout2D"
  package static let summary = "drops whole channels of an image while training"
  package static let ownArguments: [ArgumentSpec] = [.rate, .dataFormat, .seed]

  private let rate: Double
  private let arguments: Arguments

  package init(_ arguments: Arguments) {
    rate = arguments.number("rate")
    self.arguments = arguments
  }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    try input.checkImage()
    return input
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    guard builder.mode == .training, rate > 0 else { return input }
    return builder.dropped(
      input, rate, shape: [input.shape[0], 1, 1, input.shape[3]],
      key: arguments.drawKey(builder.layerName))
  }
}

extension ArgumentSpec {
  static let noiseShape = ArgumentSpec(
    "noise_shape", .openShape, default: ArgumentValue.none,
    "the shape of the mask, the batch first; 1 where it is the same for a whole axis")
}

extension Arguments {
  /// Throws when the mask of `noise_shape` does not fit examples of this shape.
  func checkNoiseShape(for example: Shape) throws(LayerFailure) {
    guard let noise = openShape("noise_shape") else { return }
    let whole = ["None"] + example.extents.map(String.init)
    let fits =
      noise.count == whole.count && (noise[0] ?? 1) == 1
      && zip(noise.dropFirst(), example.extents).allSatisfy { $0 == nil || $0 == 1 || $0 == $1 }
    guard fits else {
      let given = noise.map { $0.map(String.init) ?? "None" }
      throw LayerFailure(
        "has noise_shape=(\(given.joined(separator: ", "))) and gets \(example.tuple)",
        remedy: "(\(whole.joined(separator: ", "))), or 1 in place of some of these")
    }
  }

  /// The shape of the mask for a batch.
  func noiseShape(for batch: Shape) -> Shape {
    guard let noise = openShape("noise_shape") else { return batch }
    return Shape(zip(noise, batch.extents).map { $0 ?? $1 })
  }
}

extension GraphBuilder {
  /// `h = x · mask / (1 − rate)`, the mask 0 or 1 by chance and smaller than x.
  mutating func dropped(_ x: Value, _ rate: Double, shape: Shape, key: String) -> Value {
    let mask = drawn(
      .bernoulli(probability: 1 - rate), shape: shape, key: key, name: "mask", symbol: "mask")
    return formula(
      "kept", "h", .operand(0) * .operand(1) / .constant(1 - rate), [x, mask])
  }

  /// Numbers by chance, named below the layer.
  mutating func drawn(
    _ distribution: RandomOp.Distribution, shape: Shape, key: String, name: String, symbol: String
  ) -> Value {
    let draws = apply(RandomOp(distribution, shape: shape, layer: key), to: [])
    rename(draws, layerName + "/" + name, symbol: symbol)
    return draws
  }
}
