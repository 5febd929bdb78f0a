import NeuralNets
import Tensors

/// What a running program asks of the lab.
package protocol ProgramHost: AnyObject {
  /// Text that `print` wrote, line breaks included.
  func write(_ text: String)
  /// Something that was accepted and ignored; each is said once.
  func note(_ message: Diagnostic)
  /// Trains; the inputs fit the model's.
  func fit(_ model: ModelHandle, _ data: BatchData, _ options: FitOptions) throws -> FitHistory
  /// The loss and then the metrics, by their Keras names: `loss`, `accuracy`.
  func evaluate(
    _ model: ModelHandle, _ data: BatchData, batchSize: Int?, verbose: Int
  ) throws -> [(name: String, value: MetricResult)]
  /// One array for each output.
  ///
  /// - Parameter isTraining: whether layers work as while training; nil where calls within the model
  ///   may say so themselves.
  func predict(
    _ model: ModelHandle, _ inputs: [NDArray], batchSize: Int?, verbose: Int, isTraining: Bool?
  ) throws -> [NDArray]
  /// One step on one batch; the loss and the metrics as `evaluate` gives them.
  func trainOnBatch(
    _ model: ModelHandle, _ data: BatchData
  ) throws -> [(name: String, value: MetricResult)]
  /// The learning rate of a compiled model now.
  func learningRate(_ model: ModelHandle) throws -> Double
  func setLearningRate(_ model: ModelHandle, _ rate: Double) throws
  /// The table that `model.summary()` prints.
  func summary(_ model: ModelHandle, _ options: SummaryOptions) throws -> String
  /// The weights of a layer or a model in Keras's order; none before it is built.
  func weights(of layer: any GraphLayer) throws -> [LayerWeight]
  /// New numbers for the weights, in that order and of those shapes.
  func setWeights(of layer: any GraphLayer, _ tensors: [Tensor]) throws
  /// What a stateful layer carries from batch to batch; nothing before its batches are known.
  func carried(by layer: any GraphLayer) throws -> [LayerState]
  /// Lets a stateful layer carry other numbers, in that order and of those shapes.
  func carry(_ states: [Tensor], by layer: any GraphLayer) throws
  func save(_ model: ModelHandle, to file: String) throws
  func saveWeights(_ model: ModelHandle, to file: String) throws
  func loadWeights(_ model: ModelHandle, from file: String) throws
  /// The model of a `.keras` file.
  func loadModel(_ file: String) throws -> ModelHandle
  /// The bytes of a file inside the program's own folder.
  func read(file: String) throws -> [UInt8]
  /// Writes a file in that folder.
  func write(_ bytes: [UInt8], to file: String) throws
  /// What `time.time()` gives.
  func seconds() -> Double
}

extension ProgramHost {
  /// A host without a clock: time stands still.
  package func seconds() -> Double { 0 }
}

/// A weight of a layer by its path below it.
package struct LayerWeight: Sendable {
  package let path: String
  package let tensor: Tensor
  package let isTrainable: Bool

  package init(path: String, tensor: Tensor, isTrainable: Bool) {
    self.path = path
    self.tensor = tensor
    self.isTrainable = isTrainable
  }
}

/// Arrays for every input and output of a model.
package struct BatchData {
  package var inputs: [NDArray]
  package var targets: [NDArray]
  /// How much each example counts, or each of its losses, for each of the targets; empty when all
  /// count the same.
  package var weights: [NDArray] = []

  package init(inputs: [NDArray], targets: [NDArray], weights: [NDArray] = []) {
    self.inputs = inputs
    self.targets = targets
    self.weights = weights
  }

  package var count: Int { inputs.first?.shape.extents.first ?? 0 }

  /// The first examples.
  func prefix(_ count: Int) -> BatchData {
    guard count < self.count else { return self }
    let rows = Array(0..<count)
    return BatchData(
      inputs: inputs.map { $0.rows(rows) }, targets: targets.map { $0.rows(rows) },
      weights: weights.map { $0.rows(rows) })
  }
}

/// What `model.fit` was told.
package struct FitOptions {
  package var epochs = 1
  package var batchSize = 32
  package var validationData: BatchData?
  package var validationBatchSize: Int?
  package var validationFrequency = 1
  /// After how many batches an epoch ends before it has gone through all of them; the next one goes
  /// on with those that are left.
  package var stepsPerEpoch: Int?
  /// How many batches of the examples held back are judged, from the first; nil for all.
  package var validationSteps: Int?
  package var validationSplit = 0.0
  package var shuffle = true
  /// 0 silent, 1 a bar, 2 a line for each epoch.
  package var verbose = 1
  /// In the order of the list.
  package var watchers: [FitWatcher] = []
  /// Calls those of the watchers whose code is the program's.
  package var caller: CallbackCaller?
  package var initialEpoch = 0
  /// What `keras.utils.set_random_seed` was told.
  package var seed: Int?

  package init() {}
}

/// One of `fit`'s callbacks.
package enum FitWatcher {
  /// One of Keras's own: `EarlyStopping`, `CSVLogger`.
  case component(Component)
  case program(ProgramCallback)
}

extension FitOptions {
  /// Keras's own callbacks alone.
  package var callbacks: [Component] {
    watchers.compactMap { if case .component(let component) = $0 { component } else { nil } }
  }
}

/// The numbers of each epoch: `history.history`.
package struct FitHistory: Hashable, Sendable {
  package struct Series: Hashable, Sendable {
    /// `loss`, `val_accuracy`.
    package let name: String
    package let values: [MetricResult]

    package init(name: String, values: [MetricResult]) {
      self.name = name
      self.values = values
    }
  }

  package let series: [Series]

  package init(series: [Series]) { self.series = series }
}

extension Evaluator {
  func write(_ text: String) { host.write(text) }
}

/// How `model.summary()` is told to print.
package struct SummaryOptions: Hashable, Sendable {
  /// The characters of a line; nil takes what the terminal has room for.
  package var lineLength: Int?
  package var expandsNested = false
  package var showsTrainable = false
  package var terminalColumns = 80

  package init() {}
}
