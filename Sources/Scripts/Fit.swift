import KerasCode
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
  /// Whether a callback asked for the end.
  package private(set) var stops = false
  /// Weights that a callback gave the model, which hold if nothing is trained after it.
  private var givenWeights: [String: Tensor]?
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
    means = RunningMeans(count: 1 + metrics.count)
    for callback in callbacks { self.callbacks.append(try Self.callback(callback, nil)) }
  }

  /// With callbacks of the program's own, and a folder for those that write.
  init(
    _ session: Session, watchers: [FitWatcher], _ caller: CallbackCaller?, _ files: FitFiles,
    firstEpoch: Int
  ) throws(RunFailure) {
    self.session = session
    self.firstEpoch = firstEpoch
    metrics = try Metric.compiled(for: session.network)
    callbacks = []
    means = RunningMeans(count: 1 + metrics.count)
    for watcher in watchers {
      switch watcher {
      case .component(let component): callbacks.append(try Self.callback(component, files))
      case .program(let callback):
        if let caller { callbacks.append(ProgramWatcher(callback: callback, caller: caller)) }
      }
    }
  }

  private static func callback(
    _ component: Component, _ files: FitFiles?
  ) throws(RunFailure) -> any FitCallback {
    switch component.kind {
    case "EarlyStopping": return try EarlyStopping(component.arguments)
    case "ReduceLROnPlateau": return try LearningRatePlateau(component.arguments)
    case "TerminateOnNaN":
      return NaNTerminator(raises: component.arguments.boolean("raise_error"))
    case "History": return HistoryKeeper()
    case "ModelCheckpoint", "CSVLogger":
      guard let files else {
        throw RunFailure(
          "the callback \(component.kind) writes only where the program runs",
          remedy: "backstep run FILE.py, or the option --save")
      }
      return component.kind == "CSVLogger"
        ? TableLogger(component.arguments, files) : try Checkpoint(component.arguments, files)
    default:
      throw RunFailure(
        "the callback \(component.kind) is not understood",
        remedy: "EarlyStopping or ReduceLROnPlateau")
    }
  }

  // MARK: Moments

  /// Asks the callbacks at a moment.
  /// - Returns: what they say.
  package func meet(_ moment: FitMoment) throws -> [String] {
    guard callbacks.contains(where: { $0.listens(to: moment) }) else { return [] }
    var numbers: [NamedNumber] =
      switch moment {
      case .batchEnd: soFar.map { NamedNumber($0.name, Double(Float($0.value))) }
      case .trainEnd: epochs.last ?? []
      default: []
      }
    return try ask(moment, &numbers)
  }

  private func ask(_ moment: FitMoment, _ numbers: inout [NamedNumber]) throws -> [String] {
    var lines: [String] = []
    for i in callbacks.indices where callbacks[i].listens(to: moment) || isShown(i, moment) {
      if isShown(i, moment) {
        let rate = session.learningRate(at: session.position.step - 1)
        numbers.removeAll { $0.name == "learning_rate" }
        numbers.append(NamedNumber("learning_rate", Double(rate)))
      }
      // The program's code may ask this very fit for the weights meanwhile.
      var callback = callbacks[i]
      let advice = try callback.met(moment, numbers, session)
      callbacks[i] = callback
      if let rate = advice.learningRate { session.setLearningRate(rate) }
      lines += advice.lines
      stops = stops || advice.stops
    }
    return lines
  }

  private func isShown(_ i: Int, _ moment: FitMoment) -> Bool {
    if case .epochEnd = moment { callbacks[i].showsLearningRate } else { false }
  }

  /// The model's weights now.
  var currentWeights: [String: Tensor] { givenWeights ?? session.weightsByName }

  /// What a callback gives as the model's weights.
  func give(_ weights: [String: Tensor]) { givenWeights = weights }

  private var names: [String] { ["loss"] + metrics.map(\.name) }

  /// Trains one step; the loss and the metrics of its batch, before its update.
  @discardableResult
  package func step() -> [NamedNumber] {
    givenWeights = nil
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
  /// - Parameter isCut: whether it ends before its last batch.
  package func finishEpoch(isCut: Bool = false) throws -> EpochReport {
    var numbers = Self.listed(
      zip(names, means.means).map { NamedNumber($0, Double(Float($1))) } + (try validated(isCut)))
    means = RunningMeans(count: names.count)
    let epoch = firstEpoch + epochs.count
    let lines = try ask(.epochEnd(epoch), &numbers)
    epochs.append(numbers)
    return EpochReport(numbers: numbers, lines: lines, stops: stops)
  }

  private func validated(_ isCut: Bool) throws -> [NamedNumber] {
    if isCut, let examples = session.settings.data.validation {
      return try Inference(session.network, weights: session.weightsByName)
        .evaluate(examples, metrics: metrics)
        .map { NamedNumber("val_" + $0.name, Double(Float($0.value))) }
    }
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

  /// Every epoch's numbers so far.
  package var history: [[NamedNumber]] { epochs }

  /// What callbacks say when all is over.
  package var lastLines: [String] { callbacks.flatMap(\.lastLines) }

  /// The weights the fit ends with: the last ones, or the best if a callback restores them.
  package var weights: [String: Tensor] {
    callbacks.lazy.compactMap(\.chosenWeights).first ?? givenWeights ?? session.weightsByName
  }

  /// Keras lists its numbers by name.
  static func listed(_ numbers: [NamedNumber]) -> [NamedNumber] {
    numbers.sorted { $0.name < $1.name }
  }
}
