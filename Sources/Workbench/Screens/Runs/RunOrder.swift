/// By what the list of runs is sorted.
package enum RunOrder: String, CaseIterable, Hashable, Sendable, Codable {
  case newest, validationLoss, validationAccuracy, loss, steps, data, network, optimizer

  /// As the border of the list says it.
  func words(isReversed: Bool) -> String {
    switch self {
    case .newest: isReversed ? "oldest first" : "newest first"
    case .validationLoss: "by val_loss, " + (isReversed ? "worst first" : "best first")
    case .validationAccuracy: "by val accuracy, " + (isReversed ? "worst first" : "best first")
    case .loss: "by loss, " + (isReversed ? "worst first" : "best first")
    case .steps: "by steps, " + (isReversed ? "fewest first" : "most first")
    case .data: "by data" + (isReversed ? ", Z to A" : "")
    case .network: "by network" + (isReversed ? ", Z to A" : "")
    case .optimizer: "by optimizer" + (isReversed ? ", Z to A" : "")
    }
  }

  /// The runs in this order; what has no number, or one that is not finite, comes last either way.
  func sorted(_ runs: [RunSummary], isReversed: Bool) -> [RunSummary] {
    switch self {
    case .newest: Self.sorted(runs, isReversed) { -Double($0.number) }
    case .validationLoss: Self.sorted(runs, isReversed) { $0.validationLoss }
    case .validationAccuracy: Self.sorted(runs, isReversed) { $0.validationAccuracy.map { -$0 } }
    case .loss: Self.sorted(runs, isReversed) { $0.loss }
    case .steps: Self.sorted(runs, isReversed) { -Double($0.steps) }
    case .data: Self.sorted(runs, isReversed, byName: \.data)
    case .network: Self.sorted(runs, isReversed, byName: \.model)
    case .optimizer: Self.sorted(runs, isReversed) { $0.optimizerText }
    }
  }

  private static func sorted(
    _ runs: [RunSummary], _ isReversed: Bool, by number: (RunSummary) -> Double?
  ) -> [RunSummary] {
    let keyed = runs.map { (run: $0, key: number($0).flatMap { $0.isFinite ? $0 : nil }) }
    return keyed.sorted { a, b in
      guard let first = a.key, let second = b.key else {
        return a.key == nil && b.key == nil ? a.run.number > b.run.number : a.key != nil
      }
      guard first != second else { return a.run.number > b.run.number }
      return isReversed ? first > second : first < second
    }.map(\.run)
  }

  private static func sorted(
    _ runs: [RunSummary], _ isReversed: Bool, byName name: (RunSummary) -> String
  ) -> [RunSummary] {
    runs.map { (run: $0, key: name($0).lowercased()) }.sorted { a, b in
      guard a.key != b.key else { return a.run.number > b.run.number }
      return isReversed ? a.key > b.key : a.key < b.key
    }.map(\.run)
  }
}
