import ArgumentParser
import Foundation
import KerasCode
import Scripts

/// Runs a Keras program as Python would.
struct RunProgram: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a Keras script from top to bottom.",
    discussion: """
      Fits, evaluates and prints what Python would print. The program reads and writes only in its \
      own folder.

      Example: backstep run first_network.py
      """)

  @Argument(help: "A Keras program.", completion: .file(extensions: ["py"])) var file: String

  @Option(help: "The seed where the program gives none (default: another each time).")
  var seed: UInt64?

  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.prepareKernels()
    let text = try LoadedModel.text(of: file)
    let folder = ProgramFolder(URL(fileURLWithPath: file).deletingLastPathComponent())
    let sink = ProgramOutput(isJSON: common.json)
    let clock = ContinuousClock()
    let start = clock.now
    let console = ScriptConsole(
      isTerminal: Output.isTerminal && !common.json, isColored: common.isColored && !common.json,
      now: { (clock.now - start) / .seconds(1) },
      note: { Output.complain("backstep: \($0)") }, write: sink.write)
    defer { sink.finish() }
    try ScriptHost.run(
      text, file: file, folder: folder, seed: seed ?? UInt64.random(in: 0...UInt64(UInt32.max)),
      console)
    if let failure = sink.failure { throw failure }
  }
}

/// What a program prints, as it is or line by line in JSON.
private final class ProgramOutput {
  private let isJSON: Bool
  private var line = ""
  /// Why the output could not be written; the program then runs on unheard.
  private(set) var failure: CommandFailure?

  init(isJSON: Bool) { self.isJSON = isJSON }

  func write(_ text: String) {
    guard isJSON else { return put(text) }
    line += text
    guard line.contains("\n") else { return }
    var lines = line.split(separator: "\n", omittingEmptySubsequences: false)
    line = lines.popLast().map(String.init) ?? ""
    for text in lines { put(Self.event(String(text))) }
  }

  func finish() {
    if isJSON, !line.isEmpty { put(Self.event(line)) }
    line = ""
  }

  private static func event(_ text: String) -> String {
    JSONLine([("event", .text("output")), ("text", .text(text))]).text + "\n"
  }

  private func put(_ text: String) {
    guard failure == nil else { return }
    do { try Output.write(text) } catch { failure = error }
  }
}
