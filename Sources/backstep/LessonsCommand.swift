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

  @Flag(help: "A table for a spreadsheet.") var csv = false
  @OptionGroup var common: CommonOptions

  func run() throws {
    if csv { return try writeCSV() }
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

  private func writeCSV() throws {
    let records = Self.records()
    try Output.line("lesson,title,pages,done_pages,tasks,done_tasks,started,finished")
    for lesson in lessonLibrary.lessons {
      let record = records[lesson.name]
      let time = { (date: Date?) in date.map { $0.ISO8601Format() } ?? "" }
      try Output.line(
        CSVLine.text([
          lesson.name, lesson.title, "\(lesson.pages.count)",
          "\(record?.donePages.count ?? 0)", "\(lesson.pages.flatMap(\.tasks).count)",
          "\(record?.done.count ?? 0)", time(record?.started), time(record?.finished),
        ]))
    }
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

/// Opens a lesson in the lab, or packs it into one file.
struct LessonCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lesson", abstract: "Open a lesson, also one of your own; or pack it into a file.",
    discussion: """
      A folder such as 40-springs with lesson.md in it, or an archive of one, becomes one of your \
      own lessons and is opened.

      Example: backstep lesson one-neuron
      """)

  @Argument(help: "A lesson's name, its number, a part of its title; or a folder or archive.")
  var name: String?
  @Option(help: "Your name: lessons may give each student numbers of their own.")
  var student: String?
  @Option(help: "Write the lesson to this .zip file instead of opening it.") var pack: String?
  @OptionGroup var common: CommonOptions

  func run() throws {
    guard let name else { return try LessonsCommand.parse(common.json ? ["--json"] : []).run() }
    if let pack { return try write(name, to: pack) }
    let own = Directories.data.appending(path: "Lessons")
    let wanted =
      Self.isPath(name) ? try LessonParcel.install(name, into: own) : name
    let lesson = try Self.lesson(wanted, in: lessonLibrary)
    if let student {
      _ = try Student.name(student, in: RunStore(directory: Directories.data))
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

  /// Whether a file is meant, not a name.
  private static func isPath(_ name: String) -> Bool {
    name.contains("/") || name.hasSuffix(".zip") || name == "." || name == ".."
  }

  /// The lesson that is meant.
  static func lesson(_ name: String, in library: LessonLibrary) throws(CommandFailure) -> Lesson {
    if let lesson = library.lesson(named: name) { return lesson }
    let names = library.lessons.map(\.name)
    let remedy =
      Suggestions.didYouMean(name, among: names) ?? "there are " + names.joined(separator: ", ")
    throw CommandFailure("there is no lesson '\(name)'; \(remedy)", code: .noSuchFile)
  }

  private func write(_ name: String, to path: String) throws {
    let folder: URL
    if Self.isPath(name) {
      folder = URL(filePath: name)
    } else {
      let lesson = try Self.lesson(name, in: lessonLibrary)
      let shelves = [Directories.data.appending(path: "Lessons"), LessonLibrary.shippedDirectory]
      let places = shelves.map { $0.appending(path: lesson.name) }
      folder =
        places.first { FileManager.default.fileExists(atPath: $0.path) } ?? places[1]
    }
    let bytes = try LessonParcel.packed(folder)
    do { try Data(bytes).write(to: URL(filePath: path), options: .atomic) } catch {
      throw CommandFailure("\(path) cannot be written", code: .cannotWrite)
    }
    if !common.quiet {
      try Output.line("\(path): backstep lesson \(path) opens it on any machine")
    }
  }
}
