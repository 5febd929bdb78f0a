import Tensors

extension Component {
  /// A component of the catalogs with some arguments given; for code that knows they fit.
  package static func known(
    _ kind: String, _ arguments: [(name: String, value: ArgumentValue)] = []
  ) -> Component {
    let specs =
      LayerCatalog.type(named: kind)?.arguments
      ?? ComponentFamily.allCases.lazy.compactMap { $0.named(kind) }.first?.arguments
    guard let specs, let checked = try? Arguments(specs, keywords: arguments) else {
      preconditionFailure("\(kind) does not take \(arguments)")
    }
    return Component(kind: kind, arguments: checked)
  }
}

extension ModelDescription {
  /// A multilayer perceptron with a fitting end: what the lab offers for a data set at first.
  ///
  /// - Parameters:
  ///   - inputShape: of one example; more than one axis is flattened first.
  ///   - classes: 0 for regression; two or more end in a softmax.
  package static func perceptron(
    inputShape: Shape, hidden: [Int], activation: String = "relu", classes: Int
  ) -> ModelDescription {
    var layers: [Component] = inputShape.rank > 1 ? [.known("Flatten")] : []
    layers += hidden.map {
      .known("Dense", [("units", .integer($0)), ("activation", .text(activation))])
    }
    layers.append(
      classes > 0
        ? .known("Dense", [("units", .integer(classes)), ("activation", .text("softmax"))])
        : .known("Dense", [("units", .integer(1))]))
    return ModelDescription(
      inputShape: inputShape, layers: layers,
      compilation: Compilation(
        optimizer: .known("Adam"),
        loss: .known(classes > 0 ? "SparseCategoricalCrossentropy" : "MeanSquaredError"),
        metrics: classes > 0 ? ["accuracy"] : []))
  }
}
