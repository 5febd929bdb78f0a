/// The numbers of a run over time: one of each series a step, one of the rest an epoch.
package struct History: Hashable, Sendable {
  /// What was measured in one training step, before its update.
  package struct Step: Hashable, Sendable {
    package let loss: Float
    /// The length of the gradient of all parameters together.
    package let gradientNorm: Float
    package let learningRate: Float
    // A run has millions of steps: 24 bytes each. What is not known stands as -1.
    private let knownAccuracy: Float
    private let knownRatio: Float
    private let rows: Int32

    init(
      loss: Float, accuracy: Float?, gradientNorm: Float, learningRate: Float, batchSize: Int,
      updateRatio: Float?
    ) {
      (self.loss, self.gradientNorm, self.learningRate) = (loss, gradientNorm, learningRate)
      (knownAccuracy, knownRatio) = (accuracy ?? -1, updateRatio ?? -1)
      rows = Int32(clamping: batchSize)
    }

    var withoutLoss: Step {
      Step(
        loss: .nan, accuracy: accuracy, gradientNorm: gradientNorm, learningRate: learningRate,
        batchSize: batchSize, updateRatio: updateRatio)
    }

    package var batchSize: Int { Int(rows) }
    /// The share of the batch predicted right, nil where accuracy means nothing.
    package var accuracy: Float? { knownAccuracy < 0 ? nil : knownAccuracy }
    /// How far its update moved the learned weights, as a part of their length before it:
    /// ‖Δw‖ / ‖w‖ over all of them together. Nil where they were all 0, and between the steps at
    /// which a large network is measured.
    ///
    /// About 1e-3 is usual: much less learns slowly, much more jumps about. (A. Karpathy, Stanford
    /// CS231n, "Neural Networks Part 3: Learning and Evaluation", section "Ratio of weights:updates")
    package var updateRatio: Float? { knownRatio < 0 ? nil : knownRatio }
  }

  /// How long the phases of one step took, in seconds. Measured at some steps only, the first time
  /// they are trained.
  package struct Timing: Hashable, Sendable {
    package let step: Int
    package let forward: Float
    package let loss: Float
    package let backward: Float
    package let update: Float

    package init(step: Int, forward: Float, loss: Float, backward: Float, update: Float) {
      self.step = step
      self.forward = forward
      self.loss = loss
      self.backward = backward
      self.update = update
    }

    package var total: Float { forward + loss + backward + update }
  }

  /// What an epoch ended with.
  package struct Epoch: Hashable, Sendable {
    /// The mean of the batch losses, weighted by batch size, as Keras reports it.
    package let loss: Float
    package let accuracy: Float?
    package let validationLoss: Float?
    package let validationAccuracy: Float?
    /// The number of steps done when it ended; nil where it is so many times the steps of one.
    package internal(set) var end: Int? = nil
    /// Under Keras's names: the loss of each output where there are several, and all that was
    /// measured on examples held back.
    package let numbers: [NamedNumber]

    init(
      loss: Float, accuracy: Float?, validationLoss: Float?, validationAccuracy: Float?,
      end: Int? = nil, numbers: [NamedNumber] = []
    ) {
      (self.loss, self.accuracy, self.end) = (loss, accuracy, end)
      self.numbers = numbers
      (self.validationLoss, self.validationAccuracy) = (validationLoss, validationAccuracy)
    }

    var withoutLosses: Epoch {
      Epoch(
        loss: .nan, accuracy: accuracy, validationLoss: validationLoss.map { _ in .nan },
        validationAccuracy: validationAccuracy, end: end)
    }
  }

  /// What the losses of single outputs are called, where there are several: `rating_loss`.
  package internal(set) var termNames: [String] = []
  /// The losses of single outputs in the order of those names, one step after the other.
  private(set) var terms: [Terms] = []
  struct Terms: Hashable, Sendable {
    let step: Int
    let losses: [Float]
  }
  /// All steps, or each `stride`th of them.
  package internal(set) var steps = Steps()
  /// 1, but for a long run's history thinned to be looked at.
  package private(set) var stride = 1
  /// The number of steps measured, and the last of them.
  package private(set) var count = 0
  package private(set) var latest: Step?
  /// The first step whose loss was no finite number.
  package private(set) var firstUnsound: Int?
  /// The value in which a number of that step was first not finite: `dense/output`.
  package private(set) var unsoundValue: String?
  /// All epochs that ended; of a thinned history each `epochStride`th and the last.
  package private(set) var epochs: [Epoch] = []
  private var epochStride = 1
  /// Where it was measured, in order; of a thinned history some of them.
  package private(set) var timings: [Timing] = []
  package private(set) var epochCount = 0
  /// How the loss on unseen examples (else that of the epoch) fell.
  package private(set) var fall = Fall()
  /// When it stopped learning, or began to learn by heart.
  package private(set) var turns = Turns()

  /// When a series of losses first fell below round numbers, and where it was lowest; epochs are
  /// counted from 0.
  package struct Fall: Hashable, Sendable {
    package static let limits: [Float] = [1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001]
    package private(set) var first: Float?
    /// For each limit the first epoch below it.
    package private(set) var below = [Int?](repeating: nil, count: limits.count)
    package private(set) var lowest: Int?
    package private(set) var lowestLoss = Float.infinity

    fileprivate mutating func add(_ epoch: Epoch, at number: Int) {
      let loss = epoch.validationLoss ?? epoch.loss
      if first == nil { first = loss }
      for (i, limit) in Self.limits.enumerated() where below[i] == nil && loss < limit {
        below[i] = number
      }
      if loss < lowestLoss { (lowest, lowestLoss) = (number, loss) }
    }
  }

  package init() {}

  /// - Parameter unsound: the value that was first not finite, where the loss is not.
  mutating func append(_ step: Step, unsound: String? = nil) {
    if firstUnsound == nil, !step.loss.isFinite { (firstUnsound, unsoundValue) = (count, unsound) }
    steps.append(step)
    latest = step
    count += 1
  }

  /// The losses of single outputs in the next step.
  mutating func append(terms losses: [Float], names: [String]) {
    termNames = names
    terms.append(Terms(step: count, losses: losses))
  }

  /// The losses of one of several outputs, one step after the other.
  ///
  /// - Parameter last: the step that they end with; the last one measured by default.
  package func termLosses(_ place: Int, upTo last: Int = .max) -> [Float] {
    terms.filter { $0.step <= last && place < $0.losses.count }.map { $0.losses[place] }
  }

  /// The means of the losses of single outputs over the last steps, weighted by batch size; empty
  /// where there is one output.
  func termMeans(ofLast count: Int) -> [NamedNumber] {
    let batches = steps.suffix(count).map { Float($0.batchSize) }
    let last = terms.suffix(count)
    guard stride == 1, last.count == batches.count, last.last?.step == self.count - 1,
      last.allSatisfy({ $0.losses.count == termNames.count })
    else { return [] }
    let all = batches.reduce(0, +)
    return termNames.indices.map { place in
      let sum = zip(last, batches).reduce(0) { $0 + $1.0.losses[place] * $1.1 }
      return NamedNumber(termNames[place], Double(sum / all))
    }
  }

  /// Takes the losses away but for those of the steps.
  mutating func forgetLosses() {
    latest = latest?.withoutLoss
    epochs = epochs.map(\.withoutLosses)
    terms = terms.map { Terms(step: $0.step, losses: $0.losses.map { _ in .nan }) }
    (fall, turns, firstUnsound, unsoundValue) = (Fall(), Turns(), nil, nil)
  }

  mutating func append(_ timing: Timing) { timings.append(timing) }

  mutating func append(_ epoch: Epoch) {
    fall.add(epoch, at: epochCount)
    turns.add(epoch, at: epochCount)
    epochs.append(epoch)
    epochCount += 1
  }

  /// The number of the epoch at a place of `epochs`, counted from 0.
  package func epochNumber(at place: Int) -> Int { min(place * epochStride, epochCount - 1) }

  /// What an epoch ended with; of a thinned history the nearest kept before it.
  package func epoch(_ number: Int) -> Epoch? {
    guard (0..<epochCount).contains(number) else { return nil }
    return number == epochCount - 1 ? epochs.last : epochs[number / epochStride]
  }

  /// The number of steps done when an epoch, counted from 0, ended. Of a thinned history those between
  /// two that were kept are taken as equally long.
  package func end(ofEpoch number: Int, stepsPerEpoch: Int) -> Int {
    guard !epochs.isEmpty else { return (number + 1) * stepsPerEpoch }
    let place =
      number >= epochCount - 1 ? epochs.count - 1 : min(number / epochStride, epochs.count - 1)
    return end(at: place, stepsPerEpoch: stepsPerEpoch)
      + (number - epochNumber(at: place)) * stepsPerEpoch
  }

  /// The same of the epoch at a place of `epochs`.
  package func end(at place: Int, stepsPerEpoch: Int) -> Int {
    epochs[place].end ?? (epochNumber(at: place) + 1) * stepsPerEpoch
  }

  /// How many epochs had ended when so many steps were done.
  package func epochsEnded(by step: Int, stepsPerEpoch: Int) -> Int {
    var (low, high) = (0, epochs.count)
    while low < high {
      let middle = (low + high) / 2
      if end(at: middle, stepsPerEpoch: stepsPerEpoch) <= step {
        low = middle + 1
      } else {
        high = middle
      }
    }
    let last = low > 0 ? epochNumber(at: low - 1) + 1 : 0
    let since = step - (low > 0 ? end(at: low - 1, stepsPerEpoch: stepsPerEpoch) : 0)
    let next = low < epochs.count ? epochNumber(at: low) : last
    return last + min(max(0, next - last), max(0, since) / max(1, stepsPerEpoch))
  }

  /// The step that stands for one: itself, of a thinned history the nearest kept before it.
  package func kept(_ step: Int) -> Int { step >= count - 1 ? step : step / stride * stride }

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
    (thin.epochs, thin.epochCount, thin.fall) = (epochs, epochCount, fall)
    (thin.turns, thin.unsoundValue) = (turns, unsoundValue)
    thin.termNames = termNames
    if epochs.count > limit / 4 {
      while epochs.count / thin.epochStride > limit / 4 { thin.epochStride *= 2 }
      thin.epochs = Swift.stride(from: 0, to: epochs.count, by: thin.epochStride).map { epochs[$0] }
      if let last = epochs.last, (epochCount - 1) % thin.epochStride != 0 {
        thin.epochs.append(last)
      }
    }
    while steps.count / thin.stride > limit { thin.stride *= 2 }
    thin.steps = Steps(
      Swift.stride(from: 0, to: steps.count, by: thin.stride).lazy.map { steps[$0] })
    thin.terms = terms.filter { $0.step % thin.stride == 0 || $0.step == count - 1 }
    (thin.count, thin.latest, thin.firstUnsound) = (count, latest, firstUnsound)
    thin.timings = thinnedTimings(to: limit / 8)
    return thin
  }

  /// At most `limit` timings: the latest half of them as they are, before them evenly picked ones.
  private func thinnedTimings(to limit: Int) -> [Timing] {
    let limit = max(2, limit)
    guard timings.count > limit else { return timings }
    let late = limit / 2
    let early = timings.count - late
    var every = 1
    while early / every >= late { every *= 2 }
    return Swift.stride(from: 0, to: early, by: every).map { timings[$0] } + timings.suffix(late)
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
      if let first = firstUnsound, first >= step { (firstUnsound, unsoundValue) = (nil, nil) }
      timings.removeLast(timings.reversed().prefix { $0.step >= step }.count)
      terms.removeLast(terms.reversed().prefix { $0.step >= step }.count)
    }
    let ended = (0..<epochs.count)
      .prefix { end(at: $0, stepsPerEpoch: stepsPerEpoch) <= step }.count
    guard ended < epochs.count else { return }
    // Of a thinned history as many more as end before the step, where all are equally long.
    let done = epochsEnded(by: step, stepsPerEpoch: stepsPerEpoch)
    guard epochCount > done else { return }
    let kept = (0..<ended).map {
      (number: epochNumber(at: $0), epoch: epochs[$0])
    }
    epochs = kept.map(\.epoch)
    epochCount = done
    fall = Fall()
    for (number, epoch) in kept { fall.add(epoch, at: number) }
    turns.truncate(to: kept.map(\.epoch), count: done)
  }
}
