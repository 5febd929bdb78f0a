import NeuralNets

// What Keras's callbacks decide at the end of an epoch, without what they do about it.

/// When `EarlyStopping` ends a fit, and which epoch's weights it would go back to.
package struct StoppingRule: Sendable {
  package let monitor: Monitor
  package let patience: Int
  package let restoresBest: Bool
  private let baseline: Double?
  private let firstEpoch: Int
  /// The best value so far, which may lie before `restoredEpoch` only where none was better.
  package private(set) var best: Double?
  /// The epoch, from 0, whose weights a fit ends with; nil where it ends with the last ones.
  package private(set) var restoredEpoch: Int?
  /// The epoch of the best value.
  package private(set) var bestEpoch = 0
  private var waited = 0

  package init(_ arguments: Arguments) throws(RunFailure) {
    monitor = try Monitor(arguments)
    patience = arguments.integer("patience")
    restoresBest = arguments.boolean("restore_best_weights")
    firstEpoch = arguments.integer("start_from_epoch")
    if case .number(let x) = arguments["baseline"] { baseline = x } else { baseline = nil }
  }

  /// - Parameter epoch: from 0.
  /// - Returns: whether it ends the fit.
  package mutating func epochEnded(_ epoch: Int, _ value: Double) -> Bool {
    guard epoch >= firstEpoch else { return false }
    if restoresBest, restoredEpoch == nil { restoredEpoch = epoch }
    waited += 1
    if monitor.isBetter(value, than: best) {
      best = value
      bestEpoch = epoch
      if restoresBest { restoredEpoch = epoch }
      if monitor.isBetter(value, than: baseline) { waited = 0 }
      return false
    }
    return waited >= patience && epoch > 0
  }
}

/// To what `ReduceLROnPlateau` lowers the learning rate, and when.
package struct PlateauRule: Sendable {
  package let monitor: Monitor
  private let factor: Double
  private let patience: Int
  private let cooldown: Int
  private let lowest: Double
  private var best: Double?
  private var waited = 0
  private var cooling = 0

  package init(_ arguments: Arguments) throws(RunFailure) {
    monitor = try Monitor(arguments)
    factor = arguments.number("factor")
    patience = arguments.integer("patience")
    cooldown = arguments.integer("cooldown")
    lowest = arguments.number("min_lr")
    guard factor < 1 else {
      throw RunFailure("ReduceLROnPlateau with factor \(factor)", remedy: "a factor below 1")
    }
  }

  /// - Parameter rate: the learning rate of the next step.
  /// - Returns: another one, when it is time for that.
  package mutating func epochEnded(_ value: Double, rate: Float) -> Double? {
    if cooling > 0 {
      cooling -= 1
      waited = 0
    }
    if monitor.isBetter(value, than: best) {
      best = value
      waited = 0
      return nil
    }
    guard cooling == 0 else { return nil }
    waited += 1
    guard waited >= patience, rate > Float(lowest) else { return nil }
    cooling = cooldown
    waited = 0
    return max(Double(rate) * factor, lowest)
  }
}
