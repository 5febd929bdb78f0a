import Autodiff
import Tensors

// Layers that make one number of each window of an image or a sequence, channel by channel.

/// Keeps the largest number of each window of an image.
package struct MaxPooling2D: ImagePooling {
  package static let kind = "MaxPooling2D"
  package static let summary = "keeps the largest number of each window"
  package static let ownArguments = pooling(default: .integers([2, 2]))

  let window: ImageWindow

  package init(_ arguments: Arguments) { window = arguments.window(size: "pool_size") }

  func pool(_ images: Value, into builder: inout GraphBuilder) -> Value {
    builder.apply(MaxPool2DOp(window), to: [images])
  }
}

/// The mean of each window of an image; what "same" lays around counts as `AveragePool2DOp` says.
package struct AveragePooling2D: ImagePooling {
  package static let kind = "AveragePooling2D"
  package static let summary = "averages the numbers of each window"
  package static let ownArguments = pooling(default: nil)

  let window: ImageWindow

  package init(_ arguments: Arguments) { window = arguments.window(size: "pool_size") }

  func pool(_ images: Value, into builder: inout GraphBuilder) -> Value {
    builder.apply(AveragePool2DOp(window), to: [images])
  }
}

/// Keeps the largest number of each window of a sequence.
package struct MaxPooling1D: SequencePooling {
  package static let kind = "MaxPooling1D"
  package static let summary = "keeps the largest number of each window of a sequence"
  package static let ownArguments = pooling(default: .integer(2))

  let window: ImageWindow

  package init(_ arguments: Arguments) { window = arguments.sequenceWindow(size: "pool_size") }

  func pool(_ images: Value, into builder: inout GraphBuilder) -> Value {
    builder.apply(MaxPool2DOp(window), to: [images])
  }
}

/// The mean of each window of a sequence; what "same" lays around counts as `AveragePool2DOp` says.
package struct AveragePooling1D: SequencePooling {
  package static let kind = "AveragePooling1D"
  package static let summary = "averages the numbers of each window of a sequence"
  package static let ownArguments = pooling(default: nil)

  let window: ImageWindow

  package init(_ arguments: Arguments) { window = arguments.sequenceWindow(size: "pool_size") }

  func pool(_ images: Value, into builder: inout GraphBuilder) -> Value {
    builder.apply(AveragePool2DOp(window), to: [images])
  }
}

/// A pooling of images [height, width, channels].
protocol ImagePooling: SingleLayer {
  var window: ImageWindow { get }
  func pool(_ images: Value, into builder: inout GraphBuilder) -> Value
}

extension ImagePooling {
  static func pooling(default size: ArgumentValue?) -> [ArgumentSpec] {
    [
      ArgumentSpec("pool_size", .pair(1...1024), default: size, "height and width of a window"),
      ArgumentSpec(
        "strides", .pair(1...1024), default: ArgumentValue.none,
        "how far it moves at a time; None: by its own size"),
      .padding, .dataFormat,
    ]
  }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    try window.outputShape(for: input, noun: "window")
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    pool(input, into: &builder)
  }
}

/// A pooling of sequences [time steps, features]: images one pixel high, the same memory.
protocol SequencePooling: SingleLayer {
  var window: ImageWindow { get }
  func pool(_ images: Value, into builder: inout GraphBuilder) -> Value
}

extension SequencePooling {
  static func pooling(default size: ArgumentValue?) -> [ArgumentSpec] {
    [
      ArgumentSpec("pool_size", .single(1...65_536), default: size, "how long a window is"),
      ArgumentSpec(
        "strides", .single(1...65_536), default: ArgumentValue.none,
        "how far it moves at a time; None: by its own size"),
      .padding, .dataFormat,
    ]
  }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    try input.checkSequence()
    guard window.fits(height: 1, width: input[0]) else {
      throw LayerFailure(
        "gets \(input.tuple), shorter than its window of \(window.width)",
        remedy: "padding=\"same\", or a window of at most \(input[0])")
    }
    let geometry = window.geometry(over: [1, 1, input[0], input[1]], filters: input[1])
    return [geometry.outputWidth, input[1]]
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    let (batch, features) = (input.shape[0], input.shape[2])
    let images = builder.apply(
      ReshapeOp(to: [batch, 1, input.shape[1], features]), to: [input])
    let pooled = pool(images, into: &builder)
    return builder.apply(ReshapeOp(to: [batch, pooled.shape[2], features]), to: [pooled])
  }
}

extension Arguments {
  /// The window of a layer over sequences, one pixel high; strides of None are as long as it is.
  func sequenceWindow(size: String) -> ImageWindow {
    let size = integer(size)
    return ImageWindow(
      height: 1, width: size, strideHeight: 1,
      strideWidth: self["strides"] == .none ? size : integer("strides"),
      padding: ImageWindow.Padding(rawValue: text("padding")) ?? .valid)
  }
}
