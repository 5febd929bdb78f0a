import CKernels
import Tensors

/// `y[n,r,c,f] = Σ_a,b,i x[n, r·s + a·d − p, c·s + b·d − p, i] · K[a,b,i,f]`: the kernel K slides
/// over the image x in strides of s; its places lie d apart; p zeros lie above and on the left.
/// x [batch, height, width, channels], K [height, width, channels, filters]. (LeCun et al. 1989;
/// strictly a cross-correlation.)
///
/// Sequences [batch, time, channels] are images of one row. With groups the channels are cut into
/// parts, and so are the filters, which see the channels of their part alone; as many groups as
/// channels make a depthwise convolution.
///
/// Backward: `∂L/∂K` sums `x · ∂L/∂y` over all places; `∂L/∂x` brings each `∂L/∂y` back by the
/// weight that it came through.
package struct ConvolutionOp: Op {
  let window: ImageWindow
  let groups: Int
  /// Whether K is [height, width, channels, filters of each channel].
  let isDepthwise: Bool

  package init(_ window: ImageWindow, groups: Int = 1) {
    self.window = window
    self.groups = groups
    isDepthwise = false
  }

  /// Every channel by itself: K [height, width, channels, filters of each channel].
  package init(depthwise window: ImageWindow, channels: Int) {
    self.window = window
    groups = channels
    isDepthwise = true
  }

  package var outputName: String { "product" }
  package var outputSymbol: String { "z" }
  package var contributions: [ContributionRule] { [.terms] }

  private func geometry(_ x: Shape, _ k: Shape) -> WindowGeometry {
    window.geometry(
      over: x, filters: isDepthwise ? x.last * k.last : k.last, groups: groups)
  }

  package func outputShape(_ inputs: [Shape]) -> Shape {
    let (x, k) = (inputs[0], inputs[1])
    let geometry = geometry(x, k)
    precondition(
      geometry.kernelShape.count == k.count && geometry.channels % groups == 0
        && geometry.filters % groups == 0, "\(x) ∗ \(k) do not fit")
    return x.rank == 4 ? geometry.outputShape : geometry.outputShape.ofSequences
  }

  package func forward(_ inputs: [Value], _ y: Value, _ emitter: inout Emitter) -> [Value] {
    let (x, k) = (inputs[0], inputs[1])
    let (xs, ks) = (emitter.symbol(of: x), emitter.symbol(of: k))
    let geometry = geometry(x.shape, k.shape)
    let scratch = emitter.scratch(count: geometry.scratchCount)
    emitter.emit(
      "\(xs) ∗ \(ks)",
      [KernelCall(.conv2D, [x, k, y, scratch], sizes: geometry.convolutionSizes)],
      [
        InstructionResult(
          y, "\(emitter.symbol(of: y)) = \(xs) ∗ \(ks)",
          .convolution(input: x, kernel: k, geometry))
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
      calls.append(KernelCall(.conv2DKernelGradient, [x, dy, g, scratch], sizes: sizes))
      results.append(
        InstructionResult(
          g, "∂L/∂\(ks) = Σ over places of \(xs) · \(dys)",
          .convolutionKernelGradient(input: x, outputGradient: dy, geometry)))
      dk = g
    }
    if node.wants[0] {
      let g = emitter.gradient(of: x)
      calls.append(KernelCall(.conv2DInputGradient, [dy, k, g, scratch], sizes: sizes))
      results.append(
        InstructionResult(
          g, "∂L/∂\(xs) = \(dys) ∗ \(ks) turned around",
          .convolutionInputGradient(outputGradient: dy, kernel: k, geometry)))
      dx = g
    }
    emitter.emit("∂ \(xs) ∗ \(ks)", calls, results)
    return [dx, dk]
  }
}

extension WindowGeometry {
  /// The floats that the kernels need beside their operands, forward and backward.
  var scratchCount: Int { Int(bs_conv2d_scratch(convolutionSizes.map(Int64.init))) }
}

extension Shape {
  /// Images of one row as sequences [batch, time, channels].
  var ofSequences: Shape { [self[0], self[2], self[3]] }
}
