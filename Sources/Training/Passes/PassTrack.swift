import Autodiff
import NeuralNets
import Tensors

/// What was set by hand in a run of passes.
struct PassEdits {
  struct Weight: Hashable, Sendable {
    /// The pass that begins with it.
    let pass: Int
    let network: Int
    /// Where the number lies in the network's state.
    let place: Int
    let number: Float
  }

  var weights: [Weight] = []
  /// The passes whose update has no effect.
  var skips: Set<Int> = []
}

/// The networks of a run of passes at work: their weights and optimizers, and moments of them that are
/// kept. Weights that networks share are the same numbers in all of them between two passes.
///
/// Not thread-safe. It belongs to one session.
final class PassTrack {
  let run: PassRun
  /// For each network a part whose examples are those of its first pass.
  private let networks: [RunPart]
  /// For each network what is to be carried to others after it was trained.
  private let links: [[Link]]
  private var checkpoints: Checkpoints
  /// For each model how far from 0 its inputs lie at most.
  private var reaches: [Int: Float] = [:]
  /// The part that pictures show, and its pass.
  private var picturedPart: (pass: Int, part: RunPart)?
  /// The model that pictures show: the first one that takes points of a plane, else the one that is
  /// trained first.
  private lazy var picturedProgram: Int = {
    let order = run.passes.prefix(1).map(\.network) + run.networks.indices
    let pointed = order.first { networks[$0].network.inputShapes == [[2]] }
    return run.networks[pointed ?? order[0]].program
  }()
  /// What was set by hand in the branch at hand.
  private(set) var edits = PassEdits()
  /// All states as a pass began whose update is to be skipped.
  private var statesToKeep: (pass: Int, numbers: [[Float]])?

  /// Numbers at one place of a network's state that another has at another place.
  private struct Link {
    let from: Int
    let count: Int
    let network: Int
    let to: Int
  }

  /// - Throws: `RunFailure`, `Network.Failure`: why a network cannot learn from its batches.
  init(_ run: PassRun) throws {
    self.run = run
    networks = try run.networks.indices.map { index in
      guard let first = run.passes.first(where: { $0.network == index }) else {
        throw RunFailure("a network that no pass trains", remedy: "one pass at least")
      }
      let made = run.networks[index]
      let settings = RunSettings(
        model: made.model, data: TrainingData(name: run.name, training: first.batch),
        batchSize: max(1, first.batch.count), epochs: run.passes.count, seed: made.seed,
        shuffles: false)
      return try RunPart(settings, continuing: nil, stepsBefore: 0)
    }
    links = Self.links(run, networks)
    checkpoints = Self.checkpoints(networks, from: 0)
  }

  /// The same networks with a memory of their own, as they were at the beginning of a pass that is
  /// kept.
  init(copying other: PassTrack, at pass: Int) {
    run = other.run
    edits = other.edits
    networks = other.networks.map { RunPart(copying: $0) }
    links = other.links
    checkpoints = Self.checkpoints(networks, from: pass)
    other.checkpoints.restore(step: pass, into: networks.map(\.state))
    checkpoints.store(step: pass, networks.map(\.state))
  }

  private static func checkpoints(_ networks: [RunPart], from pass: Int) -> Checkpoints {
    // A pass runs one of the networks.
    let steps = networks.map(\.executions.stepSize)
    return Checkpoints(
      stateSize: networks.reduce(0) { $0 + $1.state.count },
      stepSize: steps.reduce(0, +) / max(1, steps.count), first: pass)
  }

  private static func links(_ run: PassRun, _ networks: [RunPart]) -> [[Link]] {
    let places = networks.indices.map { Self.places(of: run.networks[$0], networks[$0]) }
    return places.indices.map { from in
      places.indices.filter { $0 != from }.flatMap { to in
        places[from].compactMap { name, place in
          places[to][name].map {
            Link(from: place.offset, count: place.count, network: to, to: $0.offset)
          }
        }.sorted { $0.from < $1.from }
      }
    }
  }

  /// Where a network's state has what goes by a name that all networks know.
  private static func places(
    of network: PassRun.Network, _ part: RunPart
  ) -> [String: (offset: Int, count: Int)] {
    let batch = part.training
    let plan = part.execution(
      batchSize: batch.count, purpose: .training, weighting: batch.weighting
    ).plan
    var places: [String: (offset: Int, count: Int)] = [:]
    for info in plan.values {
      guard case .state(let offset) = info.storage else { continue }
      let name = network.sharedNames[info.name].map { "weight " + $0 }
      places[name ?? "memory \(network.memory) \(info.name)"] = (offset, info.shape.count)
    }
    return places
  }

  // MARK: Passes

  /// The part that a pass is: its network on its batch.
  func part(of pass: Int) -> RunPart {
    let index = min(pass, run.passes.count - 1)
    let wanted = run.passes[index]
    return RunPart(
      networks[wanted.network], batch: wanted.batch, stepsBefore: wanted.updates - pass)
  }

  /// The plan of a pass.
  func plan(ofPass pass: Int) -> Plan {
    let part = part(of: pass)
    return part.execution(
      batchSize: part.training.count, purpose: .training, weighting: part.training.weighting
    ).plan
  }

  /// Whether any network counts the share right.
  var isCounted: Bool { networks.contains { $0.accuracy != nil } }

  /// The newest pass up to one in which the network learns that pictures show, else the first.
  func picturedPass(near pass: Int) -> Int {
    let last = min(pass, run.passes.count - 1)
    func isPictured(_ pass: Int) -> Bool {
      run.networks[run.passes[pass].network].program == picturedProgram
    }
    return (0...last).last(where: isPictured)
      ?? run.passes.indices.dropFirst(last).first(where: isPictured) ?? last
  }

  /// The part that pictures show at a pass; the same one until they show another pass.
  func picturedPart(of pass: Int) -> RunPart {
    if let picturedPart, picturedPart.pass == pass { return picturedPart.part }
    let found = part(of: pass)
    picturedPart = (pass, found)
    return found
  }

  /// The farthest that a finite number lies from 0 in what the model of a pass is ever given.
  func reach(ofPass pass: Int) -> Float {
    let program = run.networks[run.passes[pass].network].program
    if let found = reaches[program] { return found }
    let reach = run.passes.reduce(Float(0)) { most, pass in
      guard run.networks[pass.network].program == program else { return most }
      return pass.batch.inputs.scalars.reduce(most) { $1.isFinite ? max($0, abs($1)) : $0 }
    }
    reaches[program] = reach
    return reach
  }

  /// Makes the networks ready for a pass: keeps the moment if it is time, and gives weights the numbers
  /// that the program gave them.
  func begin(_ pass: Int) {
    checkpoints.offer(step: pass, networks.map(\.state))
    guard pass < run.passes.count else { return }
    give(run.passes[pass])
    applyEdits(before: pass)
    statesToKeep =
      edits.skips.contains(pass)
      ? (pass, networks.map { $0.state.read(0, $0.state.count) }) : nil
  }

  /// Gives weights the numbers that the program gave them.
  private func give(_ wanted: PassRun.Pass) {
    guard !wanted.given.isEmpty else { return }
    let part = networks[wanted.network]
    let execution = part.execution(
      batchSize: wanted.batch.count, purpose: .training, weighting: wanted.batch.weighting)
    for (name, tensor) in wanted.given {
      guard let value = execution.plan.value(named: name), value.shape == tensor.shape else {
        continue
      }
      execution.write(tensor.scalars, to: value)
    }
    share(from: wanted.network)
  }

  /// Carries what a pass has made of weights to the networks that share them, unless its update is
  /// skipped, and sets what was set by hand for the next.
  func end(_ pass: Int) {
    guard pass < run.passes.count else { return }
    if let statesToKeep, statesToKeep.pass == pass {
      for (network, numbers) in zip(networks, statesToKeep.numbers) {
        network.state.write(numbers, at: 0)
      }
    } else {
      share(from: run.passes[pass].network)
    }
    applyEdits(before: pass + 1)
  }

  /// Writes what was set by hand for the start of a pass.
  private func applyEdits(before pass: Int) {
    for edit in edits.weights where edit.pass == pass {
      networks[edit.network].state.write([edit.number], at: edit.place)
      share(from: edit.network)
    }
  }

  // MARK: By hand

  /// A weight as the networks know it: its network, its place in that one's state, and its shape.
  /// - Parameters:
  ///   - name: `dense/kernel` of the network at hand, or with a network's name in front.
  ///   - network: the one at hand.
  func weight(_ name: String, in network: Int) -> (network: Int, place: Int, shape: Shape)? {
    let order = [network] + run.networks.indices.filter { $0 != network }
    let wanted =
      order.map { ($0, name) }
      + order.compactMap { index in
        let start = run.networks[index].name + "/"
        return name.hasPrefix(start) ? (index, String(name.dropFirst(start.count))) : nil
      }
    for (index, name) in wanted {
      let plan = networks[index].plan
      guard let value = plan.value(named: name), plan.parameters.contains(value),
        case .state(let place) = plan[value].storage
      else { continue }
      return (index, place, value.shape)
    }
    return nil
  }

  /// The names of all weights, with their networks' in front.
  var weightNames: [String] {
    zip(run.networks, networks).flatMap { network, part in
      part.network.weights.map { network.name + "/" + $0.name }
    }
  }

  func add(_ edit: PassEdits.Weight) { edits.weights.append(edit) }
  func skipUpdate(ofPass pass: Int) { edits.skips.insert(pass) }

  /// What belongs to one branch.
  struct Way {
    let edits: PassEdits
    let checkpoints: Checkpoints
  }

  var way: Way { Way(edits: edits, checkpoints: checkpoints) }

  func take(_ way: Way) { (edits, checkpoints, statesToKeep) = (way.edits, way.checkpoints, nil) }

  /// Forgets what was set for passes after one, and the moments after it.
  func forget(after pass: Int) {
    edits.weights.removeAll { $0.pass > pass }
    edits.skips = edits.skips.filter { $0 <= pass }
    checkpoints.forget(after: pass)
  }

  /// The moments of a branch that is put aside need not lie as near.
  func thinnedWay() -> Way {
    var kept = checkpoints
    kept.thin(to: 64)
    return Way(edits: edits, checkpoints: kept)
  }

  private func share(from network: Int) {
    let source = networks[network].state
    for link in links[network] {
      networks[link.network].state.write(source.read(link.from, link.count), at: link.to)
    }
  }

  // MARK: Moments

  /// Whether something set by hand changes what a pass leaves.
  func isChanged(afterPass pass: Int) -> Bool {
    edits.skips.contains(pass) || edits.weights.contains { $0.pass == pass + 1 }
  }

  /// The newest pass at or before one whose beginning is kept.
  func keptPass(atOrBefore pass: Int) -> Int {
    checkpoints.nearest(atOrBefore: pass) ?? 0
  }

  func restore(_ pass: Int) {
    checkpoints.restore(step: pass, into: networks.map(\.state))
  }

  func learningRate(ofPass pass: Int) -> Float {
    run.passes[min(pass, run.passes.count - 1)].learningRate
  }

  /// Adds all weights and all that optimizers remember.
  func add(to digest: inout Digest) {
    for network in networks { digest.add(network.state.base, count: network.state.count) }
  }
}
