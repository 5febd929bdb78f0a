import Tensors

/// A layer, loss or optimizer as a model file names it: the Keras class and its arguments.
package struct Component: Hashable, Sendable {
  /// The Keras class name: `Dense`, `Adam`, `MeanSquaredError`.
  package let kind: String
  package var arguments: Arguments

  package init(kind: String, arguments: Arguments) {
    self.kind = kind
    self.arguments = arguments
  }

  /// The name a user gave it, if any.
  package var givenName: String? {
    guard case .text(let name) = arguments["name"] else { return nil }
    return name
  }
}

/// How a model is to be trained: what `model.compile` was told.
package struct Compilation: Hashable, Sendable {
  package var optimizer: Component
  package var loss: Component
  /// Keras names: `accuracy`.
  package var metrics: [String]

  package init(optimizer: Component, loss: Component, metrics: [String] = []) {
    self.optimizer = optimizer
    self.loss = loss
    self.metrics = metrics
  }
}

/// What a model file says: layers in order and how to train them. A value that the builder edits and
/// Keras code is printed from; `Network` checks it and resolves every shape.
package struct ModelDescription: Hashable, Sendable {
  package var name: String
  /// The shape of one example, nil until an `Input`, `input_shape=` or the data says it.
  package var inputShape: Shape?
  package var layers: [Component]
  package var compilation: Compilation?

  package init(
    name: String = "sequential", inputShape: Shape? = nil, layers: [Component] = [],
    compilation: Compilation? = nil
  ) {
    self.name = name
    self.inputShape = inputShape
    self.layers = layers
    self.compilation = compilation
  }

  /// The name of each layer, as a fresh Keras process gives them: `dense`, `dense_1`, `conv2d`.
  package var layerNames: [String] {
    var seen: [String: Int] = [:]
    return layers.map { layer in
      if let name = layer.givenName { return name }
      let base = layer.kind.snakeCased
      defer { seen[base, default: 0] += 1 }
      let n = seen[base, default: 0]
      return n == 0 ? base : "\(base)_\(n)"
    }
  }
}

extension String {
  /// Keras's rule for default names: `MaxPooling2D` → `max_pooling2d`, `LSTM` → `lstm`.
  package var snakeCased: String {
    var result = ""
    let letters = Array(self)
    for (i, letter) in letters.enumerated() {
      let startsWord =
        letter.isUppercase && i > 0
        && (letters[i - 1].isLowercase
          || (i + 1 < letters.count && letters[i + 1].isLowercase && !letters[i - 1].isNumber))
      if startsWord { result += "_" }
      result += letter.lowercased()
    }
    return result
  }
}
