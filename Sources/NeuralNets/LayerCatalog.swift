/// Every layer there is, alphabetical: one line registers one.
package enum LayerCatalog {
  package static let all: [any Layer.Type] = [
    Activation.self, Conv2D.self, Dense.self, Dropout.self, Flatten.self, LSTM.self,
    MaxPooling2D.self,
  ]

  /// The layer of a Keras class name.
  package static func type(named kind: String) -> (any Layer.Type)? {
    all.first { $0.kind == kind }
  }
}
