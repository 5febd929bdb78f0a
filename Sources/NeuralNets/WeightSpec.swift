import Tensors

/// One array that a layer keeps from step to step.
package struct WeightSpec: Hashable, Sendable {
  /// Keras's variable path below the layer: `kernel`, `lstm_cell/recurrent_kernel`.
  package var path: String
  package let shape: Shape
  package let initializer: Initializer
  /// Whether the optimizer changes it; a moving mean is kept without being learned.
  package var isTrainable: Bool
  /// What its size costs, and what it is held to after each update.
  package let regularizer: Component?
  package let constraint: Component?
  /// Whether it is the bias of a long short-term memory whose forget gate starts open: the second
  /// quarter is one, only the rest is drawn. (Jozefowicz et al. 2015.)
  package let opensForgetGate: Bool

  package init(
    _ path: String, _ shape: Shape, _ initializer: Initializer, isTrainable: Bool = true,
    regularizer: Component? = nil, constraint: Component? = nil, opensForgetGate: Bool = false
  ) {
    self.path = path
    self.shape = shape
    self.initializer = initializer
    self.isTrainable = isTrainable
    self.regularizer = regularizer
    self.constraint = constraint
    self.opensForgetGate = opensForgetGate
  }

  /// How formulas write it.
  package var symbol: String {
    let parts = path.split(separator: "/")
    let owner = parts.count > 1 ? Self.projections[String(parts[parts.count - 2])] ?? "" : ""
    return switch parts.last {
    case "kernel" where !owner.isEmpty: "W" + owner
    case "bias" where !owner.isEmpty: "b" + owner
    // Of a convolution; that of a dense layer has two axes.
    case "kernel": shape.rank == 4 || (shape.rank == 3 && path == "kernel") ? "K" : "W"
    case "depthwise_kernel": "D"
    case "pointwise_kernel": "P"
    case "recurrent_kernel": "U"
    case "gamma", "scale": "γ"
    case "beta": "β"
    case "moving_mean", "mean": "μ"
    case "moving_variance", "variance": "σ²"
    case "alpha": "α"
    case "embeddings": "E"
    case "bias": "b"
    default: "w"
    }
  }

  /// The projections of attention have letters of their own.
  private static let projections = [
    "query": "q", "key": "k", "value": "v", "gate": "g", "attention_output": "o",
  ]

  /// The numbers that a run with this seed begins with.
  ///
  /// - Parameter name: of the weight in its network; other names draw other numbers.
  package func initialNumbers(seed: UInt64, name: String) -> [Float] {
    guard opensForgetGate else {
      return initializer.numbers(shape: shape, seed: seed, name: name)
    }
    let units = shape.count / 4
    // Keras draws the part before the forget gate and the parts after it by themselves.
    return initializer.numbers(shape: [units], seed: seed, name: name)
      + [Float](repeating: 1, count: units)
      + initializer.numbers(shape: [2 * units], seed: seed, name: name + "/after forget")
  }
}

/// How the arguments of a layer speak of one of its weights: `kernel_initializer`,
/// `kernel_regularizer`, `kernel_constraint`.
extension Arguments {
  /// The weight that the arguments beginning with `prefix` speak of.
  ///
  /// - Parameter path: where it lies below the layer; the prefix when nil.
  func weight(
    _ prefix: String, _ shape: Shape, path: String? = nil, inputAxes: [Int]? = nil,
    opensForgetGate: Bool = false
  ) -> WeightSpec {
    let initializer = initializer(prefix + "_initializer")
    return WeightSpec(
      path ?? prefix, shape, inputAxes.map { initializer.withInputAxes($0) } ?? initializer,
      regularizer: component(prefix + "_regularizer"),
      constraint: component(prefix + "_constraint"), opensForgetGate: opensForgetGate)
  }
}
