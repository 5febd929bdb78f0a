// Losses and optimizers by name: Keras accepts a short name wherever it accepts an object.

/// A class of losses or optimizers that Keras code may name.
package struct ComponentClass: Sendable {
  /// The Keras class name: `BinaryCrossentropy`.
  package let kind: String
  /// Names that Keras accepts as a string: `binary_crossentropy`, `bce`.
  package let shortNames: [String]
  package let arguments: [ArgumentSpec]

  /// The component with nothing but defaults.
  package var standard: Component {
    do { return Component(kind: kind, arguments: try Arguments(arguments)) } catch {
      preconditionFailure("\(kind) cannot be made from its defaults: \(error)")
    }
  }
}

/// The losses, alphabetical.
package enum LossCatalog {
  package static let all: [ComponentClass] = [
    ComponentClass(
      kind: "BinaryCrossentropy", shortNames: ["binary_crossentropy", "bce"], arguments: []),
    ComponentClass(
      kind: "CategoricalCrossentropy", shortNames: ["categorical_crossentropy"], arguments: []),
    ComponentClass(
      kind: "MeanSquaredError", shortNames: ["mean_squared_error", "mse", "MSE"], arguments: []),
    ComponentClass(
      kind: "SparseCategoricalCrossentropy", shortNames: ["sparse_categorical_crossentropy"],
      arguments: []),
  ]

  /// The loss of a class name or a short name.
  package static func named(_ name: String) -> ComponentClass? {
    all.first { $0.kind == name || $0.shortNames.contains(name) }
  }
}

/// The optimizers, alphabetical.
package enum OptimizerCatalog {
  private static func learningRate(_ value: Double) -> ArgumentSpec {
    ArgumentSpec(
      "learning_rate", .number(0...1e6), default: .number(value), "how far one update goes")
  }

  package static let all: [ComponentClass] = [
    ComponentClass(
      kind: "Adam", shortNames: ["adam"],
      arguments: [
        learningRate(0.001),
        ArgumentSpec("beta_1", .number(0...1), default: .number(0.9), "memory of the gradient"),
        ArgumentSpec("beta_2", .number(0...1), default: .number(0.999), "memory of its square"),
        ArgumentSpec("epsilon", .number(0...1), default: .number(1e-7), "keeps √v from zero"),
      ]),
    ComponentClass(
      kind: "SGD", shortNames: ["sgd"],
      arguments: [
        learningRate(0.01),
        ArgumentSpec("momentum", .number(0...1), default: .number(0), "share of the last update"),
        ArgumentSpec("nesterov", .boolean, default: .boolean(false), "look ahead"),
      ]),
  ]

  /// The optimizer of a class name or a short name.
  package static func named(_ name: String) -> ComponentClass? {
    all.first { $0.kind == name || $0.shortNames.contains(name) }
  }
}
