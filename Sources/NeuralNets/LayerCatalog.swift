import Tensors

/// Every layer there is, alphabetical: one line registers one.
package enum LayerCatalog {
  package static let all: [any CataloguedLayer.Type] = [
    Activation.self, ActivityRegularization.self, Add.self, AdditiveAttention.self,
    AlphaDropout.self, Attention.self, Average.self, AveragePooling1D.self, AveragePooling2D.self,
    BatchNormalization.self, Bidirectional.self, CategoryEncoding.self, Concatenate.self,
    Conv1D.self, Conv1DTranspose.self, Conv2D.self, Conv2DTranspose.self, Cropping1D.self,
    Cropping2D.self, Dense.self, DepthwiseConv1D.self, DepthwiseConv2D.self, Discretization.self,
    Dot.self, Dropout.self, ELU.self, EinsumDense.self, Embedding.self, Flatten.self, GRU.self,
    GaussianDropout.self,
    GaussianNoise.self, GlobalAveragePooling1D.self, GlobalAveragePooling2D.self,
    GlobalMaxPooling1D.self, GlobalMaxPooling2D.self, GroupNormalization.self, Identity.self,
    LSTM.self, LayerNormalization.self, LeakyReLU.self, Masking.self, MaxPooling1D.self,
    MaxPooling2D.self, Maximum.self, Minimum.self, MultiHeadAttention.self, Multiply.self,
    Normalization.self, PReLU.self, Permute.self, RMSNormalization.self, RandomContrast.self,
    RandomFlip.self, RandomRotation.self, RandomTranslation.self, RandomZoom.self, ReLU.self,
    RepeatVector.self, Rescaling.self, Reshape.self, SeparableConv1D.self, SeparableConv2D.self,
    SimpleRNN.self, Softmax.self, SpatialDropout1D.self, SpatialDropout2D.self, Subtract.self,
    TimeDistributed.self, UnitNormalization.self, UpSampling1D.self, UpSampling2D.self,
    ZeroPadding1D.self, ZeroPadding2D.self,
  ]

  /// The layers that take one array, so that a chain can hold them.
  package static let ofChains = all.filter {
    !($0 is any MergingLayer.Type) && !($0 is any AttendingLayer.Type)
  }

  /// The layers whose predictions are the numbers they get: what was drawn before them says it all.
  package static let kindsThatKeepNumbers: Set<String> = [
    "ActivityRegularization", "AlphaDropout", "Dropout", "Flatten", "GaussianDropout",
    "GaussianNoise", "Identity", "Masking", "RandomContrast", "RandomFlip", "RandomRotation",
    "RandomTranslation", "RandomZoom", "Reshape", "SpatialDropout1D", "SpatialDropout2D",
  ]

  /// The layers that drop a share of their numbers in training, the argument `rate`.
  package static let kindsThatDrop = Set(
    all.filter { $0.ownArguments.contains(.rate) }.map { $0.kind })

  private static let byKind = Dictionary(
    all.map { ($0.kind, $0) }, uniquingKeysWith: { first, _ in first })

  /// The layer of a Keras class name.
  package static func type(named kind: String) -> (any CataloguedLayer.Type)? { byKind[kind] }

  /// The gates whose columns lie side by side in the kernel of a recurrent layer; none for others.
  package static func gates(of kind: String) -> [String] {
    (byKind[kind] as? any RecurrentLayer.Type)?.gates ?? []
  }

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

extension Component {
  /// Whether it is a layer: of the catalog, a model, or a class of the program.
  var isLayer: Bool {
    if case .model? = body { return true }
    return body == nil && LayerCatalog.type(named: kind) != nil
  }
}
