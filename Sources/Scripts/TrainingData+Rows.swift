import Datasets
import KerasCode
import Tensors
import Training

extension TrainingData {
  /// Examples of which the last rows are held back, as Keras's `validation_split` does.
  /// - Throws: `Split.Failure` when a part would be empty.
  package init(
    lastRowsOf all: Examples, fraction: Double, name: String, classes: [String] = []
  ) throws {
    let split = try Split.lastRows(count: all.count, fraction: fraction)
    self.init(
      name: name, training: all.rows(split.training),
      validation: split.validation.isEmpty ? nil : all.rows(split.validation), classes: classes)
  }

  /// The arrays that a program's `fit` was given.
  /// - Parameter share: of the examples that is held back, where it is not as the program says.
  init(
    _ data: BatchData, _ options: FitOptions, name: String, share: Double? = nil
  ) throws {
    let all = data.examples
    if let held = options.validationData, share == nil {
      self.init(name: name, training: all, validation: held.examples.judged(options))
      return
    }
    let share = share ?? options.validationSplit
    guard share > 0 else {
      self.init(name: name, training: all)
      return
    }
    let halves = try TrainingData(lastRowsOf: all, fraction: share, name: name)
    self.init(
      name: name, training: halves.training,
      validation: halves.validation.map { $0.judged(options) })
  }
}

extension Examples {
  /// Those of them that `validation_steps` batches have.
  fileprivate func judged(_ options: FitOptions) -> Examples {
    guard let steps = options.validationSteps else { return self }
    let size = options.validationBatchSize ?? options.batchSize
    return rows(Array(0..<Batches.examples(inFirst: steps, by: size, of: count)))
  }
}

extension BatchData {
  package var examples: Examples {
    Examples(
      inputs: inputs.map(\.tensor), targets: targets.map(\.tensor), weights: weights.map(\.tensor))
  }
}
