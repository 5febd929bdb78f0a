import Foundation

extension FileBytes {
  /// Replaces the file as a whole, and waits until it is on the disk: after a crash there are the old
  /// bytes or the new ones, and after this returned the new ones.
  /// - Throws: `Failure` when the folder is missing, full, or not to be written.
  package static func writeDurably(_ bytes: [UInt8], to file: URL) throws(FileFailure) {
    let name = ".\(file.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier)\(temporary)"
    let draft = file.deletingLastPathComponent().appendingPathComponent(name)
    guard put(bytes, in: draft), rename(draft.path, file.path) == 0 else {
      unlink(draft.path)
      throw Failure(
        at: file.path, found: "a place that cannot be written",
        right: "check that the folder exists and has room and write permission",
        kind: .unwritable)
    }
    let folder = open(file.deletingLastPathComponent().path, O_RDONLY)
    if folder >= 0 {
      fsync(folder)
      close(folder)
    }
  }

  /// How drafts end that a process left behind which was killed.
  package static let temporary = ".draft"

  private static func put(_ bytes: [UInt8], in file: URL) -> Bool {
    let descriptor = open(file.path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        return false
      }
    }
    return fsync(descriptor) == 0
  }
}
