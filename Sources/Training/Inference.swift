import Autodiff
import NeuralNets
import Tensors

/// A network with weights that nothing is learned from: it predicts and is judged.
///
/// Not thread-safe.
package final class Inference {
  private let executions: Executions

  package var network: Network { executions.network }

  /// - Throws: `RunFailure` when a weight is missing or has another shape.
  package init(_ network: Network, weights: [String: Tensor]) throws(RunFailure) {
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
  }

  /// What the network gives for an array for each of its inputs: one for each output.
  /// - Parameter progress: is told how many batches are done.
  package func predict(
    _ inputs: [Tensor], batchSize: Int = 32, isTraining: Bool = false,
    progress: (Int) -> Void = { _ in }
  ) throws(RunFailure) -> [Tensor] {
    executions.predict(
      try Targets.inputs(inputs, of: network), batchSize: batchSize,
      for: isTraining ? .rehearsal : .prediction, progress: progress)
  }

  /// The loss and the metrics on examples: means over all of them.
  /// - Parameter progress: is told how many batches are done, and the means so far.
  /// - Throws: `RunFailure` when the model is not compiled or the targets do not fit.
  package func evaluate(
    _ examples: Examples, batchSize: Int = 32,
    progress: (Int, [NamedNumber]) -> Void = { _, _ in }
  ) throws(RunFailure) -> [NamedNumber] {
    try executions.evaluate(
      try Targets.fitted(examples, to: network), batchSize: batchSize, progress: progress)
  }
}
