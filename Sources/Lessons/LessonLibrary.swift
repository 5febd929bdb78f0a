import Dispatch
import Foundation
import Synchronization

/// The lessons there are: those that come with the lab, and a user's own.
package struct LessonLibrary: Sendable {
  /// In the order of their numbers.
  package let lessons: [Lesson]
  /// What words mean in all of them, in the order of the alphabet.
  package let glossary: [GlossaryEntry]
  /// Lessons that could not be read, and why.
  package let failures: [LessonFailure]

  /// The lessons that come with the lab.
  package static var shippedDirectory: URL {
    Bundle.module.bundleURL.appendingPathComponent("Lessons")
  }

  /// Reads every lesson in some directories; one in a later directory replaces one of the same
  /// name. A missing directory holds none.
  package init(directories: [URL] = [LessonLibrary.shippedDirectory]) {
    var byName: [String: Lesson] = [:]
    var failures: [LessonFailure] = []
    var words: [String: GlossaryEntry] = [:]
    for directory in directories {
      do throws(LessonFailure) {
        for entry in try Self.glossary(in: directory) { words[entry.term.lowercased()] = entry }
      } catch { failures.append(error) }
    }
    let glossary = words.values.sorted { $0.term.lowercased() < $1.term.lowercased() }
    for lesson in Self.read(directories.flatMap(Self.folders), glossary) {
      do throws(LessonFailure) {
        let lesson = try lesson.get()
        byName[lesson.name] = lesson
      } catch { failures.append(error) }
    }
    self.glossary = glossary
    lessons = byName.values.sorted { ($0.number, $0.name) < ($1.number, $1.name) }
    self.failures = failures
  }

  /// Reads lessons side by side, for the lab waits for all of them; in the order of their folders.
  private static func read(
    _ folders: [URL], _ glossary: [GlossaryEntry]
  ) -> [Result<Lesson, LessonFailure>] {
    let lessons = Mutex<[Int: Result<Lesson, LessonFailure>]>([:])
    DispatchQueue.concurrentPerform(iterations: folders.count) { place in
      let lesson = Result { () throws(LessonFailure) in
        try LessonParser.parse(try files(in: folders[place], glossary))
      }
      lessons.withLock { $0[place] = lesson }
    }
    return lessons.withLock { lessons in folders.indices.compactMap { lessons[$0] } }
  }

  /// The lesson that a user means: its folder name, its number, or part of its name or title.
  package func lesson(named text: String) -> Lesson? {
    let wanted = text.lowercased()
    return lessons.first { $0.name == wanted } ?? Int(wanted).flatMap { number in
      lessons.first { $0.number == number }
    }
      ?? (wanted.isEmpty
        ? nil
        : lessons.first { lesson in
          lesson.name.contains(wanted) || lesson.title.lowercased().contains(wanted)
        })
  }

  private static func folders(in directory: URL) -> [URL] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
    return names.sorted().filter { $0.first?.isNumber == true }
      .map { directory.appendingPathComponent($0) }
      .filter {
        FileManager.default.fileExists(atPath: $0.appendingPathComponent("lesson.md").path)
      }
  }

  private static func glossary(in directory: URL) throws(LessonFailure) -> [GlossaryEntry] {
    guard let text = try LessonFolder(directory).text(GlossaryFile.name) else { return [] }
    return try GlossaryFile.entries(text)
  }

  /// The files of a lesson's folder, read as of somebody that nobody knows.
  package static func files(
    in folder: URL, _ glossary: [GlossaryEntry]
  ) throws(LessonFailure) -> LessonParser.Files {
    let folder = LessonFolder(folder)
    var programs: [String: String] = [:]
    let names = folder.files(ending: "py")
    guard names.count <= LessonFolder.mostPrograms else {
      throw LessonFailure(
        "\(folder.name)/lesson.md", 1, "\(names.count) programs beside it",
        right: "at most \(LessonFolder.mostPrograms)")
    }
    for name in names { programs[name] = try folder.text(name) }
    var files = LessonParser.Files(
      name: folder.name, lesson: try folder.text("lesson.md") ?? "",
      solution: try folder.text("solution.txt"), programs: programs, folder: folder)
    files.glossary = glossary
    return files
  }
}
