import Tensors

/// `y = x + b`, b added to every row. x [rows, outputs], b [outputs]; where b has several axes, so
/// have the rows.
///
/// Backward: `∂L/∂b = Σ over rows of ∂L/∂y`; `∂L/∂x` is `∂L/∂y` itself, no new numbers.
package struct AddBiasOp: Op {
  package init() {}
  package var outputName: String { "sum" }
  package var outputSymbol: String { "z" }
  package var contributions: [ContributionRule] { [.terms] }

  package func outputShape(_ inputs: [Shape]) -> Shape { inputs[0] }

  package func forward(_ inputs: [Value], _ y: Value, _ emitter: inout Emitter) -> [Value] {
    let (x, b) = (inputs[0], inputs[1])
    emitter.emit(
      "+ \(emitter.symbol(of: b))",
      [.sum(x, bias: b, y)],
      [
        InstructionResult(
          y,
          "\(emitter.symbol(of: y)) = \(emitter.symbol(of: x)) + \(emitter.symbol(of: b))",
          .sum([.elements([x]), .bias(b)]))
      ])
    return []
  }

  package func backward(_ node: Node, _ emitter: inout Emitter) -> [Value?] {
    let (b, dy) = (node.inputs[1], node.dy)
    guard node.wants[1] else { return [dy, nil] }
    let db = emitter.gradient(of: b)
    let rows = emitter.matrix(dy, columns: b.shape.count)
    emitter.emit(
      "∂ + \(emitter.symbol(of: b))", [.columnSum(rows, db)],
      [
        InstructionResult(
          db, "\(emitter.symbol(of: db)) = Σ over rows of \(emitter.symbol(of: dy))",
          .sum([.column(rows)]))
      ])
    return [node.wants[0] ? dy : nil, db]
  }
}

extension KernelCall {
  /// `y = x + b`, b added to every row.
  static func sum(_ x: Value, bias b: Value, _ y: Value) -> KernelCall {
    let width = b.shape.count
    return KernelCall(
      .addBias, [x, b, y],
      sizes: [
        x.shape.count / max(width, 1), width, width, width, ScalarFunction.linear.rawValue,
      ])
  }

  /// Whether this adds a bias and `next` takes a function of each sum: one call can do both. Rows that
  /// do not fill vectors are better taken one after the other, without regard to where they end.
  func isBias(under next: KernelCall) -> Bool {
    guard kernel == .addBias, next.kernel == .map, next.buffers[0] == buffers[2] else {
      return false
    }
    let (n, m) = (sizes, next.sizes)
    let isDense = n[1] == n[3] && m[2] == m[3] && m[2] == m[4]
    return isDense && n[1] % 16 == 0 && n[0] * n[1] == m[1] * m[2]
  }

  /// `y[c] = Σ_r x[r,c]`.
  static func columnSum(_ x: Value, _ y: Value) -> KernelCall {
    KernelCall(.sumRows, [x, y], sizes: [x.shape.rows, x.shape.last, x.shape.last])
  }
}
