import Autodiff
import Tensors

/// `y = f(x ∗ K + b)`, every channel by itself: no number of one channel meets another. K [places…,
/// channels, depth_multiplier], b [channels · depth_multiplier].
package protocol DepthwiseLayer: KernelLayer {}

/// A depthwise convolution of sequences [time, channels].
package struct DepthwiseConv1D: DepthwiseLayer {
  package static let kind = "DepthwiseConv1D"
  package static let summary = "each channel of the sequence has filters of its own"
  package static let rank = 1
  package let arguments: Arguments

  package init(_ arguments: Arguments) { self.arguments = arguments }
}

/// A depthwise convolution of images [height, width, channels].
package struct DepthwiseConv2D: DepthwiseLayer {
  package static let kind = "DepthwiseConv2D"
  package static let summary = "each channel of the image has filters of its own"
  package static let rank = 2
  package let arguments: Arguments

  package init(_ arguments: Arguments) { self.arguments = arguments }
}

extension DepthwiseLayer {
  package static var formula: String { "x ∗ K" }
  package static func maps(ofKernel kernel: Tensor) -> Tensor { mapsByChannel(kernel) }
  package static var ownArguments: [ArgumentSpec] {
    [kernelSize, strides, .padding, depthMultiplier, .dataFormat, dilation]
      + ending(["depthwise"])
  }

  private var multiplier: Int { arguments.integer("depth_multiplier") }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    try checkRank(input)
    return try arguments.activation().outputShape(
      for: slidShape(over: input, filters: multiplier * input.last))
  }

  package func weights(for input: Shape) -> [WeightSpec] {
    weights(
      [arguments.weight("depthwise", kernelShape(input.last, multiplier), path: "kernel")],
      outputs: multiplier * input.last)
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    let op = ConvolutionOp(depthwise: window, channels: input.shape.last)
    return finish(
      builder.apply(op, to: [input, weights[0]]), weights.dropFirst(), into: &builder)
  }
}
