import Datasets
import NeuralNets
import Tensors

/// How a data set is made ready for a run.
package struct DataPreparation: Hashable, Sendable {
  /// The share of the examples that is held back, 0 for none.
  package var unseenShare: Double
  /// Whether each feature is brought to mean 0 and deviation 1, fitted on the training part.
  package var standardizes: Bool
  package var seed: UInt64

  package init(unseenShare: Double = 0.2, standardizes: Bool = false, seed: UInt64 = 1) {
    self.unseenShare = unseenShare
    self.standardizes = standardizes
    self.seed = seed
  }
}

extension TrainingData {
  /// The examples of a data set, split, scaled, and in the shape that a model asks for. Class numbers
  /// become one-hot rows for a loss that wants them.
  package init(
    _ dataset: Dataset, _ preparation: DataPreparation, for model: ModelDescription
  ) throws {
    let shaped = try model.inputShape.map { try dataset.shaped(as: $0) } ?? dataset
    var training = shaped.training
    var validation = shaped.validation
    if validation == nil, preparation.unseenShare > 0 {
      let split = try shaped.split(fraction: preparation.unseenShare, seed: preparation.seed)
      validation = shaped.training.rows(split.validation)
      training = shaped.training.rows(split.training)
    }
    guard !preparation.standardizes || training.allInputs.count == 1 else {
      throw RunFailure(
        "\(dataset.name) has \(training.allInputs.count) inputs, which are not standardized here",
        remedy: "inputs that are prepared already, standardizing off")
    }
    let scaler = preparation.standardizes ? Standardizer(fitting: training.inputs) : nil
    let classes = dataset.task.classes ?? []
    let isOneHot =
      model.compilation?.loss.kind == "CategoricalCrossentropy" && !classes.isEmpty
    func examples(_ part: Dataset.Part) -> Examples {
      let ready = part.replacing(
        inputs: scaler?.apply(to: part.inputs),
        targets: isOneHot && part.targets.count == part.count
          ? Self.oneHot(part.targets, classes.count) : nil)
      return Examples(
        inputs: ready.allInputs, targets: ready.allTargets, weights: ready.weights)
    }
    self.init(
      name: dataset.name, training: examples(training), validation: validation.map(examples),
      classes: classes, preparation: preparation, scaler: scaler)
  }

  /// Class numbers [n] as rows [n, classes] with a one in the class's column.
  private static func oneHot(_ targets: Tensor, _ classes: Int) -> Tensor {
    var rows = [Float](repeating: 0, count: targets.count * classes)
    for (i, target) in targets.scalars.enumerated() {
      if let number = target.classNumber, number < classes { rows[i * classes + number] = 1 }
    }
    return Tensor(shape: [targets.count, classes], scalars: rows)
  }
}
