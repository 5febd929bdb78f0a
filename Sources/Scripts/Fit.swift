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
  private var callbacks: [any FitCallback]
  private let firstEpoch: Int
  /// Whether a callback asked for the end.
  package private(set) var stops = false
  private var results: RunningResults
  private var epochs: [[NamedNumber]] = []

  /// - Parameters:
  ///   - callbacks: `EarlyStopping`, `ReduceLROnPlateau`.
  ///   - firstEpoch: how the first epoch counts, from 0.
  /// - Throws: `RunFailure` for a metric or a callback that does not fit.
  package init(
    _ session: Session, callbacks: [Component] = [], firstEpoch: Int = 0
  ) throws(RunFailure) {
    session.runWhole()
    self.session = session
    self.firstEpoch = firstEpoch
    results = try RunningResults(session.network)
    self.callbacks = []
    for callback in callbacks { self.callbacks.append(try Self.callback(callback, nil)) }
  }

  /// With callbacks of the program's own, and a folder for those that write.
  init(
    _ session: Session, watchers: [FitWatcher], _ caller: CallbackCaller?, _ files: FitFiles,
    firstEpoch: Int
  ) throws(RunFailure) {
    session.runWhole()
    self.session = session
    self.firstEpoch = firstEpoch
    results = try RunningResults(session.network)
    callbacks = []
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
      case .batchEnd: soFar.map { NamedNumber($0.name, $0.result.single) }
      case .trainEnd: epochs.last ?? []
      default: []
      }
    return try ask(moment, &numbers)
  }

  private func ask(_ moment: FitMoment, _ numbers: inout [NamedNumber]) throws -> [String] {
    var lines: [String] = []
    // What one callback sets the next one shows.
    var set: Float?
    for i in callbacks.indices where callbacks[i].listens(to: moment) || isShown(i, moment) {
      if isShown(i, moment) {
        let rate = set ?? session.learningRate(at: session.position.step - 1)
        numbers.removeAll { $0.name == "learning_rate" }
        numbers.append(NamedNumber("learning_rate", Double(rate)))
      }
      // The program's code may ask this very fit for the weights meanwhile.
      var callback = callbacks[i]
      let advice = try callback.met(moment, numbers, session)
      callbacks[i] = callback
      if let rate = advice.learningRate {
        session.setLearningRate(rate)
        set = rate
      }
      lines += advice.lines
      stops = stops || advice.stops
    }
    return lines
  }

  private func isShown(_ i: Int, _ moment: FitMoment) -> Bool {
    if case .epochEnd = moment { callbacks[i].showsLearningRate } else { false }
  }

  /// Trains one step.
  package func step() throws(RunFailure) {
    session.trainStep()
    try results.add(session.execution)
  }

  /// The numbers of the epoch so far, before each update: what a progress bar shows.
  package var soFar: [NamedNumber] { Self.listed(results.numbers) }

  /// The numbers of the last step alone.
  package func ofLastStep() throws(RunFailure) -> [NamedNumber] {
    var one = results
    one.reset()
    try one.add(session.execution)
    return Self.listed(one.numbers)
  }

  /// The numbers so far in the order of `evaluate`.
  var inOrder: [NamedNumber] { results.numbers }

  /// Ends an epoch: validates, and asks the callbacks.
  /// - Parameter frequency: after how many epochs each time it validates.
  package func finishEpoch(validatingEvery frequency: Int = 1) throws -> EpochReport {
    let own = results.numbers.map { NamedNumber($0.name, $0.result.single) }
    let epoch = firstEpoch + epochs.count
    var numbers = Self.listed(own + ((epoch + 1) % frequency == 0 ? validated() : []))
    results.reset()
    let lines = try ask(.epochEnd(epoch), &numbers)
    epochs.append(numbers)
    return EpochReport(numbers: numbers, lines: lines, stops: stops)
  }

  private func validated() -> [NamedNumber] {
    (session.judgeValidation()?.numbers ?? [])
      .map { NamedNumber("val_" + $0.name, $0.result.single) }
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
