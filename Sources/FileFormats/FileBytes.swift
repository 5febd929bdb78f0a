import Foundation

/// The bytes of files, read and written whole.
package enum FileBytes {
  package typealias Failure = FileFailure

  /// - Throws: `Failure` when there is no such file, or it may not be read.
  package static func read(_ file: URL) throws(FileFailure) -> [UInt8] {
    if let bytes = whole(file) { return bytes }
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder)
    guard exists else {
      throw Failure(
        at: file.path, found: "no such file", right: "check the name and the folder",
        kind: .missing)
    }
    throw Failure(
      at: file.path, found: isFolder.boolValue ? "a folder" : "a file that cannot be read",
      right: isFolder.boolValue ? "name a file in it" : "check its permissions")
  }

  /// The bytes without a second copy of them, nil when they cannot be read.
  private static func whole(_ file: URL) -> [UInt8]? {
    guard let stream = fopen(file.path, "rb") else { return nil }
    defer { fclose(stream) }
    guard fseek(stream, 0, SEEK_END) == 0 else { return rest(of: stream) }
    let size = ftell(stream)
    guard size > 0, size < Int.max, fseek(stream, 0, SEEK_SET) == 0 else {
      return rest(of: stream)
    }
    return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = fread(buffer.baseAddress, 1, size, stream)
    }
  }

  /// What is left of something that does not know its size, such as a pipe; nil for a folder.
  private static func rest(of stream: UnsafeMutablePointer<FILE>) -> [UInt8]? {
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&block, 1, block.count, stream)
      bytes += block[..<count]
      if count < block.count { return ferror(stream) == 0 ? bytes : nil }
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
