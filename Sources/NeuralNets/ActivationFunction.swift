import Autodiff
import Tensors

/// A function that a layer applies to its outputs, by its Keras name.
package enum ActivationFunction: String, CaseIterable, Hashable, Sendable {
  case linear, relu, sigmoid, softmax, tanh

  /// The function of a single number, nil for softmax, which needs the whole row.
  package var scalar: ScalarFunction? {
    switch self {
    case .linear: .linear
    case .relu: .relu
    case .sigmoid: .sigmoid
    case .tanh: .tanh
    case .softmax: nil
    }
  }
}

extension GraphBuilder {
  /// Applies an activation; a linear one adds nothing.
  mutating func apply(_ activation: ActivationFunction, to x: Value) -> Value {
    if activation == .linear { return x }
    guard let function = activation.scalar else { return apply(SoftmaxOp(), to: [x]) }
    return apply(MapOp(function), to: [x])
  }
}
