import CKernels
import Tensors

/// `y[n,r,c,f] = Σ_a,b,i x[n, r·s + a − p, c·s + b − p, i] · K[a,b,i,f]`: the kernel K slides over
/// the image x in strides of s, with p zeros above and on the left. x [batch, height, width,
/// channels], K [height, width, channels, filters]. (LeCun et al. 1989; strictly a
/// cross-correlation.)
///
/// Backward: `∂L/∂K` sums `x · ∂L/∂y` over all places; `∂L/∂x` brings each `∂L/∂y` back by the
/// weight that it came through.
package struct Conv2DOp: Op {
  let window: ImageWindow

  package init(_ window: ImageWindow) { self.window = window }
  package var outputName: String { "product" }
  package var outputSymbol: String { "z" }

  package func outputShape(_ inputs: [Shape]) -> Shape {
    let (x, k) = (inputs[0], inputs[1])
    precondition(
      [window.height, window.width, x[3]] == Array(k.extents.prefix(3)), "\(x) ∗ \(k) do not fit")
    return window.geometry(over: x, filters: k.last).outputShape
  }

  package func forward(_ inputs: [Value], _ y: Value, _ emitter: inout Emitter) -> [Value] {
    let (x, k) = (inputs[0], inputs[1])
    let (xs, ks) = (emitter.symbol(of: x), emitter.symbol(of: k))
    let geometry = window.geometry(over: x.shape, filters: k.shape.last)
    let scratch = emitter.scratch(count: Self.scratchCount(geometry))
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
    let geometry = window.geometry(over: x.shape, filters: k.shape.last)
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

  /// The floats that the kernels need beside their operands, forward and backward.
  private static func scratchCount(_ geometry: WindowGeometry) -> Int {
    Int(bs_conv2d_scratch(geometry.convolutionSizes.map(Int64.init)))
  }
}
