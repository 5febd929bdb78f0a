import Tensors

extension ScalarFunction {
  /// As formulas and listings write it, and as Keras calls it.
  package var name: String {
    switch self {
    case .linear: "linear"
    case .relu: "relu"
    case .sigmoid: "sigmoid"
    case .tanh: "tanh"
    case .exp: "exp"
    }
  }
}
