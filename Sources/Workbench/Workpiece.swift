import Datasets
import NeuralNets
import Synchronization
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
  /// The examples as they were prepared last, for every version of this workpiece.
  private let prepared = PreparedData()

  /// The file of a network that came from none.
  package static let newFileName = "untitled.py"

  package init(
    model: ModelDescription, dataset: Dataset, epochs: Int = 20, batchSize: Int = 32,
    seed: UInt64 = 1, fileName: String = Workpiece.newFileName
  ) {
    self.model = model
    self.dataset = dataset
    self.epochs = epochs
    self.batchSize = batchSize
    self.seed = seed
    self.fileName = fileName
  }

  /// The data and weights that it holds.
  var tensors: [Tensor] { dataset.tensors + Array((initialWeights ?? [:]).values) }

  /// Keeps no examples made ready where another workpiece has taken its place: a run makes them again.
  func forgetPrepared(unlessSharedWith other: Workpiece) {
    if prepared !== other.prepared { prepared.forget() }
  }

  /// The run this makes, or why it makes none.
  package func settings() throws -> RunSettings {
    var settings = RunSettings(
      model: model, data: try prepared.data(dataset, preparation, for: model),
      batchSize: batchSize, epochs: epochs, seed: seed, shuffles: shuffles,
      initialWeights: initialWeights)
    settings.callbacks = callbacks
    settings.program = source.map { RunSettings.Program(name: fileName, text: $0) }
    return settings.withFittingWeights
  }
}

/// Examples that were made ready for a run, so that the next run of the same data takes no copy of its
/// own: one that is begun again, or goes on under other settings.
private final class PreparedData: Sendable {
  /// All that examples are made of.
  private struct Recipe: Equatable {
    let dataset: Dataset
    let preparation: DataPreparation
    let inputShape: Shape?
    let loss: String?
  }

  private let last = Mutex<(recipe: Recipe, data: TrainingData)?>(nil)

  func data(
    _ dataset: Dataset, _ preparation: DataPreparation, for model: ModelDescription
  ) throws -> TrainingData {
    let recipe = Recipe(
      dataset: dataset, preparation: preparation, inputShape: model.inputShape,
      loss: model.compilation?.loss.kind)
    return try last.withLock { last in
      if let last, last.recipe == recipe { return last.data }
      let data = try TrainingData(dataset, preparation, for: model)
      last = (recipe, data)
      return data
    }
  }

  func forget() { last.withLock { $0 = nil } }
}
