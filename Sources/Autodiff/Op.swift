import Tensors

/// A differentiable operation: shape rule, forward and backward side by side.
///
/// Ops exist while planning; at run time there are only kernel calls. To add one, write
/// `Ops/XOp.swift` and name it in `OpCatalog`: gradient check and explanation then cover it.
package protocol Op: Sendable {
  /// What its output is called below the layer: `product` in `dense/product`.
  var outputName: String { get }
  /// How formulas write its output.
  var outputSymbol: String { get }

  /// By which rules its numbers are split among those that they are made of: no op is without.
  var contributions: [ContributionRule] { get }

  /// Whether the output is the first input in another shape, the same numbers in the same memory.
  var sharesInput: Bool { get }

  /// Whether backward can do without the gradient of its output when that is the loss itself, whose
  /// gradient is 1.
  var beginsBackward: Bool { get }

  /// The shape of the output, batch included. Shapes were checked by the layer; a misfit is a bug.
  func outputShape(_ inputs: [Shape]) -> Shape

  /// What it gives besides: nothing, for most.
  func furtherOutputs(_ inputs: [Shape]) -> [FurtherOutput]

  /// Emits the instructions that compute `output`; returns what backward needs besides.
  func forward(_ inputs: [Value], _ output: Value, _ emitter: inout Emitter) -> [Value]

  /// The same for an op of several outputs.
  func forward(_ inputs: [Value], outputs: [Value], _ emitter: inout Emitter) -> [Value]

  /// Emits the instructions that turn the gradient of the output into gradients of the inputs, nil
  /// where none is wanted.
  func backward(_ node: Node, _ emitter: inout Emitter) -> [Value?]
}

extension Op {
  package var sharesInput: Bool { false }
  package var beginsBackward: Bool { false }
  package func furtherOutputs(_ inputs: [Shape]) -> [FurtherOutput] { [] }
  package func forward(
    _ inputs: [Value], outputs: [Value], _ emitter: inout Emitter
  ) -> [Value] {
    forward(inputs, outputs[0], &emitter)
  }
}

/// An output of an op beside its first.
package struct FurtherOutput: Sendable {
  /// What it is called below the layer, and how formulas write it.
  let name, symbol: String
  let shape: Shape
}

/// One application of an op, as backward sees it.
package struct Node: Sendable {
  package let op: any Op
  package let inputs: [Value]
  package let output: Value
  package var furtherOutputs: [Value] = []
  package let scopes: [String]
  package let phase: Phase
  /// What `forward` returned.
  package var kept: [Value] = []
  /// Gradient of the loss by the output; nil where the output *is* the loss and the op said that it
  /// begins backward by itself.
  package var outputGradient: Value?
  /// The same for each of the further outputs.
  package var furtherGradients: [Value?] = []
  /// Whether the gradient of each input is of use.
  package var wants: [Bool] = []

  package var outputs: [Value] { [output] + furtherOutputs }

  /// The gradient that came in; backward is only called with one.
  package var dy: Value {
    guard let outputGradient else { preconditionFailure("backward before its gradient is known") }
    return outputGradient
  }
}
