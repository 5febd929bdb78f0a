import Datasets
import Tensors
import Training

extension TrainingData {
  /// Examples of which the last rows are held back, as Keras's `validation_split` does.
  /// - Throws: `Split.Failure` when a part would be empty.
  package init(
    lastRowsOf all: Examples, fraction: Double, name: String, classes: [String] = []
  ) throws {
    let split = try Split.lastRows(count: all.count, fraction: fraction)
    func part(_ rows: [Int]) -> Examples {
      Examples(inputs: all.inputs.rows(rows), targets: all.targets.rows(rows))
    }
    self.init(
      name: name, training: part(split.training),
      validation: split.validation.isEmpty ? nil : part(split.validation), classes: classes)
  }
}
