import Tensors

/// `y[n, r·s + a·d − p, c·s + b·d − p, i] += x[n,r,c,f] · K[a,b,i,f]`: every number of x lays the
/// kernel, times itself, onto y in strides of s; where windows overlap their shares add up, and p
/// rows and columns of the border are cut off. x [batch, height, width, channels], K [height,
/// width, filters, channels]. (Zeiler et al. 2010, as deconvolution.)
///
/// It is the gradient of a convolution of y by the same K, taken forward; so backward is that
/// convolution: `∂L/∂x = ∂L/∂y ∗ K`, and `∂L/∂K` sums `∂L/∂y · x` over all places. Sequences [batch,
/// time, channels] are images of one row.
package struct TransposedConvolutionOp: Op {
  let window: ImageWindow
  /// What lies beyond the last window, by rows and columns; nil leaves it to the padding.
  let outputPadding: (height: Int, width: Int)?

  package init(_ window: ImageWindow, outputPadding: (height: Int, width: Int)? = nil) {
    self.window = window
    self.outputPadding = outputPadding
  }
  package var outputName: String { "product" }
  package var outputSymbol: String { "z" }
  package var contributions: [ContributionRule] { [.terms] }

  private func geometry(_ x: Shape, _ k: Shape) -> WindowGeometry {
    window.geometry(under: x, channels: k[k.rank - 2], outputPadding: outputPadding)
  }

  package func outputShape(_ inputs: [Shape]) -> Shape {
    let (x, k) = (inputs[0], inputs[1])
    let geometry = geometry(x, k)
    precondition(geometry.kernelShape.count == k.count, "\(x) ∗ᵀ \(k) do not fit")
    return x.rank == 4 ? geometry.inputShape : geometry.inputShape.ofSequences
  }

  package func forward(_ inputs: [Value], _ y: Value, _ emitter: inout Emitter) -> [Value] {
    let (x, k) = (inputs[0], inputs[1])
    let (xs, ks) = (emitter.symbol(of: x), emitter.symbol(of: k))
    let geometry = geometry(x.shape, k.shape)
    let scratch = emitter.scratch(count: geometry.scratchCount)
    emitter.emit(
      "\(xs) ∗ᵀ \(ks)",
      [KernelCall(.conv2DInputGradient, [x, k, y, scratch], sizes: geometry.convolutionSizes)],
      [
        InstructionResult(
          y, "\(emitter.symbol(of: y)) = \(xs) ∗ᵀ \(ks)",
          .transposedConvolution(input: x, kernel: k, geometry))
      ])
    return [scratch]
  }

  package func backward(_ node: Node, _ emitter: inout Emitter) -> [Value?] {
    let (x, k, dy, scratch) = (node.inputs[0], node.inputs[1], node.dy, node.kept[0])
    let (xs, ks) = (emitter.symbol(of: x), emitter.symbol(of: k))
    let dys = emitter.symbol(of: dy)
    let geometry = geometry(x.shape, k.shape)
    let sizes = geometry.convolutionSizes
    var calls: [KernelCall] = []
    var results: [InstructionResult] = []
    var dk: Value?
    var dx: Value?
    if node.wants[1] {
      let g = emitter.gradient(of: k)
      calls.append(KernelCall(.conv2DKernelGradient, [dy, x, g, scratch], sizes: sizes))
      results.append(
        InstructionResult(
          g, "∂L/∂\(ks) = Σ over places of \(dys) · \(xs)",
          .convolutionKernelGradient(input: dy, outputGradient: x, geometry)))
      dk = g
    }
    if node.wants[0] {
      let g = emitter.gradient(of: x)
      calls.append(KernelCall(.conv2D, [dy, k, g, scratch], sizes: sizes))
      results.append(
        InstructionResult(
          g, "∂L/∂\(xs) = \(dys) ∗ \(ks)", .convolution(input: dy, kernel: k, geometry)))
      dx = g
    }
    emitter.emit("∂ \(xs) ∗ᵀ \(ks)", calls, results)
    return [dx, dk]
  }
}

extension ImageWindow {
  /// Where it lies on images of which `inputs` come out by a convolution: what a transposed
  /// convolution makes of them.
  ///
  /// Keras's rule, by each axis with windows of span k: without padding all that windows reach, and
  /// at least a stride for each; with `same` a stride for each.
  ///
  /// - Parameter outputPadding: rows and columns beyond that are laid below and on the right; with
  ///   `same` the result is then `(in − 1)·stride + k mod 2 + outputPadding`.
  package func geometry(
    under inputs: Shape, channels: Int, outputPadding: (height: Int, width: Int)? = nil
  ) -> WindowGeometry {
    let inputs = inputs.ofImages
    let vertical = border(inputs[1], span.height, strideHeight, outputPadding?.height)
    let horizontal = border(inputs[2], span.width, strideWidth, outputPadding?.width)
    return WindowGeometry(
      batch: inputs[0], height: vertical.extent, width: horizontal.extent, channels: channels,
      window: (height, width), filters: inputs[3], strides: (strideHeight, strideWidth),
      padding: (vertical.before, horizontal.before), output: (inputs[1], inputs[2]),
      dilation: (dilationHeight, dilationWidth))
  }

  /// The extent of the result along one axis, and how much is cut off before it.
  private func border(
    _ extent: Int, _ span: Int, _ stride: Int, _ outputPadding: Int?
  ) -> (extent: Int, before: Int) {
    let reach = (extent - 1) * stride
    guard padding == .same else {
      return (reach + span + (outputPadding ?? max(stride - span, 0)), 0)
    }
    // Zeros around x, were it spread out by strides and met by the kernel turned around.
    let zeros = outputPadding.map { span + span % 2 - 2 + $0 } ?? stride + span - 2
    return (reach + zeros - span + 2, span - 1 - min((zeros + 1) / 2, span - 1))
  }
}
