import Tensors

// Short ways to say the ops that most layers and losses are made of.

extension GraphBuilder {
  /// A formula of values, number by number; shapes meet by NumPy's rules.
  ///
  /// - Parameters:
  ///   - name: in listings, and of the output below the layer: `gelu`.
  ///   - symbol: how formulas write the output.
  package mutating func formula(
    _ name: String, _ symbol: String = "h", _ formula: Formula, _ operands: [Value]
  ) -> Value {
    var operands = operands
    if !FormulaOp.fits(operands.map(\.shape)),
      let shape = OperandLayout.broadcast(operands.map(\.shape))
    {
      for i in operands.indices where operands[i].shape != shape && operands[i].shape.count > 1 {
        operands[i] = apply(BroadcastOp(to: shape), to: [operands[i]])
      }
    }
    return apply(FormulaOp(name, symbol: symbol, formula), to: operands)
  }

  /// A sum, mean, largest … over axes, which are counted from the end if negative.
  ///
  /// - Parameter name: what the output is called below the layer; that of the reduction when nil.
  package mutating func reduce(
    _ reduction: Reduction, _ x: Value, axes: [Int]? = nil, keepsAxes: Bool = false,
    name: String? = nil, symbol: String? = nil
  ) -> Value {
    let rank = x.shape.rank
    var left = Set((axes ?? Array(0..<rank)).map { $0 < 0 ? $0 + rank : $0 })
    var result = x
    // Axes side by side go in one instruction, the innermost first.
    while let last = left.max() {
      var first = last
      while left.contains(first - 1) { first -= 1 }
      left.subtract(first...last)
      result = apply(
        ReduceOp(reduction, axes: first..<last + 1, keepsAxes: keepsAxes), to: [result])
    }
    if let name, result != x {
      let prefix = layerName.isEmpty ? "" : layerName + "/"
      rename(result, prefix + name, symbol: symbol)
    }
    return result
  }
}
