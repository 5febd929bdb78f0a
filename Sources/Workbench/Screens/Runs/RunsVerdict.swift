import TerminalGraphics

/// Which of the compared runs is ahead by the metric one watches, and by how much. That one run of each
/// makes it better in general is not said: another seed may say otherwise.
struct RunsVerdict {
  /// In as many words as there may be room for, the longest first.
  let words: [StyledText]

  /// What runs can be judged by.
  private enum Metric {
    case loss, validationLoss, validationAccuracy

    var name: String {
      switch self {
      case .loss: "loss"
      case .validationLoss: "val_loss"
      case .validationAccuracy: "val accuracy"
      }
    }

    /// Whether more of it is better.
    var rises: Bool { self == .validationAccuracy }

    var comparative: String { rises ? "higher" : "lower" }
    var superlative: String { rises ? "highest" : "lowest" }

    func value(_ run: RunSummary) -> Double? {
      switch self {
      case .loss: run.loss
      case .validationLoss: run.validationLoss
      case .validationAccuracy: run.validationAccuracy
      }
    }

    func text(_ value: Double) -> String {
      rises ? NumberFormat.share(value) : NumberFormat.compact(value, digits: 3)
    }
  }

  /// Nil for one run alone, and where nothing was measured of two of them.
  init?(_ runs: [RunSummary], _ state: AppState) {
    guard runs.count > 1, let metric = Self.metric(runs, state.runs.order) else { return nil }
    let measured = runs.compactMap { run in metric.value(run).map { (run: run, value: $0) } }
    guard !Self.isOfOtherData(runs) else {
      words = [
        .secondary("no \(metric.name) to compare: the data differ"),
        .secondary("other data: no comparison"),
      ]
      return
    }
    guard metric.rises || !Self.hasOtherLoss(runs, state) else {
      words = [
        .secondary("no \(metric.name) to compare: the loss functions differ"),
        .secondary("other loss: no comparison"),
      ]
      return
    }
    let sound = measured.filter(\.value.isFinite).sorted {
      metric.rises ? $0.value > $1.value : $0.value < $1.value
    }
    guard let best = sound.first else {
      words = [.secondary("no \(metric.name) of them is a number")]
      return
    }
    let name = StyledText.strong("r\(best.run.number)")
    let of = metric.name + " " + metric.text(best.value)
    let degree = measured.count > 2 ? metric.superlative : metric.comparative
    guard sound.count > 1 else {
      let sick = measured.first { !$0.value.isFinite }
      guard let sick else { return nil }
      let other = "that of r\(sick.run.number) is \(NumberFormat.special(sick.value))"
      words = [
        name + .secondary(" has \(of), \(other)"), name + .secondary(" has \(of)"),
      ]
      return
    }
    let next = sound[1]
    let gap = abs(best.value - next.value)
    guard gap > 0 else {
      let both = name + .secondary(" and ") + .strong("r\(next.run.number)")
      words = [both + .secondary(" are equal: \(of)"), both + .secondary(" are equal")]
      return
    }
    let difference = metric.text(gap)
    let lead = name + .secondary(" has the \(degree) \(metric.name)")
    let by = lead + .secondary(", by \(difference)")
    let full =
      lead
      + .secondary(
        ": \(metric.text(best.value)), \(difference) \(metric.comparative) than "
          + "r\(next.run.number)")
    let other = Self.otherwise(best.run, runs, metric)
    words =
      (other.map { [full + .secondary("; ") + $0, by + .secondary("; ") + $0] } ?? [])
      + [
        full, by, .secondary("\(degree) \(metric.name): ") + name + .secondary(" by \(difference)"),
        .secondary("\(degree) \(metric.name): ") + name,
      ]
  }

  /// `r4 the higher val accuracy`: unseen examples are judged in two ways, which need not agree.
  private static func otherwise(
    _ best: RunSummary, _ runs: [RunSummary], _ metric: Metric
  ) -> StyledText? {
    let other: Metric
    switch metric {
    case .validationLoss: other = .validationAccuracy
    case .validationAccuracy: other = .validationLoss
    case .loss: return nil
    }
    let measured = runs.compactMap { run in other.value(run).map { (run: run, value: $0) } }
      .filter(\.value.isFinite)
    let first = measured.max { other.rises ? $0.value < $1.value : $0.value > $1.value }
    guard let first, let own = other.value(best), first.run.number != best.number,
      first.value != own
    else { return nil }
    let degree = runs.count > 2 ? other.superlative : other.comparative
    return .strong("r\(first.run.number)") + .secondary(" the \(degree) \(other.name)")
  }

  /// What the list is sorted by, else what the chart shows: the loss on unseen examples where two runs
  /// have it.
  private static func metric(_ runs: [RunSummary], _ order: RunOrder) -> Metric? {
    let watched: Metric? =
      switch order {
      case .loss: .loss
      case .validationLoss: .validationLoss
      case .validationAccuracy: .validationAccuracy
      default: nil
      }
    return [watched, .validationLoss, .loss].compactMap(\.self).first { metric in
      runs.count { metric.value($0) != nil } > 1
    }
  }

  private static func isOfOtherData(_ runs: [RunSummary]) -> Bool {
    Set(runs.map(\.data)).count > 1
  }

  private static func hasOtherLoss(_ runs: [RunSummary], _ state: AppState) -> Bool {
    let known = runs.compactMap { run in
      state.runs.readings[run.number]?.settings?.filter { $0.name.hasPrefix("loss function") }
    }
    return Set(known).count > 1
  }
}
