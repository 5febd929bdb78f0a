import Autodiff
import NeuralNets
import Tensors

/// A number with the name that Keras gives it: `loss`, `val_accuracy`.
package struct NamedNumber: Hashable, Sendable {
  package let name: String
  /// Several numbers where a metric gives one for each class or threshold.
  package let result: MetricResult

  package init(_ name: String, _ value: Double) { self.init(name, .number(value)) }

  package init(_ name: String, _ result: MetricResult) {
    self.name = name
    self.result = result
  }

  /// The number, or the mean of several.
  package var value: Double { result.mean }
}

/// The loss and the metrics of a network over examples that come batch by batch, as Keras reports
/// them: losses are means over examples, whatever the examples weigh; metrics gather.
package struct RunningResults {
  private var metrics: CompiledMetrics
  /// Which output each target belongs to.
  private let targeted: [Int]
  /// What the losses are called when there are several.
  let termNames: [String]
  private let outputCount: Int
  private var lossSum = 0.0
  private var termSums: [Double]
  private var count = 0.0

  /// - Throws: `RunFailure` for a metric that does not fit its output.
  package init(_ network: Network) throws(RunFailure) {
    do { metrics = try CompiledMetrics(network) } catch {
      throw RunFailure(
        "the metric \(error.metric ?? "") \(error.problem)", remedy: error.remedy)
    }
    let outputs = network.description.compilation?.outputs ?? []
    targeted = network.description.compilation?.targeted ?? []
    let judged = outputs.indices.filter { outputs[$0].loss != nil }
    let names = network.graph.outputNames
    termNames = judged.count > 1 ? judged.map { names[$0] + "_loss" } : []
    termSums = termNames.map { _ in 0 }
    outputCount = outputs.count
  }

  /// Adds the batch that an execution has just done.
  package mutating func add(_ execution: Execution) throws(RunFailure) {
    let plan = execution.plan
    let rows = Double(plan.batchSize)
    if let loss = plan.loss { lossSum += Double(execution.number(loss, at: 0)) * rows }
    for (i, term) in plan.lossTerms.enumerated() where termSums.indices.contains(i) {
      termSums[i] += Double(execution.number(term, at: 0)) * rows
    }
    count += rows
    guard !metrics.isEmpty else { return }
    var targets = [Tensor?](repeating: nil, count: outputCount)
    var weights = [Tensor?](repeating: nil, count: outputCount)
    var masks = [Tensor?](repeating: nil, count: outputCount)
    for (i, output) in targeted.enumerated() {
      targets[output] = execution.tensor(plan.targets[i])
      if plan.targetMasks.indices.contains(i) {
        masks[output] = plan.targetMasks[i].map { execution.tensor($0) }
      }
      if metrics.usesWeights, plan.sampleWeights.indices.contains(i) {
        weights[output] = execution.tensor(plan.sampleWeights[i])
      }
    }
    do {
      try metrics.update(
        predictions: plan.outputs.map { execution.tensor($0) }, targets: targets,
        weights: metrics.usesWeights ? weights : [], masks: masks)
    } catch {
      throw RunFailure(
        "the metric \(error.metric ?? "") \(error.problem)", remedy: error.remedy)
    }
  }

  package mutating func reset() {
    metrics.reset()
    (lossSum, count) = (0, 0)
    termSums = termSums.map { _ in 0 }
  }

  /// In the order in which Keras's `evaluate` lists them: the loss, and then the metrics; of several
  /// outputs first the loss of each, then the metrics by name.
  package var numbers: [NamedNumber] {
    let n = max(count, 1)
    let measured = metrics.results.map { NamedNumber($0.name, $0.result) }
    return [NamedNumber("loss", lossSum / n)]
      + zip(termNames, termSums).map { NamedNumber($0, $1 / n) }
      + (termNames.isEmpty ? measured : measured.sorted { $0.name < $1.name })
  }
}
