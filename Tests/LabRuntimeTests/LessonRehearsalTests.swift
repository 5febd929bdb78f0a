import Datasets
import Foundation
import LabRuntime
import Lessons
import Testing

@Suite("Lessons are played through")
struct LessonRehearsalTests {
  @Test("every lesson fails as shipped and passes by its solution")
  func shipped() {
    let lessons = LessonLibrary().lessons
    #expect(!lessons.isEmpty)
    for lesson in lessons {
      #expect(LessonRehearsal.findings(lesson, library: DatasetLibrary(), trials: 0) == [])
    }
  }

  /// The findings on a copy of lesson 1 in which a text of one of its files is another.
  private func findings(in file: String, _ old: String, _ new: String) throws -> [String] {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let copy = folder.appending(path: "01-one-neuron")
    try FileManager.default.copyItem(
      at: LessonLibrary.shippedDirectory.appending(path: "01-one-neuron"), to: copy)
    let url = copy.appending(path: file)
    let text = try String(contentsOf: url, encoding: .utf8)
    #expect(text.contains(old))
    try text.replacingOccurrences(of: old, with: new)
      .write(to: url, atomically: true, encoding: .utf8)
    let lesson = try #require(LessonLibrary(directories: [folder]).lessons.first)
    return LessonRehearsal.findings(lesson, library: DatasetLibrary(), trials: 0)
  }

  @Test("a solution that does not solve is found")
  func solution() throws {
    let found = try findings(in: "solution.txt", "step 200 step", "step 1 step")
    #expect(found.contains { $0.contains("is not done by its solution") })
  }

  @Test("an exercise that is done at once is found")
  func trivial() throws {
    let found = try findings(in: "lesson.md", "train_accuracy >= 1", "train_accuracy >= 0")
    #expect(found.contains { $0.contains("done before anything is done") })
  }

  @Test("a mistake that gives the right answer is found")
  func mistake() throws {
    let found = try findings(in: "lesson.md", "when: -dense/sum[3,0]", "when: dense/sum[3,0]")
    #expect(found.contains { $0.contains("gives the right answer") })
  }
}
