import Foundation

/// The bytes of files, read and written whole.
package enum FileBytes {
  package typealias Failure = FileFailure

  /// - Throws: `Failure` when there is no such file, or it may not be read.
  package static func read(_ file: URL) throws(FileFailure) -> [UInt8] {
    do {
      return [UInt8](try Data(contentsOf: file))
    } catch {
      let exists = FileManager.default.fileExists(atPath: file.path)
      throw Failure(
        at: file.path, found: exists ? "a file that cannot be read" : "no such file",
        right: exists ? "check its permissions" : "check the name and the folder",
        kind: exists ? .badContent : .missing)
    }
  }

  /// Replaces the file as a whole: another program sees the old bytes or the new ones.
  /// - Throws: `Failure` when the folder is missing, full, or not to be written.
  package static func write(_ bytes: [UInt8], to file: URL) throws(FileFailure) {
    do {
      try Data(bytes).write(to: file, options: .atomic)
    } catch {
      throw Failure(
        at: file.path, found: "a place that cannot be written",
        right: "check that the folder exists and has room and write permission",
        kind: .unwritable)
    }
  }
}
