import Tensors

/// `y = x W`. x [rows, inputs], W [inputs, outputs]; further leading axes of x count as rows.
///
/// W may give several axes, as [inputs, heads, outputs], or sum over several of x.
///
/// Backward: `∂L/∂W = xᵀ · ∂L/∂y` and `∂L/∂x = ∂L/∂y · Wᵀ`.
package struct MatMulOp: Op {
  /// How many axes of x, its last, and of W, its first, are summed over.
  let summed: Int

  package init(summing axes: Int = 1) { summed = axes }
  package var outputName: String { "product" }
  package var outputSymbol: String { "z" }
  package var contributions: [ContributionRule] { [.terms] }

  package func outputShape(_ inputs: [Shape]) -> Shape {
    let (x, w) = (inputs[0].extents, inputs[1].extents)
    precondition(
      Array(x.suffix(summed)) == Array(w.prefix(summed)), "\(inputs[0]) · \(inputs[1]) do not fit")
    return Shape(x.dropLast(summed) + w.dropFirst(summed))
  }

  /// W as a matrix, and the rows that it is multiplied with or makes.
  private func matrices(
    _ x: Value, _ w: Value, _ emitter: inout Emitter
  ) -> (x: Value, w: Value, outputs: Int) {
    let inputs = w.shape.extents.prefix(summed).reduce(1, *)
    let outputs = w.shape.extents.dropFirst(summed).reduce(1, *)
    return (emitter.matrix(x, columns: inputs), emitter.matrix(w, columns: outputs), outputs)
  }

  package func forward(_ inputs: [Value], _ y: Value, _ emitter: inout Emitter) -> [Value] {
    let (x, w, _) = matrices(inputs[0], inputs[1], &emitter)
    let (xs, ws) = (emitter.symbol(of: x), emitter.symbol(of: w))
    emitter.emit(
      "\(xs) \(ws)", [.product(x, w, y)],
      [
        InstructionResult(
          y, "\(emitter.symbol(of: y)) = \(xs) · \(ws)",
          .sum([.product(a: x, aTransposed: false, b: w, bTransposed: false)]))
      ])
    return []
  }

  package func backward(_ node: Node, _ emitter: inout Emitter) -> [Value?] {
    let (x, w, outputs) = matrices(node.inputs[0], node.inputs[1], &emitter)
    let (xs, ws) = (emitter.symbol(of: x), emitter.symbol(of: w))
    let dy = emitter.matrix(node.dy, columns: outputs)
    let dys = emitter.symbol(of: dy)
    var calls: [KernelCall] = []
    var results: [InstructionResult] = []
    var dw: Value?
    var dx: Value?
    if node.wants[1] {
      let g = emitter.gradient(of: node.inputs[1])
      calls.append(.product(x, dy, g, aTransposed: true))
      results.append(
        InstructionResult(
          g, "∂L/∂\(ws) = \(xs)ᵀ · \(dys)",
          .sum([.product(a: x, aTransposed: true, b: dy, bTransposed: false)])))
      dw = g
    }
    if node.wants[0] {
      let g = emitter.gradient(of: node.inputs[0])
      calls.append(.product(dy, w, g, bTransposed: true))
      results.append(
        InstructionResult(
          g, "∂L/∂\(xs) = \(dys) · \(ws)ᵀ",
          .sum([.product(a: dy, aTransposed: false, b: w, bTransposed: true)])))
      dx = g
    }
    emitter.emit("∂ \(xs) \(ws)", calls, results)
    return [dx, dw]
  }
}

extension Emitter {
  /// A value seen as rows of so many columns: itself where it has them.
  mutating func matrix(_ value: Value, columns: Int) -> Value {
    guard value.shape.last != columns else { return value }
    return view(
      of: value, name(of: value) + ".rows", symbol(of: value),
      [value.shape.count / max(columns, 1), columns])
  }
}

extension KernelCall {
  /// `c = a · b` over rows, or `c + a · b`; leading axes count as rows.
  static func product(
    _ a: Value, _ b: Value, _ c: Value, aTransposed: Bool = false, bTransposed: Bool = false,
    accumulates: Bool = false
  ) -> KernelCall {
    let m = aTransposed ? a.shape.last : a.shape.rows
    let k = aTransposed ? a.shape.rows : a.shape.last
    let n = bTransposed ? b.shape.rows : b.shape.last
    precondition(c.shape.count == m * n, "a product of \(m) × \(n) does not fill \(c.shape)")
    var flags: MatMulFlags = []
    if aTransposed { flags.insert(.transposeA) }
    if bTransposed { flags.insert(.transposeB) }
    if accumulates { flags.insert(.accumulate) }
    return KernelCall(
      .matMul, [a, b, c], sizes: [m, n, k, flags.rawValue, a.shape.last, b.shape.last, n])
  }
}
