import FileFormats
import Foundation
import GRDB
import RunStore
import Synchronization
import Testing

@Suite("The record and the world around it")
struct SharingTests {
  let scratch = Scratch()

  /// Runs the bodies in threads of their own and returns what they threw.
  private func together(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Void) -> [String]
  {
    let failures = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: count) { i in
      do { try body(i) } catch { failures.withLock { $0.append("\(error)") } }
    }
    return failures.withLock { $0 }
  }

  @Test("two stores on one file lose nothing")
  func together() throws {
    let directory = scratch.url
    let failures = together(2) { writer in
      let store = try RunStore(directory: directory, patience: 30)
      for i in 0..<20 {
        let number = try store.begin(record("\(writer) \(i)", seed: UInt64(i)))
        try store.append(
          (0..<10).map { MetricPoint(series: "loss", step: $0, value: Double(writer)) }, to: number)
        try store.update(number, RunOutcome(status: .finished, steps: 10), at: noon)
      }
    }
    #expect(failures.isEmpty)
    let store = try RunStore(directory: directory)
    let runs = try store.runs()
    #expect(Set(runs.map(\.number.value)) == Set(1...40))
    for run in runs {
      let writer = Double(run.record.name?.first == "0" ? 0 : 1)
      #expect(run.outcome.steps == 10)
      #expect(
        try store.metrics(of: run.number, series: "loss").map(\.value)
          == [Double](repeating: writer, count: 10))
    }
  }

  @Test("many open a new record at once", arguments: 0..<5)
  func opening(round: Int) throws {
    let directory = scratch.url
    let failures = together(4) { _ in
      _ = try RunStore(directory: directory, patience: 30).begin(record())
    }
    #expect(failures.isEmpty)
    #expect(try RunStore(directory: directory).runs().count == 4)
  }

  @Test("where no directory can be made it says so")
  func unwritable() throws {
    try FileManager.default.createDirectory(at: scratch.url, withIntermediateDirectories: true)
    let file = scratch.url.appendingPathComponent("plain")
    try Data("text".utf8).write(to: file)
    let failure = try #require(throws: FileFailure.self) {
      try RunStore(directory: file.appendingPathComponent("backstep"))
    }
    #expect(failure.description.contains("cannot be made"))
    #expect(failure.description.contains("XDG_DATA_HOME"))
  }

  @Test("a file that is no database is named and left alone")
  func noDatabase() throws {
    try FileManager.default.createDirectory(at: scratch.url, withIntermediateDirectories: true)
    let file = scratch.url.appendingPathComponent(RunStore.fileName)
    let text = Data(String(repeating: "no database at all\n", count: 100).utf8)
    try text.write(to: file)
    let failure = try #require(throws: FileFailure.self) { try RunStore(directory: scratch.url) }
    #expect(failure.place == file.path)
    #expect(failure.found.contains("no intact database"))
    #expect(try Data(contentsOf: file) == text)
  }

  private func database() throws -> DatabaseQueue {
    try DatabaseQueue(path: scratch.url.appendingPathComponent(RunStore.fileName).path)
  }

  @Test("a record that another process keeps locked is said to be locked")
  func locked() throws {
    _ = try RunStore(directory: scratch.url)
    let failure = try database().inDatabase { database in
      try database.execute(sql: "BEGIN EXCLUSIVE")
      defer { try? database.execute(sql: "ROLLBACK") }
      return #expect(throws: FileFailure.self) {
        try RunStore(directory: scratch.url, patience: 0.05)
      }
    }
    #expect(failure?.found.contains("locked") == true)
    _ = try RunStore(directory: scratch.url)
  }

  @Test("a record that a newer version wrote is not touched")
  func newer() throws {
    _ = try RunStore(directory: scratch.url).begin(record())
    try database().write {
      try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('9999: to come')")
    }
    let failure = try #require(throws: FileFailure.self) { try RunStore(directory: scratch.url) }
    #expect(failure.found.contains("newer"))
  }

  @Test("a row that other hands edited is an error, not a crash")
  func edited() throws {
    let store = try RunStore(directory: scratch.url)
    let number = try store.begin(record())
    try database().write { try $0.execute(sql: "UPDATE run SET batch_size = 'many'") }
    #expect(throws: FileFailure.self) { try store.runs() }
    #expect(throws: FileFailure.self) { try store.run(number: number) }
  }

  @Test("the journal is rolled back, not written ahead: network homes cannot share memory")
  func journal() throws {
    _ = try RunStore(directory: scratch.url).begin(record())
    let mode = try database().read { try String.fetchOne($0, sql: "PRAGMA journal_mode") }
    #expect(mode == "delete")
  }
}
