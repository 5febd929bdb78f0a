import NeuralNets

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What a running program asks of the lab.
package protocol ProgramHost: AnyObject {
  /// Text that `print` wrote, line breaks included.
  func write(_ text: String)
  /// Something that was accepted and ignored; each is said once.
  func note(_ message: Diagnostic)
  /// Trains; the data fit the model's input, but for its targets.
  func fit(_ model: ModelHandle, x: NDArray, y: NDArray, options: FitOptions) throws -> FitHistory
  /// The loss and then the metrics, by their Keras names: `loss`, `accuracy`.
  func evaluate(
    _ model: ModelHandle, x: NDArray, y: NDArray, batchSize: Int?, verbose: Int
  ) throws -> [(name: String, value: Double)]
  func predict(_ model: ModelHandle, x: NDArray, batchSize: Int?, verbose: Int) throws -> NDArray
  /// One step on one batch; the loss and the metrics as `evaluate` gives them.
  func trainOnBatch(
    _ model: ModelHandle, x: NDArray, y: NDArray
  ) throws
    -> [(name: String, value: Double)]
  /// The table that `model.summary()` prints.
  func summary(_ model: ModelHandle) throws -> String
  func parameterCount(_ model: ModelHandle) throws -> Int
  /// The weights in Keras's order.
  func weights(_ model: ModelHandle) throws -> [NDArray]
  func setWeights(_ model: ModelHandle, _ weights: [NDArray]) throws
  func save(_ model: ModelHandle, to file: String) throws
  func saveWeights(_ model: ModelHandle, to file: String) throws
  func loadWeights(_ model: ModelHandle, from file: String) throws
  /// The model of a `.keras` file, and a payload to keep with it.
  func loadModel(_ file: String) throws -> (ModelDescription, AnyObject?)
  /// The bytes of a file inside the program's own folder.
  func read(file: String) throws -> [UInt8]
  /// What `time.time()` gives.
  func seconds() -> Double
  /// The learning rate that the model's optimizer has now.
  func learningRate(_ model: ModelHandle) throws -> Double
  func setLearningRate(_ model: ModelHandle, _ rate: Double) throws
}

extension ProgramHost {
  package func seconds() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9
  }

  package func learningRate(_ model: ModelHandle) throws -> Double {
    guard
      case .number(let rate)? = model.description.compilation?.optimizer
        .arguments["learning_rate"]
    else { throw Complaint("the model has no optimizer", remedy: "call model.compile(…) first") }
    return rate
  }

  package func setLearningRate(_ model: ModelHandle, _ rate: Double) throws {
    try model.setLearningRate(rate)
  }
}

/// What `model.fit` was told.
package struct FitOptions {
  package var epochs = 1
  package var batchSize = 32
  package var validationData: (x: NDArray, y: NDArray)?
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
    package let values: [Double]

    package init(name: String, values: [Double]) {
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
