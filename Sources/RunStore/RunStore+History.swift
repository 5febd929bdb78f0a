import Foundation
import GRDB
import Training

// The numbers of steps in blocks of rows: 24 bytes a step, read back as they were measured.

extension RunStore {
  /// Blocks up to so many steps are added to; a longer one is left and another begun.
  private static let blockLength = 2048

  /// Adds what a run measured and says how it stands after it, all or nothing. What it measured
  /// of the same steps before is replaced.
  /// - Throws: `Failure` when there is no such run.
  package func append(
    _ new: Measurements, _ outcome: RunOutcome, to number: RunNumber, at time: Date
  ) throws(Failure) {
    try write { database in
      try insert(new.points, to: number, database)
      for rows in new.rows { try insert(rows, number, database) }
      try insert(new.epochs, number, database)
      try update(number, outcome, at: time, database)
    }
  }

  /// A network of fast steps has a thousand epochs a second: one statement serves all of them.
  private func insert(
    _ epochs: [(Int, Int, History.Epoch)], _ number: RunNumber, _ database: Database
  ) throws {
    guard !epochs.isEmpty else { return }
    let insert = try database.cachedStatement(
      sql: "INSERT OR REPLACE INTO epoch (run, number, ends, numbers) VALUES (?, ?, ?, ?)")
    let encoder = JSONEncoder()
    for (place, end, epoch) in epochs {
      let text = try encoder.encode(EpochText(epoch, end: end))
      try insert.execute(
        arguments: [number.value, place, end, String(decoding: text, as: UTF8.self)])
    }
  }

  private func insert(
    _ rows: History.Rows, _ number: RunNumber, _ database: Database
  ) throws {
    try cutBlocks(of: number, toStep: rows.first, database)
    let names = rows.names.joined(separator: ",")
    var (first, numbers) = (rows.first, NumberBytes.data(rows.numbers))
    if let last = try lastBlock(of: number, database), last.names == names,
      last.first + last.count == rows.first, last.count < Self.blockLength
    {
      first = last.first
      numbers = last.data + numbers
    }
    try insertBlock(first, names, numbers, number, database)
  }

  private struct Block {
    let first: Int
    let count: Int
    let names: String
    let data: Data

    init(_ row: Row) throws {
      first = try row.stored("first")
      count = try row.stored("count")
      names = try row.stored("names")
      data = try row.stored("numbers")
    }

    var rows: History.Rows {
      History.Rows(
        first: first, names: names.split(separator: ",").map(String.init),
        numbers: NumberBytes.numbers(data))
    }
  }

  private func insertBlock(
    _ first: Int, _ names: String, _ numbers: Data, _ number: RunNumber, _ database: Database
  ) throws {
    let width = names.split(separator: ",").count
    try database.execute(
      sql: """
        INSERT OR REPLACE INTO step_block (run, first, count, names, numbers)
        VALUES (?, ?, ?, ?, ?)
        """,
      arguments: [number.value, first, numbers.count / 4 / max(width, 1), names, numbers])
  }

  private func lastBlock(of number: RunNumber, _ database: Database) throws -> Block? {
    try Row.fetchOne(
      database, sql: "SELECT * FROM step_block WHERE run = ? ORDER BY first DESC LIMIT 1",
      arguments: [number.value]
    ).map { try Block($0) }
  }

  /// Takes out the steps from one on.
  func cutBlocks(of number: RunNumber, toStep step: Int, _ database: Database) throws {
    try database.execute(
      sql: "DELETE FROM step_block WHERE run = ? AND first >= ?", arguments: [number.value, step])
    guard let last = try lastBlock(of: number, database), last.first + last.count > step else {
      return
    }
    let width = last.data.count / max(last.count, 1)
    try insertBlock(
      last.first, last.names, last.data.prefix((step - last.first) * width), number, database)
  }

  /// All that was measured in a run, without gaps from its first step on. Of a run that an older
  /// version recorded it is empty.
  package func history(of number: RunNumber) throws(Failure) -> History {
    try read { database in
      let blocks = try Row.fetchAll(
        database, sql: "SELECT * FROM step_block WHERE run = ? ORDER BY first",
        arguments: [number.value]
      ).map { try Block($0).rows }
      let epochs = try String.fetchAll(
        database, sql: "SELECT numbers FROM epoch WHERE run = ? ORDER BY number",
        arguments: [number.value]
      ).map { try JSONDecoder().decode(EpochText.self, from: Data($0.utf8)).epoch }
      return History(rows: blocks, epochs: epochs)
    }
  }

  /// One series of the steps of a run, given point by point: a run has millions of them.
  ///
  /// - Returns: false when steps have no such series.
  func forEachStep(
    of number: RunNumber, series: String, _ database: Database, _ body: (MetricPoint) -> Void
  ) throws -> Bool {
    guard try stepSeries(of: number, database).contains(series) else { return false }
    // What was not known is -1: `History.Step`.
    let mayBeUnknown = ["accuracy", "update_ratio"].contains(series)
    let rows = try Row.fetchCursor(
      database, sql: "SELECT * FROM step_block WHERE run = ? ORDER BY first",
      arguments: [number.value])
    while let row = try rows.next() {
      let block = try Block(row).rows
      guard let column = block.names.firstIndex(of: series) else { continue }
      for row in 0..<block.count {
        let value = block.numbers[row * block.names.count + column]
        if value >= 0 || !mayBeUnknown {
          body(MetricPoint(series: series, step: block.first + row, value: Double(value)))
        }
      }
    }
    return true
  }

  /// The names of the series that steps of a run have.
  func stepSeries(of number: RunNumber, _ database: Database) throws -> [String] {
    try String.fetchAll(
      database, sql: "SELECT DISTINCT names FROM step_block WHERE run = ?",
      arguments: [number.value]
    ).flatMap { $0.split(separator: ",").map(String.init) }
  }
}
