import NeuralNets
import Tensors

/// `ask SETTING over N seeds`: trains with and without a setting from the same seeds, and says what
/// difference it makes as a distribution, not as one lucky run.
///
/// Not thread-safe. It is advanced in slices, so that whoever drives it can show how far it is, and
/// stop.
package final class SeedQuestion {
  /// The number that is compared.
  package enum Measure: String, Hashable, Sendable {
    case validationAccuracy = "val_accuracy"
    case validationLoss = "val_loss"
    case accuracy, loss

    package var isShare: Bool { self == .validationAccuracy || self == .accuracy }
    /// Whether more is better.
    package var risesWithSkill: Bool { isShare }

    func value(_ epoch: History.Epoch) -> Double {
      let number: Float? =
        switch self {
        case .validationAccuracy: epoch.validationAccuracy
        case .validationLoss: epoch.validationLoss
        case .accuracy: epoch.accuracy
        case .loss: epoch.loss
        }
      return number.map(Double.init) ?? .nan
    }
  }

  /// How far it is and what came out so far.
  package struct Standing: Hashable, Sendable {
    package let patch: SettingPatch
    package let seeds: Int
    package let measure: Measure
    /// Without and with the setting, for the seeds that are done.
    package let without: [Double]
    package let with: [Double]
    /// Between 0 and 1.
    package let progress: Double
    package var isDone: Bool { with.count == seeds }

    package var difference: PairedDifference {
      PairedDifference(zip(without, with).map { (without: $0, with: $1) })
    }
  }

  private let patch: SettingPatch
  private let settings: [RunSettings]
  /// The learning rate that was set by hand, for the side that keeps it.
  private let rates: [Float?]
  private let seeds: Int
  private let measure: Measure
  private var results: [[Double]] = [[], []]
  private var session: Session?

  /// - Parameter rate: what the learning rate was set to by hand, if it was: both sides train with it
  ///   but where the question itself sets another rate or optimizer.
  /// - Throws: `RunFailure`, `Network.Failure`: why there can be no such runs.
  package init(
    _ patch: SettingPatch, of settings: RunSettings, rateByHand rate: Float? = nil, seeds: Int
  ) throws {
    guard (2...1000).contains(seeds) else {
      throw RunFailure("\(seeds) seeds", remedy: "from 2 to 1000")
    }
    let plain = settings.asFirst
    let changed = try Self.changed(by: patch, plain, rateByHand: rate)
    for settings in [plain, changed] where settings.totalSteps == 0 {
      throw RunFailure("runs of no steps", remedy: "at least one epoch")
    }
    let probe = try Session(changed)
    self.patch = patch
    self.settings = [plain, changed]
    rates = [rate, ["learning_rate", "lr", "optimizer"].contains(patch.name) ? nil : rate]
    self.seeds = seeds
    let hasAccuracy = probe.accuracy != nil
    let isHeldBack = settings.data.validation.map { $0.count > 0 } ?? false
    measure =
      isHeldBack
      ? (hasAccuracy ? .validationAccuracy : .validationLoss) : (hasAccuracy ? .accuracy : .loss)
  }

  package var isDone: Bool { results[1].count == seeds }

  /// Trains so many steps on, over the ends of runs.
  package func advance(steps count: Int) throws {
    var left = count
    while left > 0, !isDone {
      let session = try session ?? begin()
      while left > 0, !session.isFinished {
        session.trainStep()
        left -= 1
      }
      if session.isFinished { finish(session) }
    }
  }

  /// The setting is asked for at every second run, so that what is known so far are pairs.
  private var side: Int { results[0].count == results[1].count ? 0 : 1 }

  private func begin() throws -> Session {
    var settings = settings[side]
    settings.seed = UInt64(results[side].count + 1)
    settings.initialWeights = nil
    let made = try Session(settings)
    if let rate = rates[side] { made.setLearningRate(rate) }
    made.runWhole()
    session = made
    return made
  }

  private func finish(_ session: Session) {
    results[side].append(session.history.epochs.last.map(measure.value) ?? .nan)
    self.session = nil
  }

  /// The other side. Where the rate was set by hand, that is the one that a question about the rate
  /// has to differ from.
  private static func changed(
    by patch: SettingPatch, _ settings: RunSettings, rateByHand rate: Float?
  ) throws -> RunSettings {
    guard let rate, ["learning_rate", "lr"].contains(patch.name), let wanted = Float(patch.value)
    else { return try patch.applied(to: settings) }
    guard wanted != rate else { throw RunFailure("\(patch) is how it is", remedy: "another value") }
    let own = settings.model.compilation?.optimizer.fixedRate
    return own.map { Float($0) == wanted } == true ? settings : try patch.applied(to: settings)
  }

  package var standing: Standing {
    let done = results[0].count + results[1].count
    let part = session.map { Double($0.done) / Double(max(1, $0.settings.totalSteps)) } ?? 0
    return Standing(
      patch: patch, seeds: seeds, measure: measure, without: results[0], with: results[1],
      progress: isDone ? 1 : (Double(done) + part) / Double(2 * seeds))
  }
}

extension SeedQuestion.Standing {
  /// `dropout = 0.2 helps: val_accuracy +1.8 ± 0.6 points, …`, in sentences.
  package var sentences: [String] {
    let difference = difference
    guard difference.count > 1 else { return ["\(difference.count) pairs of \(seeds) so far"] }
    let scale = measure.isShare ? 100.0 : 1
    let unit = measure.isShare ? " points" : ""
    func text(_ number: Double) -> String { Self.rounded(number * scale) }
    let isBetter = measure.risesWithSkill ? difference.mean > 0 : difference.mean < 0
    let verdict =
      !difference.isClear
      ? "makes no difference that \(difference.count) seeds could show"
      : isBetter ? "helps" : "hurts"
    let better = difference.share { measure.risesWithSkill ? $0 > 0 : $0 < 0 }
    let sign = difference.mean >= 0 ? "+" : ""
    func mean(_ numbers: [Double]) -> String {
      text(numbers.reduce(0, +) / Double(max(1, numbers.count)))
    }
    return [
      "\(patch) \(verdict): \(measure.rawValue) \(sign)\(text(difference.mean)) ± "
        + "\(text(difference.halfWidth))\(unit)",
      "mean \(mean(with))\(measure.isShare ? " %" : "") with it, \(mean(without))"
        + "\(measure.isShare ? " %" : "") without, over \(difference.count) seeds; better in "
        + "\(better) of \(difference.count); ± is the 95 % interval of the mean difference",
    ]
  }

  /// With three digits that count.
  private static func rounded(_ number: Double) -> String {
    guard number.isFinite else { return "\(number)" }
    var digits = 2
    var size = abs(number)
    while size > 0, size < 1, digits < 7 {
      size *= 10
      digits += 1
    }
    var shown = number
    let scale = (0..<digits).reduce(1.0) { power, _ in power * 10 }
    shown = (number * scale).rounded() / scale
    return "\(shown)"
  }
}
