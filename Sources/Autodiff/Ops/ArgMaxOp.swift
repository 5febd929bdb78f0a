import Tensors

/// The index of the largest number along an axis, the first of several. It has no gradient: a small
/// change of the numbers moves no index.
package struct ArgMaxOp: Op {
  let axis: Int
  let keepsAxis: Bool

  /// - Parameter keepsAxis: whether one place is left of the axis, or none.
  package init(axis: Int = -1, keepsAxis: Bool = false) {
    self.axis = axis
    self.keepsAxis = keepsAxis
  }
  package var outputName: String { "place" }
  package var outputSymbol: String { "i" }
  package var contributions: [ContributionRule] { [.discrete] }

  package func outputShape(_ inputs: [Shape]) -> Shape {
    inputs[0].reduced(axis, keepsAxis: keepsAxis)
  }

  package func forward(_ inputs: [Value], _ y: Value, _ emitter: inout Emitter) -> [Value] {
    emitter.emitAlongAxis(
      "arg max", .argMax, AxisPlace(axis, of: inputs[0].shape), inputs[0], y)
    return []
  }

  package func backward(_ node: Node, _ emitter: inout Emitter) -> [Value?] { [nil] }
}
