import Tensors

/// `y[n,r,c,i]` = the largest of the window of x there; what lies outside the image never wins.
/// x [batch, height, width, channels].
///
/// Backward: `∂L/∂y` goes to the number that won, the first in row order where several are equal.
package struct MaxPool2DOp: Op {
  package let window: ImageWindow

  package init(_ window: ImageWindow) { self.window = window }
  package var outputName: String { "largest" }
  package var outputSymbol: String { "h" }
  package var contributions: [ContributionRule] { [.chosen] }

  private func geometry(_ x: Shape) -> WindowGeometry {
    window.geometry(over: x, filters: x.last)
  }

  package func outputShape(_ inputs: [Shape]) -> Shape { geometry(inputs[0]).outputShape }

  package func forward(_ inputs: [Value], _ y: Value, _ emitter: inout Emitter) -> [Value] {
    let x = inputs[0]
    let geometry = geometry(x.shape)
    emitter.emit(
      "max of \(window.height) × \(window.width)",
      [KernelCall(.maxPool2D, [x, y], sizes: geometry.poolingSizes)],
      [
        InstructionResult(
          y, "\(emitter.symbol(of: y)) = max of each window of \(emitter.symbol(of: x))",
          .maximum(of: x, geometry))
      ])
    return []
  }

  package func backward(_ node: Node, _ emitter: inout Emitter) -> [Value?] {
    guard node.wants[0] else { return [nil] }
    let (x, y, dy) = (node.inputs[0], node.output, node.dy)
    let geometry = geometry(x.shape)
    let dx = emitter.gradient(of: x)
    emitter.emit(
      "∂ max",
      [KernelCall(.maxPool2DGradient, [x, y, dy, dx], sizes: geometry.poolingSizes + [0])],
      [
        InstructionResult(
          dx, "\(emitter.symbol(of: dx)) = \(emitter.symbol(of: dy)) where x won its window",
          .maximumGradient(input: x, output: y, outputGradient: dy, geometry))
      ])
    return [dx]
  }
}

extension KernelCall {
  /// Of the gradient of a max pooling over a relu and `next`, the gradient of that relu: one call that
  /// gives the second. Where windows do not overlap, each number of the first makes one of it.
  func joined(with next: KernelCall) -> KernelCall? {
    guard kernel == .maxPool2DGradient, next.kernel == .mapGradient,
      next.sizes[0] == ScalarFunction.relu.rawValue, next.buffers[0] == buffers[0],
      next.buffers[1] == buffers[3], sizes[4] <= sizes[6], sizes[5] <= sizes[7]
    else { return nil }
    return KernelCall(
      kernel, buffers.prefix(3) + [next.buffers[2]], sizes: sizes.prefix(12) + [1])
  }
}
