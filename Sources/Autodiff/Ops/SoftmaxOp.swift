import Tensors

/// `y[j] = e^x[j] / Σ_i e^x[i]` along each row: numbers between 0 and 1 that sum to 1.
///
/// Backward: `∂L/∂x[j] = y[j] (∂L/∂y[j] − Σ_i ∂L/∂y[i] y[i])`.
package struct SoftmaxOp: Op {
  package init() {}
  package var outputName: String { "softmax" }
  package var outputSymbol: String { "p" }

  package func outputShape(_ inputs: [Shape]) -> Shape { inputs[0] }

  package func forward(_ inputs: [Value], _ y: Value, _ emitter: inout Emitter) -> [Value] {
    let x = inputs[0]
    emitter.emit(
      "softmax", [KernelCall(.softmax, [x, y], sizes: [x.shape.rows, x.shape.last])],
      [
        InstructionResult(
          y, "\(emitter.symbol(of: y)) = softmax(\(emitter.symbol(of: x)))", .softmax(of: x))
      ])
    return []
  }

  package func backward(_ node: Node, _ emitter: inout Emitter) -> [Value?] {
    guard node.wants[0] else { return [nil] }
    let (y, dy) = (node.output, node.dy)
    let dx = emitter.gradient(of: node.inputs[0])
    let (ys, dys) = (emitter.symbol(of: y), emitter.symbol(of: dy))
    emitter.emit(
      "∂ softmax",
      [KernelCall(.softmaxGradient, [y, dy, dx], sizes: [y.shape.rows, y.shape.last])],
      [
        InstructionResult(
          dx, "\(emitter.symbol(of: dx)) = \(ys) (\(dys) − Σ \(dys) \(ys))",
          .softmaxGradient(output: y, gradient: dy))
      ])
    return [dx]
  }
}
