import Autodiff
import Tensors

/// Keeps the largest number of each window of an image, channel by channel.
package struct MaxPooling2D: SingleLayer {
  package static let kind = "MaxPooling2D"
  package static let summary = "keeps the largest number of each window"
  package static let ownArguments: [ArgumentSpec] = [
    ArgumentSpec(
      "pool_size", .pair(1...1024), default: .integers([2, 2]), "height and width of a window"),
    ArgumentSpec(
      "strides", .pair(1...1024), default: ArgumentValue.none,
      "how far it moves at a time; None: by its own size"),
    .padding,
  ]

  private let window: ImageWindow

  package init(_ arguments: Arguments) { window = arguments.window(size: "pool_size") }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    try window.outputShape(for: input, noun: "window")
  }

  package func weights(for input: Shape) -> [WeightSpec] { [] }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    builder.apply(MaxPool2DOp(window), to: [input])
  }
}
