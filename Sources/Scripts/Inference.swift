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
  }

  /// - Throws: `RunFailure` when a weight is missing or has another shape.
  package init(_ network: Network, weights: [String: Tensor]) throws(RunFailure) {
    self.network = network
    let plan = network.plan(batchSize: 1, for: .prediction)
    state = Arena(count: plan.arenaSizes.state)
    let execution = Execution(plan, state: state)
    executions[Key(batchSize: 1, purpose: .prediction)] = execution
    for ((name, spec), value) in zip(network.weights, plan.parameters) {
      guard let tensor = weights[name], tensor.shape == spec.shape else {
        throw RunFailure(
          "there are no numbers for \(name) of shape \(spec.shape.tuple)",
          remedy: "weights of this model")
      }
      execution.write(tensor.scalars, to: value)
    }
  }

  /// What the network gives for inputs [n, …example]: [n, …output].
  /// - Parameter progress: is told how many batches are done.
  package func predict(
    _ inputs: Tensor, batchSize: Int = 32, progress: (Int) -> Void = { _ in }
  ) -> Tensor {
    let count = inputs.shape.extents.first ?? 0
    let examples = Examples(
      inputs: inputs.reshaped(to: Shape([count] + network.inputShape.extents)),
      targets: Tensor(shape: [count], repeating: 0))
    var outputs: [Float] = []
    outputs.reserveCapacity(count * network.outputShape.count)
    forEachBatch(of: examples, batchSize, .prediction) { batch, execution, _ in
      outputs += execution.numbers(of: execution.plan.output)
      progress(batch + 1)
    }
    return Tensor(shape: Shape([count] + network.outputShape.extents), scalars: outputs)
  }

  /// The loss and the metrics on examples: means over all of them.
  /// - Parameter progress: is told how many batches are done, and the means so far.
  /// - Throws: `RunFailure` when the model is not compiled or the targets do not fit.
  package func evaluate(
    _ examples: Examples, metrics: [Metric], batchSize: Int = 32,
    progress: (Int, [NamedNumber]) -> Void = { _, _ in }
  ) throws(RunFailure) -> [NamedNumber] {
    guard let compilation = network.description.compilation else {
      throw RunFailure(
        "the model is not compiled", remedy: "model.compile(optimizer=\"adam\", loss=…)")
    }
    let fitted = Examples(
      inputs: examples.inputs.reshaped(
        to: Shape([examples.count] + network.inputShape.extents)),
      targets: try Targets.fitted(examples.targets, to: network, loss: compilation.loss))
    let names = ["loss"] + metrics.map(\.name)
    var means = RunningMeans(count: names.count)
    func numbers() -> [NamedNumber] { zip(names, means.means).map { NamedNumber($0, $1) } }
    forEachBatch(of: fitted, batchSize, .evaluation) { batch, execution, count in
      let loss = execution.plan.loss.map { Double(execution.number($0, at: 0)) } ?? .nan
      means.add([loss] + metrics.map { $0.mean(of: execution) }, weight: count)
      progress(batch + 1, numbers())
    }
    return numbers()
  }

  private func forEachBatch(
    of examples: Examples, _ batchSize: Int, _ purpose: Network.Purpose,
    _ body: (Int, Execution, Int) -> Void
  ) {
    let starts = stride(from: 0, to: examples.count, by: min(batchSize, max(examples.count, 1)))
    for (batch, start) in starts.enumerated() {
      let rows = Array(start..<min(start + batchSize, examples.count))
      let execution = execution(batchSize: rows.count, purpose)
      execution.begin(seed: 0, step: 0, learningRate: 0)
      execution.write(examples.inputs.rows(rows).scalars, to: execution.plan.input)
      if let target = execution.plan.target {
        execution.write(examples.targets.rows(rows).scalars, to: target)
      }
      execution.run()
      body(batch, execution, rows.count)
    }
  }

  private func execution(batchSize: Int, _ purpose: Network.Purpose) -> Execution {
    let key = Key(batchSize: batchSize, purpose: purpose)
    if let known = executions[key] { return known }
    let made = Execution(network.plan(batchSize: batchSize, for: purpose), state: state)
    executions[key] = made
    return made
  }
}
