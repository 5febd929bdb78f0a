import Foundation

/// The lessons there are: those that come with the lab, and a user's own.
package struct LessonLibrary: Sendable {
  /// In the order of their numbers.
  package let lessons: [Lesson]
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
    for folder in directories.flatMap(Self.folders) {
      do throws(LessonFailure) {
        let lesson = try LessonParser.parse(try Self.files(in: folder))
        byName[lesson.name] = lesson
      } catch { failures.append(error) }
    }
    lessons = byName.values.sorted { ($0.number, $0.name) < ($1.number, $1.name) }
    self.failures = failures
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

  private static func files(in folder: URL) throws(LessonFailure) -> LessonParser.Files {
    func text(_ name: String) throws(LessonFailure) -> String? {
      let file = folder.appendingPathComponent(name)
      guard FileManager.default.fileExists(atPath: file.path) else { return nil }
      guard let data = try? Data(contentsOf: file),
        let text = String(bytes: data, encoding: .utf8)
      else {
        throw LessonFailure(
          "\(folder.lastPathComponent)/\(name)", 1, "a file that is no readable text",
          right: "UTF-8 text that may be read")
      }
      return text.replacingOccurrences(of: "\r\n", with: "\n")
    }
    return LessonParser.Files(
      name: folder.lastPathComponent, lesson: try text("lesson.md") ?? "",
      model: try text("model.py"), solution: try text("solution.txt"))
  }
}
