import Tensors

/// The indexes along an axis in order of their numbers, of equal ones the first first, what is no
/// number last. It has no gradient: a small change of the numbers moves no index.
package struct ArgSortOp: Op {
  let axis: Int
  let isDescending: Bool

  package init(axis: Int = -1, isDescending: Bool = false) {
    self.axis = axis
    self.isDescending = isDescending
  }
  package var outputName: String { "order" }
  package var outputSymbol: String { "i" }
  package var contributions: [ContributionRule] { [.discrete] }

  package func outputShape(_ inputs: [Shape]) -> Shape { inputs[0] }

  package func forward(_ inputs: [Value], _ y: Value, _ emitter: inout Emitter) -> [Value] {
    emitter.emitAlongAxis(
      "arg sort", isDescending ? .argSortDown : .argSort, AxisPlace(axis, of: y.shape), inputs[0],
      y)
    return []
  }

  package func backward(_ node: Node, _ emitter: inout Emitter) -> [Value?] { [nil] }
}
