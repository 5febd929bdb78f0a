import Foundation
import GRDB

extension RunStore {
  /// Keeps how far a lesson has come, in place of what was kept before.
  package func save(_ progress: LessonRecord) throws(Failure) {
    try write { try Self.replace(progress, $0) }
  }

  /// Adds how far a lesson has come to what was kept before, by whatever process, in one go: nothing
  /// that was done is lost.
  ///
  /// - Parameters:
  ///   - now: when it is finished, if it is by then.
  ///   - isFinished: whether all of the lesson is done.
  package func add(
    _ progress: LessonRecord, at now: Date, isFinished: (LessonRecord) -> Bool
  ) throws(Failure) {
    try write { database in
      let row = try Row.fetchOne(
        database, sql: "SELECT * FROM lesson_progress WHERE lesson = ?",
        arguments: [progress.lesson])
      var all = try row.map { try LessonRecord($0).adding(progress) } ?? progress
      if all.finished == nil, isFinished(all) { all.finished = now }
      try Self.replace(all, database)
    }
  }

  /// Forgets what was done of some questions and exercises: their answers were taken back.
  package func forget(_ tasks: Set<String>, of lesson: String) throws(Failure) {
    try write { database in
      let row = try Row.fetchOne(
        database, sql: "SELECT * FROM lesson_progress WHERE lesson = ?", arguments: [lesson])
      guard var progress = try row.map({ try LessonRecord($0) }) else { return }
      progress.done.subtract(tasks)
      progress.skipped.subtract(tasks)
      for task in tasks { progress.answers[task] = nil }
      try Self.replace(progress, database)
    }
  }

  private static func replace(_ progress: LessonRecord, _ database: Database) throws {
    try database.execute(
      sql: """
        INSERT OR REPLACE INTO lesson_progress
          (lesson, page, done_pages, done, answers, started, finished, skipped, hints, misses)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        progress.lesson, progress.page, try json(progress.donePages.sorted()),
        try json(progress.done.sorted()), try json(progress.answers),
        progress.started.milliseconds, progress.finished?.milliseconds,
        try json(progress.skipped.sorted()), try json(progress.hints), try json(progress.misses),
      ])
  }

  /// How far a lesson has come, nil when it was never opened.
  package func lessonRecord(of lesson: String) throws(Failure) -> LessonRecord? {
    try lessonRecords()[lesson]
  }

  /// Every lesson that was opened, by folder name.
  package func lessonRecords() throws(Failure) -> [String: LessonRecord] {
    try read { database in
      let rows = try Row.fetchAll(database, sql: "SELECT * FROM lesson_progress")
      return Dictionary(
        try rows.map { row in
          let record = try LessonRecord(row)
          return (record.lesson, record)
        }, uniquingKeysWith: { $1 })
    }
  }

  /// Forgets a lesson's progress: it starts over.
  package func forgetLesson(_ lesson: String) throws(Failure) {
    try write { database in
      try database.execute(
        sql: "DELETE FROM lesson_progress WHERE lesson = ?", arguments: [lesson])
    }
  }

  private static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  // MARK: Settings

  /// A setting of the lab, nil when it was never set.
  package func setting(_ key: String) throws(Failure) -> String? {
    try read { database in
      try String.fetchOne(
        database, sql: "SELECT value FROM setting WHERE key = ?", arguments: [key])
    }
  }

  /// Keeps a setting; nil forgets it.
  package func set(_ key: String, to value: String?) throws(Failure) {
    try write { database in
      guard let value else {
        try database.execute(sql: "DELETE FROM setting WHERE key = ?", arguments: [key])
        return
      }
      try database.execute(
        sql: "INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", arguments: [key, value])
    }
  }
}

extension LessonRecord {
  fileprivate init(_ row: Row) throws {
    func decoded<T: Decodable>(_ type: T.Type, _ column: String) throws -> T {
      try JSONDecoder().decode(type, from: Data(try row.stored(column, as: String.self).utf8))
    }
    self.init(
      lesson: try row.stored("lesson"), page: try row.stored("page"),
      donePages: Set(try decoded([Int].self, "done_pages")),
      done: Set(try decoded([String].self, "done")),
      answers: try decoded([String: String].self, "answers"),
      skipped: Set(try decoded([String].self, "skipped")),
      hints: try decoded([String: Int].self, "hints"),
      misses: try decoded([String: Int].self, "misses"),
      started: Date(milliseconds: try row.stored("started")),
      finished: try row.storedIfAny("finished").map { Date(milliseconds: $0) })
  }
}
