import ArgumentParser
import Foundation
import LabRuntime
import KerasCode
import Lessons
import RunStore

/// The lessons there are: those that come along, and the user's own.
var lessonLibrary: LessonLibrary {
  LessonLibrary(directories: [
    LessonLibrary.shippedDirectory, Directories.data.appending(path: "Lessons"),
  ])
}

/// Lists the lessons with their progress.
struct LessonsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lessons", abstract: "List the lessons with progress.",
    discussion: "Example: backstep lessons --json")

  @OptionGroup var common: CommonOptions

  func run() throws {
    let library = lessonLibrary
    let records = Self.records()
    var rows: [[String]] = []
    for lesson in library.lessons {
      let record = records[lesson.name]
      let done = record?.donePages.count ?? 0
      let isFinished = record?.finished != nil
      if common.json {
        try Output.line(
          JSONLine([
            ("lesson", .text(lesson.name)), ("number", .integer(lesson.number)),
            ("title", .text(lesson.title)), ("minutes", .integer(lesson.minutes)),
            ("pages", .integer(lesson.pages.count)), ("done_pages", .integer(done)),
            ("finished", .flag(isFinished)), ("summary", .text(lesson.summary)),
          ]).text)
      }
      let progress = isFinished ? "finished" : done > 0 ? "\(done)/\(lesson.pages.count)" : ""
      rows.append([lesson.name, "\(lesson.minutes) min", progress, lesson.title])
    }
    if !common.json { try Output.show(aligned(rows)) }
    for failure in library.failures { Output.complain("backstep: \(failure)") }
  }

  /// Progress by lesson; none when there is no record, which listing does not begin.
  private static func records() -> [String: LessonRecord] {
    let file = Directories.data.appending(path: RunStore.fileName)
    guard FileManager.default.fileExists(atPath: file.path) else { return [:] }
    do { return try RunStore(directory: Directories.data).lessonRecords() } catch {
      Output.complain("backstep: progress is not known: \(error)")
      return [:]
    }
  }
}

/// Opens a lesson in the lab.
struct LessonCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lesson", abstract: "Open a lesson.",
    discussion: "Example: backstep lesson one-neuron")

  @Argument(help: "A lesson's name, its number or a part of its title.") var name: String?
  @OptionGroup var common: CommonOptions

  func run() throws {
    let library = lessonLibrary
    guard let name else { return try LessonsCommand.parse(common.json ? ["--json"] : []).run() }
    guard let lesson = library.lesson(named: name) else {
      let names = library.lessons.map(\.name)
      let remedy =
        Suggestions.didYouMean(name, among: names) ?? "there are " + names.joined(separator: ", ")
      throw CommandFailure("there is no lesson '\(name)'; \(remedy)", code: .noSuchFile)
    }
    if common.json {
      throw CommandFailure(
        "'\(lesson.title)' is read, not listed; backstep lessons --json lists all",
        code: .noTerminal)
    }
    var lab = try Open.parse([])
    lab.lesson = lesson.name
    let (reads, writes) = (isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1)
    // Without a screen a lesson is read in lines; where nobody sees a question, none is asked.
    lab.plain = !reads || !writes
    lab.readsThrough = reads && !writes
    try lab.run()
  }
}
