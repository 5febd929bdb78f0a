import KerasCode
import NeuralNets
import Tensors
import Training

/// What a running program's model has of its training: kept with its handle between calls. The
/// weights lie with its layers, which other models may share.
final class TrainedModel {
  private let seed: UInt64
  /// Which compilation the session belongs to: compiling anew forgets the optimizer's state.
  private(set) var session: Session?
  /// What the optimizer remembers of weights that could be learned before and cannot now.
  private var memory: OptimizerMemory?
  private var compilation = 0
  /// A learning rate that the program set before the next step.
  private var rate: Float?
  /// The fit that runs now: what a callback reads and sets is the state of now.
  weak var running: Fit?

  init(seed: UInt64) { self.seed = seed }

  /// The model with every shape resolved.
  /// - Throws: a `Complaint` when its layers do not fit, at the layer that does not.
  static func network(of model: ModelHandle) throws -> Network {
    let description = try model.description()
    do {
      let network = try Network(description, inputShape: model.inputShapes?.first)
      if model.isOpen, !model.isLengthChecked {
        _ = try model.otherLength(network.graph, description)
        model.isLengthChecked = true
      }
      return network
    } catch let error as Network.Failure {
      let places = model.layerPlaces
      let place = error.layer.flatMap { places.indices.contains($0) ? places[$0] : nil }
      throw Complaint(
        "\(error.name) \(error.problem)", remedy: error.remedy,
        at: place.map { .place($0) } ?? .call)
    }
  }

  /// The weights now: as they were trained or set, else as the initializers draw them; what is drawn
  /// stays with the layers.
  func weights(of model: ModelHandle, _ network: Network) -> [String: Tensor] {
    if let running { set(running.session.weightsByName, of: model, network) }
    var all: [String: Tensor] = [:]
    var drawn: [String: Tensor]?
    for ((name, spec), owner) in zip(network.weights, model.owners(of: network.graph)) {
      if let known = owner.store.numbers[owner.path], known.shape == spec.shape {
        all[name] = known
      } else {
        if drawn == nil { drawn = network.initialWeights(seed: seed) }
        all[name] = drawn?[name]
        owner.store.numbers[owner.path] = drawn?[name]
      }
    }
    return all
  }

  /// What the stateful layers carry now, under the names of the network's plans.
  func carried(of model: ModelHandle, _ network: Network) -> [String: Tensor] {
    guard network.fixedBatchSize != nil else { return [:] }
    if let running { setCarried(running.session.carried, of: model, network) }
    var all: [String: Tensor] = [:]
    for ((name, shape), owner) in zip(network.carried, model.carriers(in: network.graph)) {
      if let known = owner.store.carried[owner.path], known.shape == shape {
        all[name] = known
      } else {
        all[name] = Tensor(shape: shape, repeating: 0)
      }
    }
    return all
  }

  /// Keeps with the stateful layers what they carry.
  func setCarried(_ states: [String: Tensor], of model: ModelHandle, _ network: Network) {
    for ((name, _), owner) in zip(network.carried, model.carriers(in: network.graph)) {
      if let tensor = states[name] { owner.store.carried[owner.path] = tensor }
    }
  }

  /// Gives new numbers to the layers, and to the fit that runs now.
  func give(_ weights: [String: Tensor], to model: ModelHandle, _ network: Network) {
    set(weights, of: model, network)
    running?.session.overwriteWeights(weights)
  }

  /// Keeps the numbers with the layers.
  func set(_ weights: [String: Tensor], of model: ModelHandle, _ network: Network) {
    for ((name, _), owner) in zip(network.weights, model.owners(of: network.graph)) {
      if let tensor = weights[name] { owner.store.numbers[owner.path] = tensor }
    }
  }

  /// Whether an optimizer has state to be counted.
  func hasOptimizerState(_ model: ModelHandle) -> Bool {
    session != nil && compilation == model.compilationCount
  }

  /// The learning rate of the next step.
  func learningRate(_ model: ModelHandle) -> Float? {
    if let rate { return rate }
    if let session = running?.session ?? session, compilation == model.compilationCount {
      return session.learningRate(at: session.position.step)
    }
    return model.compiledOptimizer.map { LearningRate($0).rate(at: 0) }
  }

  func setLearningRate(_ rate: Float) {
    if let running { running.session.setLearningRate(rate) } else { self.rate = rate }
  }

  /// A session on some examples that goes on from the weights and the optimizer's state of now.
  /// - Throws: `RunFailure` when the data do not fit.
  func session(for model: ModelHandle, _ settings: RunSettings) throws -> Session {
    let network = try Self.network(of: model)
    var settings = settings
    settings.seed = seed
    settings.initialWeights = weights(of: model, network)
      .merging(carried(of: model, network)) { weight, _ in weight }
    let previous = compilation == model.compilationCount ? session : nil
    if previous == nil { memory = nil }
    // Layers that were frozen or freed in between make it another network with the same optimizer.
    if let previous, previous.settings.model != settings.model {
      memory = previous.memory().adding(memory)
    }
    // What a failed start leaves behind is not to be gone on from.
    session = nil
    let made: Session
    do { made = try Session(settings, continuing: previous, memory: memory) } catch {
      session = previous
      throw error
    }
    if let rate { made.setLearningRate(rate) }
    rate = nil
    session = made
    compilation = model.compilationCount
    return made
  }
}
