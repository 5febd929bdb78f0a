import Tensors

/// `y = a · b` for the matrices in the last two axes: [.., M, K] · [.., K, N] → [.., M, N]. Leading
/// axes that are missing or have one place are the same for all, as in NumPy. Either factor may be
/// stored transposed.
///
/// Backward: `∂L/∂a = ∂L/∂y · bᵀ` and `∂L/∂b = aᵀ · ∂L/∂y`, added up where one matrix served several.
package struct BatchedMatMulOp: Op {
  let transposesA: Bool
  let transposesB: Bool

  package init(transposesA: Bool = false, transposesB: Bool = false) {
    self.transposesA = transposesA
    self.transposesB = transposesB
  }
  package var outputName: String { "product" }
  package var outputSymbol: String { "z" }
  package var contributions: [ContributionRule] { [.terms] }

  package func outputShape(_ inputs: [Shape]) -> Shape {
    let (a, b) = (inputs[0].extents, inputs[1].extents)
    precondition(a.count >= 2 && b.count >= 2, "\(inputs) are not matrices")
    let (rows, columns) = (
      transposesA ? a[a.count - 1] : a[a.count - 2], transposesB ? b[b.count - 2] : b[b.count - 1]
    )
    let leading = max(a.count, b.count) - 2
    func padded(_ extents: [Int]) -> [Int] {
      [Int](repeating: 1, count: leading - (extents.count - 2)) + extents.dropLast(2)
    }
    return Shape(zip(padded(a), padded(b)).map { $0 == 1 ? $1 : $0 } + [rows, columns])
  }

  package func forward(_ inputs: [Value], _ y: Value, _ emitter: inout Emitter) -> [Value] {
    let (a, b) = (inputs[0], inputs[1])
    let product = BatchedProduct(
      a.shape, b.shape, y.shape, transposesA: transposesA, transposesB: transposesB)
    let names =
      emitter.symbol(of: a) + (transposesA ? "ᵀ" : "") + " · " + emitter.symbol(of: b)
      + (transposesB ? "ᵀ" : "")
    emitter.emit(
      names, product.calls(a, b, y),
      [
        InstructionResult(
          y, "\(emitter.symbol(of: y)) = \(names)", .batchedProduct(a: a, b: b, product))
      ])
    return []
  }

  package func backward(_ node: Node, _ emitter: inout Emitter) -> [Value?] {
    guard node.wants.contains(true) else { return [nil, nil] }
    let (a, b, dy) = (node.inputs[0], node.inputs[1], node.dy)
    var calls: [KernelCall] = []
    var results: [InstructionResult] = []
    func gradient(
      of x: Value, _ left: Value, _ right: Value, _ transposesLeft: Bool, _ transposesRight: Bool
    ) -> Value {
      let dx = emitter.gradient(of: x)
      let product = BatchedProduct(
        left.shape, right.shape, x.shape, transposesA: transposesLeft,
        transposesB: transposesRight)
      calls += product.calls(left, right, dx)
      let names =
        emitter.symbol(of: left) + (transposesLeft ? "ᵀ" : "") + " · "
        + emitter.symbol(of: right) + (transposesRight ? "ᵀ" : "")
      results.append(
        InstructionResult(
          dx, "\(emitter.symbol(of: dx)) = \(names)", .batchedProduct(a: left, b: right, product)))
      return dx
    }
    // Where a factor was stored transposed, so is its gradient: (∂L/∂y · bᵀ)ᵀ = b · ∂L/∂yᵀ.
    let da =
      !node.wants[0]
      ? nil
      : transposesA
        ? gradient(of: a, b, dy, transposesB, true)
        : gradient(of: a, dy, b, false, !transposesB)
    let db =
      !node.wants[1]
      ? nil
      : transposesB
        ? gradient(of: b, dy, a, true, transposesA)
        : gradient(of: b, a, dy, !transposesA, false)
    emitter.emit("∂ \(emitter.symbol(of: a)) · \(emitter.symbol(of: b))", calls, results)
    return [da, db]
  }
}
