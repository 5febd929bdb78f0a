import KerasCode
import NeuralNets
import Tensors
import Training

/// What a running program's model has learned: kept with its handle between calls.
final class TrainedModel {
  private let seed: UInt64
  /// Which compilation the session belongs to: compiling anew forgets the optimizer's state.
  private var session: Session?
  private var compilation = 0
  private var numbers: [String: Tensor] = [:]
  /// The fit that runs now: what a callback reads and sets is the state of now.
  weak var running: Fit?

  init(seed: UInt64) { self.seed = seed }

  /// The model with every shape resolved.
  /// - Throws: a `Complaint` when its layers do not fit.
  static func network(of model: ModelHandle) throws(Complaint) -> Network {
    do { return try Network(model.description) } catch {
      throw Complaint("\(error.name) \(error.problem)", remedy: error.remedy)
    }
  }

  /// The weights now: as they were trained or set, else as the initializers draw them.
  func weights(for network: Network) -> [String: Tensor] {
    if let running { return running.currentWeights }
    var all: [String: Tensor] = [:]
    var drawn: [String: Tensor]?
    for (name, spec) in network.weights {
      if let known = numbers[name], known.shape == spec.shape {
        all[name] = known
      } else {
        if drawn == nil { drawn = network.initialWeights(seed: seed) }
        all[name] = drawn?[name]
      }
    }
    return all
  }

  func set(_ weights: [String: Tensor]) {
    numbers = weights
    running?.give(weights)
  }

  /// What was trained last since the model was compiled, or trains now.
  func latest(_ model: ModelHandle) -> Session? {
    compilation == model.compilationCount ? session : nil
  }

  /// Whether an optimizer has state to be counted.
  func hasOptimizerState(_ model: ModelHandle) -> Bool {
    session != nil && compilation == model.compilationCount
  }

  /// A session on some examples that goes on from the weights and the optimizer's state of now.
  /// - Throws: `RunFailure` when the data do not fit.
  func session(for model: ModelHandle, _ settings: RunSettings) throws -> Session {
    let network = try Self.network(of: model)
    var settings = settings
    settings.seed = seed
    settings.initialWeights = weights(for: network)
    let previous = compilation == model.compilationCount ? session : nil
    // What a failed start leaves behind is not to be gone on from.
    session = nil
    let made: Session
    do { made = try Session(settings, continuing: previous) } catch {
      session = previous
      throw error
    }
    session = made
    compilation = model.compilationCount
    return made
  }
}
