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
  private let metrics: [Metric]
  private var callbacks: [any FitCallback]
  private let firstEpoch: Int
  private let showsLearningRate: Bool
  private var means: RunningMeans
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
    metrics = try Metric.compiled(for: session.network)
    self.callbacks = []
    for callback in callbacks { self.callbacks.append(try Self.callback(callback)) }
    showsLearningRate = callbacks.contains { $0.kind == "ReduceLROnPlateau" }
    means = RunningMeans(count: 1 + metrics.count)
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

  private var names: [String] { ["loss"] + metrics.map(\.name) }

  /// Trains one step; the loss and the metrics of its batch, before its update.
  @discardableResult
  package func step() -> [NamedNumber] {
    session.trainStep()
    let loss = session.history.steps.last.map { Double($0.loss) } ?? .nan
    let values = [loss] + metrics.map { $0.mean(of: session.execution) }
    means.add(values, weight: session.batchRows.count)
    return Self.listed(zip(names, values).map { NamedNumber($0, $1) })
  }

  /// The means of the epoch so far: what a progress bar shows.
  package var soFar: [NamedNumber] {
    Self.listed(zip(names, means.means).map { NamedNumber($0, $1) })
  }

  /// Ends an epoch: validates, and asks the callbacks.
  package func finishEpoch() throws -> EpochReport {
    var numbers = Self.listed(
      zip(names, means.means).map { NamedNumber($0, Double(Float($1))) } + (try validated()))
    means = RunningMeans(count: names.count)
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
    guard let epoch = session.history.epochs.last, let loss = epoch.validationLoss,
      let examples = session.settings.data.validation
    else { return [] }
    let known = NamedNumber("val_loss", Double(loss))
    if let accuracy = epoch.validationAccuracy, metrics.map(\.name) == ["accuracy"] {
      return [known, NamedNumber("val_accuracy", Double(accuracy))]
    }
    guard !metrics.isEmpty else { return [known] }
    let judge = try Inference(session.network, weights: session.weightsByName)
    return [known]
      + (try judge.evaluate(examples, metrics: metrics)).dropFirst()
      .map { NamedNumber("val_" + $0.name, Double(Float($0.value))) }
  }

  /// Ends the fit, also one that stopped early: with `use_ema` the weights become their averages.
  package func finish() { session.useAverages() }

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
