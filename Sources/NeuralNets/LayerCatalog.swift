import Tensors

/// Every layer there is, alphabetical: one line registers one.
package enum LayerCatalog {
  package static let all: [any CataloguedLayer.Type] = [
    Activation.self, Conv2D.self, Dense.self, Dropout.self, Flatten.self, LSTM.self,
    MaxPooling2D.self,
  ]

  private static let byKind = Dictionary(
    all.map { ($0.kind, $0) }, uniquingKeysWith: { first, _ in first })

  /// The layer of a Keras class name.
  package static func type(named kind: String) -> (any CataloguedLayer.Type)? { byKind[kind] }

  /// The layer that a component describes, for inputs of these shapes.
  package static func layer(
    _ component: Component, inputs: [Shape], depth: Int
  ) throws(LayerFailure) -> any Layer {
    if case .model(let model)? = component.body {
      return try NestedModel(
        component.isTrainable ? model : model.frozen, inputs: inputs, depth: depth)
    }
    guard let type = type(named: component.kind) else {
      throw LayerFailure(
        "is a \(component.kind), which is not a layer here",
        remedy: "one of " + all.map { $0.kind }.joined(separator: ", "))
    }
    return type.init(component.arguments)
  }
}
