import ArgumentParser
import FileFormats
import Foundation
import Interchange
import KerasCode
import LabRuntime
import NeuralNets
import Scripts
import Tensors
import Training

/// Trains a model without a screen.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a model and keep its weights.",
    discussion: """
      A program with its own fit gives model, compile, data and fit's arguments; options override.
      --resume r12 goes on with a recorded run where it stopped or was killed, to the weights that it \
      would have come to without a break; with --epochs to another end.
      With --json a line is written when the record has its numbers.

      Example: backstep train model.py --data digits --epochs 20 --save digits.safetensors
      Example: backstep train --resume r12 --epochs 40
      """)

  enum Rate: String, ExpressibleByArgument, CaseIterable { case step, epoch }

  @Argument(help: "A Keras program.", completion: .file(extensions: ["py"])) var model: String?

  @Option(help: "A recorded run to go on with: r12 or 12.") var resume: String?
  @Option(help: .data) var data: String?
  @Option(help: "The column of a .csv to predict (default: the last).") var target: String?
  @Option(help: "How often all examples are learned from.") var epochs: Int?
  @Option(help: "Examples in each step.") var batchSize: Int?
  @Option(help: "The seed of weights, order and split (default: the program's, or a new one).")
  var seed: UInt64?
  @Option(
    name: .customLong("init"), help: "Weights to begin with: .safetensors or .npz.",
    completion: .file(extensions: ["safetensors", "npz"]))
  var initialWeights: String?
  @Flag(help: "Take the examples in the order of the data.") var noShuffle = false
  @Option(help: "The share of the examples that is held back to validate with.")
  var validationSplit: Double?
  @Option(
    help: "Where to write the weights: .safetensors or .npz.",
    completion: .file(extensions: ["safetensors", "npz"]))
  var save: String?
  @Option(help: "What to report: every step or every epoch.") var every = Rate.epoch
  @Option(help: "A name for the run in the record.") var name: String?
  @Flag(help: "Leave no record of the run.") var noRecord = false
  @OptionGroup var common: CommonOptions

  func validate() throws {
    try validateResume()
    guard epochs.map({ (0...1_000_000_000).contains($0) }) ?? true else {
      throw ValidationError("--epochs is \(epochs ?? 0); right would be 0 or more")
    }
    guard batchSize.map({ (1...1_000_000_000).contains($0) }) ?? true else {
      throw ValidationError("--batch-size is \(batchSize ?? 0); right would be 1 or more")
    }
    guard validationSplit.map({ $0 >= 0 && $0 < 1 }) ?? true else {
      throw ValidationError(
        "--validation-split is \(validationSplit ?? 0); right would be from 0 to below 1")
    }
  }

  /// A run that goes on does so under its own settings.
  private func validateResume() throws {
    guard resume != nil else {
      guard model != nil else {
        throw ValidationError(
          "nothing to train; right would be a Keras program, or --resume with a recorded run")
      }
      return
    }
    let given = [
      ("a program", model != nil), ("--data", data != nil), ("--target", target != nil),
      ("--batch-size", batchSize != nil), ("--seed", seed != nil),
      ("--init", initialWeights != nil),
      ("--no-shuffle", noShuffle), ("--validation-split", validationSplit != nil),
      ("--no-record", noRecord),
    ].first(where: \.1)
    guard let given else { return }
    throw ValidationError(
      "\(given.0) with --resume; right would be --resume without it: the run goes on under its own "
        + "settings")
  }

  func run() throws {
    try common.prepareKernels()
    if let save {
      _ = try WeightFile.bytes([], file: save)
      try Output.checkFolder(of: save)
    }
    if let resume { return try goOn(with: resume) }
    guard let model else { return }
    let chance = seed ?? UInt64.random(in: 0...UInt64(UInt32.max))
    // As in the debugger and in lessons, a seed that is given is not that of the program's own draws.
    let loaded = try LoadedModel(model, seed: seed == nil ? chance : 0)
    let settings = try settings(for: loaded, chance: chance)
    let session = try Session(settings)
    let callbacks = loaded.file.fit?.options.callbacks ?? []
    let fit = try Fit(session, callbacks: callbacks)
    // Callbacks are made of the program again when the run goes on.
    let isWhole = callbacks.isEmpty && (try? Printer.program(settings.model)) != nil
    let program = isWhole ? nil : KeptProgram(loaded.text, named: loaded.path)
    let record = noRecord ? nil : TrainRecord(session, name: name, program: program)
    let report = TrainReport(
      session, common, everyStep: every == .step, model: loaded.name, data: settings.data.name,
      hold: record.map { record in { record.hold($0) } })
    try train(TrainLoop(fit, report, record), fit, report, record)
  }

  func train(
    _ loop: TrainLoop, _ fit: Fit, _ report: TrainReport, _ record: TrainRecord?
  ) throws {
    let end = try loop.run()
    record?.keepLast(fit.session)
    if end.signal == 0 { fit.finish() }
    try finish(fit, report, record, end)
  }

  /// The program's own settings, and the options over them.
  private func settings(for loaded: LoadedModel, chance: UInt64) throws -> RunSettings {
    if let data { try checkDataName(data) }
    guard data != nil || loaded.file.fit != nil else {
      throw CommandFailure(
        "\(loaded.path) has no fit of its own; say what to learn from: --data NAME or --data FILE",
        code: .usage)
    }
    var overrides = RunOverrides()
    overrides.data = data
    overrides.target = target
    overrides.epochs = epochs
    overrides.batchSize = batchSize
    overrides.seed = seed ?? loaded.file.seed.map { UInt64($0) } ?? chance
    overrides.shuffles = noShuffle ? false : nil
    overrides.unseenShare = validationSplit
    var settings = try ModelLoader(library: dataLibrary).settings(loaded.file, overrides)
    // Here the fit asks them, as Keras does; those whose code is the program's run with it alone.
    for case .program(let callback) in loaded.file.fit?.options.watchers ?? [] {
      Output.complain(
        "backstep: the callback \(callback.typeName) does nothing here, as its code is the program's "
          + "own; backstep run \(loaded.path) has it")
    }
    settings.callbacks = RunCallbacks()
    if let initialWeights {
      let network = try loaded.network(for: settings.data.training.inputs)
      settings.initialWeights = try readWeights(initialWeights, for: network)
    }
    return settings
  }

  /// Keeps what was trained, to the end or not.
  private func finish(
    _ fit: Fit, _ report: TrainReport, _ record: TrainRecord?, _ end: TrainLoop.End
  ) throws {
    let weights = fit.weights
    let named = fit.session.network.weights.compactMap { name, _ in
      weights[name].map { (name: name, tensor: $0) }
    }
    if let save { try Output.save(try WeightFile.bytes(named, file: save), to: save) }
    let kept = try record?.finish(
      fit.session,
      Safetensors(entries: named.map { Safetensors.Entry(name: $0.name, tensor: $0.tensor) }),
      isWhole: end.signal == 0 && !end.isStopped)
    try report.end(end, saved: save, run: kept)
    if end.signal != 0 {
      throw CommandFailure(nil, code: end.signal == SIGINT ? .interrupted : .terminated)
    }
  }
}
