import ArgumentParser
import FileFormats
import Foundation
import KerasCode
import LabRuntime
import RunStore
import Scripts
import Training
import Workbench

/// The debugger without a screen, as `gdb -batch`.
struct Debug: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Step through a run without a screen, as gdb -batch does.",
    discussion: """
      Example: backstep debug digits.py --data digits -e "step phase" -e "explain loss"
      Example: backstep debug r12 -e "goto step 500" -e "info digest"
      A recorded run is opened where it stopped; any moment of it is near a checkpoint.
      Commands come from -x files, then -e, then, when neither is given, standard input. \
      'help' lists them.
      """)

  @Argument(help: "A model file (Keras code), or a recorded run: r12.") var model: String
  @Option(help: .data) var data: String?
  @Option(help: "The target column of a CSV file, the last by default.") var target: String?
  @Option(
    help: "Seed of weights, order and dropout; what a program draws from np.random stays the same.")
  var seed: UInt64?
  @Option(help: "Examples in one step.") var batchSize: Int?
  @Option(help: "How often all examples are seen.") var epochs: Int?
  @Option(help: "The share of the examples that is held back.") var validationSplit: Double?
  @Flag(help: "Take the examples in order.") var noShuffle = false
  @OptionGroup var script: DebugScript
  @OptionGroup var common: CommonOptions

  func validate() throws {
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

  func run() throws {
    try common.prepareKernels()
    if let number = RunsCommand.number(model) { return try debug(number) }
    if let data { try checkDataName(data) }
    if data == nil, let run = try recordedLoop() {
      var debugger = Debugger(try Session(passes: run))
      debugger.words = { Words.sentences(of: $0) }
      debugger.share = { try SharedMoment($0).text() }
      return try script.perform(&debugger, common)
    }
    let file = try LoadedModel(model, seed: 0).file
    var overrides = RunOverrides()
    overrides.data = data
    overrides.target = target
    overrides.epochs = epochs
    overrides.batchSize = batchSize
    overrides.seed = seed
    overrides.shuffles = noShuffle ? false : nil
    overrides.unseenShare = validationSplit
    let settings = try ModelLoader(library: dataLibrary).settings(file, overrides)
    let session = try Session(settings)
    for note in session.callbackNotes { Output.complain("backstep: \(note)") }
    var debugger = Debugger(session)
    debugger.words = { Words.sentences(of: $0) }
    debugger.share = { try SharedMoment($0).text() }
    debugger.workshop = .lab(dataLibrary)
    try script.perform(&debugger, common)
  }

  /// Opens a recorded run where it stopped.
  private func debug(_ number: RunNumber) throws {
    try refuseOverrides(
      [("--data", data != nil), ("--target", target != nil), ("--seed", seed != nil)],
      of: "a recorded run")
    let store = try RunsCommand.store()
    let run = try RunsCommand.run("\(number)", in: store)
    let kept = try KeptRun(run.number, store, dataLibrary)
    let session = try kept.session()
    if let difference = kept.difference(in: session) { Output.complain("backstep: \(difference)") }
    session.go(to: Position(step: kept.steps))
    var debugger = Debugger(session)
    debugger.words = { Words.sentences(of: $0) }
    debugger.share = { try SharedMoment($0).text() }
    debugger.workshop = .lab(dataLibrary)
    try script.perform(&debugger, common)
  }

  /// What a program that trains batch by batch, in a loop of its own, has trained; nil for other
  /// programs. It runs to its end first, in silence.
  private func recordedLoop() throws -> PassRun? {
    let text = try LoadedModel.text(of: model)
    let place = URL(fileURLWithPath: model)
    let folder = ProgramFolder(place.deletingLastPathComponent())
    let isLoop = ModelFile.trainsByBatch(text, file: model, seed: seed ?? 0) {
      try folder.read($0)
    }
    guard isLoop else { return nil }
    try refuseOverrides([], of: "a program that trains in a loop of its own")
    let start = ContinuousClock.now
    let console = ScriptConsole(
      now: { (ContinuousClock.now - start) / .seconds(1) },
      note: { Output.complain("backstep: \($0)") }, write: { _ in })
    return try ScriptHost.recordPasses(
      text, file: place.lastPathComponent, folder: folder, seed: seed ?? 1, console)
  }

  /// A loop says itself what a batch is and how often it trains, a recorded run all.
  private func refuseOverrides(_ others: [(String, Bool)], of what: String) throws {
    let given =
      others + [
        ("--epochs", epochs != nil), ("--batch-size", batchSize != nil),
        ("--validation-split", validationSplit != nil), ("--no-shuffle", noShuffle),
      ]
    guard let first = given.first(where: \.1) else { return }
    throw ValidationError("\(first.0) for \(what); right would be \(what) without it")
  }
}
