import ArgumentParser
import FileFormats
import Foundation
import Interchange
import KerasCode
import LabRuntime
import NeuralNets
import RunStore
import Scripts
import Tensors
import Training

/// Writes a model, its weights, or a step of its training for other programs.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a model, its weights, or a step of its training for other programs.",
    discussion: """
      \(FormatCatalog.all.map { "\($0.name): \($0.summary)." }.joined(separator: "\n"))

      Example: backstep export model.py --weights digits.safetensors --to pytorch -o net.py
      Example: backstep export model.py --data digits --to numpy-check -o check.py
      """)

  @Argument(
    help: "A Keras program, or a run: r12.", completion: .file(extensions: ["py"]))
  var model: String
  @Option(
    help: "The weights (default: the run's, or those that training begins with).",
    completion: .file(extensions: ["safetensors", "npz"]))
  var weights: String?
  @Option(
    name: .customLong("to"), help: "The format.",
    completion: .list(FormatCatalog.all.map { $0.name }))
  var format: String
  @Option(name: .shortAndLong, help: "The file to write.", completion: .file()) var output: String
  @Option(help: .data) var data: String?
  @Option(help: "The column of a .csv to predict (default: the last).") var target: String?
  @Option(help: "The seed of weights, order and dropout.") var seed: UInt64?
  @Option(help: "Examples in a step.") var batchSize: Int?
  @Option(help: "For a check: the step, 0 is the first.") var step = 0
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard batchSize.map({ (1...1_000_000_000).contains($0) }) ?? true else {
      throw ValidationError("--batch-size is \(batchSize ?? 0); right would be 1 or more")
    }
    guard (0...1_000_000).contains(step) else {
      throw ValidationError("--step is \(step); right would be from 0 to 1000000")
    }
  }

  func run() throws {
    try common.prepareKernels()
    let format: any Format.Type
    do { format = try FormatCatalog.format(self.format) } catch {
      throw CommandFailure("--to: \(error)", code: .usage)
    }
    try Output.checkFolder(of: output)
    let source = try source(for: format.needs)
    try Self.write(source, format, to: output, quiet: common.quiet, json: common.json)
  }

  /// Writes the files of an export beside each other, and says which.
  static func write(
    _ source: ExportSource, _ format: any Format.Type, to path: String, quiet: Bool, json: Bool
  ) throws {
    let place = URL(fileURLWithPath: path)
    let files: [ExportedFile]
    do { files = try format.files(of: source, file: place.lastPathComponent) } catch {
      switch error {
      case is ExportFailure, is Printer.Failure: throw CommandFailure("\(error)", code: .badInput)
      default: throw error
      }
    }
    guard Set(files.map(\.name)).count == files.count else {
      throw CommandFailure(
        "\(path) would be written twice; name a file that ends in \(format.ending)", code: .usage)
    }
    let folder = place.deletingLastPathComponent()
    let paths = files.map { folder.appending(path: $0.name).path(percentEncoded: false) }
    for (file, path) in zip(files, paths) { try Output.save(file.bytes, to: path) }
    if json {
      try Output.line(
        JSONLine([
          ("format", .text(format.name)), ("files", .list(paths.map { .text($0) })),
        ]).text)
    } else if !quiet {
      try Output.line("wrote " + paths.joined(separator: " and "))
    }
  }

  // MARK: What is exported

  private func source(for need: ExportNeed) throws -> ExportSource {
    guard !FileManager.default.fileExists(atPath: model), RunNumber(parsing: model) != nil else {
      return try source(try LoadedModel(model, seed: 0).file, nil, need)
    }
    let store = try RunsCommand.store()
    let run = try RunsCommand.run(model, in: store)
    let file = try ModelFile.read(run.record.modelCode, file: "\(run.number)")
    let kept = try store.loadWeights(of: run.number)
    return try source(file, (run, kept), need)
  }

  private func source(
    _ file: ModelFile, _ recorded: (run: Run, weights: Safetensors?)?, _ need: ExportNeed
  ) throws -> ExportSource {
    guard need == .step else {
      let network = try network(file)
      let weights = try weights(for: network, recorded?.weights, seed(file, recorded?.run))
      return ExportSource(
        title: title(recorded?.run), network: network, weights: Self.ordered(weights, network))
    }
    var overrides = RunOverrides()
    overrides.data = data ?? (file.fit == nil ? recorded?.run.record.dataName : nil)
    if let data = overrides.data { try checkDataName(data) }
    overrides.target = target
    overrides.seed = seed ?? recorded?.run.record.seed
    overrides.batchSize = batchSize ?? recorded?.run.record.batchSize
    var settings = try ModelLoader(library: dataLibrary).settings(file, overrides)
    if weights != nil || recorded?.weights != nil {
      let shape = Shape(Array(settings.data.training.inputs.shape.extents.dropFirst()))
      let network = try Network(settings.model, inputShape: shape)
      settings.initialWeights = try weights(for: network, recorded?.weights, settings.seed)
    }
    let session = try Session(settings)
    session.go(to: Position(step: step))
    return try Self.source(of: session, title: title(recorded?.run), step: step)
  }

  /// What a session is exported as, a step of it recorded.
  static func source(of session: Session, title: String, step: Int?) throws -> ExportSource {
    ExportSource(
      title: title, network: session.network, weights: session.weights,
      step: try session.recorded(step: step))
  }

  private func title(_ run: Run?) -> String {
    run.map { "run \($0.number)" } ?? URL(fileURLWithPath: model).lastPathComponent
  }

  private func seed(_ file: ModelFile, _ run: Run?) -> UInt64 {
    seed ?? run?.record.seed ?? file.seed.map { UInt64(bitPattern: Int64($0)) } ?? 1
  }

  private func network(_ file: ModelFile) throws -> Network {
    guard file.description.inputShape == nil, file.description.wiring == nil else {
      return try Network(file.description)
    }
    guard data != nil || file.fit != nil else { return try Network(file.description) }
    var overrides = RunOverrides()
    overrides.data = data
    overrides.target = target
    return try Network(try ModelLoader(library: dataLibrary).settings(file, overrides).model)
  }

  private func weights(
    for network: Network, _ kept: Safetensors?, _ seed: UInt64
  ) throws -> [String: Tensor] {
    if let weights { return try readWeights(weights, for: network) }
    guard let kept else { return network.initialWeights(seed: seed) }
    let tensors = Dictionary(
      kept.entries.map { ($0.name, $0.tensor) }, uniquingKeysWith: { _, last in last })
    try WeightFile.check(tensors, for: network, file: model)
    return tensors
  }

  private static func ordered(
    _ weights: [String: Tensor], _ network: Network
  ) -> [(name: String, tensor: Tensor)] {
    network.weights.compactMap { name, _ in weights[name].map { (name, $0) } }
  }
}

/// `export FORMAT PATH` among the debugger's commands: the step at hand.
enum DebuggerExport {
  /// Carries a command out if it is one.
  /// - Throws: `DebuggerCommand.Failure`, `CommandFailure`.
  static func run(_ command: String, _ session: Session, _ common: CommonOptions) throws -> Bool {
    let words = command.split(whereSeparator: \.isWhitespace).map(String.init)
    // With a format alone it is shown, as at the prompt of the lab.
    guard words.first == "export", words.count != 2 else { return false }
    guard words.count == 3 else {
      throw DebuggerCommand.Failure(
        "'\(command)'", remedy: "export FORMAT PATH, as export numpy-check step.py")
    }
    let format = try FormatCatalog.format(words[1])
    try Output.checkFolder(of: words[2])
    let source = try Export.source(of: session, title: session.network.description.name, step: nil)
    try Export.write(source, format, to: words[2], quiet: common.quiet, json: common.json)
    return true
  }
}
