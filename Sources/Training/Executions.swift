import Autodiff
import NeuralNets
import Tensors

/// The executions of one network over one memory of weights: made when a batch of a new size comes,
/// and kept. Whoever trains, judges or predicts with these weights takes them from here.
///
/// Not thread-safe.
final class Executions {
  let network: Network
  /// The weights, and what an optimizer remembers of them.
  let state: Arena
  /// What is wrong in the plans that learn, if something was planted.
  private let planted: PlantedFormula?
  private var known: [Key: Execution]
  /// The one asked for last: nearly always the one asked for next.
  private var latest: (key: Key, execution: Execution)

  /// Whether steps of training are only run whole and looked at when they are over: what lies in
  /// between shares memory then.
  var runsWhole = false {
    didSet {
      guard runsWhole != oldValue else { return }
      known = known.filter { $0.key.purpose != .training }
      if latest.key.purpose == .training {
        latest.execution = made(latest.execution.plan, for: .training)
        known[latest.key] = latest.execution
      }
    }
  }

  private struct Key: Hashable {
    let batchSize: Int
    let purpose: Network.Purpose
    let weighting: Weighting
    var carries = false
  }

  /// - Parameter first: made for the network; its state is that of all others.
  init(
    _ network: Network, _ first: Execution, for purpose: Network.Purpose,
    weighting: Weighting = .none,
    planted: PlantedFormula? = nil
  ) {
    self.planted = planted
    self.network = network
    state = first.state
    let key = Key(
      batchSize: first.plan.batchSize, purpose: purpose, weighting: weighting)
    known = [key: first]
    latest = (key, first)
  }

  /// The execution for batches of a size; all of them work on the same state.
  ///
  /// - Parameter carries: whether what layers carry goes on; training always does, a look never.
  func execution(
    batchSize: Int, for purpose: Network.Purpose, weighting: Weighting = .none,
    carries: Bool = false
  ) -> Execution {
    let key = Key(
      batchSize: batchSize, purpose: purpose, weighting: weighting,
      carries: carries && purpose != .training)
    if latest.key == key { return latest.execution }
    let found = known[key]
    let execution =
      found
      ?? made(
        plan(batchSize: batchSize, for: purpose, weighting: weighting, carries: carries),
        for: purpose)
    if found == nil { known[key] = execution }
    latest = (key, execution)
    return execution
  }

  private func made(_ plan: Plan, for purpose: Network.Purpose) -> Execution {
    let packed = runsWhole && purpose == .training ? PackedMemory(worthwhileFor: plan) : nil
    return Execution(plan, state: state, packed: packed)
  }

  /// Any of them: what outlives a step lies at the same place for all.
  var anyExecution: Execution { latest.execution }

  private func plan(
    batchSize: Int, for purpose: Network.Purpose, weighting: Weighting, carries: Bool
  ) -> Plan {
    let plan = network.plan(
      batchSize: batchSize, for: purpose, weighting: weighting, carries: carries)
    return purpose == .training ? planted?.altered(plan) ?? plan : plan
  }

  func has(batchSize: Int, for purpose: Network.Purpose, weighting: Weighting) -> Bool {
    known[Key(batchSize: batchSize, purpose: purpose, weighting: weighting)] != nil
  }

  /// Room for moments of the state, from a step on.
  func checkpoints(from step: Int) -> Checkpoints {
    Checkpoints(stateSize: state.count, stepSize: stepSize, first: step)
  }

  /// How many numbers a batch like the last one takes beside the state.
  var stepSize: Int { latest.execution.plan.arenaSizes.activations }

  // MARK: Batches

  /// Runs over examples in batches of at most a size, nothing learned.
  ///
  /// - Parameters:
  ///   - seed: of what is dropped out in a rehearsal.
  ///   - carries: whether each batch goes on with what layers carried from the one before it.
  func forEachBatch<E: Error>(
    of examples: Examples, batchSize: Int, for purpose: Network.Purpose, seed: UInt64 = 0,
    carries: Bool = false, _ body: (Execution, Range<Int>) throws(E) -> Void
  ) throws(E) {
    let size = max(1, min(batchSize, examples.count))
    for start in stride(from: 0, to: examples.count, by: size) {
      let range = start..<min(start + size, examples.count)
      let run = execution(
        batchSize: range.count, for: purpose,
        weighting: purpose == .evaluation ? examples.weighting : .none, carries: carries)
      run.begin(seed: seed, step: 0, learningRate: 0)
      examples.load(range, into: run)
      run.run()
      try body(run, range)
    }
  }

  /// What the network gives for an array for each of its inputs, which fit: one for each output.
  func predict(
    _ inputs: [Tensor], batchSize: Int, for purpose: Network.Purpose = .prediction,
    carries: Bool = false, progress: (Int) -> Void = { _ in }
  ) -> [Tensor] {
    let examples = Examples(inputs: inputs, targets: [])
    var outputs = network.outputShapes.map { _ in [Float]() }
    var done = 0
    forEachBatch(of: examples, batchSize: batchSize, for: purpose, carries: carries) { run, _ in
      for (i, output) in run.plan.outputs.enumerated() {
        outputs[i] += run.numbers(of: output)
      }
      done += 1
      progress(done)
    }
    return zip(outputs, network.outputShapes).map {
      Tensor(shape: Shape([examples.count] + $1.extents), scalars: $0)
    }
  }

  /// The loss, that of each output where there are several, and the metrics on examples that fit:
  /// means over all of them.
  func evaluate(
    _ examples: Examples, batchSize: Int, carries: Bool = false,
    progress: (Int, [NamedNumber]) -> Void = { _, _ in }
  ) throws(RunFailure) -> [NamedNumber] {
    var results = try RunningResults(network)
    var done = 0
    try forEachBatch(of: examples, batchSize: batchSize, for: .evaluation, carries: carries) {
      run, _ throws(RunFailure) in
      try results.add(run)
      done += 1
      progress(done, results.numbers)
    }
    return results.numbers
  }
}

extension Examples {
  /// Writes rows of every array, one after the other, to where a plan takes them; a plan that only
  /// predicts takes no targets.
  func load(_ rows: Range<Int>, into execution: Execution) {
    forEachValue(of: execution) { execution.write(rows: rows, of: $1, to: $0) }
  }

  /// The same of rows in any order.
  func load(_ rows: ArraySlice<Int>, into execution: Execution) {
    forEachValue(of: execution) { execution.write(rows: rows, of: $1, to: $0) }
  }

  private func forEachValue(of execution: Execution, _ body: (Value, Tensor) -> Void) {
    func go(_ values: [Value], _ sources: [Tensor]) {
      for i in 0..<min(values.count, sources.count) where count > 0 { body(values[i], sources[i]) }
    }
    go(execution.plan.inputs, allInputs)
    go(execution.plan.targets, allTargets)
    go(execution.plan.sampleWeights, weights)
  }
}
