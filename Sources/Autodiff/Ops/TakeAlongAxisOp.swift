import Tensors

/// Along an axis, the places that the numbers of a second input name, one for each place of the
/// result, as `np.take_along_axis` does: the second input has the shape of the table but for that axis.
/// With the places of `ArgSortOp` it sorts, and with the first few of them it gives the largest few.
///
/// Backward: `∂L/∂table` of a place is the sum of the gradients wherever it was taken; numbers have
/// no gradient.
package struct TakeAlongAxisOp: Op {
  let axis: Int

  package init(axis: Int = -1) { self.axis = axis }
  package var outputName: String { "taken" }
  package var outputSymbol: String { "y" }
  package var contributions: [ContributionRule] { [.chosen] }

  package func outputShape(_ inputs: [Shape]) -> Shape {
    let place = axisIndex(axis, rank: inputs[0].rank)
    let others = inputs.map { $0.reduced(place, keepsAxis: true) }
    precondition(others[0] == others[1], "\(inputs[1]) does not fit \(inputs[0])")
    return inputs[1]
  }

  private func lookup(_ inputs: [Value]) -> RowLookup {
    let (table, numbers) = (inputs[0].shape, inputs[1].shape)
    return RowLookup(
      place: AxisPlace(axis, of: table), count: AxisPlace(axis, of: numbers).extent,
      wrapsNegative: true, isAligned: true)
  }

  package func forward(_ inputs: [Value], _ y: Value, _ emitter: inout Emitter) -> [Value] {
    emitter.emitGather(lookup(inputs), inputs[0], inputs[1], y)
    return []
  }

  package func backward(_ node: Node, _ emitter: inout Emitter) -> [Value?] {
    guard node.wants[0] else { return [nil, nil] }
    return [emitter.emitScatter(lookup(node.inputs), node), nil]
  }
}
