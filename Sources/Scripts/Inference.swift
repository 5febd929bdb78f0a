import Autodiff
import NeuralNets
import Tensors
import Training

/// A network with weights that nothing is learned from: it predicts and is judged.
///
/// Not thread-safe.
package final class Inference {
  package let network: Network
  private let state: Arena
  private var executions: [Key: Execution] = [:]

  private struct Key: Hashable {
    let batchSize: Int
    let purpose: Network.Purpose
    let isWeighted: Bool
  }

  /// - Throws: `RunFailure` when a weight is missing or has another shape.
  package init(_ network: Network, weights: [String: Tensor]) throws(RunFailure) {
    self.network = network
    let plan = network.plan(batchSize: 1, for: .prediction)
    state = Arena(count: plan.arenaSizes.state)
    let execution = Execution(plan, state: state)
    executions[Key(batchSize: 1, purpose: .prediction, isWeighted: false)] = execution
    for ((name, spec), value) in zip(network.weights, plan.parameters) {
      guard let tensor = weights[name], tensor.shape == spec.shape else {
        throw RunFailure(
          "there are no numbers for \(name) of shape \(spec.shape.tuple)",
          remedy: "weights of this model")
      }
      execution.write(tensor.scalars, to: value)
    }
  }

  /// What the network gives for an array for each of its inputs: one for each output.
  /// - Parameter progress: is told how many batches are done.
  package func predict(
    _ inputs: [Tensor], batchSize: Int = 32, isTraining: Bool = false,
    progress: (Int) -> Void = { _ in }
  ) throws(RunFailure) -> [Tensor] {
    let examples = Examples(inputs: try Targets.inputs(inputs, of: network), targets: [])
    var outputs = network.outputShapes.map { _ in [Float]() }
    try forEachBatch(of: examples, batchSize, isTraining ? .rehearsal : .prediction) {
      batch, execution in
      for (i, output) in execution.plan.outputs.enumerated() {
        outputs[i] += execution.numbers(of: output)
      }
      progress(batch + 1)
    }
    return zip(outputs, network.outputShapes).map {
      Tensor(shape: Shape([examples.count] + $1.extents), scalars: $0)
    }
  }

  /// The loss and the metrics on examples: means over all of them.
  /// - Parameter progress: is told how many batches are done, and the means so far.
  /// - Throws: `RunFailure` when the model is not compiled or the targets do not fit.
  package func evaluate(
    _ examples: Examples, batchSize: Int = 32,
    progress: (Int, [NamedNumber]) -> Void = { _, _ in }
  ) throws(RunFailure) -> [NamedNumber] {
    let fitted = try Targets.fitted(examples, to: network)
    var results = try RunningResults(network)
    try forEachBatch(of: fitted, batchSize, .evaluation) { batch, execution throws(RunFailure) in
      try results.add(execution)
      progress(batch + 1, results.numbers)
    }
    return results.numbers
  }

  private func forEachBatch(
    of examples: Examples, _ batchSize: Int, _ purpose: Network.Purpose,
    _ body: (Int, Execution) throws(RunFailure) -> Void
  ) throws(RunFailure) {
    let starts = stride(from: 0, to: examples.count, by: min(batchSize, max(examples.count, 1)))
    for (batch, start) in starts.enumerated() {
      let rows = Array(start..<min(start + batchSize, examples.count))
      let part = examples.rows(rows)
      let execution = execution(
        batchSize: rows.count, purpose, isWeighted: part.isWeighted && purpose == .evaluation)
      execution.begin(seed: 0, step: 0, learningRate: 0)
      let plan = execution.plan
      let values = plan.inputs + plan.targets + plan.sampleWeights
      let given =
        part.allInputs + (plan.targets.isEmpty ? [] : part.allTargets) + part.weights
      for (value, tensor) in zip(values, given) { execution.write(tensor.scalars, to: value) }
      execution.run()
      try body(batch, execution)
    }
  }

  private func execution(
    batchSize: Int, _ purpose: Network.Purpose, isWeighted: Bool
  ) -> Execution {
    let key = Key(batchSize: batchSize, purpose: purpose, isWeighted: isWeighted)
    if let known = executions[key] { return known }
    let plan = network.plan(batchSize: batchSize, for: purpose, isWeighted: isWeighted)
    let made = Execution(plan, state: state)
    executions[key] = made
    return made
  }
}
