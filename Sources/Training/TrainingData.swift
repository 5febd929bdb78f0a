import Tensors

/// Inputs and what they should give, row by row.
package struct Examples: Hashable, Sendable {
  /// [n, …example]
  package let inputs: Tensor
  /// [n, …target]; class numbers for a sparse loss.
  package let targets: Tensor

  package init(inputs: Tensor, targets: Tensor) {
    precondition(
      inputs.shape.extents.first == targets.shape.extents.first,
      "\(inputs.shape) inputs with \(targets.shape) targets")
    self.inputs = inputs
    self.targets = targets
  }

  package var count: Int { inputs.shape.extents.first ?? 0 }
}

/// The examples of a run: what is learned from, and what is held back.
package struct TrainingData: Hashable, Sendable {
  package let name: String
  package let training: Examples
  package let validation: Examples?
  /// Names of the classes, empty for regression.
  package let classes: [String]
  /// How it was made of the data set of that name; nil when it was made otherwise.
  package let preparation: DataPreparation?

  package init(
    name: String, training: Examples, validation: Examples? = nil, classes: [String] = [],
    preparation: DataPreparation? = nil
  ) {
    self.name = name
    self.training = training
    self.validation = validation
    self.classes = classes
    self.preparation = preparation
  }
}
