import Autodiff
import NeuralNets
import Tensors

/// A network with weights that nothing is learned from: it predicts and is judged.
///
/// Not thread-safe.
package final class Inference {
  private let executions: Executions

  package var network: Network { executions.network }

  /// What stateful layers carry now, under the names of `network.carried`.
  package var carried: [String: Tensor] { executions.carried }

  /// The weights that no optimizer changes, once something was called as while training: that moves
  /// moving averages.
  package private(set) var averages: [String: Tensor] = [:]

  /// - Parameter carried: what stateful layers begin with; 0 where nothing is given.
  /// - Throws: `RunFailure` when a weight is missing or has another shape.
  package init(
    _ network: Network, weights: [String: Tensor], carried: [String: Tensor] = [:]
  ) throws(RunFailure) {
    let plan = network.plan(batchSize: 1, for: .prediction)
    let execution = Execution(plan, state: Arena(count: plan.arenaSizes.state))
    executions = Executions(network, execution, for: .prediction)
    for ((name, spec), value) in zip(network.weights, plan.parameters) {
      guard let tensor = weights[name], tensor.shape == spec.shape else {
        throw RunFailure(
          "there are no numbers for \(name) of shape \(spec.shape.tuple)",
          remedy: "weights of this model")
      }
      execution.write(tensor.scalars, to: value)
    }
    executions.carry(carried)
  }

  /// Examples at a time where nothing is said: as many as stateful layers carry something for.
  private var standardSize: Int { network.fixedBatchSize ?? 32 }

  /// What the network gives for an array for each of its inputs: one for each output.
  /// - Parameters:
  ///   - isTraining: whether layers work as while training, on all examples at once; nil where a
  ///     call within a functional model may say so.
  ///   - progress: is told how many batches are done.
  package func predict(
    _ inputs: [Tensor], batchSize: Int? = nil, isTraining: Bool? = false,
    progress: (Int) -> Void = { _ in }
  ) throws(RunFailure) -> [Tensor] {
    let inputs = try Targets.inputs(inputs, of: network)
    let count = inputs.first?.shape[0] ?? 0
    let purpose: Network.Purpose =
      isTraining ?? false
      ? .rehearsal : isTraining == nil && network.graph.callsForTraining ? .call : .prediction
    let size = purpose == .prediction ? batchSize ?? standardSize : count
    try network.checkBatches(of: count, by: size, in: "predict")
    let outputs = executions.predict(
      inputs, batchSize: size, for: purpose, carries: true, progress: progress)
    if purpose.isCalled { averages = untrained }
    return outputs
  }

  private var untrained: [String: Tensor] {
    let execution = executions.anyExecution
    var all: [String: Tensor] = [:]
    for ((name, spec), value) in zip(network.weights, execution.plan.parameters)
    where !spec.isTrainable {
      all[name] = execution.tensor(value)
    }
    return all
  }

  /// The loss and the metrics on examples: means over all of them.
  /// - Parameter progress: is told how many batches are done, and the means so far.
  /// - Throws: `RunFailure` when the model is not compiled or the targets do not fit.
  package func evaluate(
    _ examples: Examples, batchSize: Int? = nil,
    progress: (Int, [NamedNumber]) -> Void = { _, _ in }
  ) throws(RunFailure) -> [NamedNumber] {
    let examples = try Targets.fitted(examples, to: network)
    let size = batchSize ?? standardSize
    try network.checkBatches(of: examples.count, by: size, in: "evaluate")
    return try executions.evaluate(
      examples, batchSize: size, carries: true, progress: progress)
  }
}
