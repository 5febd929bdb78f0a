import ArgumentParser
import Foundation
import LabRuntime
import Lessons
import RunStore
import Tensors

/// Writes what a student hands in of a lesson.
struct HandInCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hand-in", abstract: "Write what you did in a lesson to a file for your teacher.",
    discussion: """
      The file has each answer and what was done in the lab, so that it can be done again, and \
      nothing else of this computer.

      Example: backstep hand-in one-neuron --student "Ada L."
      """)

  @Argument(help: "A lesson's name, its number or a part of its title.") var lesson: String
  @Option(help: "Your name; kept for the next time.") var student: String?
  @Option(name: [.short, .long], help: "The file; ‘-’ for standard output.") var output: String?
  @OptionGroup var common: CommonOptions

  func run() throws {
    // The same digits as on the lab's thread.
    flushDenormals()
    let lesson = try LessonCommand.lesson(self.lesson, in: lessonLibrary)
    let file = Directories.data.appending(path: RunStore.fileName)
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw CommandFailure("nothing was done here yet; backstep lesson begins", code: .noSuchFile)
    }
    let store = try RunStore(directory: Directories.data)
    let name = try Student.name(student, in: store)
    let work = try store.work(onLesson: lesson.name)
    guard !work.isEmpty else {
      throw CommandFailure(
        "‘\(lesson.title)’ was not worked on yet; backstep lesson \(lesson.number) opens it",
        code: .noSuchFile)
    }
    let handIn = HandIn(lesson, student: name, work: work, made: Date(), library: dataLibrary)
    let data = try handIn.data()
    if output == "-" { return try Output.show(String(decoding: data, as: UTF8.self) + "\n") }
    let path = output ?? "\(lesson.name)-\(Student.fileName(name)).json"
    do { try data.write(to: URL(filePath: path), options: .atomic) } catch {
      throw CommandFailure("\(path) cannot be written", code: .cannotWrite)
    }
    let done = handIn.tasks.count { $0.digest != nil }
    let all = lesson.pages.flatMap(\.tasks).count
    if !common.quiet { try Output.line("\(path): \(done) of \(all) done") }
  }
}

/// Who works here: lessons may give each student numbers of their own.
enum Student {
  static let key = "student"

  /// The name that is given, which is kept, or the one that was kept.
  static func name(_ given: String?, in store: RunStore) throws -> String {
    if let given {
      let name = given.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      guard !name.isEmpty, name.count <= 100 else {
        throw CommandFailure("no name in --student; right would be your name", code: .usage)
      }
      try store.set(key, to: name)
      return name
    }
    guard let kept = try store.setting(key) else {
      throw CommandFailure(
        "whose work is it? right would be --student \"Ada L.\"", code: .usage)
    }
    return kept
  }

  /// A name as part of a file's name.
  static func fileName(_ name: String) -> String {
    let kept = name.map { $0.isLetter || $0.isNumber ? $0 : "-" }
    return String(kept).lowercased().split(separator: "-").joined(separator: "-")
  }
}
