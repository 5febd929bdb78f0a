import KerasCode
import NeuralNets
import Tensors
import Training

/// Writes down what a running program trains, pass by pass, so that it can be gone through again.
///
/// Not thread-safe. Batches that occur again are kept once; when they fill the memory there is for
/// them, the record is full and the program is ended there, as where whoever watches ends it.
final class PassRecorder {
  /// The record ends here: there is no room for another batch, or nobody wants one.
  struct Ended: Error {}

  private enum End: String {
    case full = "the program goes on from here: its batches fill the room there is for them"
    case stopped = "the program was stopped here"
  }

  /// Numbers of batches at most: 256 MB.
  private let limit: Int
  /// Told how many passes there are after each; false ends the program.
  private let watch: (Int) -> Bool
  private var kept = 0
  private var arrays: Set<Tensor> = []

  /// The models, which stay as long as their identity is what tells them apart.
  private var models: [ModelHandle] = []
  private var stores: [LayerStore] = []
  private var compilations: [Int] = []
  private(set) var networks: [PassRun.Network] = []
  private(set) var passes: [PassRun.Pass] = []
  private var end: End?

  /// The numbers of shared weights as the last pass left them.
  private var known: [String: Tensor] = [:]
  /// The network at hand and what the program gave it.
  private var open: (network: Int, given: [String: Tensor])?

  init(limit: Int, watch: @escaping (Int) -> Bool) { (self.limit, self.watch) = (limit, watch) }

  /// Called before a model learns from a batch.
  func begin(_ model: ModelHandle, _ session: Session) throws {
    guard end == nil else { throw Ended() }
    let network = network(model, session)
    let names = networks[network].sharedNames
    var given: [String: Tensor] = [:]
    for (name, tensor) in session.weights + session.carried.map({ ($0.key, $0.value) }) {
      guard let shared = names[name], known[shared] != tensor else { continue }
      given[name] = tensor
      known[shared] = tensor
    }
    open = (network, given)
  }

  /// Called after it.
  func end(_ session: Session) throws {
    guard let (network, given) = open else { return }
    open = nil
    let names = networks[network].sharedNames
    for (name, tensor) in session.weights + session.carried.map({ ($0.key, $0.value) }) {
      if let shared = names[name] { known[shared] = tensor }
    }
    let batch = session.batch
    passes.append(
      PassRun.Pass(
        network: network,
        batch: Examples(
          inputs: batch.allInputs.map(once), targets: batch.allTargets.map(once),
          weights: batch.weights.map(once)),
        updates: session.updatesBefore, learningRate: session.learningRate(at: session.shownStep),
        given: given))
    if kept > limit { end = .full } else if !watch(passes.count) { end = .stopped }
  }

  /// An array that was there before takes no room again.
  private func once(_ array: Tensor) -> Tensor {
    let (isNew, one) = arrays.insert(array)
    if isNew { kept += array.count }
    return one
  }

  /// The record so far; nil when nothing was trained.
  func run(named name: String) -> PassRun? {
    guard !passes.isEmpty else { return nil }
    return PassRun(
      name: name, networks: networks, passes: passes, shortness: end?.rawValue)
  }

  // MARK: Networks

  private func network(_ model: ModelHandle, _ session: Session) -> Int {
    let program = number(of: model)
    let memory = "\(program).\(model.compilationCount)"
    let (description, seed) = (session.settings.model, session.settings.seed)
    let found = networks.firstIndex {
      $0.memory == memory && $0.seed == seed && $0.model == description
    }
    if let found { return found }
    let owners = model.owners(of: session.network.graph)
    let shared = zip(session.network.weights, owners).map { weight, owner in
      (weight.name, "\(number(of: owner.store))/\(owner.path)")
    }
    let states = zip(
      session.network.carried, model.carriers(in: session.network.graph)
    ).map { state, owner in (state.name, "\(number(of: owner.store))/\(owner.path)") }
    networks.append(
      PassRun.Network(
        name: model.layerName, program: program, model: description, seed: seed,
        sharedNames: Dictionary(shared + states) { first, _ in first }, memory: memory))
    return networks.count - 1
  }

  private func number(of model: ModelHandle) -> Int {
    if let known = models.firstIndex(where: { $0 === model }) { return known }
    models.append(model)
    return models.count - 1
  }

  private func number(of store: LayerStore) -> Int {
    if let known = stores.firstIndex(where: { $0 === store }) { return known }
    stores.append(store)
    return stores.count - 1
  }
}

extension ScriptHost {
  /// Runs a program and writes down every batch that its models learn from.
  ///
  /// What it prints goes where the console says; it is ended where the record is full.
  /// - Parameters:
  ///   - limit: of numbers in all batches together.
  ///   - watch: told after each pass how many there are; false ends the program there.
  /// - Throws: a `Diagnostic` that says where the program is wrong; `RunFailure` where it trains
  ///   nothing.
  package static func recordPasses(
    _ text: String, file: String, folder: ProgramFolder, seed: UInt64, _ console: ScriptConsole,
    limit: Int = 64_000_000, watch: @escaping (Int) -> Bool = { _ in true }
  ) throws -> PassRun {
    let files = ProgramFiles()
    let held = folder.noting(files)
    let host = ScriptHost(console, folder: held, seed: seed)
    let recorder = PassRecorder(limit: limit, watch: watch)
    host.recorder = recorder
    do {
      try Evaluator.run(text, file: file, host: host, seed: seed)
    } catch is PassRecorder.Ended {}
    guard var run = recorder.run(named: file) else {
      throw RunFailure(
        "\(file) trains nothing", remedy: "model.fit(x, y), or model.train_on_batch(x, y)")
    }
    run.source = PassRun.Source(text: text, seed: seed, files: held.filesRead)
    return run
  }
}
