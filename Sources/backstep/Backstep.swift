import ArgumentParser
import Foundation
import KerasCode

/// The command line: `backstep` alone opens the lab.
@main
struct Backstep: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backstep",
    abstract: "Learn neural networks by stepping through them, forwards and backwards.",
    discussion: """
      Example: backstep run model.py
      Exit codes: 0 done, 1 a check failed, 2 no terminal, 64 usage, 65 bad input file, 66 no such
      file, 69 a server is away, 74 cannot write, 130 interrupted.
      """, version: "backstep 0.9",
    subcommands: [
      Open.self, RunProgram.self, Train.self, Evaluate.self, Predict.self, Summary.self,
      Debug.self, At.self, Export.self, DataCommand.self, RunsCommand.self, LessonsCommand.self,
      LessonCommand.self, HandInCommand.self, Grade.self, Check.self,
    ], defaultSubcommand: Open.self)

  /// The commands that need no screen, as they are typed.
  static let commandNames = [
    "run", "train", "evaluate", "predict", "summary", "debug", "at", "export", "data", "runs",
    "lessons", "lesson", "hand-in", "grade", "check",
  ]

  static func main() {
    do {
      try checkFirstWord()
      var command = try parseAsRoot()
      try command.run()
    } catch {
      guard let failure = CommandFailure(error) else { exit(withError: error) }
      if let shown = failure.shown { Output.complain(shown) }
      Foundation.exit(failure.code.rawValue)
    }
  }

  /// A first word that is no file may be a misspelled command.
  private static func checkFirstWord() throws(CommandFailure) {
    guard let word = CommandLine.arguments.dropFirst().first, !word.hasPrefix("-"),
      !commandNames.contains(word), !FileManager.default.fileExists(atPath: word),
      RunsCommand.number(word) == nil,
      let remedy = Suggestions.didYouMean(word, among: commandNames + ["help", "open"])
    else { return }
    throw CommandFailure("there is no command '\(word)'; \(remedy)", code: .usage)
  }
}
