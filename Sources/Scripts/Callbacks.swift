import KerasCode
import NeuralNets
import Tensors
import Training

/// What a callback of Keras's wants done at the end of an epoch.
struct CallbackAdvice {
  var stops = false
  var learningRate: Float?
  /// Lines to print, as Keras words them.
  var lines: [String] = []
}

/// Something that watches a fit.
protocol FitCallback {
  /// Whether history gets the learning rate because of it, as in Keras.
  var showsLearningRate: Bool { get }
  func listens(to moment: FitMoment) -> Bool
  /// - Parameter numbers: of the epoch so far, as Keras's `logs`.
  mutating func met(
    _ moment: FitMoment, _ numbers: [NamedNumber], _ session: Session
  ) throws -> CallbackAdvice
  /// - Parameter epoch: from 0.
  mutating func epochEnded(
    _ epoch: Int, _ numbers: [NamedNumber], _ session: Session
  )
    -> CallbackAdvice
  /// Lines to print when all is over.
  var lastLines: [String] { get }
  /// The weights to end with, if not the last ones.
  var chosenWeights: [String: Tensor]? { get }
}

extension FitCallback {
  var showsLearningRate: Bool { false }

  func listens(to moment: FitMoment) -> Bool {
    if case .epochEnd = moment { true } else { false }
  }

  mutating func met(
    _ moment: FitMoment, _ numbers: [NamedNumber], _ session: Session
  ) throws -> CallbackAdvice {
    guard case .epochEnd(let epoch) = moment else { return CallbackAdvice() }
    return epochEnded(epoch, numbers, session)
  }

  mutating func epochEnded(
    _ epoch: Int, _ numbers: [NamedNumber], _ session: Session
  ) -> CallbackAdvice { CallbackAdvice() }

  var lastLines: [String] { [] }
  var chosenWeights: [String: Tensor]? { nil }
}

/// Ends a fit when a number has not become better for some epochs.
struct EarlyStopping: FitCallback {
  private var rule: StoppingRule
  private let isTalkative: Bool
  private var bestWeights: [String: Tensor]?
  private var endEpoch: Int?

  init(_ arguments: Arguments) throws(RunFailure) {
    rule = try StoppingRule(arguments)
    isTalkative = arguments.integer("verbose") > 0
  }

  mutating func epochEnded(
    _ epoch: Int, _ numbers: [NamedNumber], _ session: Session
  ) -> CallbackAdvice {
    guard let value = rule.monitor.value(in: numbers) else {
      return CallbackAdvice(
        lines: [rule.monitor.missing("EarlyStopping", among: numbers.map(\.name))])
    }
    let stops = rule.epochEnded(epoch, value)
    if rule.restoredEpoch == epoch { bestWeights = session.weightsByName }
    if stops { endEpoch = epoch }
    return CallbackAdvice(stops: stops)
  }

  var lastLines: [String] {
    guard isTalkative else { return [] }
    let end = endEpoch.map { ["Epoch \($0 + 1): early stopping"] } ?? []
    guard let best = rule.restoredEpoch else { return end }
    return end + ["Restoring model weights from the end of the best epoch: \(best + 1)."]
  }

  var chosenWeights: [String: Tensor]? { bestWeights }
}

/// Lowers the learning rate when a number has not become better for some epochs.
struct LearningRatePlateau: FitCallback {
  var showsLearningRate: Bool { true }
  private var rule: PlateauRule
  private let isTalkative: Bool

  init(_ arguments: Arguments) throws(RunFailure) {
    rule = try PlateauRule(arguments)
    isTalkative = arguments.integer("verbose") > 0
  }

  mutating func epochEnded(
    _ epoch: Int, _ numbers: [NamedNumber], _ session: Session
  ) -> CallbackAdvice {
    guard let value = rule.monitor.value(in: numbers) else {
      return CallbackAdvice(
        lines: [rule.monitor.missing("ReduceLROnPlateau", among: numbers.map(\.name))])
    }
    let old = session.learningRate(at: session.position.step)
    guard let new = rule.epochEnded(value, rate: old) else { return CallbackAdvice() }
    let line = "\nEpoch \(epoch + 1): ReduceLROnPlateau reducing learning rate to \(new)."
    return CallbackAdvice(learningRate: Float(new), lines: isTalkative ? [line] : [])
  }
}

/// Ends a fit when the loss is no number any more.
struct NaNTerminator: FitCallback {
  let raises: Bool

  func listens(to moment: FitMoment) -> Bool {
    if case .batchEnd = moment { true } else { false }
  }

  func met(
    _ moment: FitMoment, _ numbers: [NamedNumber], _ session: Session
  ) throws -> CallbackAdvice {
    guard let loss = numbers.first(where: { $0.name == "loss" })?.value, !loss.isFinite,
      case .batchEnd(let batch) = moment
    else { return CallbackAdvice() }
    guard !raises else {
      let text =
        "NaN or Inf loss encountered at batch \(batch). Loss value: "
        + "\(PythonFormat.number(loss)). Terminating training immediately."
      throw Complaint("RuntimeError: " + text, as: .raised("RuntimeError", text))
    }
    return CallbackAdvice(
      stops: true, lines: ["Batch \(batch): Invalid loss, terminating training"])
  }
}

/// `History`, which every fit keeps.
struct HistoryKeeper: FitCallback {}

extension Session {
  /// The weights now, under Keras's names.
  package var weightsByName: [String: Tensor] {
    Dictionary(weights.map { ($0.name, $0.tensor) }) { first, _ in first }
  }
}
