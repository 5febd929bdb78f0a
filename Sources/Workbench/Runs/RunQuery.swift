import RunStore
import Training

/// Which runs of the record are meant, and in which order.
package struct RunQuery: Sendable {
  /// What runs are sorted by: the words of `runs list --sort`.
  package enum Key: String, CaseIterable, Sendable {
    case run, name, data, model, status, steps, loss, accuracy
    case validationLoss = "val_loss"
    case validationAccuracy = "val_accuracy"
    case learningRate = "learning_rate"
    case parameters, updated
  }

  /// The data set's name, or how it begins.
  package var data: String?
  /// What stands in the name, the data, the model or the optimizer; capital or small.
  package var text: String?
  package var status: RunOutcome.Status?
  /// What holds of a run's numbers: `val_accuracy > 0.9`.
  package var condition: RunExpression?
  package var key = Key.run
  /// Against the usual order: the newest first, names from A, numbers from the smallest.
  package var isReversed = false

  package init() {}

  /// The runs that are meant, sorted. What was not measured comes last.
  /// - Throws: `ExpressionFailure` for a condition that names what no run has.
  package func apply(_ runs: [Run]) throws(ExpressionFailure) -> [Run] {
    var found: [Run] = []
    for run in runs where try isMeant(run) { found.append(run) }
    return sorted(found)
  }

  private func isMeant(_ run: Run) throws(ExpressionFailure) -> Bool {
    let record = run.record
    if let data, record.dataName != data, !record.dataName.hasPrefix(data + ":") { return false }
    if let status, run.outcome.status != status { return false }
    if let text = text?.lowercased() {
      let places = [record.name ?? "", record.dataName, record.modelSummary, record.optimizer]
      guard places.contains(where: { $0.lowercased().contains(text) }) else { return false }
    }
    guard let condition else { return true }
    let value = try condition.value(in: RunScope(run: run))
    guard case .truth(let holds) = value else {
      throw ExpressionFailure(
        .syntax, "'\(condition.source)' is a number", remedy: "a condition as val_accuracy > 0.9")
    }
    return holds
  }

  private func sorted(_ runs: [Run]) -> [Run] {
    let ordered: [Run]
    switch key {
    case .run: ordered = runs.sorted { $0.number > $1.number }
    case .updated: ordered = runs.sorted { ($0.updated, $0.number) > ($1.updated, $1.number) }
    case .name: ordered = byText(runs) { $0.record.name ?? "" }
    case .data: ordered = byText(runs, \.record.dataName)
    case .model: ordered = byText(runs, \.record.modelSummary)
    case .status: ordered = byText(runs, \.outcome.status.rawValue)
    default: return byNumber(runs)
    }
    return isReversed ? ordered.reversed() : ordered
  }

  private func byText(_ runs: [Run], _ text: (Run) -> String) -> [Run] {
    runs.sorted { (text($0), $1.number) < (text($1), $0.number) }
  }

  private func byNumber(_ runs: [Run]) -> [Run] {
    func number(_ run: Run) -> Double? {
      RunScope(run: run).number(key.rawValue).flatMap { $0.isNaN ? nil : $0 }
    }
    let known = runs.filter { number($0) != nil }.sorted { a, b in
      let (x, y) = (number(a) ?? 0, number(b) ?? 0)
      return x == y ? a.number > b.number : (x < y) != isReversed
    }
    return known + runs.filter { number($0) == nil }.sorted { $0.number > $1.number }
  }
}

/// What a condition on runs may name.
struct RunScope: ExpressionScope {
  let run: Run

  static let names = [
    "run", "steps", "epochs", "batch_size", "learning_rate", "parameters", "seed", "loss",
    "accuracy", "val_loss", "val_accuracy",
  ]

  var names: [String] { Self.names }

  func value(named name: String) throws(ExpressionFailure) -> ExpressionValue? {
    guard Self.names.contains(name) else { return nil }
    // What was not measured fulfills no comparison.
    return .number(number(name) ?? .nan)
  }

  func value(of function: String, place: String) throws(ExpressionFailure) -> ExpressionValue {
    throw ExpressionFailure(
      .unknownName, "'\(function) \(place)' is nothing that a run of the record has",
      remedy: "one of " + Self.names.joined(separator: ", "))
  }

  /// A number of the run; nil when there is none, or it was not measured.
  func number(_ name: String) -> Double? {
    let (record, outcome) = (run.record, run.outcome)
    switch name {
    case "run": return Double(run.number.value)
    case "steps": return Double(outcome.steps)
    case "epochs": return Double(record.epochs)
    case "batch_size": return Double(record.batchSize)
    case "learning_rate": return record.learningRate
    case "parameters": return Double(record.parameterCount)
    case "seed": return Double(record.seed)
    case "loss": return outcome.loss
    case "accuracy": return outcome.accuracy
    case "val_loss": return outcome.validationLoss
    case "val_accuracy": return outcome.validationAccuracy
    default: return nil
    }
  }
}
