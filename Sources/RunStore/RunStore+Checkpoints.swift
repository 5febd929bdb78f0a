import FileFormats
import Foundation
import GRDB
import Tensors
import Training

/// A state of a run that is kept in a file.
package struct StoredCheckpoint: Hashable, Sendable {
  /// Steps done.
  package let step: Int
  /// How often all settings were changed before it.
  package let part: Int
  package let bytes: Int
  /// What `info digest` shows of this moment, in hexadecimal.
  package let digest: String
  package let written: Date
}

extension RunStore {
  /// Keeps a state of a run as `checkpoints/r12/120.safetensors` beside the database, its arrays
  /// under the debugger's names. First the file is whole and on the disk, then the database knows
  /// of it; so there is never one that cannot be read.
  ///
  /// What lies too close together, or is too much, is thinned.
  /// - Parameter isPinned: whether it stays when others are thinned, as where a setting was changed.
  /// - Throws: `Failure` when there is no such run, or no room.
  package func saveCheckpoint(
    _ state: StateCopy, of number: RunNumber, isPinned: Bool = false, at time: Date,
    thinning: CheckpointThinning = .standard
  ) throws(Failure) {
    let folder = checkpointFolder(of: number)
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw Failure(
        at: folder.path, found: "a directory that cannot be made",
        right: "check the permissions of the directory above", kind: .unwritable)
    }
    let bytes = try CheckpointFile.bytes(of: state)
    try FileBytes.writeDurably(bytes, to: checkpointFile(state.step, of: number))
    let dropped = try write { database in
      try database.execute(
        sql: """
          INSERT OR REPLACE INTO checkpoint (run, step, part, bytes, digest, pinned, written)
          VALUES (?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          number.value, state.step, state.part, bytes.count, "\(state.digest)", isPinned,
          time.milliseconds,
        ])
      return try thin(number, thinning, database) + dropOldest(but: number, thinning, database)
    }
    for (run, step) in dropped { removeFiles(of: [step], run) }
  }

  /// The checkpoints of a run in the order of their steps.
  package func checkpoints(of number: RunNumber) throws(Failure) -> [StoredCheckpoint] {
    try read { database in
      try Row.fetchAll(
        database, sql: "SELECT * FROM checkpoint WHERE run = ? ORDER BY step",
        arguments: [number.value]
      ).map { row in
        StoredCheckpoint(
          step: try row.stored("step"), part: try row.stored("part"),
          bytes: try row.stored("bytes"), digest: try row.stored("digest"),
          written: Date(milliseconds: try row.stored("written")))
      }
    }
  }

  /// A checkpoint of a run.
  /// - Throws: `Failure` when its file is gone, damaged, or not the one that was written.
  package func loadCheckpoint(
    _ checkpoint: StoredCheckpoint, of number: RunNumber
  ) throws(Failure) -> StateCopy {
    let file = checkpointFile(checkpoint.step, of: number)
    let state = try CheckpointFile.state(
      FileBytes.read(file), file: file.path, step: checkpoint.step, part: checkpoint.part)
    guard "\(state.digest)" == checkpoint.digest else {
      throw Failure(
        at: file.path, found: "other numbers than were written",
        right: "remove it; the run goes back to an earlier one")
    }
    return state
  }

  /// The file of a checkpoint, as it is.
  package func checkpointBytes(
    _ checkpoint: StoredCheckpoint, of number: RunNumber
  ) throws(Failure) -> [UInt8] {
    try FileBytes.read(checkpointFile(checkpoint.step, of: number))
  }

  /// The checkpoints of a run up to a step, for a session to go back to.
  package func archive(of number: RunNumber, upTo last: Int) throws(Failure) -> StateArchive {
    let all = try checkpoints(of: number).filter { $0.step <= last }
    let known = Dictionary(all.map { ($0.step, $0) }) { $1 }
    return StateArchive(all.map { ($0.step, $0.part) }) { step in
      known[step].flatMap { try? loadCheckpoint($0, of: number) }
    }
  }

  // MARK: Files

  func checkpointFolder(of number: RunNumber) -> URL {
    directory.appendingPathComponent("checkpoints").appendingPathComponent("\(number)")
  }

  private func checkpointFile(_ step: Int, of number: RunNumber) -> URL {
    checkpointFolder(of: number).appendingPathComponent("\(step).safetensors")
  }

  func removeFiles(of steps: [Int], _ number: RunNumber) {
    for step in steps {
      try? FileManager.default.removeItem(at: checkpointFile(step, of: number))
    }
  }

  // MARK: Thinning

  /// Takes out those after a step.
  /// - Returns: their steps; their files are to go too.
  func dropCheckpoints(
    of number: RunNumber, after step: Int, _ database: Database
  ) throws -> [Int] {
    let steps = try Int.fetchAll(
      database, sql: "SELECT step FROM checkpoint WHERE run = ? AND step > ?",
      arguments: [number.value, step])
    try database.execute(
      sql: "DELETE FROM checkpoint WHERE run = ? AND step > ?", arguments: [number.value, step])
    return steps
  }

  private func thin(
    _ number: RunNumber, _ thinning: CheckpointThinning, _ database: Database
  ) throws -> [(RunNumber, Int)] {
    let items = try Row.fetchAll(
      database, sql: "SELECT step, bytes, pinned FROM checkpoint WHERE run = ? ORDER BY step",
      arguments: [number.value]
    ).map {
      CheckpointThinning.Item(
        step: try $0.stored("step"), bytes: try $0.stored("bytes"),
        isPinned: try $0.stored("pinned"))
    }
    let victims = thinning.victims(items)
    try drop(victims, of: number, database)
    return victims.map { (number, $0) }
  }

  /// Makes room in the store: of other runs, the oldest first, all but the newest checkpoint go, then
  /// that one too.
  private func dropOldest(
    but number: RunNumber, _ thinning: CheckpointThinning, _ database: Database
  ) throws -> [(RunNumber, Int)] {
    var bytes = try Int.fetchOne(database, sql: "SELECT SUM(bytes) FROM checkpoint") ?? 0
    guard bytes > thinning.storeLimit else { return [] }
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT run, step, bytes,
          step = (SELECT MAX(step) FROM checkpoint AS c WHERE c.run = checkpoint.run) AS newest
        FROM checkpoint WHERE run <> ? ORDER BY newest, run, step
        """, arguments: [number.value])
    var dropped: [(RunNumber, Int)] = []
    for row in rows where bytes > thinning.storeLimit {
      let run = RunNumber(try row.stored("run"))
      let step: Int = try row.stored("step")
      try drop([step], of: run, database)
      bytes -= try row.stored("bytes", as: Int.self)
      dropped.append((run, step))
    }
    return dropped
  }

  private func drop(_ steps: [Int], of number: RunNumber, _ database: Database) throws {
    for step in steps {
      try database.execute(
        sql: "DELETE FROM checkpoint WHERE run = ? AND step = ?",
        arguments: [number.value, step])
    }
  }
}
