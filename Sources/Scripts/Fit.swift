import NeuralNets
import Tensors
import Training

/// A run of epochs as Keras's `fit` does it: measured, and watched by callbacks.
///
/// Not thread-safe. Whoever drives it calls `step` until an epoch is full, then `finishEpoch`.
package final class Fit {
  /// What an epoch ended with.
  package struct EpochReport: Sendable {
    /// By name, as Keras lists them: `accuracy`, `loss`, `val_accuracy`, `val_loss`.
    package let numbers: [NamedNumber]
    /// What callbacks say.
    package let lines: [String]
    /// Whether a callback ends the fit.
    package let stops: Bool
  }

  package let session: Session
  private var callbacks: [any FitCallback]
  private let firstEpoch: Int
  private let showsLearningRate: Bool
  private var results: RunningResults
  private var epochs: [[NamedNumber]] = []

  /// - Parameters:
  ///   - callbacks: `EarlyStopping`, `ReduceLROnPlateau`.
  ///   - firstEpoch: how the first epoch counts, from 0.
  /// - Throws: `RunFailure` for a metric or a callback that does not fit.
  package init(
    _ session: Session, callbacks: [Component] = [], firstEpoch: Int = 0
  ) throws(RunFailure) {
    self.session = session
    self.firstEpoch = firstEpoch
    results = try RunningResults(session.network)
    self.callbacks = []
    for callback in callbacks { self.callbacks.append(try Self.callback(callback)) }
    showsLearningRate = callbacks.contains { $0.kind == "ReduceLROnPlateau" }
  }

  private static func callback(_ component: Component) throws(RunFailure) -> any FitCallback {
    switch component.kind {
    case "EarlyStopping": return try EarlyStopping(component.arguments)
    case "ReduceLROnPlateau": return try LearningRatePlateau(component.arguments)
    default:
      throw RunFailure(
        "the callback \(component.kind) is not understood",
        remedy: "EarlyStopping or ReduceLROnPlateau")
    }
  }

  /// Trains one step.
  package func step() throws(RunFailure) {
    session.trainStep()
    try results.add(session.execution)
  }

  /// The numbers of the epoch so far, before each update: what a progress bar shows.
  package var soFar: [NamedNumber] { Self.listed(results.numbers) }

  /// The numbers so far in the order of `evaluate`.
  var inOrder: [NamedNumber] { results.numbers }

  /// Ends an epoch: validates, and asks the callbacks.
  package func finishEpoch() throws -> EpochReport {
    var numbers =
      soFar.map { NamedNumber($0.name, Double(Float($0.value))) } + Self.listed(try validated())
    results.reset()
    let epoch = firstEpoch + epochs.count
    if showsLearningRate {
      let rate = session.learningRate(at: session.position.step - 1)
      numbers.append(NamedNumber("learning_rate", Double(rate)))
    }
    var lines: [String] = []
    var stops = false
    for i in callbacks.indices {
      let advice = callbacks[i].epochEnded(epoch, numbers, session)
      if let rate = advice.learningRate { session.setLearningRate(rate) }
      lines += advice.lines
      stops = stops || advice.stops
    }
    epochs.append(numbers)
    return EpochReport(numbers: numbers, lines: lines, stops: stops)
  }

  private func validated() throws -> [NamedNumber] {
    guard let examples = session.settings.data.validation, examples.count > 0 else { return [] }
    let judge = try Inference(session.network, weights: session.weightsByName)
    return try judge.evaluate(examples, batchSize: session.settings.batchSize)
      .map { NamedNumber("val_" + $0.name, Double(Float($0.value))) }
  }

  /// Every epoch's numbers so far.
  package var history: [[NamedNumber]] { epochs }

  /// What callbacks say when all is over.
  package var lastLines: [String] { callbacks.flatMap(\.lastLines) }

  /// The weights the fit ends with: the last ones, or the best if a callback restores them.
  package var weights: [String: Tensor] {
    callbacks.lazy.compactMap(\.chosenWeights).first ?? session.weightsByName
  }

  /// Keras lists its numbers by name.
  static func listed(_ numbers: [NamedNumber]) -> [NamedNumber] {
    numbers.sorted { $0.name < $1.name }
  }
}
