import ArgumentParser
import RunStore
import Workbench

/// Two runs or more side by side.
struct RunsCompare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "The settings in which runs differ, and how each ended.",
    discussion: """
      The first run is what the others are compared with: the first step whose loss differs is told of \
      each.

      Example: backstep runs compare r3 r4
      """)

  @Argument(help: "Runs: r12 or 12.") var numbers: [String]
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard numbers.count != 1 else {
      throw ValidationError("one run alone; right would be two or more")
    }
  }

  func run() throws {
    let store = try RunsCommand.store()
    let runs = try numbers.map { try RunsCommand.run($0, in: store) }
    let changes = Dictionary(
      try runs.map { ($0.number, try store.changes(of: $0.number)) }
    ) { first, _ in first }
    let differing = RunDifferences.differing(runs, changes: changes)
    let firsts = try firstDifferences(runs, store)
    if common.json { return try showObjects(runs, differing, firsts) }
    let settings = differing.filter { $0.name != "code" || isInCodeAlone(differing) }
    var rows = [[""] + runs.map { "\($0.number)" }]
    rows += settings.map { setting in
      [setting.name]
        + (setting.name == "code"
          ? setting.values.map { $0 == setting.values[0] ? "as the first" : "other" }
          : setting.values)
    }
    rows += Self.outcomes.map { name, value in [name] + runs.map { RunsCommand.short(value($0)) } }
    rows.append(["steps"] + runs.map { "\($0.outcome.steps)" })
    rows.append(
      ["loss differs from step"] + firsts.map { $0.map { "\($0 + 1)" } ?? "none" })
    try Output.show(aligned(rows.filter { $0.dropFirst().contains { !$0.isEmpty } }))
  }

  private static var outcomes: [(String, (Run) -> Double?)] {
    [
      ("loss", { $0.outcome.loss }), ("accuracy", { $0.outcome.accuracy }),
      ("val_loss", { $0.outcome.validationLoss }),
      ("val_accuracy", { $0.outcome.validationAccuracy }),
    ]
  }

  /// Whether only the code tells the networks apart: an argument that no summary shows.
  private func isInCodeAlone(_ differing: [RunDifferences.Setting]) -> Bool {
    !differing.contains { ["model", "optimizer", "learning_rate"].contains($0.name) }
  }

  /// For each run the first step, counted from 0, whose loss is another than the first run's.
  private func firstDifferences(_ runs: [Run], _ store: RunStore) throws -> [Int?] {
    let losses = try runs.map { try store.metrics(of: $0.number, series: "loss") }
    return losses.map { RunDifferences.firstDifference(losses[0], $0) }
  }

  private func showObjects(
    _ runs: [Run], _ differing: [RunDifferences.Setting], _ firsts: [Int?]
  ) throws {
    for (run, first) in zip(runs, firsts) {
      var object = RunsCommand.object(run)
      object.add("loss_differs_from_step", first.map { .integer($0 + 1) } ?? .null)
      try Output.line(object.text)
    }
    for setting in differing {
      try Output.line(
        JSONLine([
          ("setting", .text(setting.name)), ("values", .list(setting.values.map { .text($0) })),
        ]).text)
    }
  }
}
