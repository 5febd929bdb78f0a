import FileFormats
import Foundation
import GRDB

extension RunStore {
  /// Records that a run begins, and gives it its number.
  /// - Parameter needs: what makes it again besides the record, as text.
  package func begin(_ record: RunRecord, needs: String? = nil) throws(Failure) -> RunNumber {
    try write { database in
      try database.execute(
        sql: """
          INSERT INTO run (name, started, updated, model_code, model_summary, data_name,
            data_fingerprint, batch_size, epochs, seed, optimizer, learning_rate,
            parameter_count, status, owner, needs, steps)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
          """,
        arguments: [
          record.name, record.started.milliseconds, record.started.milliseconds,
          record.modelCode, record.modelSummary, record.dataName, record.dataFingerprint,
          record.batchSize, record.epochs, Int64(bitPattern: record.seed), record.optimizer,
          StoredNumber(record.learningRate), record.parameterCount,
          RunOutcome.Status.running.rawValue, "\(RunOwner.own)", needs,
        ])
      return RunNumber(Int(database.lastInsertedRowID))
    }
  }

  /// Records how a run stands or ended.
  /// - Throws: `Failure` when there is no such run.
  package func update(_ number: RunNumber, _ outcome: RunOutcome, at time: Date) throws(Failure) {
    try write { try update(number, outcome, at: time, $0) }
  }

  func update(
    _ number: RunNumber, _ outcome: RunOutcome, at time: Date, _ database: Database
  ) throws {
    try database.execute(
      sql: """
        UPDATE run SET status = ?, steps = ?, loss = ?, accuracy = ?, val_loss = ?,
          val_accuracy = ?, updated = ? WHERE number = ?
        """,
      arguments: [
        outcome.status.rawValue, outcome.steps, StoredNumber(outcome.loss),
        StoredNumber(outcome.accuracy), StoredNumber(outcome.validationLoss),
        StoredNumber(outcome.validationAccuracy), time.milliseconds, number.value,
      ])
    try checkChanged(database, number)
  }

  /// Gives a run another name, or none.
  package func rename(_ number: RunNumber, to name: String?) throws(Failure) {
    try write { database in
      try database.execute(
        sql: "UPDATE run SET name = ? WHERE number = ?", arguments: [name, number.value])
      try checkChanged(database, number)
    }
  }

  /// The latest runs, the newest first, without removed ones.
  ///
  /// - Parameter hasCode: whether each comes with its code, which is long; without, it is empty.
  package func runs(limit: Int = 1000, hasCode: Bool = true) throws(Failure) -> [Run] {
    try read { database in
      // Row by row: a record of thousands of runs is never in memory as a whole. Of two columns of a
      // name the first is read.
      let cursor = try Row.fetchCursor(
        database,
        sql: """
          SELECT \(hasCode ? "" : "'' AS model_code,") *,
            CAST(strftime('%s', 'now') AS INTEGER) AS now FROM run
          WHERE removed IS NULL ORDER BY number DESC LIMIT ?
          """,
        arguments: [max(0, limit)])
      var runs: [Run] = []
      while let row = try cursor.next() { runs.append(try Run(row)) }
      return runs
    }
  }

  /// One run, nil when there is none of this number or it was removed.
  package func run(number: RunNumber) throws(Failure) -> Run? {
    try read { database in
      try Row.fetchOne(
        database,
        sql: """
          SELECT *, CAST(strftime('%s', 'now') AS INTEGER) AS now FROM run
          WHERE number = ? AND removed IS NULL
          """,
        arguments: [number.value]
      ).map { try Run($0) }
    }
  }

  // MARK: Removing

  /// Takes a run out of every list; `restore` brings it back, `purge` makes it final.
  package func remove(_ number: RunNumber, at time: Date) throws(Failure) {
    try write { database in
      try database.execute(
        sql: "UPDATE run SET removed = ? WHERE number = ? AND removed IS NULL",
        arguments: [time.milliseconds, number.value])
      try checkChanged(database, number)
    }
  }

  /// Undoes `remove`.
  package func restore(_ number: RunNumber) throws(Failure) {
    try write { database in
      try database.execute(
        sql: "UPDATE run SET removed = NULL WHERE number = ?", arguments: [number.value])
      try checkChanged(database, number)
    }
  }

  /// Deletes for good what was removed before a time, weights too.
  package func purge(removedBefore time: Date) throws(Failure) {
    let numbers = try write { database in
      let numbers = try Int.fetchAll(
        database, sql: "SELECT number FROM run WHERE removed < ?", arguments: [time.milliseconds])
      try database.execute(
        sql: "DELETE FROM run WHERE removed < ?", arguments: [time.milliseconds])
      return numbers
    }
    // The record is right even if a directory stays behind.
    for number in numbers.map({ RunNumber($0) }) {
      try? FileManager.default.removeItem(at: folder(of: number))
      try? FileManager.default.removeItem(at: checkpointFolder(of: number))
    }
  }

  func checkChanged(_ database: Database, _ number: RunNumber) throws {
    guard database.changesCount == 0 else { return }
    throw Self.noRun(number)
  }

  static func noRun(_ number: RunNumber) -> Failure {
    Failure(
      at: "\(number)", found: "no run of this number",
      right: "`backstep runs list` shows those there are")
  }

  // MARK: Weights

  private func folder(of number: RunNumber) -> URL {
    directory.appendingPathComponent("runs").appendingPathComponent("\(number)")
  }

  /// Saves the weights of a run as `runs/r12/weights.safetensors` beside the database.
  package func saveWeights(_ weights: Safetensors, of number: RunNumber) throws(Failure) {
    guard try run(number: number) != nil else { throw Self.noRun(number) }
    let folder = folder(of: number)
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw Failure(
        at: folder.path, found: "a directory that cannot be made",
        right: "check the permissions of the directory above")
    }
    let file = folder.appendingPathComponent("weights.safetensors")
    try FileBytes.write(try weights.bytes(), to: file)
    try write { database in
      try database.execute(
        sql: "UPDATE run SET weights_file = ? WHERE number = ?",
        arguments: ["runs/\(number)/weights.safetensors", number.value])
    }
  }

  /// The weights of a run, nil when none were saved.
  package func loadWeights(of number: RunNumber) throws(Failure) -> Safetensors? {
    let path = try read { database in
      try String.fetchOne(
        database, sql: "SELECT weights_file FROM run WHERE number = ?", arguments: [number.value])
    }
    guard let path else { return nil }
    let file = directory.appendingPathComponent(path)
    return try Safetensors(parsing: FileBytes.read(file), file: file.path)
  }
}

extension Run {
  fileprivate init(_ row: Row) throws {
    func number(_ column: String) throws -> Double? {
      try row.stored(column, as: StoredNumber.self).value
    }
    self.number = RunNumber(try row.stored("number"))
    record = RunRecord(
      name: try row.storedIfAny("name"), started: Date(milliseconds: try row.stored("started")),
      modelCode: try row.stored("model_code"), modelSummary: try row.stored("model_summary"),
      dataName: try row.stored("data_name"), dataFingerprint: try row.stored("data_fingerprint"),
      batchSize: try row.stored("batch_size"), epochs: try row.stored("epochs"),
      seed: UInt64(bitPattern: try row.stored("seed", as: Int64.self)),
      optimizer: try row.stored("optimizer"), learningRate: try number("learning_rate") ?? .nan,
      parameterCount: try row.stored("parameter_count"))
    updated = Date(milliseconds: try row.stored("updated"))
    let owner = try row.storedIfAny("owner", as: String.self).flatMap(RunOwner.init)
    // The clock is the database's, so that who reads needs none.
    let silence = Double(try row.stored("now", as: Int64.self)) - updated.timeIntervalSince1970
    writer = owner.flatMap { $0.isOther(silentFor: silence) ? $0 : nil }
    var status = RunOutcome.Status(rawValue: try row.stored("status")) ?? .stopped
    // A process that was killed could not say that it stopped.
    if status == .running, !(owner?.isAlive(silentFor: silence) ?? false) {
      status = .stopped
    }
    outcome = RunOutcome(
      status: status, steps: try row.stored("steps"), loss: try number("loss"),
      accuracy: try number("accuracy"), validationLoss: try number("val_loss"),
      validationAccuracy: try number("val_accuracy"))
    hasWeights = try row.storedIfAny("weights_file", as: String.self) != nil
  }
}
