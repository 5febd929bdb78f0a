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

  package func outputShape(_ inputs: [Shape]) -> Shape {
    var shape = inputs[0]
    let place = axisIndex(axis, rank: shape.rank)
    shape.extents.replaceSubrange(place...place, with: inputs[1].extents)
    return shape
  }

  private func lookup(_ table: Shape, _ numbers: Shape) -> RowLookup {
    RowLookup(
      place: AxisPlace(axis, of: table), count: numbers.count, wrapsNegative: wrapsNegative)
  }

  package func forward(_ inputs: [Value], _ y: Value, _ emitter: inout Emitter) -> [Value] {
    let (table, numbers) = (inputs[0], inputs[1])
    let lookup = lookup(table.shape, numbers.shape)
    emitter.emit(
      "take", [KernelCall(.gather, [table, numbers, y], sizes: lookup.sizes)],
      [
        InstructionResult(
          y,
          "\(emitter.symbol(of: y)) = the places of \(emitter.symbol(of: table)) that "
            + "\(emitter.symbol(of: numbers)) names",
          .gather(table, numbers: numbers, lookup))
      ])
    return []
  }

  package func backward(_ node: Node, _ emitter: inout Emitter) -> [Value?] {
    guard node.wants[0] else { return [nil, nil] }
    let (table, numbers, dy) = (node.inputs[0], node.inputs[1], node.dy)
    let lookup = lookup(table.shape, numbers.shape)
    let gradient = emitter.gradient(of: table)
    emitter.emit(
      "∂ take", [KernelCall(.scatterAdd, [dy, numbers, gradient], sizes: lookup.sizes)],
      [
        InstructionResult(
          gradient,
          "\(emitter.symbol(of: gradient)) = \(emitter.symbol(of: dy)), summed where it was taken",
          .scatter(dy, numbers: numbers, lookup))
      ])
    return [gradient, nil]
  }
}

/// Which places of an axis are looked up: `count` of them, named by numbers.
package struct RowLookup: Hashable, Sendable {
  package let place: AxisPlace
  package let count: Int
  package let wrapsNegative: Bool

  var sizes: [Int] { place.sizes + [count, wrapsNegative ? 1 : 0] }

  /// The place along the axis that a number names, nil when there is none.
  package func row(_ number: Float) -> Int? {
    let number = wrapsNegative && number <= -1 ? number + Float(place.extent) : number
    return number > -1 && number < Float(place.extent) ? Int(number) : nil
  }
}
