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
  /// Where its epochs are counted from.
  package internal(set) var origin = Origin()
  /// What was changed by hand in the examples; `data` has it done.
  package var edits: [DataEdit] = []
  /// Weights to begin with, by Keras's names; drawn by the initializers when nil.
  package var initialWeights: [String: Tensor]?
  /// The callbacks that its program gives to `fit`.
  package var callbacks = RunCallbacks()
  /// The program that `load` took all of it from.
  package var program: Program?
  /// A fault that was planted in it, to be found.
  var sabotage: Sabotage?
  /// Weights of which all numbers are another one where these settings are taken up.
  package var fills: [Fill] = []

  /// A program as it was read.
  package struct Program: Hashable, Sendable {
    package let name: String
    package let text: String

    package init(name: String, text: String) { (self.name, self.text) = (name, text) }
  }

  package struct Fill: Codable, Hashable, Sendable {
    package let name: String
    package let number: Float
  }

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

  /// The step at which it ends.
  package var totalSteps: Int { origin.step + stepsPerEpoch * max(0, epochs - origin.epoch) }

  /// The step and the epoch that settings begin with which were taken up in the middle of a run.
  package struct Origin: Hashable, Sendable {
    package internal(set) var step = 0
    package internal(set) var epoch = 0

    package init() {}

    init(step: Int, epoch: Int) { (self.step, self.epoch) = (step, epoch) }
  }

  /// The epoch, counted from 0, that a step belongs to.
  package func epoch(ofStep step: Int) -> Int {
    origin.epoch + max(0, step - origin.step) / stepsPerEpoch
  }

  /// The same as those of a run of their own.
  package var asFirst: RunSettings {
    var settings = self
    settings.origin = Origin()
    return settings
  }

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
