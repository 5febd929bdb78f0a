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

/// The number that a callback watches, and which of two is better.
struct Monitor {
  /// Parts of the names of numbers of which more is better.
  private static let rising = [
    "acc", "auc", "precision", "recall", "f1", "fbeta", "r2", "iou", "similarity",
  ]

  let name: String
  let isRising: Bool
  let margin: Double

  init(_ arguments: Arguments) throws(RunFailure) {
    name = arguments.text("monitor")
    margin = arguments["min_delta"] == .none ? 0 : abs(arguments.number("min_delta"))
    switch arguments.text("mode") {
    case "min": isRising = false
    case "max": isRising = true
    case "auto":
      let watched = name.lowercased()
      isRising = Self.rising.contains { watched.contains($0) }
    default:
      throw RunFailure("mode \"\(arguments.text("mode"))\"", remedy: "\"auto\", \"min\" or \"max\"")
    }
  }

  func value(in numbers: [NamedNumber]) -> Double? { numbers.first { $0.name == name }?.value }

  func isBetter(_ value: Double, than best: Double?) -> Bool {
    guard let best else { return true }
    return isRising ? value > best + margin : value < best - margin
  }

  func missing(_ callback: String, among numbers: [NamedNumber]) -> String {
    "\(callback) watches \(name), which is not there; there is "
      + numbers.map(\.name).joined(separator: ", ")
  }
}

/// Ends a fit when a number has not become better for some epochs.
struct EarlyStopping: FitCallback {
  private let monitor: Monitor
  private let patience: Int
  private let isTalkative: Bool
  private let baseline: Double?
  private let restoresBest: Bool
  private let firstEpoch: Int
  private var best: Double?
  private var bestWeights: [String: Tensor]?
  private var bestEpoch = 0
  private var waited = 0
  private var endEpoch: Int?

  init(_ arguments: Arguments) throws(RunFailure) {
    monitor = try Monitor(arguments)
    patience = arguments.integer("patience")
    isTalkative = arguments.integer("verbose") > 0
    if case .number(let x) = arguments["baseline"] { baseline = x } else { baseline = nil }
    restoresBest = arguments.boolean("restore_best_weights")
    firstEpoch = arguments.integer("start_from_epoch")
  }

  mutating func epochEnded(
    _ epoch: Int, _ numbers: [NamedNumber], _ session: Session
  ) -> CallbackAdvice {
    guard let value = monitor.value(in: numbers) else {
      return CallbackAdvice(lines: [monitor.missing("EarlyStopping", among: numbers)])
    }
    guard epoch >= firstEpoch else { return CallbackAdvice() }
    if restoresBest && bestWeights == nil { keep(session, epoch) }
    waited += 1
    if monitor.isBetter(value, than: best) {
      best = value
      if restoresBest { keep(session, epoch) }
      if monitor.isBetter(value, than: baseline) { waited = 0 }
      return CallbackAdvice()
    }
    guard waited >= patience, epoch > 0 else { return CallbackAdvice() }
    endEpoch = epoch
    return CallbackAdvice(stops: true)
  }

  private mutating func keep(_ session: Session, _ epoch: Int) {
    bestWeights = session.weightsByName
    bestEpoch = epoch
  }

  var lastLines: [String] {
    guard isTalkative else { return [] }
    let end = endEpoch.map { ["Epoch \($0 + 1): early stopping"] } ?? []
    return bestWeights == nil
      ? end
      : end + ["Restoring model weights from the end of the best epoch: \(bestEpoch + 1)."]
  }

  var chosenWeights: [String: Tensor]? { bestWeights }
}

/// Lowers the learning rate when a number has not become better for some epochs.
struct LearningRatePlateau: FitCallback {
  var showsLearningRate: Bool { true }
  private let monitor: Monitor
  private let factor: Double
  private let patience: Int
  private let cooldown: Int
  private let lowest: Double
  private let isTalkative: Bool
  private var best: Double?
  private var waited = 0
  private var cooling = 0

  init(_ arguments: Arguments) throws(RunFailure) {
    monitor = try Monitor(arguments)
    factor = arguments.number("factor")
    patience = arguments.integer("patience")
    cooldown = arguments.integer("cooldown")
    lowest = arguments.number("min_lr")
    isTalkative = arguments.integer("verbose") > 0
    guard factor < 1 else {
      throw RunFailure("ReduceLROnPlateau with factor \(factor)", remedy: "a factor below 1")
    }
  }

  mutating func epochEnded(
    _ epoch: Int, _ numbers: [NamedNumber], _ session: Session
  ) -> CallbackAdvice {
    guard let value = monitor.value(in: numbers) else {
      return CallbackAdvice(lines: [monitor.missing("ReduceLROnPlateau", among: numbers)])
    }
    if cooling > 0 {
      cooling -= 1
      waited = 0
    }
    if monitor.isBetter(value, than: best) {
      best = value
      waited = 0
      return CallbackAdvice()
    }
    guard cooling == 0 else { return CallbackAdvice() }
    waited += 1
    let old = session.learningRate(at: session.position.step)
    guard waited >= patience, old > Float(lowest) else { return CallbackAdvice() }
    let new = max(Double(old) * factor, lowest)
    cooling = cooldown
    waited = 0
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
