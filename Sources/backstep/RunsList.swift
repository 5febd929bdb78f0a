import ArgumentParser
import Foundation
import RunStore
import Training
import Workbench

/// The runs in the record that are asked for.
struct RunsList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "The runs in the record, the newest first.",
    discussion: """
      Conditions may name run, steps, epochs, batch_size, learning_rate, parameters, seed, loss, \
      accuracy, val_loss and val_accuracy. What a run did not measure fulfills none.

      Example: backstep runs list --data spiral --where "val_accuracy > 0.9 and steps < 1000"
      Example: backstep runs list --sort val_loss --limit 5
      """)

  @Option(help: "How many at most.") var limit = 1000
  @Option(help: "Only runs on this data set.") var data: String?
  @Option(help: "Only runs in whose name, data, model or optimizer this stands.") var find: String?
  @Option(help: "Only runs that are running, finished or stopped.") var status: String?
  @Option(name: .customLong("where"), help: "Only runs of which this holds: val_accuracy > 0.9.")
  var condition: String?
  @Option(
    help:
      "What they are sorted by: \(RunQuery.Key.allCases.map(\.rawValue).joined(separator: ", ")).",
    completion: .list(RunQuery.Key.allCases.map(\.rawValue)))
  var sort = "run"
  @Flag(help: "The other way round: the oldest first, the largest number first.") var reverse =
    false
  @OptionGroup var common: CommonOptions

  func run() throws {
    let query = try query()
    let all = try RunsCommand.store().runs(limit: .max)
    let runs: [Run]
    do { runs = try query.apply(all) } catch {
      throw CommandFailure("--where: \(error)", code: .usage)
    }
    try show(Array(runs.prefix(max(0, limit))), of: all.count)
  }

  private func query() throws -> RunQuery {
    var query = RunQuery()
    (query.data, query.text, query.isReversed) = (data, find, reverse)
    guard let key = RunQuery.Key(rawValue: sort) else {
      let known = RunQuery.Key.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--sort is \(sort); right would be one of \(known)")
    }
    query.key = key
    if let status {
      guard let wanted = RunOutcome.Status(rawValue: status) else {
        throw ValidationError("--status is \(status); right would be running, finished or stopped")
      }
      query.status = wanted
    }
    do { query.condition = try condition.map { try RunExpression($0) } } catch {
      throw CommandFailure("--where: \(error)", code: .usage)
    }
    return query
  }

  private func show(_ runs: [Run], of count: Int) throws {
    if common.json {
      for run in runs { try Output.line(RunsCommand.object(run).text) }
      return
    }
    guard !runs.isEmpty else {
      guard !common.quiet else { return }
      return try Output.line(
        count == 0 ? "no runs yet; `backstep train` records them" : "none of \(count) runs is meant"
      )
    }
    let rows = runs.map { run in
      let (record, outcome) = (run.record, run.outcome)
      return [
        "\(run.number)", record.name ?? "", RunsCommand.time(record.started),
        record.modelSummary, record.dataName, outcome.status.rawValue, "\(outcome.steps)",
        RunsCommand.short(outcome.loss), RunsCommand.short(outcome.validationLoss),
        RunsCommand.short(outcome.validationAccuracy),
      ]
    }
    let head = [
      "RUN", "NAME", "STARTED", "MODEL", "DATA", "STATUS", "STEPS", "LOSS", "VAL LOSS", "VAL ACC",
    ]
    try Output.show(aligned([head] + rows))
  }
}
