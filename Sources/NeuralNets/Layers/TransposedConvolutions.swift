import Autodiff
import Tensors

/// `y = f(x ∗ᵀ K + b)`: every place lays its filters onto a larger output, where they add up. K
/// [places…, filters, channels], b [filters].
package protocol TransposedConvolutionLayer: KernelLayer {}

/// A transposed convolution of sequences [time, channels].
package struct Conv1DTranspose: TransposedConvolutionLayer {
  package static let kind = "Conv1DTranspose"
  package static let summary = "each step lays its patterns onto a longer sequence"
  package static let rank = 1
  package let arguments: Arguments

  package init(_ arguments: Arguments) { self.arguments = arguments }
}

/// A transposed convolution of images [height, width, channels].
package struct Conv2DTranspose: TransposedConvolutionLayer {
  package static let kind = "Conv2DTranspose"
  package static let summary = "each pixel lays its patterns onto a larger image"
  package static let rank = 2
  package let arguments: Arguments

  package init(_ arguments: Arguments) { self.arguments = arguments }
}

extension TransposedConvolutionLayer {
  package static var isTransposed: Bool { true }
  package static var formula: String { "x ∗ᵀ K" }
  package static var ownArguments: [ArgumentSpec] {
    [filters, kernelSize, strides, .padding, outputPadding, .dataFormat, dilation]
      + ending(["kernel"])
  }

  private var filters: Int { arguments.integer("filters") }

  private var beyond: (height: Int, width: Int)? {
    guard arguments["output_padding"] != .none else { return nil }
    let extents = extents("output_padding")
    return Self.rank == 1 ? (0, extents.width) : extents
  }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    try checkRank(input)
    try checkStrides()
    try checkBeyond()
    let whole = window.geometry(
      under: Shape([1] + input.extents), channels: filters, outputPadding: beyond)
    guard whole.height > 0, whole.width > 0 else {
      throw LayerFailure(
        "leaves nothing of \(input.tuple)",
        remedy: "output_padding=None, or a kernel of odd size")
    }
    let spatial = Self.rank == 1 ? [whole.width] : [whole.height, whole.width]
    return try arguments.activation().outputShape(for: Shape(spatial + [filters]))
  }

  private func checkBeyond() throws(LayerFailure) {
    let strides = extents("strides")
    guard let beyond, beyond.height >= strides.height || beyond.width >= strides.width else {
      return
    }
    throw LayerFailure(
      "has output_padding=\(arguments["output_padding"].tuple) and "
        + "strides=\(arguments["strides"].tuple)",
      remedy: "output_padding=None, or less than the strides")
  }

  package func weights(for input: Shape) -> [WeightSpec] {
    weights([arguments.weight("kernel", kernelShape(filters, input.last))], outputs: filters)
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    let op = TransposedConvolutionOp(window, outputPadding: beyond)
    return finish(
      builder.apply(op, to: [input, weights[0]]), weights.dropFirst(), into: &builder)
  }
}
