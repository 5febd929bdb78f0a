import Tensors

/// The places of an axis of a table that a second input names by their numbers, as `ops.take` does:
/// the axis is replaced by the axes of the numbers. A number that names no place gives NaN; its
/// fraction is cut off. With axis 0 and a table [words, size] it is an embedding.
///
/// Backward: `∂L/∂table` of a place is the sum of the gradients wherever it was taken; numbers have
/// no gradient.
package struct GatherOp: Op {
  let axis: Int
  let wrapsNegative: Bool

  /// - Parameter wrapsNegative: whether −1 is the last place, as NumPy counts, or none.
  package init(axis: Int = 0, wrapsNegative: Bool = false) {
    self.axis = axis
    self.wrapsNegative = wrapsNegative
  }
  package var outputName: String { "taken" }
  package var outputSymbol: String { "e" }
  package var contributions: [ContributionRule] { [.chosen] }

  package func outputShape(_ inputs: [Shape]) -> Shape {
    var shape = inputs[0]
    let place = axisIndex(axis, rank: shape.rank)
    shape.extents.replaceSubrange(place...place, with: inputs[1].extents)
    return shape
  }

  private func lookup(_ table: Shape, _ numbers: Shape) -> RowLookup {
    RowLookup(
      place: AxisPlace(axis, of: table), count: numbers.count, wrapsNegative: wrapsNegative,
      isAligned: false)
  }

  package func forward(_ inputs: [Value], _ y: Value, _ emitter: inout Emitter) -> [Value] {
    emitter.emitGather(lookup(inputs[0].shape, inputs[1].shape), inputs[0], inputs[1], y)
    return []
  }

  package func backward(_ node: Node, _ emitter: inout Emitter) -> [Value?] {
    guard node.wants[0] else { return [nil, nil] }
    return [emitter.emitScatter(lookup(node.inputs[0].shape, node.inputs[1].shape), node), nil]
  }
}
