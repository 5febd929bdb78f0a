import Tensors

// Ops outside the graph: what the update phase computes and nothing is derived by.

extension Emitter {
  /// Emits an op's forward instructions alone.
  ///
  /// - Parameters:
  ///   - name: of the result, as the debugger calls it: `dense/kernel.squares`.
  ///   - symbol: how formulas write it.
  package mutating func apply(
    _ op: some Op, to inputs: [Value], _ name: String, _ symbol: String
  ) -> Value {
    precondition(!op.sharesInput, "\(op.outputName) computes nothing")
    let result = value(name, symbol, op.outputShape(inputs.map(\.shape)))
    _ = op.forward(inputs, result, &self)
    return result
  }

  /// Emits numbers that a formula gives; shapes meet by NumPy's rules.
  package mutating func compute(
    _ name: String, _ symbol: String, _ formula: Formula, _ operands: [Value], title: String
  ) -> Value {
    apply(FormulaOp(title, symbol: symbol, formula), to: operands, name, symbol)
  }

  /// Emits a reduction along axes, which stay with extent 1.
  ///
  /// - Parameter axes: counted from 0.
  package mutating func reduce(
    _ reduction: Reduction, _ x: Value, axes: Set<Int>, _ name: String, _ symbol: String
  ) -> Value {
    var (result, left) = (x, axes)
    // Axes side by side go in one instruction, the last ones first.
    while let last = left.max() {
      var first = last
      while left.contains(first - 1) { first -= 1 }
      left.subtract(first...last)
      result = apply(
        ReduceOp(reduction, axes: first..<last + 1, keepsAxes: true), to: [result],
        left.isEmpty ? name : name + "_part", symbol)
    }
    return result
  }

  /// `x` itself where it meets arrays of a shape as it is, else repeated to fill it.
  package mutating func fitted(_ x: Value, to shape: Shape) -> Value {
    guard !FormulaOp.fits([shape, x.shape]) else { return x }
    return apply(BroadcastOp(to: shape), to: [x], name(of: x) + ".all", symbol(of: x))
  }

  /// Emits `Σ x²` over all numbers.
  ///
  /// - Parameter result: where it goes; a new value of one number when nil.
  package mutating func sumOfSquares(of x: Value, into result: Value? = nil) -> Value {
    let (name, symbol) = (name(of: x), symbol(of: x))
    let square = "‖\(symbol)‖²"
    let made = result ?? value(name + ".squares", square, [])
    emit(
      square, [KernelCall(.sumSquares, [x, made], sizes: [x.shape.count])],
      [InstructionResult(made, "\(square) = Σ (\(symbol))²", .sum([.squares(x)]))])
    return made
  }
}
