import Foundation
import GRDB

// What a list of runs needs of each: little, read often.

extension RunStore {
  /// A number that is another one after anything was written to the record, by whatever process.
  package func changeCount() throws(Failure) -> Int {
    try read { database in
      // The first counts what other connections wrote, the second what this one did.
      let others = try Int.fetchOne(database, sql: "PRAGMA data_version") ?? 0
      return others &* 1_000_003 &+ database.totalChangesCount
    }
  }

  /// One of each so many points of a series, in the order of steps: the first, and the last of each
  /// part of the run; all of a short series.
  ///
  /// - Parameter most: into how many parts of equal length the run is cut.
  package func thinnedMetrics(
    of number: RunNumber, series: String, most: Int
  ) throws(Failure) -> [MetricPoint] {
    try read { database in
      if let steps = try thinnedSteps(of: number, series: series, most: max(1, most), database) {
        return steps
      }
      let ends = try Row.fetchOne(
        database,
        sql: "SELECT MIN(step) AS low, MAX(step) AS high FROM metric WHERE run = ? AND series = ?",
        arguments: [number.value, series])
      guard let ends, let low = try ends.storedIfAny("low", as: Int.self),
        let high = try ends.storedIfAny("high", as: Int.self)
      else { return [] }
      // With MAX alone, SQLite takes the other columns from the row that has it.
      return try Row.fetchAll(
        database,
        sql: """
          SELECT step, value FROM metric WHERE run = :run AND series = :series AND step = :low
          UNION ALL
          SELECT step, value FROM (
            SELECT MAX(step) AS step, value FROM metric
            WHERE run = :run AND series = :series AND step > :low
            GROUP BY (step - :low - 1) * :most / :span ORDER BY step)
          """,
        arguments: [
          "run": number.value, "series": series, "low": low, "most": max(1, most),
          "span": max(1, high - low),
        ]
      ).map { row in
        MetricPoint(
          series: series, step: try row.stored("step"),
          value: try row.storedIfAny("value") ?? .nan)
      }
    }
  }

  /// The first point, and the last of each part; nil when steps have no such series.
  private func thinnedSteps(
    of number: RunNumber, series: String, most: Int, _ database: Database
  ) throws -> [MetricPoint]? {
    let last =
      try Int.fetchOne(
        database, sql: "SELECT MAX(first + count - 1) FROM step_block WHERE run = ?",
        arguments: [number.value]) ?? 0
    var kept: [MetricPoint] = []
    var part = -1
    let isThere = try forEachStep(of: number, series: series, database) { point in
      guard let first = kept.first else { return kept.append(point) }
      let own = (point.step - first.step - 1) * most / max(1, last - first.step)
      if own == part { kept[kept.count - 1] = point } else { kept.append(point) }
      part = own
    }
    return isThere ? kept : nil
  }
}
