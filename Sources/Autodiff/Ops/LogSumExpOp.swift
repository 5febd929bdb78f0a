import Tensors

/// `y = ln Σ_i e^x[i]` along an axis: a smooth largest number.
///
/// Backward: `∂L/∂x[i] = ∂L/∂y · e^(x[i] − y)`.
package struct LogSumExpOp: Op {
  let axis: Int
  let keepsAxis: Bool

  /// - Parameter keepsAxis: whether one place is left of the axis, or none.
  package init(axis: Int = -1, keepsAxis: Bool = false) {
    self.axis = axis
    self.keepsAxis = keepsAxis
  }
  package var outputName: String { "log_sum" }
  package var outputSymbol: String { "y" }
  package var contributions: [ContributionRule] { [.linearized] }

  package func outputShape(_ inputs: [Shape]) -> Shape {
    inputs[0].reduced(axis, keepsAxis: keepsAxis)
  }

  package func forward(_ inputs: [Value], _ y: Value, _ emitter: inout Emitter) -> [Value] {
    emitter.emitAlongAxis(
      "log sum exp", .logSumExp, AxisPlace(axis, of: inputs[0].shape), inputs[0], y)
    return []
  }

  package func backward(_ node: Node, _ emitter: inout Emitter) -> [Value?] {
    guard node.wants[0] else { return [nil] }
    let (x, y, dy) = (node.inputs[0], node.output, node.dy)
    let place = AxisPlace(axis, of: x.shape)
    let dx = emitter.gradient(of: x)
    let (xs, ys, dys) = (emitter.symbol(of: x), emitter.symbol(of: y), emitter.symbol(of: dy))
    emitter.emit(
      "∂ log sum exp",
      [
        KernelCall(
          .alongAxisGradient, [x, dy, dx, y],
          sizes: [AxisFunction.logSumExp.rawValue] + place.sizes)
      ],
      [
        InstructionResult(
          dx, "\(emitter.symbol(of: dx)) = \(dys) · e^(\(xs) − \(ys))",
          .alongAxisGradient(.logSumExp, kept: x, gradient: dy, output: y, place))
      ])
    return [dx]
  }
}
