import Autodiff
import Tensors

/// `y = f(x ∗ K + b)`: every filter looks for its pattern all over the image. Images are [height,
/// width, channels], K [kernel height, kernel width, channels, filters], b [filters].
package struct Conv2D: SingleLayer {
  package static let kind = "Conv2D"
  package static let summary = "each filter slides over the image and looks for a pattern"
  package static let ownArguments: [ArgumentSpec] = [
    ArgumentSpec("filters", .integer(1...65_536), "how many patterns it looks for"),
    ArgumentSpec("kernel_size", .pair(1...1024), "height and width of a pattern"),
    ArgumentSpec(
      "strides", .pair(1...1024), default: .integers([1, 1]), "how far it moves at a time"),
    .padding, .activation(keywordOnly: true), .useBias(keywordOnly: true),
    .initializer("kernel_initializer", default: "glorot_uniform", keywordOnly: true),
    .initializer("bias_initializer", default: "zeros", keywordOnly: true),
    .regularizer("kernel_regularizer", keywordOnly: true),
    .regularizer("bias_regularizer", keywordOnly: true),
    .constraint("kernel_constraint", keywordOnly: true),
    .constraint("bias_constraint", keywordOnly: true),

  ]

  private let filters: Int
  private let window: ImageWindow
  private let activation: ActivationFunction
  private let useBias: Bool
  private let arguments: Arguments

  package init(_ arguments: Arguments) {
    filters = arguments.integer("filters")
    window = arguments.window(size: "kernel_size")
    activation = arguments.activation()
    useBias = arguments.boolean("use_bias")
    self.arguments = arguments
  }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    try activation.outputShape(
      for: window.outputShape(for: input, filters: filters, noun: "kernel"))
  }

  package func weights(for input: Shape) -> [WeightSpec] {
    let shape: Shape = [window.height, window.width, input.last, filters]
    let kernel = arguments.weight("kernel", shape)
    return useBias ? [kernel, arguments.weight("bias", [filters])] : [kernel]
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    var z = builder.apply(Conv2DOp(window), to: [input, weights[0]])
    if useBias { z = builder.apply(AddBiasOp(), to: [z, weights[1]]) }
    return builder.apply(activation, to: z)
  }
}
