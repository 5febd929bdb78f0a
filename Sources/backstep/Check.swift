import ArgumentParser
import KerasCode
import Datasets
import Foundation
import Scripts
import Tensors

/// Lints content: data sets and model files.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check data sets and model files; exit 1 when something is wrong.",
    discussion: """
      Without names, every data set of the lab.

      Example: backstep check iris model.py
      """)

  @Argument(help: "Data sets by name, or Keras programs.") var names: [String] = []
  @OptionGroup var common: CommonOptions

  func run() throws {
    var findings = 0
    for name in names.isEmpty ? dataLibrary.names : names {
      let problem = problem(of: name)
      if problem != nil { findings += 1 }
      if common.json {
        try Output.line(
          JSONLine([
            ("name", .text(name)), ("ok", .flag(problem == nil)),
            ("problem", problem.map { .text($0) } ?? .null),
          ]).text)
      } else if let problem {
        try Output.line("\(name): \(problem)")
      } else if !common.quiet {
        try Output.line("\(name): ok")
      }
    }
    if findings > 0 { throw CommandFailure(nil, code: .checkFailed) }
  }

  /// What is wrong with one thing, nil when nothing is.
  private func problem(of name: String) -> String? {
    do {
      if name.hasSuffix(".py") {
        _ = try LoadedModel(name, seed: 0).network()
      } else {
        let data = try openData(name, target: nil)
        let odd = (data.inputs.scalars + data.targets.scalars).count { !$0.isFinite }
        if odd > 0 { return "\(odd) numbers are missing or not finite" }
      }
      return nil
    } catch {
      return CommandFailure(error)?.message ?? "\(error)"
    }
  }
}
