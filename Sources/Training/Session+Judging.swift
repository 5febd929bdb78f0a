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

  /// What the network gives for inputs [n, …example]: its first output, [n, …output].
  package func predict(_ inputs: Tensor) -> Tensor { predict([inputs])[0] }

  /// What the network gives for one array for each of its inputs: one for each output.
  package func predict(_ inputs: [Tensor]) -> [Tensor] {
    let count = inputs[0].shape.extents.first ?? 0
    let shaped = zip(inputs, network.inputShapes).map {
      $0.reshaped(to: Shape([count] + $1.extents))
    }
    var outputs = network.outputShapes.map { _ in [Float]() }
    forEachBatch(of: Examples(inputs: shaped, targets: []), purpose: .prediction) { execution, _ in
      for (i, output) in execution.plan.outputs.enumerated() {
        outputs[i] += execution.numbers(of: output)
      }
    }
    return zip(outputs, network.outputShapes).map {
      Tensor(shape: Shape([count] + $1.extents), scalars: $0)
    }
  }

  /// Runs inference over examples in batches of at most 256.
  func forEachBatch(
    of examples: Examples, purpose: Network.Purpose, _ body: (Execution, Range<Int>) -> Void
  ) {
    for start in stride(from: 0, to: examples.count, by: 256) {
      let range = start..<min(start + 256, examples.count)
      let execution = part.execution(
        batchSize: range.count, purpose: purpose,
        isWeighted: examples.isWeighted && purpose != .prediction)
      execution.begin(seed: settings.seed, step: 0, learningRate: 0)
      load(examples, range, into: execution)
      execution.run()
      body(execution, range)
    }
  }
}
