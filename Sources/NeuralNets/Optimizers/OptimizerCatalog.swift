import Autodiff
import Tensors

/// An optimizer that Keras code may name.
///
/// To add one, write `Optimizers/X.swift` and name it in `OptimizerCatalog`.
package protocol OptimizerClass: Catalogued, UpdateRule {}

/// The optimizers, alphabetical: one line registers one.
package enum OptimizerCatalog {
  static let types: [any OptimizerClass.Type] = [Adam.self, SGD.self]

  package static let all: [ComponentClass] = types.map { $0.entry }

  /// The optimizer of a class name or a short name.
  package static func named(_ name: String) -> ComponentClass? {
    ComponentFamily.optimizer.named(name)
  }

  /// The update of the weights of a network: by the optimizer, within their constraints.
  static func rule(
    _ component: Component, for weights: [(value: Value, spec: WeightSpec)]
  ) -> any UpdateRule {
    guard let type = types.first(where: { $0.entry.kind == component.kind }) else {
      preconditionFailure("no optimizer \(component.kind)")
    }
    return type.init(component.arguments)
  }
}

extension ArgumentSpec {
  static func learningRate(_ standard: Double) -> ArgumentSpec {
    ArgumentSpec(
      "learning_rate", .rate, default: .number(standard), "how far one update goes")
  }
}
