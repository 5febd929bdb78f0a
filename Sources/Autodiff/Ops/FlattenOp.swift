import Tensors

/// The numbers of each example in one row. x [batch, …] → y [batch, features].
///
/// No number moves: the output is the input seen in another shape, and so is its gradient.
package struct FlattenOp: Op {
  package init() {}
  package var outputName: String { "flat" }
  package var outputSymbol: String { "x" }
  package var sharesInput: Bool { true }

  package func outputShape(_ inputs: [Shape]) -> Shape {
    [inputs[0][0], inputs[0].extents.dropFirst().reduce(1, *)]
  }

  package func forward(_ inputs: [Value], _ y: Value, _ emitter: inout Emitter) -> [Value] {
    emitter.emit(
      "flatten", [],
      [InstructionResult(y, "the same numbers, one row an example", .same(as: inputs[0]))])
    return []
  }

  package func backward(_ node: Node, _ emitter: inout Emitter) -> [Value?] {
    guard node.wants[0] else { return [nil] }
    let x = node.inputs[0]
    let dx = emitter.view(
      of: node.dy, emitter.name(of: x) + ".grad", "∂L/∂" + emitter.symbol(of: x), x.shape)
    emitter.emit(
      "∂ flatten", [],
      [InstructionResult(dx, "the same numbers, in the shape of the input", .same(as: node.dy))])
    return [dx]
  }
}
