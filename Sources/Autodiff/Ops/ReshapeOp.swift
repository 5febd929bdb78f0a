import Tensors

/// The same numbers in the same order, in another shape (the batch included).
///
/// No number moves: the output is the input seen in another shape, and so is its gradient.
package struct ReshapeOp: Op {
  let shape: Shape

  package init(to shape: Shape) { self.shape = shape }
  package var outputName: String { "reshaped" }
  package var outputSymbol: String { "x" }
  package var contributions: [ContributionRule] { [.chosen] }
  package var sharesInput: Bool { true }

  package func outputShape(_ inputs: [Shape]) -> Shape {
    precondition(shape.count == inputs[0].count, "\(inputs[0]) does not fill \(shape)")
    return shape
  }

  package func forward(_ inputs: [Value], _ y: Value, _ emitter: inout Emitter) -> [Value] {
    emitter.emit(
      "reshape", [],
      [InstructionResult(y, "the same numbers, as \(shape)", .same(as: inputs[0]))])
    return []
  }

  package func backward(_ node: Node, _ emitter: inout Emitter) -> [Value?] {
    [node.wants[0] ? emitter.reshapedGradient(node, title: "∂ reshape") : nil]
  }
}

extension Emitter {
  /// The gradient that came in, seen in the shape of the input.
  mutating func reshapedGradient(_ node: Node, title: String) -> Value {
    let x = node.inputs[0]
    let dx = view(of: node.dy, name(of: x) + ".grad", "∂L/∂" + symbol(of: x), x.shape)
    emit(
      title, [],
      [InstructionResult(dx, "the same numbers, in the shape of the input", .same(as: node.dy))])
    return dx
  }
}
