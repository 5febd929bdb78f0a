import Tensors

/// Pictures drawn anew, each by the six numbers of its row of A: turned, moved, enlarged, as
/// `AffineSampling` says. x [batch, height, width, channels], A [batch, 6].
///
/// Backward: `∂L/∂y` of a pixel goes to the pixels it was made of, by their shares. A is drawn, not
/// learned: it has no gradient.
package struct AffineTransformOp: Op {
  let interpolation: Interpolation
  let fillMode: FillMode
  let fillValue: Double

  /// - Parameter fillValue: what lies beyond the picture where the fill mode is constant.
  package init(_ interpolation: Interpolation, _ fillMode: FillMode, fillValue: Double = 0) {
    self.interpolation = interpolation
    self.fillMode = fillMode
    self.fillValue = fillValue
  }
  package var outputName: String { "transformed" }
  package var outputSymbol: String { "y" }
  package var contributions: [ContributionRule] { [.terms] }

  package func outputShape(_ inputs: [Shape]) -> Shape {
    precondition(
      inputs[0].rank == 4 && inputs[1] == [inputs[0][0], 6], "\(inputs[1]) of \(inputs[0])")
    return inputs[0]
  }

  private func sampling(_ x: Shape) -> AffineSampling {
    AffineSampling(
      over: x, interpolation: interpolation, fillMode: fillMode, fillValue: fillValue)
  }

  package func forward(_ inputs: [Value], _ y: Value, _ emitter: inout Emitter) -> [Value] {
    let (x, a) = (inputs[0], inputs[1])
    let sampling = sampling(x.shape)
    emitter.emit(
      "transform",
      [
        KernelCall(
          .affineTransform, [x, a, y], sizes: sampling.sizes, constants: [fillValue])
      ],
      [
        InstructionResult(
          y, "\(emitter.symbol(of: y)) = \(emitter.symbol(of: x)) at A (column, row, 1)",
          .affine(of: x, matrix: a, sampling))
      ])
    return []
  }

  package func backward(_ node: Node, _ emitter: inout Emitter) -> [Value?] {
    guard node.wants[0] else { return [nil, nil] }
    let (x, a, dy) = (node.inputs[0], node.inputs[1], node.dy)
    let sampling = sampling(x.shape)
    let dx = emitter.gradient(of: x)
    emitter.emit(
      "∂ transform",
      [
        KernelCall(
          .affineTransformGradient, [dy, a, dx], sizes: sampling.sizes, constants: [fillValue])
      ],
      [
        InstructionResult(
          dx, "\(emitter.symbol(of: dx)) = Σ share · \(emitter.symbol(of: dy)) where it was read",
          .affineGradient(of: dy, matrix: a, sampling))
      ])
    return [dx, nil]
  }
}
