import Autodiff
import Tensors

/// `y = f((x ∗ D) ∗ P + b)`: filters D for every channel by itself, then a mix P of the channels at
/// every place. D [places…, channels, depth_multiplier], P [1…, channels · depth_multiplier,
/// filters], b [filters]. (Sifre 2014; Chollet 2017.)
package protocol SeparableLayer: KernelLayer {}

/// A separable convolution of sequences [time, channels].
package struct SeparableConv1D: SeparableLayer {
  package static let kind = "SeparableConv1D"
  package static let summary = "filters for each channel, then a mix of channels at every step"
  package static let rank = 1
  package let arguments: Arguments

  package init(_ arguments: Arguments) { self.arguments = arguments }
}

/// A separable convolution of images [height, width, channels].
package struct SeparableConv2D: SeparableLayer {
  package static let kind = "SeparableConv2D"
  package static let summary = "filters for each channel, then a mix of channels at every pixel"
  package static let rank = 2
  package let arguments: Arguments

  package init(_ arguments: Arguments) { self.arguments = arguments }
}

extension SeparableLayer {
  package static var formula: String { "x ∗ D ∗ P" }
  package static func maps(ofKernel kernel: Tensor) -> Tensor { mapsByChannel(kernel) }
  package static var ownArguments: [ArgumentSpec] {
    [filters, kernelSize, strides, .padding, .dataFormat, dilation, depthMultiplier]
      + ending(["depthwise", "pointwise"])
  }

  private var filters: Int { arguments.integer("filters") }
  private var multiplier: Int { arguments.integer("depth_multiplier") }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    try arguments.activation().outputShape(for: slidShape(over: input, filters: filters))
  }

  package func weights(for input: Shape) -> [WeightSpec] {
    let places = [Int](repeating: 1, count: Self.rank)
    return weights(
      [
        arguments.weight(
          "depthwise", kernelShape(input.last, multiplier), path: "depthwise_kernel"),
        arguments.weight(
          "pointwise", Shape(places + [multiplier * input.last, filters]),
          path: "pointwise_kernel"),
      ], outputs: filters)
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    let depthwise = builder.apply(
      ConvolutionOp(depthwise: window, channels: input.shape.last), to: [input, weights[0]])
    builder.rename(depthwise, builder.layerName + "/depthwise", symbol: "h")
    let pixel = ImageWindow(
      height: 1, width: 1, strideHeight: 1, strideWidth: 1, padding: .valid)
    let product = builder.apply(ConvolutionOp(pixel), to: [depthwise, weights[1]])
    return finish(product, weights.dropFirst(2), into: &builder)
  }
}
