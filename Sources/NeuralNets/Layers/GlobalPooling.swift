import Autodiff
import Tensors

// Layers that make one number of each channel of a whole image or sequence.

/// The mean of a sequence: (time steps, features) becomes (features,).
package struct GlobalAveragePooling1D: GlobalPooling {
  package static let kind = "GlobalAveragePooling1D"
  package static let summary = "averages each feature over a sequence"
  static let reduction = Reduction.mean
  static let axes = 1

  let keepsAxes: Bool

  package init(_ arguments: Arguments) { keepsAxes = arguments.boolean("keepdims") }
}

/// The largest numbers of a sequence: (time steps, features) becomes (features,).
package struct GlobalMaxPooling1D: GlobalPooling {
  package static let kind = "GlobalMaxPooling1D"
  package static let summary = "keeps the largest number of each feature of a sequence"
  static let reduction = Reduction.maximum
  static let axes = 1

  let keepsAxes: Bool

  package init(_ arguments: Arguments) { keepsAxes = arguments.boolean("keepdims") }
}

/// The mean of an image: (height, width, channels) becomes (channels,).
package struct GlobalAveragePooling2D: GlobalPooling {
  package static let kind = "GlobalAveragePooling2D"
  package static let summary = "averages each channel over an image"
  static let reduction = Reduction.mean
  static let axes = 2

  let keepsAxes: Bool

  package init(_ arguments: Arguments) { keepsAxes = arguments.boolean("keepdims") }
}

/// The largest numbers of an image: (height, width, channels) becomes (channels,).
package struct GlobalMaxPooling2D: GlobalPooling {
  package static let kind = "GlobalMaxPooling2D"
  package static let summary = "keeps the largest number of each channel of an image"
  static let reduction = Reduction.maximum
  static let axes = 2

  let keepsAxes: Bool

  package init(_ arguments: Arguments) { keepsAxes = arguments.boolean("keepdims") }
}

/// A reduction of all axes but the channels.
protocol GlobalPooling: SingleLayer {
  static var reduction: Reduction { get }
  /// How many axes are reduced: 1 of a sequence, 2 of an image.
  static var axes: Int { get }
  var keepsAxes: Bool { get }
}

extension GlobalPooling {
  package static var ownArguments: [ArgumentSpec] {
    [
      .dataFormat,
      .flag("keepdims", false, "whether the axes that are pooled stay, with one place each"),
    ]
  }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    if Self.axes == 1 { try input.checkSequence() } else { try input.checkImage() }
    return Shape((keepsAxes ? [Int](repeating: 1, count: Self.axes) : []) + [input.last])
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    builder.reduce(
      Self.reduction, input, axes: Array(1..<1 + Self.axes), keepsAxes: keepsAxes)
  }
}

/// With a mask it is the mean of the steps that count, `y = Σ m x / Σ m`.
extension GlobalAveragePooling1D: MaskingLayer {
  package var takesMask: Bool { true }

  package func outputMasks(
    for inputs: [Shape], masks: [Shape?]
  ) throws(LayerFailure) -> [Shape?] {
    try inputs[0].checkMask(masks[0])
    return [nil]
  }

  package func lower(
    masked inputs: [MaskedValue], weights: [Value], into builder: inout GraphBuilder
  ) -> [MaskedValue] {
    let input = inputs[0].value
    guard let mask = inputs[0].mask else {
      return [MaskedValue(lower(input, weights: weights, into: &builder))]
    }
    let kept = builder.kept(input, by: mask)
    let sum = builder.reduce(
      .sum, kept, axes: [1], keepsAxes: keepsAxes, name: "sum", symbol: "Σ m x")
    let wide = builder.spread(mask: mask, over: input)
    let count = builder.reduce(
      .sum, wide, axes: [1], keepsAxes: keepsAxes, name: "count", symbol: "Σ m")
    let mean = builder.formula("mean", "y", .operand(0) / .operand(1), [sum, count])
    return [MaskedValue(mean)]
  }
}

extension Shape {
  /// Throws when an example of this shape is no image.
  func checkImage() throws(LayerFailure) {
    guard rank == 3 else {
      throw LayerFailure(
        "gets \(tuple), which is not an image",
        remedy: "an input of shape (height, width, channels)")
    }
  }
}
