/// The numbers of a run over time: one of each series a step, one of the rest an epoch.
package struct History: Hashable, Sendable {
  /// What was measured in one training step, before its update.
  package struct Step: Hashable, Sendable {
    package let loss: Float
    /// The share of the batch predicted right, nil where accuracy means nothing.
    package let accuracy: Float?
    /// The length of the gradient of all parameters together.
    package let gradientNorm: Float
    package let learningRate: Float
    package let batchSize: Int
  }

  /// What an epoch ended with.
  package struct Epoch: Hashable, Sendable {
    /// The mean of the batch losses, weighted by batch size, as Keras reports it.
    package let loss: Float
    package let accuracy: Float?
    package let validationLoss: Float?
    package let validationAccuracy: Float?
  }

  package internal(set) var steps: [Step] = []
  package internal(set) var epochs: [Epoch] = []

  package init() {}

  /// What was measured before a step.
  package func prefix(steps count: Int, stepsPerEpoch: Int) -> History {
    guard count < steps.count else { return self }
    var history = self
    history.truncate(toStep: max(0, count), stepsPerEpoch: max(1, stepsPerEpoch))
    return history
  }

  /// Forgets what came after a step: a setting was changed there.
  mutating func truncate(toStep step: Int, stepsPerEpoch: Int) {
    if steps.count > step { steps.removeLast(steps.count - step) }
    let done = step / stepsPerEpoch
    if epochs.count > done { epochs.removeLast(epochs.count - done) }
  }
}
