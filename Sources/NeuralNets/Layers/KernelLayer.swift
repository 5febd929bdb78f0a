import Autodiff
import Tensors

/// A layer that lays learned kernels on the places of sequences [time, channels] or images [height,
/// width, channels].
package protocol KernelLayer: SingleLayer {
  /// 1 for sequences, 2 for images.
  static var rank: Int { get }
  /// Whether kernels are laid on the output, one at each place of the input.
  static var isTransposed: Bool { get }
  /// What it makes of x, before bias and activation: `x ∗ K`.
  static var formula: String { get }
  var arguments: Arguments { get }

  /// The numbers of its first kernel, in the same order, as [places…, inputs of a map, maps].
  static func maps(ofKernel kernel: Tensor) -> Tensor
}

extension KernelLayer {
  package static var isTransposed: Bool { false }
  package static func maps(ofKernel kernel: Tensor) -> Tensor { kernel }

  /// How often an example meets each number of a kernel.
  package static func places(from input: Shape, to output: Shape) -> Int {
    (isTransposed ? input : output).rows
  }

  /// A kernel of every channel by itself: each of its last two axes' places is a map.
  static func mapsByChannel(_ kernel: Tensor) -> Tensor {
    let extents = kernel.shape.extents
    return kernel.reshaped(
      to: Shape(extents.dropLast(2) + [1, extents.suffix(2).reduce(1, *)]))
  }

  var window: ImageWindow {
    let (size, strides) = (extents("kernel_size"), extents("strides"))
    let dilation = extents("dilation_rate")
    return ImageWindow(
      height: size.height, width: size.width, strideHeight: strides.height,
      strideWidth: strides.width,
      padding: ImageWindow.Padding(rawValue: arguments.text("padding")) ?? .valid,
      dilationHeight: dilation.height, dilationWidth: dilation.width)
  }

  /// A number for each axis; a sequence is an image of one row.
  func extents(_ name: String) -> (height: Int, width: Int) {
    let given = arguments[name].wholeNumbers
    return Self.rank == 1 ? (1, given[0]) : (given[0], given[1])
  }

  /// The shape of a kernel: its places and two axes of channels.
  func kernelShape(_ from: Int, _ to: Int) -> Shape {
    Shape(arguments["kernel_size"].wholeNumbers + [from, to])
  }

  /// Adds the bias, if there is one, and applies the activation.
  func finish(
    _ product: Value, _ bias: ArraySlice<Value>, into builder: inout GraphBuilder
  ) -> Value {
    let z = bias.first.map { builder.apply(AddBiasOp(), to: [product, $0]) } ?? product
    return builder.apply(arguments.activation(), to: z)
  }

  /// The weights of kernels, and after them the bias of so many outputs, if there is one.
  func weights(_ kernels: [WeightSpec], outputs: Int) -> [WeightSpec] {
    arguments.boolean("use_bias") ? kernels + [arguments.weight("bias", [outputs])] : kernels
  }
}

// MARK: What fits

extension KernelLayer {
  /// Refuses what is no sequence or image.
  func checkRank(_ input: Shape) throws(LayerFailure) {
    guard input.rank != Self.rank + 1 else { return }
    throw LayerFailure(
      "gets \(input.tuple), which is not " + (Self.rank == 1 ? "a sequence" : "an image"),
      remedy: "an input of shape "
        + (Self.rank == 1 ? "(time steps, channels)" : "(height, width, channels)"))
  }

  /// Refuses strides and dilation together, as Keras does.
  func checkStrides() throws(LayerFailure) {
    let (strides, dilation) = (arguments["strides"], arguments["dilation_rate"])
    guard strides.wholeNumbers.max() ?? 1 > 1, dilation.wholeNumbers.max() ?? 1 > 1 else { return }
    throw LayerFailure(
      "has strides=\(strides.tuple) and dilation_rate=\(dilation.tuple)",
      remedy: "strides=1 or dilation_rate=1")
  }

  /// The shape after a kernel slid over an example.
  func slidShape(over input: Shape, filters: Int) throws(LayerFailure) -> Shape {
    try checkRank(input)
    let (window, batch) = (window, Shape([1] + input.extents))
    let (height, width) = Self.rank == 1 ? (1, input[0]) : (input[0], input[1])
    guard window.fits(height: height, width: width) else {
      throw misfit(window, input, height: height, width: width)
    }
    let output = window.geometry(over: batch, filters: filters).outputShape
    return Shape(Array(output.extents.dropFirst(Self.rank == 1 ? 2 : 1)))
  }

  private func misfit(
    _ window: ImageWindow, _ input: Shape, height: Int, width: Int
  ) -> LayerFailure {
    func size(_ height: Int, _ width: Int) -> String {
      Self.rank == 1 ? "\(width)" : "\(height) × \(width)"
    }
    let span = window.span
    let isSpread = span != (window.height, window.width)
    let most = size(
      min(window.height, (height - 1) / window.dilationHeight + 1),
      min(window.width, (width - 1) / window.dilationWidth + 1))
    return LayerFailure(
      "gets \(input.tuple), smaller than its kernel of \(size(window.height, window.width))"
        + (isSpread ? ", which spans \(size(span.height, span.width))" : ""),
      remedy: "padding=\"same\", or a kernel of at most \(most)")
  }
}

extension ArgumentValue {
  /// One whole number or several.
  fileprivate var wholeNumbers: [Int] {
    switch self {
    case .integer(let i): [i]
    case .integers(let all): all
    default: []
    }
  }

  /// As code writes it: `2`, or `(2, 2)`.
  var tuple: String {
    let numbers = wholeNumbers.map(String.init)
    return numbers.count == 1 ? numbers[0] : "(" + numbers.joined(separator: ", ") + ")"
  }
}

// MARK: Arguments

extension KernelLayer {
  static var filters: ArgumentSpec {
    ArgumentSpec("filters", .integer(1...65_536), "how many patterns it looks for")
  }

  static var kernelSize: ArgumentSpec {
    extent("kernel_size", 1...1024, nil, rank == 1 ? "length" : "height and width", of: "a pattern")
  }

  static var strides: ArgumentSpec {
    extent("strides", 1...1024, 1, "how far it moves", of: "at a time")
  }

  static var dilation: ArgumentSpec {
    extent("dilation_rate", 1...1024, 1, "how far apart", of: "its places lie")
  }

  static var depthMultiplier: ArgumentSpec {
    ArgumentSpec(
      "depth_multiplier", .integer(1...1024), default: .integer(1), "the filters of each channel")
  }

  static var outputPadding: ArgumentSpec {
    ArgumentSpec(
      "output_padding", rank == 1 ? .single(0...1023) : .pair(0...1023),
      default: ArgumentValue.none, "how much is laid beyond the last place")
  }

  private static func extent(
    _ name: String, _ range: ClosedRange<Int>, _ standard: Int?, _ help: String, of rest: String
  ) -> ArgumentSpec {
    ArgumentSpec(
      name, rank == 1 ? .single(range) : .pair(range),
      default: standard.map { rank == 1 ? .integer($0) : .integers([$0, $0]) },
      help + (name == "kernel_size" ? " of " : " ") + rest)
  }

  /// Activation, bias, and how the weights of these names and the bias start and are held.
  static func ending(_ names: [String]) -> [ArgumentSpec] {
    let all = names + ["bias"]
    return [.activation(), .useBias()]
      + all.map {
        .initializer($0 + "_initializer", default: $0 == "bias" ? "zeros" : "glorot_uniform")
      }
      + all.map { .regularizer($0 + "_regularizer") } + [.activityRegularizer()]
      + all.map { .constraint($0 + "_constraint") }
  }
}
