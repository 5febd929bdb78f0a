import Datasets
import NeuralNets
import Tensors

/// Inputs and what they should give, row by row: one array for each input and each judged output of
/// a model.
package struct Examples: Hashable, Sendable {
  /// [n, …example] for each input.
  package let allInputs: [Tensor]
  /// [n, …target] for each output that is judged; class numbers for a sparse loss.
  package let allTargets: [Tensor]
  /// [n], or [n, …] for each loss of an example: how much it counts, for each of the targets; empty
  /// when all count the same.
  package let weights: [Tensor]

  package init(inputs: Tensor, targets: Tensor) {
    self.init(inputs: [inputs], targets: [targets])
  }

  package init(inputs: [Tensor], targets: [Tensor], weights: [Tensor] = []) {
    let counts = Set((inputs + targets + weights).map { $0.shape.extents.first ?? 0 })
    precondition(!inputs.isEmpty && counts.count == 1, "arrays of \(counts) examples")
    precondition(weights.isEmpty || weights.count == targets.count, "weights for each target")
    allInputs = inputs
    allTargets = targets
    self.weights = weights
  }

  package var count: Int { allInputs[0].shape.extents.first ?? 0 }

  /// The first input.
  package var inputs: Tensor { allInputs[0] }
  /// The first target.
  package var targets: Tensor { allTargets[0] }
  package var weighting: Weighting {
    Weighting(shapes: weights.map(\.shape.droppingFirst))
  }

  /// Some of the examples, in this order.
  package func rows(_ rows: [Int]) -> Examples {
    Examples(
      inputs: allInputs.map { $0.rows(rows) }, targets: allTargets.map { $0.rows(rows) },
      weights: weights.map { $0.rows(rows) })
  }
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
  /// What brought the inputs to mean 0 and σ 1; nil when they are as they were.
  package let scaler: Standardizer?

  package init(
    name: String, training: Examples, validation: Examples? = nil, classes: [String] = [],
    preparation: DataPreparation? = nil, scaler: Standardizer? = nil
  ) {
    self.name = name
    self.training = training
    self.validation = validation
    self.classes = classes
    self.preparation = preparation
    self.scaler = scaler
  }

  /// How many numbers lie in memory for it alone where other data is kept too.
  func numbersOfItsOwn(beside other: TrainingData?) -> Int {
    tensors.numbersOfTheirOwn(beside: other?.tensors ?? [])
  }

  private var tensors: [Tensor] {
    [training, validation].compactMap(\.self).flatMap { $0.allInputs + $0.allTargets + $0.weights }
  }
}
