import ArgumentParser
import Foundation
import LabRuntime
import RunStore

/// The record of what was trained.
struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs", abstract: "List, show, compare, export and remove recorded runs.",
    discussion: """
      `backstep r12` opens a run in the lab, `backstep debug r12` in the debugger, \
      `backstep train --resume r12` goes on with it.

      Example: backstep runs list --data spiral --where "val_accuracy > 0.9" --sort val_loss
      """,
    subcommands: [
      RunsList.self, RunsShow.self, RunsCompare.self, RunsExport.self, RunsRename.self,
      RunsRemove.self, RunsRestore.self,
    ])

  static func store() throws -> RunStore { try RunStore(directory: Directories.data) }

  /// The number of a run where one could also name a file: `r12`, unless there is such a file.
  static func number(_ word: String) -> RunNumber? {
    guard word.hasPrefix("r"), !FileManager.default.fileExists(atPath: word) else { return nil }
    return RunNumber(parsing: word)
  }

  /// The run that a word names: `r12` or `12`.
  static func run(_ word: String, in store: RunStore) throws -> Run {
    guard let number = RunNumber(parsing: word) else {
      throw CommandFailure("'\(word)' is not a run; runs are r1, r2, …", code: .usage)
    }
    guard let run = try store.run(number: number) else {
      throw CommandFailure(
        "there is no run \(number); `backstep runs list` shows those there are",
        code: .noSuchFile)
    }
    return run
  }

  static func short(_ number: Double?) -> String {
    number.map { $0.isFinite ? String(format: "%.4f", $0) : "\($0)" } ?? ""
  }

  /// A moment as ISO 8601.
  static func time(_ date: Date) -> String { date.formatted(.iso8601) }

  static func object(_ run: Run) -> JSONLine {
    func number(_ value: Double?) -> JSONLine.Value { value.map { .number($0) } ?? .null }
    let (record, outcome) = (run.record, run.outcome)
    return JSONLine([
      ("run", .text("\(run.number)")), ("name", record.name.map { .text($0) } ?? .null),
      ("started", .text(time(record.started))), ("status", .text(outcome.status.rawValue)),
      ("model", .text(record.modelSummary)), ("data", .text(record.dataName)),
      ("optimizer", .text(record.optimizer)), ("learning_rate", .number(record.learningRate)),
      ("batch_size", .integer(record.batchSize)), ("epochs", .integer(record.epochs)),
      ("seed", .integer(Int(truncatingIfNeeded: record.seed))),
      ("parameters", .integer(record.parameterCount)), ("steps", .integer(outcome.steps)),
      ("loss", number(outcome.loss)), ("accuracy", number(outcome.accuracy)),
      ("val_loss", number(outcome.validationLoss)),
      ("val_accuracy", number(outcome.validationAccuracy)), ("weights", .flag(run.hasWeights)),
    ])
  }
}
