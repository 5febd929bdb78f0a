import Foundation
import GRDB

extension RunStore {
  /// All that was done for the questions and exercises of a lesson, by id.
  package func work(onLesson lesson: String) throws(Failure) -> [String: LessonWork] {
    try read { database in
      let rows = try Row.fetchAll(
        database, sql: "SELECT * FROM lesson_work WHERE lesson = ?", arguments: [lesson])
      return Dictionary(
        try rows.map { row in
          let work = try LessonWork(row)
          return (work.task, work)
        }, uniquingKeysWith: { $1 })
    }
  }

  /// Changes what is kept of the work on a question or exercise; two labs at once lose nothing of
  /// each other's.
  package func update(
    lesson: String, task: String, page: Int, at now: Date,
    _ change: @escaping @Sendable (inout LessonWork) -> Void
  ) throws(Failure) {
    try write { database in
      let row = try Row.fetchOne(
        database, sql: "SELECT * FROM lesson_work WHERE lesson = ? AND task = ?",
        arguments: [lesson, task])
      var work =
        try row.map { try LessonWork($0) }
        ?? LessonWork(lesson: lesson, task: task, page: page, begun: now)
      change(&work)
      try database.execute(
        sql: """
          INSERT OR REPLACE INTO lesson_work
            (lesson, task, page, tries, hints, work, begun, done)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          work.lesson, work.task, work.page,
          String(decoding: try JSONEncoder().encode(work.tries), as: UTF8.self), work.hints,
          work.work, work.begun.milliseconds, work.done?.milliseconds,
        ])
    }
  }
}

extension LessonWork {
  fileprivate init(_ row: Row) throws {
    self.init(
      lesson: try row.stored("lesson"), task: try row.stored("task"),
      page: try row.stored("page"), begun: Date(milliseconds: try row.stored("begun")))
    let tries = Data(try row.stored("tries", as: String.self).utf8)
    self.tries = try JSONDecoder().decode([Try].self, from: tries)
    hints = try row.stored("hints")
    work = try row.storedIfAny("work")
    done = try row.storedIfAny("done").map { Date(milliseconds: $0) }
  }
}
