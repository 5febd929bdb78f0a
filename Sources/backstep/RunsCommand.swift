import ArgumentParser
import Foundation
import LabRuntime
import RunStore

/// The record of what was trained.
struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs", abstract: "List, show and remove recorded runs.",
    discussion: "Example: backstep runs show r12",
    subcommands: [RunsList.self, RunsShow.self, RunsRemove.self])

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

/// The runs in the record, the newest first.
struct RunsList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "The runs in the record, the newest first.",
    discussion: "Example: backstep runs list --limit 5")

  @Option(help: "How many at most.") var limit = 1000
  @OptionGroup var common: CommonOptions

  func run() throws {
    let runs = try RunsCommand.store().runs(limit: limit)
    if common.json {
      for run in runs { try Output.line(RunsCommand.object(run).text) }
      return
    }
    guard !runs.isEmpty else {
      if !common.quiet { try Output.line("no runs yet; `backstep train` records them") }
      return
    }
    let rows = runs.map { run in
      let (record, outcome) = (run.record, run.outcome)
      return [
        "\(run.number)", record.name ?? "", RunsCommand.time(record.started),
        record.modelSummary, record.dataName, outcome.status.rawValue, "\(outcome.steps)",
        Self.short(outcome.loss), Self.short(outcome.validationLoss),
      ]
    }
    let head = ["RUN", "NAME", "STARTED", "MODEL", "DATA", "STATUS", "STEPS", "LOSS", "VAL LOSS"]
    try Output.show(aligned([head] + rows))
  }

  private static func short(_ number: Double?) -> String {
    number.map { $0.isFinite ? String(format: "%.4f", $0) : "\($0)" } ?? ""
  }
}

/// One run: what it was and how it ended.
struct RunsShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "One run: its settings, its numbers by epoch and its code.",
    discussion: "Example: backstep runs show r12 --json")

  @Argument(help: "A run: r12 or 12.") var number: String
  @OptionGroup var common: CommonOptions

  func run() throws {
    let store = try RunsCommand.store()
    let run = try RunsCommand.run(number, in: store)
    let epochs = try Self.epochs(of: run, store)
    if common.json {
      var object = RunsCommand.object(run)
      object.add("code", .text(run.record.modelCode))
      try Output.line(object.text)
      for (i, epoch) in epochs.enumerated() {
        var line = JSONLine([("epoch", .integer(i + 1))])
        for (name, value) in epoch { line.add(name, .number(value)) }
        try Output.line(line.text)
      }
      return
    }
    for (name, value) in RunsCommand.object(run).members {
      if case .null = value { continue }
      try Output.line("\(name): \(Self.plain(value))")
    }
    for (i, epoch) in epochs.enumerated() {
      let numbers = epoch.map { " - \($0.0): \(Float($0.1))" }.joined()
      try Output.line("epoch \(i + 1)" + numbers)
    }
    try Output.line()
    try Output.show(run.record.modelCode)
  }

  private static func plain(_ value: JSONLine.Value) -> String {
    switch value {
    case .text(let text): text
    case .integer(let integer): "\(integer)"
    case .number(let number): "\(Float(number))"
    case .flag(let flag): flag ? "kept" : "none"
    default: ""
    }
  }

  /// The numbers of each epoch, under Keras's names.
  private static func epochs(
    of run: Run, _ store: RunStore
  ) throws -> [[(String, Double)]] {
    let series = [
      ("epoch_loss", "loss"), ("epoch_accuracy", "accuracy"), ("val_loss", "val_loss"),
      ("val_accuracy", "val_accuracy"),
    ]
    var byStep: [Int: [(String, Double)]] = [:]
    for (stored, name) in series {
      for point in try store.metrics(of: run.number, series: stored) {
        byStep[point.step, default: []].append((name, point.value))
      }
    }
    return byStep.sorted { $0.key < $1.key }.map(\.value)
  }
}

/// Takes runs out of the record.
struct RunsRemove: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Take runs out of the record.",
    discussion: "Example: backstep runs remove r3 r4")

  @Argument(help: "Runs: r12 or 12.") var numbers: [String]
  @OptionGroup var common: CommonOptions

  func run() throws {
    let store = try RunsCommand.store()
    let runs = try numbers.map { try RunsCommand.run($0, in: store) }
    for run in runs {
      try store.remove(run.number, at: Date())
      if common.json {
        try Output.line(JSONLine([("removed", .text("\(run.number)"))]).text)
      } else if !common.quiet {
        try Output.line("removed \(run.number)")
      }
    }
  }
}
