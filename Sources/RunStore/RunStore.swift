import FileFormats
import Foundation
import GRDB

/// The record of what was trained and learned: one SQLite file and the weights beside it.
///
/// Several processes may use it at once; each waits for the others. A rollback journal, not WAL,
/// because home directories may lie on a network. Safe to use from any thread; calls wait for the
/// disk, so not from the one that draws. It reads no clock.
package struct RunStore: Sendable {
  package typealias Failure = FileFailure

  package let directory: URL
  let queue: DatabaseQueue

  /// The database within the directory.
  package static let fileName = "backstep.sqlite"

  /// Opens the record in a directory, both made when missing.
  /// - Parameter patience: seconds to wait for another process that writes.
  /// - Throws: `Failure` when the directory cannot be written or lock files, the file is no
  ///   database, or a newer version of the lab wrote it. The lab then goes on unrecorded.
  package init(directory: URL, patience: Double = 5) throws(Failure) {
    self.directory = directory
    let file = directory.appendingPathComponent(Self.fileName)
    do {
      try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    } catch {
      throw Failure(
        at: directory.path, found: "a directory that cannot be made",
        right: "check the path and its permissions, or set XDG_DATA_HOME to a place of your own")
    }
    var configuration = Configuration()
    configuration.busyMode = .timeout(patience)
    configuration.label = "Record of runs"
    // A quarter of what SQLite keeps of a file else: what is read often is little.
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA cache_size = -512") }
    queue = try Self.failing(at: file) {
      let queue = try DatabaseQueue(path: file.path, configuration: configuration)
      try Self.migrate(queue)
      return queue
    }
    let isNewer = try Self.failing(at: file) {
      try queue.read { try Schema.migrator.hasBeenSuperseded($0) }
    }
    guard !isNewer else {
      throw Failure(
        at: file.path, found: "a record that a newer Backstep wrote",
        right: "update Backstep, or set XDG_DATA_HOME to another place")
    }
  }

  /// Brings the tables up to date. When two processes open a new file at once the slower one finds
  /// the tables made under its hands; the second look then finds nothing to do.
  private static func migrate(_ queue: DatabaseQueue) throws {
    do {
      try Schema.migrator.migrate(queue)
    } catch let error as DatabaseError
      where error.resultCode == .SQLITE_ERROR
      || error.resultCode == .SQLITE_CONSTRAINT
    {
      try Schema.migrator.migrate(queue)
    }
    // A file that only opens for reading would fail at the first run: say so now.
    try queue.write { try $0.execute(sql: "UPDATE setting SET value = value WHERE key = ''") }
  }

  // MARK: Failing in plain words

  func read<T>(_ body: (Database) throws -> T) throws(Failure) -> T {
    try Self.failing(at: file) { try queue.read(body) }
  }

  func write<T>(_ body: (Database) throws -> T) throws(Failure) -> T {
    try Self.failing(at: file) { try queue.write(body) }
  }

  private var file: URL { directory.appendingPathComponent(Self.fileName) }

  private static func failing<T>(at file: URL, _ body: () throws -> T) throws(Failure) -> T {
    do {
      return try body()
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure(at: file.path, error)
    }
  }
}

extension FileFailure {
  /// What went wrong with the database file, in plain words.
  fileprivate init(at place: String, _ error: any Error) {
    guard let error = error as? DatabaseError else {
      self.init(at: place, found: "\(error)", right: "check the file and its directory")
      return
    }
    let (found, right) = Self.words(error)
    self.init(at: place, found: found, right: right)
  }

  private static func words(_ error: DatabaseError) -> (found: String, right: String) {
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      ("a record that another process has locked", "close the other one, or try again")
    case .SQLITE_CANTOPEN:
      ("a file that cannot be opened", "check the permissions of the file and its directory")
    case .SQLITE_READONLY, .SQLITE_PERM:
      ("a file that cannot be written", "check the permissions of the file and its directory")
    case .SQLITE_FULL: ("no room on the disk", "make room")
    case .SQLITE_IOERR:
      (
        "a file system that cannot read, write or lock it",
        "set XDG_DATA_HOME to a directory on a local disk"
      )
    case .SQLITE_NOTADB, .SQLITE_CORRUPT:
      ("a file that is no intact database", "move it away; a new one is made")
    default: (error.message ?? error.description, "check the file and its directory")
    }
  }
}
