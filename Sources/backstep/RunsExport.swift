import ArgumentParser
import FileFormats
import Foundation
import RunStore
import Workbench

/// Writes a run into one file.
struct RunsExport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a run into one file, .jsonl or .zip.",
    discussion: """
      A .jsonl has one object a line: the run, what was changed by hand, each step, each epoch. A .zip \
      has that as metrics.jsonl, the network as model.py, the weights it ended with, and its last \
      checkpoint, both as safetensors.

      Example: backstep runs export r12 -o r12.zip
      """)

  @Argument(help: "A run: r12 or 12.") var number: String
  @Option(name: [.short, .customLong("output")], help: "The file: .jsonl or .zip.")
  var output: String
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard ["jsonl", "zip"].contains((output as NSString).pathExtension) else {
      throw ValidationError("-o is \(output); right would be a name ending in .jsonl or .zip")
    }
  }

  func run() throws {
    let store = try RunsCommand.store()
    let run = try RunsCommand.run(number, in: store)
    try Output.checkFolder(of: output)
    let lines = Array(try Self.lines(of: run, store).joined().utf8)
    let isArchive = output.hasSuffix("zip")
    try Output.save(isArchive ? try Self.archive(of: run, lines, store) : lines, to: output)
    if common.json {
      try Output.line(
        JSONLine([("exported", .text("\(run.number)")), ("file", .text(output))]).text)
    } else if !common.quiet {
      try Output.line("\(run.number) written to \(output)")
    }
  }

  private static func lines(of run: Run, _ store: RunStore) throws -> [String] {
    var head = JSONLine([("event", .text("run"))])
    for (name, value) in RunsCommand.object(run).members { head.add(name, value) }
    head.add("fingerprint", .text(run.record.dataFingerprint))
    head.add("code", .text(run.record.modelCode))
    let changes = try store.changes(of: run.number).map { change in
      JSONLine([
        ("event", .text("change")), ("step", .integer(change.step)), ("name", .text(change.name)),
        ("value", .text(change.value)),
      ])
    }
    return ([head] + changes + (try measured(run, store))).map { $0.text + "\n" }
  }

  /// All that was measured, step after step; an epoch comes after its last step.
  private static func measured(_ run: Run, _ store: RunStore) throws -> [JSONLine] {
    let ofEpochs = ["epoch_loss": "loss", "epoch_accuracy": "accuracy"]
    var steps: [Int: JSONLine] = [:]
    var epochs: [Int: JSONLine] = [:]
    for series in try store.series(of: run.number) {
      let isOfEpochs = ofEpochs[series] != nil || series.hasPrefix("val_")
      for point in try store.metrics(of: run.number, series: series) {
        let done = point.step + 1
        if isOfEpochs {
          epochs[done, default: JSONLine([("event", .text("epoch")), ("step", .integer(done))])]
            .add(ofEpochs[series] ?? series, .float(Float(point.value)))
        } else {
          steps[done, default: JSONLine([("event", .text("step")), ("step", .integer(done))])]
            .add(series, .float(Float(point.value)))
        }
      }
    }
    return Set(steps.keys).union(epochs.keys).sorted()
      .flatMap { [steps[$0], epochs[$0]].compactMap(\.self) }
  }

  private static func archive(
    of run: Run, _ lines: [UInt8], _ store: RunStore
  ) throws -> [UInt8] {
    var entries = [
      ZipArchive.Entry(name: "metrics.jsonl", bytes: lines),
      ZipArchive.Entry(name: "model.py", bytes: Array(run.record.modelCode.utf8)),
    ]
    if run.hasWeights, let weights = try store.loadWeights(of: run.number) {
      entries.append(ZipArchive.Entry(name: "weights.safetensors", bytes: try weights.bytes()))
    }
    if let last = try store.checkpoints(of: run.number).last {
      entries.append(
        ZipArchive.Entry(
          name: "checkpoint-\(last.step).safetensors",
          bytes: try store.checkpointBytes(last, of: run.number)))
    }
    return try ZipArchive(entries: entries).bytes(compressed: true)
  }
}
