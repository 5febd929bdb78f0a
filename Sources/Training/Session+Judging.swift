import Autodiff
import NeuralNets
import Tensors

/// What weights make of examples, nothing dropped out.
package struct Judgment: Hashable, Sendable {
  package let loss: Float
  /// The share of the rows predicted right, nil where accuracy means nothing.
  package let accuracy: Float?
  /// The loss, that of each output where there are several, and the metrics, under Keras's names.
  package let numbers: [NamedNumber]
}

// What the present weights make of examples.

extension Session {
  /// The loss, the accuracy and the metrics of the present weights on examples.
  package func evaluate(_ examples: Examples) -> Judgment { evaluate(examples, batchSize: 256) }

  private func evaluate(
    _ examples: Examples, batchSize: Int, carries: Bool = false
  ) -> Judgment {
    var results = part.results
    results.reset()
    var (loss, right, rows) = (0.0, 0, 0)
    part.executions.forEachBatch(
      of: examples, batchSize: batchSize, for: .evaluation, carries: carries
    ) { run, range in
      if let value = run.plan.loss {
        loss += Double(run.number(value, at: 0)) * Double(range.count)
      }
      if let accuracy { right += run.countRight(accuracy) }
      rows += run.plan.output.shape.rows
      // A metric fits its output or there would be no run.
      try? results.add(run)
    }
    return Judgment(
      loss: Float(loss / Double(max(examples.count, 1))),
      accuracy: accuracy.map { _ in Float(right) / Float(max(rows, 1)) }, numbers: results.numbers)
  }

  /// What the weights between two steps make of the examples held back, in batches of the run's size
  /// as Keras takes them; nil when none are. It is worked out once.
  package func judgeValidation() -> Judgment? {
    guard let examples = part.validation else { return nil }
    if let judged, judged.step == shownStep { return judged.judgment }
    let (judgment, after) = withCarrying {
      evaluate(examples, batchSize: settings.batchSize, carries: true)
    }
    judged = (shownStep, judgment)
    carriedAfterJudging = after
    return judgment
  }

  /// What the network gives for inputs [n, …example]: its first output, [n, …output].
  package func predict(_ inputs: Tensor) -> Tensor { predict([inputs])[0] }

  /// What the network gives for one array for each of its inputs: one for each output.
  package func predict(_ inputs: [Tensor]) -> [Tensor] {
    let count = inputs[0].shape.extents.first ?? 0
    let shaped = zip(inputs, network.inputShapes).map {
      $0.reshaped(to: Shape([count] + $1.extents))
    }
    return part.executions.predict(shaped, batchSize: 256)
  }

  /// Runs the forward pass over examples in batches of at most 256.
  func forEachBatch(of examples: Examples, _ body: (Execution, Range<Int>) -> Void) {
    part.executions.forEachBatch(
      of: examples, batchSize: 256, for: .prediction, seed: settings.seed, body)
  }
}
