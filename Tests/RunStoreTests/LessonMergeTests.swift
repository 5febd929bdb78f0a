import Foundation
import RunStore
import Testing

@Suite("Progress of lessons from two labs")
struct LessonMergeTests {
  private let folder = FileManager.default.temporaryDirectory
    .appending(path: "merge-\(UUID().uuidString)")
  private let noon = Date(timeIntervalSince1970: 1_700_000_000)

  private func record(
    page: Int, pages: Set<Int>, done: Set<String>, answers: [String: String] = [:],
    skipped: Set<String> = [], misses: [String: Int] = [:]
  ) -> LessonRecord {
    LessonRecord(
      lesson: "01-one-neuron", page: page, donePages: pages, done: done, answers: answers,
      skipped: skipped, hints: ["sum": page], misses: misses, started: noon)
  }

  @Test("what either saw done is done; the page is that of the later one")
  func merges() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let (one, other) = (try RunStore(directory: folder), try RunStore(directory: folder))
    try one.add(
      record(page: 2, pages: [0, 1], done: ["sum"], answers: ["sum": "0.86"], misses: ["sum": 2]),
      at: noon
    ) { _ in false }
    try other.add(
      record(page: 1, pages: [2], done: ["and"], skipped: ["sum"], misses: ["sum": 1]), at: noon
    ) { $0.donePages.count == 3 }
    let all = try #require(try one.lessonRecord(of: "01-one-neuron"))
    #expect(all.page == 1)
    #expect(all.donePages == [0, 1, 2])
    #expect(all.done == ["sum", "and"])
    #expect(all.answers == ["sum": "0.86"])
    #expect(all.skipped.isEmpty, "what is done is not skipped")
    #expect(all.hints == ["sum": 2])
    #expect(all.misses == ["sum": 2])
    #expect(all.finished != nil)
  }

  @Test("an answer that is taken back is forgotten, and so is a lesson that is started over")
  func forgets() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = try RunStore(directory: folder)
    let first = record(page: 0, pages: [0], done: ["sum", "and"], answers: ["sum": "1"])
    try store.add(first, at: noon) { _ in false }
    try store.forget(["sum"], of: "01-one-neuron")
    let left = try #require(try store.lessonRecord(of: "01-one-neuron"))
    #expect(left.done == ["and"])
    #expect(left.answers.isEmpty)
    try store.forgetLesson("01-one-neuron")
    #expect(try store.lessonRecord(of: "01-one-neuron") == nil)
  }

  @Test("many that write at once lose nothing")
  func concurrent() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = try RunStore(directory: folder)
    let (folder, noon) = (folder, noon)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          let own = try RunStore(directory: folder)
          for task in 0..<10 {
            let record = LessonRecord(
              lesson: "01-one-neuron", donePages: [writer], done: ["\(writer)-\(task)"],
              started: noon)
            try own.add(record, at: noon) { _ in false }
          }
        }
      }
      try await group.waitForAll()
    }
    let all = try #require(try store.lessonRecord(of: "01-one-neuron"))
    #expect(all.done.count == 40)
    #expect(all.donePages == [0, 1, 2, 3])
  }
}
