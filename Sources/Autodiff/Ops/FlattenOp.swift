import Tensors

/// The numbers of each example in one row. x [batch, …] → y [batch, features].
///
/// No number moves: the output is the input seen in another shape, and so is its gradient.
package struct FlattenOp: Op {
  package init() {}
  package var outputName: String { "flat" }
  package var outputSymbol: String { "x" }
  package var contributions: [ContributionRule] { [.chosen] }
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
    [node.wants[0] ? emitter.reshapedGradient(node, title: "∂ flatten") : nil]
  }
}
