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
