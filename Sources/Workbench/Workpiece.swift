import Datasets
import NeuralNets
import Tensors
import Training

/// What the student works on: a network, the data it learns from, and how it is trained. Build edits
/// the network, Data chooses the examples, Train runs both; it outlives screens and is kept.
package struct Workpiece: Sendable {
  package var model: ModelDescription
  package var dataset: Dataset
  package var preparation = DataPreparation()
  package var epochs: Int
  package var batchSize: Int
  package var seed: UInt64
  package var shuffles = true
  /// The callbacks that its program gives to `fit`, and the weights that it gives to the network.
  package var callbacks = RunCallbacks()
  package var initialWeights: [String: Tensor]?
  /// The file the network came from or goes to: `digits.py`.
  package var fileName: String
  /// The text of that file when it came from one: what the builder does not change stays.
  package var source: String?
  package var isSaved = false

  package init(
    model: ModelDescription, dataset: Dataset, epochs: Int = 20, batchSize: Int = 32,
    seed: UInt64 = 1, fileName: String = "untitled.py"
  ) {
    self.model = model
    self.dataset = dataset
    self.epochs = epochs
    self.batchSize = batchSize
    self.seed = seed
    self.fileName = fileName
  }

  /// The run this makes, or why it makes none.
  package func settings() throws -> RunSettings {
    var settings = RunSettings(
      model: model, data: try TrainingData(dataset, preparation, for: model),
      batchSize: batchSize, epochs: epochs, seed: seed, shuffles: shuffles,
      initialWeights: initialWeights)
    settings.callbacks = callbacks
    return settings.withFittingWeights
  }
}
