import ArgumentParser
import Foundation
import LabRuntime
import Scripts
import Tensors
import Training

/// The debugger without a screen, as `gdb -batch`.
struct Debug: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Step through a run without a screen, as gdb -batch does.",
    discussion: """
      Example: backstep debug digits.py --data digits -e "step phase" -e "explain loss"
      Commands come from -x files, then -e, then, when neither is given, standard input. \
      'help' lists them.
      """)

  @Argument(help: "A model file (Keras code).") var model: String
  @Option(help: "A data set by name, or a .csv, .npz or .npy file.") var data: String?
  @Option(help: "The target column of a CSV file, the last by default.") var target: String?
  @Option(help: "Seed of weights, order and dropout.") var seed: UInt64?
  @Option(help: "Examples in one step.") var batchSize: Int?
  @Option(help: "How often all examples are seen.") var epochs: Int?
  @Option(help: "The share of the examples that is held back.") var validationSplit: Double?
  @Flag(help: "Take the examples in order.") var noShuffle = false
  @Option(name: .customShort("x"), help: "A file of commands, one a line.") var script: [String] =
    []
  @Option(name: [.customShort("e"), .long], help: "A command.") var execute: [String] = []
  @Flag(help: "One JSON object a command.") var json = false
  @Option(help: "Threads the kernels may use.") var threads: Int?

  func run() throws {
    setKernelThreads(threads ?? Self.standardThreads)
    flushDenormals()
    if let data { try checkDataName(data) }
    let loader = ModelLoader(library: dataLibrary)
    let file = try loader.read(URL(fileURLWithPath: model))
    var overrides = RunOverrides()
    overrides.data = data
    overrides.target = target
    overrides.epochs = epochs
    overrides.batchSize = batchSize
    overrides.seed = seed
    overrides.shuffles = noShuffle ? false : nil
    overrides.unseenShare = validationSplit
    var debugger = Debugger(try Session(try loader.settings(file, overrides)))
    try perform(&debugger)
  }

  static var standardThreads: Int {
    ProcessInfo.processInfo.environment["BACKSTEP_THREADS"].flatMap { Int($0) }
      ?? ProcessInfo.processInfo.activeProcessorCount
  }

  /// Runs all commands; a mistaken one is reported and ends with status 1 after the others, as a
  /// batch of gdb goes on.
  private func perform(_ debugger: inout Debugger) throws {
    var commands: [String] = []
    for path in script {
      let text = try String(contentsOf: URL(fileURLWithPath: path), encoding: .utf8)
      commands += text.split(whereSeparator: \.isNewline).map(String.init)
    }
    commands += execute
    var failed = false
    if script.isEmpty && execute.isEmpty {
      while let line = readLine() { failed = !perform(line, &debugger) || failed }
    } else {
      for line in commands { failed = !perform(line, &debugger) || failed }
    }
    if failed { throw ExitCode(1) }
  }

  private func perform(_ line: String, _ debugger: inout Debugger) -> Bool {
    let command = line.prefix { $0 != "#" }.trimmingCharacters(in: .whitespaces)
    guard !command.isEmpty else { return true }
    do {
      let reply = try debugger.run(command)
      if json {
        print(JSONLine.text(command: command, reply))
      } else {
        for line in reply.lines { print(line) }
      }
      return true
    } catch {
      FileHandle.standardError.write(Data("backstep: \(command): \(error)\n".utf8))
      if json {
        print(JSONLine.object([("command", .text(command)), ("error", .text("\(error)"))]))
      }
      return false
    }
  }
}
