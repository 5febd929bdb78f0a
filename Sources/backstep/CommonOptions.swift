import ArgumentParser
import Foundation
import Tensors
import TerminalGraphics

/// What every command understands.
struct CommonOptions: ParsableArguments {
  @Flag(help: "One JSON object a line on standard output.") var json = false

  @Flag(name: [.short, .long], help: "No progress, only results.") var quiet = false

  @Option(
    help: "Colors: auto, 24bit, 256, 16 or never.",
    completion: .list(["auto", "24bit", "256", "16", "never"]))
  var color = "auto"

  @Option(help: "Threads to compute with (default: all cores, or BACKSTEP_THREADS).")
  var threads: Int?

  func validate() throws {
    guard ColorChoice(rawValue: color) != nil else {
      throw ValidationError("--color is \(color); right would be auto, 24bit, 256, 16 or never")
    }
    guard threads.map({ (1...1024).contains($0) }) ?? true else {
      throw ValidationError("--threads is \(threads ?? 0); right would be 1 to 1024")
    }
  }

  private var environment: [String: String] { ProcessInfo.processInfo.environment }

  /// Whether to write color codes: on a terminal, unless told not to.
  var isColored: Bool {
    let choice = ColorChoice.resolved(
      option: ColorChoice(rawValue: color) ?? .auto, environment: environment)
    switch choice {
    case .never: return false
    case .auto: return Output.isTerminal && environment["TERM", default: "dumb"] != "dumb"
    default: return true
    }
  }

  /// Readies the calling thread and the kernels' helpers for computing.
  /// - Throws: `CommandFailure` when BACKSTEP_THREADS is not a number of threads.
  func prepareKernels() throws(CommandFailure) {
    flushDenormals()
    if let threads {
      setKernelThreads(threads)
    } else if let word = environment["BACKSTEP_THREADS"], !word.isEmpty {
      guard let count = Int(word), (1...1024).contains(count) else {
        throw CommandFailure(
          "BACKSTEP_THREADS is \(word); right would be a number from 1 to 1024", code: .usage)
      }
      setKernelThreads(count)
    } else {
      setKernelThreads(ProcessInfo.processInfo.activeProcessorCount)
    }
  }
}
