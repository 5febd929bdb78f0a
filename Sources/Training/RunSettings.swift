import Datasets
import NeuralNets
import Tensors

/// All that decides a run: the same settings give the same bytes.
package struct RunSettings: Sendable {
  package var model: ModelDescription
  package var data: TrainingData
  package var batchSize: Int
  package var epochs: Int
  package var seed: UInt64
  /// Whether each epoch takes the examples in a new order.
  package var shuffles: Bool
  /// Weights to begin with, by Keras's names; drawn by the initializers when nil.
  package var initialWeights: [String: Tensor]?

  package init(
    model: ModelDescription, data: TrainingData, batchSize: Int = 32, epochs: Int = 10,
    seed: UInt64 = 1, shuffles: Bool = true, initialWeights: [String: Tensor]? = nil
  ) {
    self.model = model
    self.data = data
    self.batchSize = batchSize
    self.epochs = epochs
    self.seed = seed
    self.shuffles = shuffles
    self.initialWeights = initialWeights
  }

  package var stepsPerEpoch: Int {
    max(1, Batches.count(of: data.training.count, by: batchSize))
  }

  package var totalSteps: Int { stepsPerEpoch * epochs }

  /// The order in which an epoch takes the training examples.
  package func order(ofEpoch epoch: Int) -> [Int] {
    shuffles
      ? CounterRandom(seed: seed, name: "shuffle", call: epoch)
        .permutation(count: data.training.count) : Array(0..<data.training.count)
  }
}

/// Why a run cannot begin.
package struct RunFailure: Error, Hashable, Sendable, CustomStringConvertible {
  package let problem: String
  package let remedy: String

  package init(_ problem: String, remedy: String) {
    self.problem = problem
    self.remedy = remedy
  }

  package var description: String { "\(problem); right would be \(remedy)" }
}
