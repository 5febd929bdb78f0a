import Tensors

/// `y[j] = Σ_{i ≤ j} x[i]` along an axis.
///
/// Backward: `∂L/∂x[i] = Σ_{j ≥ i} ∂L/∂y[j]`, the same sum from the other end.
package struct CumulativeSumOp: Op {
  let axis: Int

  package init(axis: Int = -1) { self.axis = axis }
  package var outputName: String { "sums" }
  package var outputSymbol: String { "s" }
  package var contributions: [ContributionRule] { [.terms] }

  package func outputShape(_ inputs: [Shape]) -> Shape { inputs[0] }

  package func forward(_ inputs: [Value], _ y: Value, _ emitter: inout Emitter) -> [Value] {
    emitter.emitAlongAxis(
      "cumulative sum", .cumulativeSum, AxisPlace(axis, of: y.shape), inputs[0], y)
    return []
  }

  package func backward(_ node: Node, _ emitter: inout Emitter) -> [Value?] {
    guard node.wants[0] else { return [nil] }
    let dx = emitter.gradient(of: node.inputs[0])
    emitter.emitAlongAxis(
      "∂ cumulative sum", .cumulativeSumBackwards, AxisPlace(axis, of: dx.shape), node.dy, dx)
    return [dx]
  }
}
