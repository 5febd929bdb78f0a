import Tensors

/// `y[j] = e^x[j] / Σ_i e^x[i]` along an axis: numbers between 0 and 1 that sum to 1.
///
/// Backward: `∂L/∂x[j] = y[j] (∂L/∂y[j] − Σ_i ∂L/∂y[i] y[i])`.
package struct SoftmaxOp: Op {
  let axis: Int

  /// - Parameter axis: −1 is the last: along each row.
  package init(axis: Int = -1) { self.axis = axis }
  package var outputName: String { "softmax" }
  package var outputSymbol: String { "p" }
  package var contributions: [ContributionRule] { [.linearized] }

  package func outputShape(_ inputs: [Shape]) -> Shape { inputs[0] }

  package func forward(_ inputs: [Value], _ y: Value, _ emitter: inout Emitter) -> [Value] {
    let x = inputs[0]
    let place = AxisPlace(axis, of: x.shape)
    // Rows have a kernel of their own.
    emitter.emit(
      "softmax",
      [
        place.inner == 1
          ? KernelCall(.softmax, [x, y], sizes: [place.outer, place.extent])
          : .alongAxis(.softmax, place, x, y)
      ],
      [
        InstructionResult(
          y, "\(emitter.symbol(of: y)) = softmax(\(emitter.symbol(of: x)))",
          place.inner == 1 ? .softmax(of: x) : .alongAxis(.softmax, of: x, place))
      ])
    return []
  }

  package func backward(_ node: Node, _ emitter: inout Emitter) -> [Value?] {
    guard node.wants[0] else { return [nil] }
    let (y, dy) = (node.output, node.dy)
    let place = AxisPlace(axis, of: y.shape)
    let dx = emitter.gradient(of: node.inputs[0])
    let (ys, dys) = (emitter.symbol(of: y), emitter.symbol(of: dy))
    emitter.emit(
      "∂ softmax",
      [
        place.inner == 1
          ? KernelCall(.softmaxGradient, [y, dy, dx], sizes: [place.outer, place.extent])
          : KernelCall(
            .alongAxisGradient, [y, dy, dx],
            sizes: [AxisFunction.softmax.rawValue] + place.sizes)
      ],
      [
        InstructionResult(
          dx, "\(emitter.symbol(of: dx)) = \(ys) (\(dys) − Σ \(dys) \(ys))",
          place.inner == 1
            ? .softmaxGradient(output: y, gradient: dy)
            : .alongAxisGradient(.softmax, kept: y, gradient: dy, output: y, place))
      ])
    return [dx]
  }
}
