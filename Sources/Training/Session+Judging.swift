import Autodiff
import NeuralNets
import Tensors

// What the present weights make of examples.

extension Session {
  /// The loss and accuracy of the present weights on examples, nothing dropped out.
  package func evaluate(_ examples: Examples) -> (loss: Float, accuracy: Float?) {
    var loss: Double = 0
    var right = 0
    var rows = 0
    forEachBatch(of: examples, purpose: .evaluation) { execution, range in
      if let value = execution.plan.loss {
        loss += Double(execution.number(value, at: 0)) * Double(range.count)
      }
      if let accuracy { right += execution.countRight(accuracy) }
      rows += execution.plan.output.shape.rows
    }
    return (
      Float(loss / Double(max(examples.count, 1))),
      accuracy.map { _ in Float(right) / Float(max(rows, 1)) }
    )
  }

  /// What the network gives for inputs [n, …example]: [n, …output].
  package func predict(_ inputs: Tensor) -> Tensor {
    var outputs: [Float] = []
    let count = inputs.shape.extents.first ?? 0
    let shaped = inputs.reshaped(to: Shape([count] + network.inputShape.extents))
    let examples = Examples(inputs: shaped, targets: Tensor(shape: [count], repeating: 0))
    forEachBatch(of: examples, purpose: .prediction) { execution, _ in
      outputs += execution.numbers(of: execution.plan.output)
    }
    return Tensor(shape: Shape([count] + network.outputShape.extents), scalars: outputs)
  }

  /// Runs inference over examples in batches of at most 256.
  func forEachBatch(
    of examples: Examples, purpose: Network.Purpose, _ body: (Execution, Range<Int>) -> Void
  ) {
    for start in stride(from: 0, to: examples.count, by: 256) {
      let range = start..<min(start + 256, examples.count)
      let execution = execution(batchSize: range.count, purpose: purpose)
      execution.begin(seed: settings.seed, step: 0, learningRate: 0)
      load(examples, Array(range), into: execution)
      execution.run()
      body(execution, range)
    }
  }
}
