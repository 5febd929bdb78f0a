import TerminalGraphics
import Training

/// What happened in a run, the last first: each line holds by the numbers it names.
enum Happenings {
  struct Event: Hashable {
    let step: Int
    /// In few words, for a narrow list.
    let text: String
    /// The numbers that it holds by, where the words have not all of them.
    var detail = ""
    var isBad = false
  }

  static func lines(_ lab: LabSnapshot, marks: [CurveState.Mark] = []) -> [Event] {
    guard let settings = lab.settings else { return [] }
    var events = [Event(step: 0, text: "started, seed \(settings.seed)")]
    events += learningRates(lab) + changes(lab) + thresholds(lab) + turns(lab)
    if let sick = unsound(lab) { events.append(sick) }
    events += marks.map { Event(step: $0.step, text: "mark \($0.number)") }
    events += deeds(lab)
    if lab.history.count >= settings.totalSteps, settings.totalSteps > 0 {
      events.append(Event(step: settings.totalSteps, text: finished(lab)))
    }
    return events.enumerated().sorted {
      ($0.element.step, $0.offset) > ($1.element.step, $1.offset)
    }.map(\.element)
  }

  private static func learningRates(_ lab: LabSnapshot) -> [Event] {
    let rates = lab.learningRates
    return zip(rates, rates.dropFirst()).filter { $1.step < lab.history.count }.map { before, now in
      Event(
        step: now.step,
        text: "rate \(change(before.rate, now.rate))",
        detail: lab.deeds.first { $0.step == now.step && $0.kind == .rate(now.rate) }
          .map { "by \($0.brief)" } ?? "the learning rate was changed")
    }
  }

  /// Where a callback ended the run, and what it brought back; rates have lines of their own.
  private static func deeds(_ lab: LabSnapshot) -> [Event] {
    lab.deeds.compactMap { deed in
      switch deed.kind {
      case .stopped:
        Event(
          step: deed.step, text: "stopped by \(deed.brief)",
          detail: deed.words.split(separator: ": ", maxSplits: 1).last.map(String.init) ?? "")
      case .restored: Event(step: deed.step, text: deed.brief, detail: "the best ones, restored")
      case .rate: nil
      }
    }
  }

  /// Which loss is judged by: that of unseen examples where there are any.
  private static func judged(_ lab: LabSnapshot) -> String {
    lab.history.epochs.last?.validationLoss == nil ? "epoch loss" : "val_loss"
  }

  /// When val_loss (else the loss of an epoch) was first below round numbers it began above, and
  /// where it was lowest so far.
  private static func thresholds(_ lab: LabSnapshot) -> [Event] {
    let (fall, name) = (lab.history.fall, judged(lab))
    guard let first = fall.first else { return [] }
    var events: [Event] = []
    for (limit, epoch) in zip(History.Fall.limits, fall.below) where first >= limit {
      if let epoch {
        events.append(
          Event(
            step: lab.end(ofEpoch: epoch),
            text: "\(name) below \(Axis.label(Double(limit).rounded(toPlaces: 3)))"))
      }
    }
    if let least = fall.lowest, lab.history.epochCount > 1 {
      let value = NumberFormat.compact(fall.lowestLoss, digits: 3)
      events.append(
        Event(
          step: lab.end(ofEpoch: least), text: "lowest \(name) \(value)",
          detail: "of \(NumberFormat.integer(lab.history.epochCount)) epochs"))
    }
    return events
  }

  /// Standing still, and learning by heart (see `History.Turns`), with the numbers that say so.
  private static func turns(_ lab: LabSnapshot) -> [Event] {
    let span = History.Turns.span
    return lab.history.turns.all.map { turn in
      let loss = change(turn.before.loss, turn.after.loss)
      let isByHeart = turn.kind == .overfitting
      let now = isByHeart ? turn.after.validationLoss ?? turn.after.loss : turn.after.loss
      let shown = NumberFormat.compact(now, digits: 3)
      return Event(
        step: lab.end(ofEpoch: turn.epoch),
        text: isByHeart ? "overfits, val_loss \(shown)" : "plateau, loss \(shown)",
        detail: isByHeart
          ? "up from \(NumberFormat.compact(turn.before.validationLoss ?? 0, digits: 3)); loss \(loss)"
          : "epoch loss \(loss) in \(span) epochs", isBad: isByHeart)
    }
  }

  private static func change(_ before: Float?, _ after: Float?) -> String {
    let words = [before, after].map { value in
      value.map { NumberFormat.compact($0, digits: 3) } ?? "—"
    }
    return words.joined(separator: " → ")
  }

  private static func unsound(_ lab: LabSnapshot) -> Event? {
    guard let step = lab.history.firstUnsound else { return nil }
    let loss = lab.history.stride == 1 ? lab.history.step(step)?.loss : nil
    let value = loss.map { NumberFormat.special(Double($0)) } ?? "no number"
    let place = lab.history.unsoundValue
    return Event(
      step: step, text: "the loss is \(value)", detail: place.map { "first in \($0)" } ?? "",
      isBad: true)
  }

  private static func finished(_ lab: LabSnapshot) -> String {
    guard let last = lab.history.epochs.last else { return "finished" }
    let loss = last.validationLoss ?? last.loss
    return "finished, \(judged(lab)) \(NumberFormat.compact(loss, digits: 3))"
  }
}

extension Double {
  /// The number with so many decimals: 0.3 of the Float 0.3.
  fileprivate func rounded(toPlaces places: Int) -> Double {
    let factor = (0..<places).reduce(1.0) { product, _ in product * 10 }
    return (self * factor).rounded() / factor
  }
}
