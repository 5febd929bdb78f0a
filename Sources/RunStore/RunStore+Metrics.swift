import Foundation
import GRDB

extension RunStore {
  /// Adds numbers to a run, all or none; a number of the same series and step is replaced.
  /// - Throws: `Failure` when there is no such run.
  package func append(_ points: [MetricPoint], to number: RunNumber) throws(Failure) {
    guard !points.isEmpty else { return }
    try write { try insert(points, to: number, $0) }
  }

  /// Adds numbers to a run and says how it stands after them, at once: one wait for the disk.
  /// - Throws: `Failure` when there is no such run.
  package func append(
    _ points: [MetricPoint], _ outcome: RunOutcome, to number: RunNumber, at time: Date
  ) throws(Failure) {
    try write { database in
      try insert(points, to: number, database)
      try update(number, outcome, at: time, database)
    }
  }

  func insert(
    _ points: [MetricPoint], to number: RunNumber, _ database: Database
  ) throws {
    try checkExists(database, number)
    let insert = try database.cachedStatement(
      sql: "INSERT OR REPLACE INTO metric (run, series, step, value) VALUES (?, ?, ?, ?)")
    for point in points {
      try insert.execute(arguments: [
        number.value, point.series, point.step, point.value.isNaN ? nil : point.value,
      ])
    }
  }

  /// Adds changes of settings to a run.
  package func append(_ changes: [LiveChange], to number: RunNumber) throws(Failure) {
    guard !changes.isEmpty else { return }
    try write { database in
      try checkExists(database, number)
      for change in changes {
        try database.execute(
          sql: "INSERT INTO change (run, step, name, value) VALUES (?, ?, ?, ?)",
          arguments: [number.value, change.step, change.name, change.value])
      }
    }
  }

  /// Forgets the numbers and changes of a run from a step on: what came after was another future.
  package func truncate(_ number: RunNumber, toStep step: Int) throws(Failure) {
    let dropped = try write { database in
      for table in ["metric", "change"] {
        try database.execute(
          sql: "DELETE FROM \(table) WHERE run = ? AND step >= ?",
          arguments: [number.value, step])
      }
      try cutBlocks(of: number, toStep: step, database)
      try database.execute(
        sql: "DELETE FROM epoch WHERE run = ? AND ends > ?", arguments: [number.value, step])
      return try dropCheckpoints(of: number, after: step, database)
    }
    removeFiles(of: dropped, number)
  }

  /// The series a run has, sorted.
  package func series(of number: RunNumber) throws(Failure) -> [String] {
    try read { database in
      let named = try String.fetchAll(
        database, sql: "SELECT DISTINCT series FROM metric WHERE run = ?",
        arguments: [number.value])
      return Set(try named + stepSeries(of: number, database)).sorted()
    }
  }

  /// One series of a run in the order of steps; empty when there is none.
  package func metrics(of number: RunNumber, series: String) throws(Failure) -> [MetricPoint] {
    try read { database in
      var steps: [MetricPoint] = []
      if try forEachStep(of: number, series: series, database, { steps.append($0) }) {
        return steps
      }
      return try Row.fetchAll(
        database,
        sql: "SELECT step, value FROM metric WHERE run = ? AND series = ? ORDER BY step",
        arguments: [number.value, series]
      ).map { row in
        MetricPoint(
          series: series, step: try row.stored("step"),
          value: try row.storedIfAny("value") ?? .nan)
      }
    }
  }

  /// The changes of settings in a run, in order.
  package func changes(of number: RunNumber) throws(Failure) -> [LiveChange] {
    try read { database in
      try Row.fetchAll(
        database, sql: "SELECT step, name, value FROM change WHERE run = ? ORDER BY step, id",
        arguments: [number.value]
      ).map { row in
        LiveChange(
          step: try row.stored("step"), name: try row.stored("name"),
          value: try row.stored("value"))
      }
    }
  }

  private func checkExists(_ database: Database, _ number: RunNumber) throws {
    let count = try Int.fetchOne(
      database, sql: "SELECT COUNT(*) FROM run WHERE number = ?", arguments: [number.value])
    guard count != 1 else { return }
    throw Self.noRun(number)
  }
}
