import Tensors

/// `y = x · mask`: each number is dropped with probability `rate`, the others grow by
/// 1 / (1 − rate), so that the mean stays. Only in training. (Srivastava et al. 2014, inverted form.)
///
/// Backward: `∂L/∂x = ∂L/∂y · mask`. The mask depends on seed, layer and step alone.
package struct DropoutOp: Op {
  let rate: Double
  let key: UInt64

  package init(rate: Double, layer: String) {
    self.rate = rate
    key = CounterRandom.key(for: layer)
  }
  package var outputName: String { "kept" }
  package var outputSymbol: String { "h" }
  package var contributions: [ContributionRule] { [.terms, .drawn] }

  package func outputShape(_ inputs: [Shape]) -> Shape { inputs[0] }

  package func forward(_ inputs: [Value], _ y: Value, _ emitter: inout Emitter) -> [Value] {
    let x = inputs[0]
    let name = emitter.scopes.joined(separator: "/") + "/mask"
    let mask = emitter.value(name, "mask", x.shape)
    emitter.emit(
      "dropout",
      [
        KernelCall(
          .dropout, [x, mask, y], sizes: [x.shape.count], constants: [rate], key: key)
      ],
      [
        InstructionResult(
          y, "\(emitter.symbol(of: y)) = \(emitter.symbol(of: x)) · mask",
          .sum([.elements([x, mask])])),
        InstructionResult(mask, "mask = 0 or 1/(1 − rate), by chance", .dropoutMask(rate: rate)),
      ])
    return [mask]
  }

  package func backward(_ node: Node, _ emitter: inout Emitter) -> [Value?] {
    guard node.wants[0] else { return [nil] }
    let (dy, mask) = (node.dy, node.kept[0])
    let dx = emitter.gradient(of: node.inputs[0])
    emitter.emit(
      "∂ dropout", [KernelCall(.multiply, [dy, mask, dx], sizes: [dy.shape.count])],
      [
        InstructionResult(
          dx, "\(emitter.symbol(of: dx)) = \(emitter.symbol(of: dy)) · mask",
          .sum([.elements([dy, mask])]))
      ])
    return [dx]
  }
}
