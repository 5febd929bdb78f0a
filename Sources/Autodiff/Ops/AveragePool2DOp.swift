import Tensors

/// `y[n,r,c,i]` = the mean of x over the window there. x [batch, height, width, channels].
///
/// With zeros around, what lies outside the image does not count. Where one side would need more of
/// them than the other, the border of the image goes on outside instead and does count, on all sides:
/// that is what Keras does with PyTorch, which knows no lopsided padding.
///
/// Backward: `∂L/∂y` is shared equally by the numbers of the window.
package struct AveragePool2DOp: Op {
  let window: ImageWindow

  package init(_ window: ImageWindow) { self.window = window }
  package var outputName: String { "mean" }
  package var outputSymbol: String { "h" }
  package var contributions: [ContributionRule] { [.terms] }

  private func geometry(_ x: Shape) -> WindowGeometry {
    window.geometry(over: x, filters: x.last)
  }

  package func outputShape(_ inputs: [Shape]) -> Shape { geometry(inputs[0]).outputShape }

  package func forward(_ inputs: [Value], _ y: Value, _ emitter: inout Emitter) -> [Value] {
    let x = inputs[0]
    let geometry = geometry(x.shape)
    emitter.emit(
      "mean of \(window.height) × \(window.width)",
      [KernelCall(.averagePool2D, [x, y], sizes: geometry.averagingSizes)],
      [
        InstructionResult(
          y, "\(emitter.symbol(of: y)) = mean of each window of \(emitter.symbol(of: x))",
          .windowMean(of: x, geometry))
      ])
    return []
  }

  package func backward(_ node: Node, _ emitter: inout Emitter) -> [Value?] {
    guard node.wants[0] else { return [nil] }
    let (x, dy) = (node.inputs[0], node.dy)
    let geometry = geometry(x.shape)
    let dx = emitter.gradient(of: x)
    emitter.emit(
      "∂ mean",
      [KernelCall(.averagePool2DGradient, [dy, dx], sizes: geometry.averagingSizes)],
      [
        InstructionResult(
          dx, "\(emitter.symbol(of: dx)) = Σ \(emitter.symbol(of: dy)) / n of its windows",
          .windowMeanGradient(of: dy, geometry))
      ])
    return [dx]
  }
}

extension WindowGeometry {
  /// Whether windows read on beyond the image as if its border were repeated.
  package var repeatsBorder: Bool {
    func zeros(_ extent: Int, _ window: Int, _ stride: Int, _ count: Int) -> Int {
      max((count - 1) * stride + window - extent, 0)
    }
    return zeros(height, windowHeight, strideHeight, outputHeight) % 2 == 1
      || zeros(width, windowWidth, strideWidth, outputWidth) % 2 == 1
  }

  /// The sizes of an averaging kernel call: those of a pooling, and whether the border is repeated.
  var averagingSizes: [Int] { poolingSizes + [repeatsBorder ? 1 : 0] }
}
