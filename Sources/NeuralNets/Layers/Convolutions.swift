import Autodiff
import Tensors

/// `y = f(x ∗ K + b)`: every filter looks for its pattern everywhere. K [places…, channels of a
/// group, filters], b [filters].
package protocol ConvolutionLayer: KernelLayer {}

/// A convolution of sequences [time, channels].
package struct Conv1D: ConvolutionLayer {
  package static let kind = "Conv1D"
  package static let summary = "each filter slides over the sequence and looks for a pattern"
  package static let rank = 1
  package let arguments: Arguments

  package init(_ arguments: Arguments) { self.arguments = arguments }
}

/// A convolution of images [height, width, channels].
package struct Conv2D: ConvolutionLayer {
  package static let kind = "Conv2D"
  package static let summary = "each filter slides over the image and looks for a pattern"
  package static let rank = 2
  package let arguments: Arguments

  package init(_ arguments: Arguments) { self.arguments = arguments }
}

extension ConvolutionLayer {
  package static var formula: String { "x ∗ K" }
  package static var ownArguments: [ArgumentSpec] {
    [
      filters, kernelSize, strides, rank == 1 ? .causalPadding : .padding, .dataFormat, dilation,
      ArgumentSpec(
        "groups", .integer(1...65_536), default: .integer(1),
        "parts of the channels, each with filters of its own"),
    ] + ending(["kernel"])
  }

  private var filters: Int { arguments.integer("filters") }
  private var groups: Int { arguments.integer("groups") }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    try checkRank(input)
    try checkStrides()
    try checkGroups(channels: input.last)
    return try arguments.activation().outputShape(for: slidShape(over: input, filters: filters))
  }

  private func checkGroups(channels: Int) throws(LayerFailure) {
    guard channels % groups != 0 || filters % groups != 0 else { return }
    let most: Int = max(1, min(channels, filters, 1024))
    let fitting: [Int] = (1...most).filter { channels % $0 == 0 && filters % $0 == 0 }
    throw LayerFailure(
      "makes \(groups) groups of \(channels) channels and \(filters) filters",
      remedy: "groups as one of " + fitting.map(String.init).joined(separator: ", "))
  }

  package func weights(for input: Shape) -> [WeightSpec] {
    weights(
      [arguments.weight("kernel", kernelShape(input.last / groups, filters))], outputs: filters)
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    let product = builder.apply(ConvolutionOp(window, groups: groups), to: [input, weights[0]])
    return finish(product, weights.dropFirst(), into: &builder)
  }
}
