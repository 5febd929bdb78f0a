import ArgumentParser
import KerasCode
import Lessons
import Datasets
import Foundation
import LabRuntime
import Scripts
import Tensors

/// Lints content: lessons, which are also played through, data sets and model files.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check lessons, data sets and model files; exit 1 when something is wrong.",
    discussion: """
      Without names, every lesson and every data set of the lab.

      Example: backstep check iris 01-one-neuron model.py
      """)

  @Argument(help: "Lessons or data sets by name, folders with a lesson, or Keras programs.")
  var names: [String] = []
  @OptionGroup var common: CommonOptions

  func run() throws {
    // The same digits as on the lab's thread.
    flushDenormals()
    var findings = 0
    let library = lessonLibrary
    let lessons = Set(library.lessons.map(\.name) + library.failures.map(\.folder))
    let wanted = names.filter(lessons.contains)
    if names.isEmpty || !wanted.isEmpty {
      let course = Set(LessonLibrary().lessons.map(\.name))
      let line = ProgressLine(isWanted: !common.quiet)
      let found = LessonCheck.findings(
        library, course: course, names: wanted, data: dataLibrary, progress: line.show)
      line.clear()
      for (name, problems) in found {
        findings += problems.count
        try report(name, problems)
      }
    }
    let folders = names.filter { !lessons.contains($0) && Self.isLesson($0) }
    for path in folders { findings += try check(lessonAt: path) }
    let line = ProgressLine(isWanted: !common.quiet)
    let others = names.filter { !lessons.contains($0) && !folders.contains($0) }
    for name in names.isEmpty ? dataLibrary.names : others {
      line.show(name)
      let problems = problems(of: name)
      line.clear()
      findings += problems.count
      try report(name, problems)
    }
    if findings > 0 { throw CommandFailure(nil, code: .checkFailed) }
  }

  private static func isLesson(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path + "/lesson.md")
  }

  /// A lesson that somebody is writing is read where it lies.
  /// - Returns: how many things are wrong with it.
  private func check(lessonAt path: String) throws -> Int {
    let folder = URL(filePath: path).standardizedFileURL
    let line = ProgressLine(isWanted: !common.quiet)
    let found = LessonCheck.findings(
      LessonLibrary(directories: [folder.deletingLastPathComponent()]), course: [],
      names: [folder.lastPathComponent], data: dataLibrary, progress: line.show)
    line.clear()
    for (_, problems) in found { try report(path, problems) }
    return found.reduce(0) { $0 + $1.problems.count }
  }

  private func report(_ name: String, _ problems: [String]) throws {
    if common.json {
      try Output.line(
        JSONLine([
          ("name", .text(name)), ("ok", .flag(problems.isEmpty)),
          ("problems", .list(problems.map { .text($0) })),
        ]).text)
    } else if problems.isEmpty {
      if !common.quiet { try Output.line("\(name): ok") }
    } else {
      for problem in problems { try Output.line("\(name): \(problem)") }
    }
  }

  /// What is wrong with a model file or a data set.
  private func problems(of name: String) -> [String] {
    do {
      if name.hasSuffix(".py") {
        _ = try LoadedModel(name, seed: 0).network()
      } else {
        let data = try openData(name, target: nil)
        let odd = (data.inputs.scalars + data.targets.scalars).count { !$0.isFinite }
        if odd > 0 { return ["\(odd) numbers are missing or not finite"] }
      }
      return []
    } catch {
      return [CommandFailure(error)?.message ?? "\(error)"]
    }
  }
}
