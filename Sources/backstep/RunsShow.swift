import ArgumentParser
import Foundation
import RunStore
import Workbench

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
    let checkpoints = try store.checkpoints(of: run.number)
    let changes = try store.changes(of: run.number).map { RunDifferences.words([$0]) }
    if common.json {
      var object = RunsCommand.object(run)
      object.add("code", .text(run.record.modelCode))
      object.add("changes", .list(changes.map { .text($0) }))
      object.add("checkpoints", .list(checkpoints.map { .integer($0.step) }))
      object.add("checkpoint_bytes", .integer(checkpoints.reduce(0) { $0 + $1.bytes }))
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
    for change in changes { try Output.line("change: \(change)") }
    if let last = checkpoints.last {
      let size = Self.size(checkpoints.reduce(0) { $0 + $1.bytes })
      try Output.line("checkpoints: \(checkpoints.count), the last at step \(last.step), \(size)")
    }
    for (i, epoch) in epochs.enumerated() {
      let numbers = epoch.map { " - \($0.0): \(Float($0.1))" }.joined()
      try Output.line("epoch \(i + 1)" + numbers)
    }
    try Output.line()
    try Output.show(run.record.modelCode)
  }

  private static func size(_ bytes: Int) -> String {
    bytes < 1_000_000
      ? "\((bytes + 999) / 1000) kB" : String(format: "%.1f MB", Double(bytes) / 1e6)
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
