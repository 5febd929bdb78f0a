import ArgumentParser
import Foundation
import LabRuntime
import RunStore

/// Takes runs out of the record.
struct RunsRemove: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Take runs out of the record; restore brings them back.",
    discussion: """
      A month after it was removed a run is deleted for good.

      Example: backstep runs remove r3 r4
      """)

  @Argument(help: "Runs: r12 or 12.") var numbers: [String]
  @OptionGroup var common: CommonOptions

  func run() throws {
    let store = try RunsCommand.store()
    let runs = try numbers.map { try RunsCommand.run($0, in: store) }
    for run in runs {
      if let writer = run.writer {
        throw CommandFailure(
          "\(run.number) is open in process \(writer.process) on \(writer.host); close it there first",
          code: .badInput)
      }
    }
    for run in runs {
      try store.remove(run.number, at: Date())
      try common.tell(
        "removed", "\(run.number)",
        "removed \(run.number); `backstep runs restore \(run.number)` brings it back")
    }
    try store.clean(at: Date())
  }
}

/// Brings removed runs back.
struct RunsRestore: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Bring removed runs back.",
    discussion: "Example: backstep runs restore r3")

  @Argument(help: "Runs: r12 or 12.") var numbers: [String]
  @OptionGroup var common: CommonOptions

  func run() throws {
    let store = try RunsCommand.store()
    for word in numbers {
      guard let number = RunNumber(parsing: word) else {
        throw CommandFailure("'\(word)' is not a run; runs are r1, r2, …", code: .usage)
      }
      do { try store.restore(number) } catch {
        throw CommandFailure(
          "there is no run \(number), not among the removed ones either", code: .noSuchFile)
      }
      try common.tell("restored", "\(number)", "restored \(number)")
    }
  }
}

/// Gives a run a name.
struct RunsRename: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rename", abstract: "Give a run a name, or none.",
    discussion: "Example: backstep runs rename r12 \"less dropout\"")

  @Argument(help: "A run: r12 or 12.") var number: String
  @Argument(help: "Its name; nothing takes the name away.") var name: String?
  @OptionGroup var common: CommonOptions

  func run() throws {
    let store = try RunsCommand.store()
    let run = try RunsCommand.run(number, in: store)
    let wanted = name.flatMap { $0.isEmpty ? nil : $0 }
    try store.rename(run.number, to: wanted)
    try common.tell(
      "renamed", "\(run.number)",
      wanted.map { "\(run.number) is called \($0)" } ?? "\(run.number) has no name")
  }
}

extension CommonOptions {
  /// Says what was done to a run.
  fileprivate func tell(_ event: String, _ run: String, _ words: String) throws {
    if json {
      try Output.line(JSONLine([(event, .text(run))]).text)
    } else if !quiet {
      try Output.line(words)
    }
  }
}
