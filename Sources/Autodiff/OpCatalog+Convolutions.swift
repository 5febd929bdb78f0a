import Tensors

// The forms of convolutions: strides, dilation, borders, groups, sequences, and the transposed.

extension OpCatalog {
  static let convolutions: [OpExample] = [
    convolution("convolution", window()),
    convolution("convolution with zeros around", window(padding: .same)),
    convolution("convolution with strides", window(strides: (2, 3))),
    convolution(
      "convolution with strides and zeros around", window(strides: (2, 2), padding: .same)),
    convolution("convolution with dilation", window(dilation: (2, 3))),
    convolution(
      "convolution with dilation and zeros around", window(padding: .same, dilation: (1, 2))),
    convolution("convolution in groups", window(padding: .same), groups: 2),
    convolution("convolution in groups, with strides", window(strides: (2, 2)), groups: 2),
    depthwise("depthwise convolution", window(padding: .same), filters: 1),
    depthwise(
      "depthwise convolution with several filters", window(strides: (2, 1)), filters: 2),
    depthwise(
      "depthwise convolution with strides and dilation",
      window(strides: (2, 2), dilation: (1, 2)), filters: 1),
    OpExample(
      "convolution of sequences", ConvolutionOp(row(3, stride: 2)),
      [("x", "x", [2, 7, 2]), ("K", "K", [3, 2, 3])]),
    OpExample(
      "causal convolution of sequences", ConvolutionOp(row(2, padding: .causal, dilation: 2)),
      [("x", "x", [2, 6, 2]), ("K", "K", [2, 2, 3])]),
    OpExample(
      "depthwise convolution of sequences",
      ConvolutionOp(depthwise: row(3, padding: .same), channels: 2),
      [("x", "x", [2, 5, 2]), ("K", "K", [3, 2, 2])]),
    transposed("transposed convolution", window()),
    transposed("transposed convolution with a cut border", window(padding: .same)),
    transposed("transposed convolution with strides", window(strides: (2, 3))),
    transposed(
      "transposed convolution with strides and a cut border",
      window(strides: (2, 2), padding: .same)),
    transposed(
      "transposed convolution with more below", window(strides: (3, 2), padding: .same),
      outputPadding: (2, 1)),
    transposed("transposed convolution with dilation", window(dilation: (2, 2))),
    OpExample(
      "transposed convolution of sequences", TransposedConvolutionOp(row(3, stride: 2)),
      [("x", "x", [2, 4, 3]), ("K", "K", [3, 2, 3])]),
  ]

  private static func window(
    strides: (Int, Int) = (1, 1), padding: ImageWindow.Padding = .valid,
    dilation: (Int, Int) = (1, 1)
  ) -> ImageWindow {
    ImageWindow(
      height: 3, width: 2, strideHeight: strides.0, strideWidth: strides.1, padding: padding,
      dilationHeight: dilation.0, dilationWidth: dilation.1)
  }

  private static func row(
    _ width: Int, stride: Int = 1, padding: ImageWindow.Padding = .valid, dilation: Int = 1
  ) -> ImageWindow {
    ImageWindow(
      height: 1, width: width, strideHeight: 1, strideWidth: stride, padding: padding,
      dilationWidth: dilation)
  }

  private static func convolution(
    _ name: String, _ window: ImageWindow, groups: Int = 1
  ) -> OpExample {
    OpExample(
      name, ConvolutionOp(window, groups: groups),
      [("x", "x", [2, 6, 5, 2]), ("K", "K", [3, 2, 2 / groups, groups == 1 ? 3 : 4])])
  }

  private static func depthwise(
    _ name: String, _ window: ImageWindow, filters: Int
  ) -> OpExample {
    OpExample(
      name, ConvolutionOp(depthwise: window, channels: 3),
      [("x", "x", [2, 5, 4, 3]), ("D", "D", [3, 2, 3, filters])])
  }

  private static func transposed(
    _ name: String, _ window: ImageWindow, outputPadding: (Int, Int)? = nil
  ) -> OpExample {
    OpExample(
      name, TransposedConvolutionOp(window, outputPadding: outputPadding),
      [("x", "x", [2, 3, 2, 3]), ("K", "K", [3, 2, 2, 3])])
  }
}
