import Autodiff
import Tensors

/// How predictions are judged: a number for each example.
///
/// To add one, write `Losses/X.swift` and name it in `LossCatalog`.
package protocol LossClass: Catalogued {
  /// The shape of a batch of targets for a batch of predictions.
  func targetShape(for prediction: Shape) -> Shape
  /// The form that has kernels of its own, where nothing differs from the defaults.
  var fused: LossFunction? { get }
  /// The loss of each example, [batch, …]: the ops of a graph.
  func each(prediction: Value, target: Value, into builder: inout GraphBuilder) -> Value
}

extension LossClass {
  package func targetShape(for prediction: Shape) -> Shape { prediction }
  package var fused: LossFunction? { nil }
}

/// The losses, alphabetical: one line registers one.
package enum LossCatalog {
  static let types: [any LossClass.Type] = [
    BinaryCrossentropy.self, CategoricalCrossentropy.self, MeanSquaredError.self,
    SparseCategoricalCrossentropy.self,
  ]

  package static let all: [ComponentClass] = types.map { $0.entry }

  /// The loss of a class name or a short name.
  package static func named(_ name: String) -> ComponentClass? {
    ComponentFamily.loss.named(name)
  }

  package static func loss(_ component: Component) -> any LossClass {
    guard let type = types.first(where: { $0.entry.kind == component.kind }) else {
      preconditionFailure("no loss \(component.kind)")
    }
    return type.init(component.arguments)
  }
}
