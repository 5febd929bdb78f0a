import Tensors

/// `y = f(x)`, number by number, f one of relu, sigmoid, tanh.
///
/// Backward: `∂L/∂x = ∂L/∂y · f'(x)`, with f' read off y: relu 1 where y > 0; sigmoid y (1 − y);
/// tanh 1 − y².
package struct MapOp: Op {
  let function: ScalarFunction

  package init(_ function: ScalarFunction) { self.function = function }
  package var outputName: String { function.name }
  package var outputSymbol: String { "h" }
  package var contributions: [ContributionRule] { [.rescaled] }

  package func outputShape(_ inputs: [Shape]) -> Shape { inputs[0] }

  package func forward(_ inputs: [Value], _ y: Value, _ emitter: inout Emitter) -> [Value] {
    let x = inputs[0]
    emitter.emit(
      function.name,
      [.map(function, x, y)],
      [
        InstructionResult(
          y, "\(emitter.symbol(of: y)) = \(function.name)(\(emitter.symbol(of: x)))",
          .function(function, of: x))
      ])
    return []
  }

  package func backward(_ node: Node, _ emitter: inout Emitter) -> [Value?] {
    guard node.wants[0] else { return [nil] }
    let (y, dy) = (node.output, node.dy)
    let dx = emitter.gradient(of: node.inputs[0])
    let width = y.shape.last
    emitter.emit(
      "∂ \(function.name)",
      [
        KernelCall(
          .mapGradient, [y, dy, dx],
          sizes: [function.rawValue, y.shape.rows, width, width, width, width])
      ],
      [
        InstructionResult(
          dx, "\(emitter.symbol(of: dx)) = \(emitter.symbol(of: dy)) · \(function.name)'",
          .functionGradient(function, output: y, factors: [dy]))
      ])
    return [dx]
  }
}

extension KernelCall {
  /// `y = f(x)`, number by number.
  static func map(_ function: ScalarFunction, _ x: Value, _ y: Value) -> KernelCall {
    let width = x.shape.last
    return KernelCall(
      .map, [x, y], sizes: [function.rawValue, x.shape.rows, width, width, width])
  }

  /// `y = x`.
  static func copy(_ x: Value, _ y: Value) -> KernelCall { .map(.linear, x, y) }
}
