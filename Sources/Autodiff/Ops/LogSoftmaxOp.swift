import Tensors

/// `y[j] = x[j] − ln Σ_i e^x[i]` along an axis: the logarithm of the softmax, computed so that no
/// share becomes 0 on the way.
///
/// Backward: `∂L/∂x[j] = ∂L/∂y[j] − e^y[j] Σ_i ∂L/∂y[i]`.
package struct LogSoftmaxOp: Op {
  let axis: Int

  package init(axis: Int = -1) { self.axis = axis }
  package var outputName: String { "log_softmax" }
  package var outputSymbol: String { "y" }
  package var contributions: [ContributionRule] { [.linearized] }

  package func outputShape(_ inputs: [Shape]) -> Shape { inputs[0] }

  package func forward(_ inputs: [Value], _ y: Value, _ emitter: inout Emitter) -> [Value] {
    emitter.emitAlongAxis(
      "log softmax", .logSoftmax, AxisPlace(axis, of: y.shape), inputs[0], y)
    return []
  }

  package func backward(_ node: Node, _ emitter: inout Emitter) -> [Value?] {
    guard node.wants[0] else { return [nil] }
    let (y, dy) = (node.output, node.dy)
    let place = AxisPlace(axis, of: y.shape)
    let dx = emitter.gradient(of: node.inputs[0])
    let (ys, dys) = (emitter.symbol(of: y), emitter.symbol(of: dy))
    emitter.emit(
      "∂ log softmax",
      [
        KernelCall(
          .alongAxisGradient, [y, dy, dx],
          sizes: [AxisFunction.logSoftmax.rawValue] + place.sizes)
      ],
      [
        InstructionResult(
          dx, "\(emitter.symbol(of: dx)) = \(dys) − e^\(ys) Σ \(dys)",
          .alongAxisGradient(.logSoftmax, kept: y, gradient: dy, output: y, place))
      ])
    return [dx]
  }
}
