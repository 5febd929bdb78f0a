import Tensors

/// Which places of an axis are looked up: `count` of them, named by numbers.
package struct RowLookup: Hashable, Sendable {
  package let place: AxisPlace
  package let count: Int
  package let wrapsNegative: Bool
  /// Whether each place of the result has a number of its own, or all along the other axes share one.
  package let isAligned: Bool

  var sizes: [Int] { place.sizes + [count, wrapsNegative ? 1 : 0, isAligned ? 1 : 0] }

  /// Where the number stands that a place of the result was looked up by.
  package func number(of result: Int) -> Int {
    isAligned ? result : result / place.inner % count
  }

  /// The places of the result that could have been taken from a place of the table.
  package func results(near table: Int) -> [Int] {
    let outer = table / (place.extent * place.inner)
    return (0..<count).map { (outer * count + $0) * place.inner + table % place.inner }
  }

  /// The place along the axis that a number names, nil when there is none.
  package func row(_ number: Float) -> Int? {
    let number = wrapsNegative && number <= -1 ? number + Float(place.extent) : number
    return number > -1 && number < Float(place.extent) ? Int(number) : nil
  }
}

extension Emitter {
  /// Emits `y` = what the numbers name of the table.
  mutating func emitGather(_ lookup: RowLookup, _ table: Value, _ numbers: Value, _ y: Value) {
    emit(
      "take", [KernelCall(.gather, [table, numbers, y], sizes: lookup.sizes)],
      [
        InstructionResult(
          y,
          "\(symbol(of: y)) = the places of \(symbol(of: table)) that \(symbol(of: numbers)) names",
          .gather(table, numbers: numbers, lookup))
      ])
  }

  /// Emits the gradient of the table: every place gets what was taken from it, added up.
  mutating func emitScatter(_ lookup: RowLookup, _ node: Node) -> Value {
    let (table, numbers, dy) = (node.inputs[0], node.inputs[1], node.dy)
    let gradient = gradient(of: table)
    emit(
      "∂ take", [KernelCall(.scatterAdd, [dy, numbers, gradient], sizes: lookup.sizes)],
      [
        InstructionResult(
          gradient,
          "\(symbol(of: gradient)) = \(symbol(of: dy)), summed where it was taken",
          .scatter(dy, numbers: numbers, lookup))
      ])
    return gradient
  }
}
