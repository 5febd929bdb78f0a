import Tensors

/// Every layer there is, alphabetical: one line registers one.
package enum LayerCatalog {
  package static let all: [any CataloguedLayer.Type] = [
    Activation.self, ActivityRegularization.self, Add.self, AlphaDropout.self, Average.self,
    BatchNormalization.self, CategoryEncoding.self, Concatenate.self, Conv1D.self,
    Conv1DTranspose.self, Conv2D.self, Conv2DTranspose.self, Dense.self, DepthwiseConv1D.self,
    DepthwiseConv2D.self, Discretization.self, Dot.self, Dropout.self, ELU.self, Embedding.self,
    Flatten.self, GaussianDropout.self, GaussianNoise.self, GlobalAveragePooling1D.self,
    GroupNormalization.self, Identity.self, LSTM.self, LayerNormalization.self, LeakyReLU.self,
    MaxPooling2D.self, Maximum.self, Minimum.self, Multiply.self, Normalization.self, PReLU.self,
    Permute.self, RMSNormalization.self, ReLU.self, RepeatVector.self, Rescaling.self,
    Reshape.self, SeparableConv1D.self, SeparableConv2D.self, Softmax.self, SpatialDropout1D.self,
    Subtract.self, UnitNormalization.self,
  ]

  /// The layers that take one array, so that a chain can hold them.
  package static let ofChains = all.filter { !($0 is any MergingLayer.Type) }

  /// The layers whose predictions are the numbers they get: what was drawn before them says it all.
  package static let kindsThatKeepNumbers: Set<String> = [
    "ActivityRegularization", "AlphaDropout", "Dropout", "Flatten", "GaussianDropout",
    "GaussianNoise", "Identity", "Reshape", "SpatialDropout1D",
  ]

  private static let byKind = Dictionary(
    all.map { ($0.kind, $0) }, uniquingKeysWith: { first, _ in first })

  /// The layer of a Keras class name.
  package static func type(named kind: String) -> (any CataloguedLayer.Type)? { byKind[kind] }

  /// The layer of a Keras class name that lays kernels on places.
  package static func kernelLayer(named kind: String) -> (any KernelLayer.Type)? {
    byKind[kind] as? any KernelLayer.Type
  }

  /// The layer that a component describes, for inputs of these shapes.
  package static func layer(
    _ component: Component, inputs: [Shape], depth: Int
  ) throws(LayerFailure) -> any Layer {
    if case .model(let model)? = component.body {
      return try NestedModel(
        component.isTrainable ? model : model.frozen, inputs: inputs, depth: depth)
    }
    if case .operation(let operation)? = component.body {
      return OperationLayer(operation: operation)
    }
    guard let type = type(named: component.kind) else {
      throw LayerFailure(
        "is a \(component.kind), which is not a layer here",
        remedy: "one of " + all.map { $0.kind }.joined(separator: ", "))
    }
    return type.init(component.arguments)
  }
}
