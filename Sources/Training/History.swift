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

  /// All steps, or each `stride`th of them.
  package internal(set) var steps: [Step] = []
  /// 1, but for a long run's history thinned to be looked at.
  package private(set) var stride = 1
  /// The number of steps measured, and the last of them.
  package private(set) var count = 0
  package private(set) var latest: Step?
  /// The first step whose loss was no finite number.
  package private(set) var firstUnsound: Int?
  package internal(set) var epochs: [Epoch] = []

  package init() {}

  mutating func append(_ step: Step) {
    if firstUnsound == nil, !step.loss.isFinite { firstUnsound = count }
    steps.append(step)
    latest = step
    count += 1
  }

  /// What was measured in a step; of a thinned history the nearest kept before it.
  package func step(_ number: Int) -> Step? {
    guard (0..<count).contains(number) else { return nil }
    return number == count - 1 ? latest : steps[number / stride]
  }

  /// The same with at most `limit` steps, evenly picked: what a screen needs of a long run. Each
  /// number in it was measured.
  package func thinned(to limit: Int) -> History {
    guard steps.count > limit else { return self }
    var thin = History()
    while steps.count / thin.stride > limit { thin.stride *= 2 }
    thin.steps = Swift.stride(from: 0, to: steps.count, by: thin.stride).map { steps[$0] }
    thin.epochs = epochs
    (thin.count, thin.latest, thin.firstUnsound) = (count, latest, firstUnsound)
    return thin
  }

  /// What was measured before a step.
  package func prefix(steps count: Int, stepsPerEpoch: Int) -> History {
    guard count < self.count else { return self }
    var history = self
    history.truncate(toStep: max(0, count), stepsPerEpoch: max(1, stepsPerEpoch))
    return history
  }

  /// Forgets what came after a step: a setting was changed there.
  mutating func truncate(toStep step: Int, stepsPerEpoch: Int) {
    if count > step {
      count = step
      let kept = (step + stride - 1) / stride
      steps.removeLast(steps.count - kept)
      latest = steps.last
      if let first = firstUnsound, first >= step { firstUnsound = nil }
    }
    let done = step / stepsPerEpoch
    if epochs.count > done { epochs.removeLast(epochs.count - done) }
  }
}
