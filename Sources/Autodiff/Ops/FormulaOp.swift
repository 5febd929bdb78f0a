import Tensors

/// `y = f(a, b, …)`, number by number, f any formula; smaller operands are repeated along rows or
/// columns, as NumPy does.
///
///     FormulaOp("gelu") { x in 0.5 * x * (1 + .erf(x / .sqrt(2))) }
///
/// Backward: `∂L/∂a = ∂L/∂y · ∂f/∂a`, by the formula's own derivative, summed over the places that
/// one number of a was used for.
package struct FormulaOp: Op {
  package let outputName: String
  package let outputSymbol: String
  package let formula: Formula

  /// - Parameters:
  ///   - name: in listings and of the output: `gelu`.
  ///   - symbol: how formulas write the output.
  ///   - formula: `.operand(i)` is input i.
  package init(_ name: String, symbol: String = "h", _ formula: Formula) {
    outputName = name
    outputSymbol = symbol
    self.formula = formula
  }

  /// A function of one input.
  package init(_ name: String, symbol: String = "h", _ f: (Formula) -> Formula) {
    self.init(name, symbol: symbol, f(.operand(0)))
  }

  /// A function of two inputs.
  package init(_ name: String, symbol: String = "h", _ f: (Formula, Formula) -> Formula) {
    self.init(name, symbol: symbol, f(.operand(0), .operand(1)))
  }

  /// Whether inputs of these shapes can be given as they are; others are broadcast first.
  package static func fits(_ shapes: [Shape]) -> Bool {
    guard let output = OperandLayout.broadcast(shapes) else { return false }
    return OperandLayout(shapes, output: output) != nil
  }

  package var contributions: [ContributionRule] { [.formula] }

  package func outputShape(_ inputs: [Shape]) -> Shape {
    guard let shape = OperandLayout.broadcast(inputs) else {
      preconditionFailure("\(outputName) of shapes that do not fit: \(inputs)")
    }
    return shape
  }

  private func layout(_ inputs: [Value], _ output: Value) -> OperandLayout {
    guard let layout = OperandLayout(inputs.map(\.shape), output: output.shape) else {
      preconditionFailure("\(outputName) of shapes to be broadcast first: \(inputs)")
    }
    return layout
  }

  package func forward(_ inputs: [Value], _ y: Value, _ emitter: inout Emitter) -> [Value] {
    let symbols = inputs.map { emitter.symbol(of: $0) }
    let text = "\(emitter.symbol(of: y)) = \(formula.text(operands: symbols))"
    emitter.emitFormulas(
      outputName, [(y, formula, text)], operands: inputs, layout: layout(inputs, y))
    return []
  }

  package func backward(_ node: Node, _ emitter: inout Emitter) -> [Value?] {
    node.inputs.indices.map { i in node.wants[i] ? gradient(i, node, &emitter) : nil }
  }

  /// Emits the gradient of one input; where it is that of the output itself, nothing.
  private func gradient(_ i: Int, _ node: Node, _ emitter: inout Emitter) -> Value {
    let (x, dy) = (node.inputs[i], node.dy)
    let operands = node.inputs + [dy, node.output]
    let given = Formula.operand(node.inputs.count)
    let slope = formula.derivative(by: i, output: .operand(node.inputs.count + 1))
    let change = Formula.product(given, slope)
    let layout = layout(node.inputs, node.output)
    let sum = layout.sum(for: layout.modes[i])
    if change == given {
      return sum.map { emitter.emitSum(dy, $0, for: x, "∂ \(outputName)") } ?? dy
    }
    let dx =
      sum == nil
      ? emitter.gradient(of: x)
      : emitter.value(
        emitter.name(of: x) + ".grad.each", "∂L/∂\(emitter.symbol(of: x)) each",
        node.output.shape)
    let text = change.text(operands: operands.map { emitter.symbol(of: $0) })
    emitter.emitFormulas(
      "∂ \(outputName)", [(dx, change, "\(emitter.symbol(of: dx)) = \(text)")],
      operands: operands, layout: layout.adding([.full, .full]))
    return sum.map { emitter.emitSum(dx, $0, for: x, "∂ Σ") } ?? dx
  }
}

extension Emitter {
  /// Emits the sum that makes the gradient of a repeated operand from that of each use.
  fileprivate mutating func emitSum(
    _ each: Value, _ geometry: ReductionGeometry, for x: Value, _ title: String
  ) -> Value {
    let gradient = self.gradient(of: x)
    emit(
      title, [.reduce(.sum, each, gradient, geometry)],
      [
        InstructionResult(
          gradient, "\(symbol(of: gradient)) = Σ of \(symbol(of: each)) over its uses",
          .reduction(.sum, of: each, geometry))
      ])
    return gradient
  }
}
