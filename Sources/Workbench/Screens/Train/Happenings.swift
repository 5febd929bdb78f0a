import TerminalGraphics
import Training

/// What happened in a run, the last first: each line holds by the numbers it names.
enum Happenings {
  struct Event: Hashable {
    let step: Int
    let text: String
    var isBad = false
  }

  static func lines(_ lab: LabSnapshot) -> [Event] {
    guard let settings = lab.settings else { return [] }
    var events = [Event(step: 0, text: "started, seed \(settings.seed)")]
    events += learningRates(lab) + changes(lab) + thresholds(lab, settings.stepsPerEpoch)
    if let sick = lab.history.firstUnsound {
      events.append(Event(step: sick, text: "the loss is no number", isBad: true))
    }
    if lab.history.count >= settings.totalSteps, settings.totalSteps > 0 {
      events.append(Event(step: settings.totalSteps, text: "finished"))
    }
    return events.enumerated().sorted {
      ($0.element.step, $0.offset) > ($1.element.step, $1.offset)
    }.map(\.element)
  }

  private static func learningRates(_ lab: LabSnapshot) -> [Event] {
    lab.learningRates.dropFirst().filter { $0.step < lab.history.count }.map { change in
      Event(
        step: change.step,
        text: "learning rate \(NumberFormat.compact(change.rate, digits: 3))")
    }
  }

  /// When val_loss (else the loss of an epoch) was first below round numbers it began above.
  private static func thresholds(_ lab: LabSnapshot, _ perEpoch: Int) -> [Event] {
    let (fall, last) = (lab.history.fall, lab.history.epochs.last)
    let name = last?.validationLoss == nil ? "loss of the epoch" : "val_loss"
    guard let first = fall.first, let now = last.map({ $0.validationLoss ?? $0.loss }) else {
      return []
    }
    var events: [Event] = []
    for (limit, epoch) in zip(History.Fall.limits, fall.below) where first >= limit {
      if let epoch {
        events.append(
          Event(
            step: (epoch + 1) * perEpoch,
            text: "\(name) below \(Axis.label(Double(limit).rounded(toPlaces: 3)))"))
      }
    }
    if let least = fall.lowest, lab.history.epochCount >= 4, least < lab.history.epochCount - 1,
      now > 1.2 * fall.lowestLoss
    {
      events.append(Event(step: (least + 1) * perEpoch, text: "\(name) was the lowest here"))
    }
    return events
  }
}

extension Double {
  /// The number with so many decimals: 0.3 of the Float 0.3.
  fileprivate func rounded(toPlaces places: Int) -> Double {
    let factor = (0..<places).reduce(1.0) { product, _ in product * 10 }
    return (self * factor).rounded() / factor
  }
}
