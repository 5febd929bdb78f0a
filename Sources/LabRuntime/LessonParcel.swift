import FileFormats
import Foundation
import Lessons

/// A lesson as one file: its folder in a zip archive, so that it is sent and kept as one.
package enum LessonParcel {
  /// All files of a lesson together, in bytes.
  package static let limit = 16 << 20
  private static let most = 200

  /// A lesson's folder as an archive.
  /// - Throws: `FileFailure` when it cannot be read or has more than a lesson may have.
  package static func packed(_ folder: URL) throws(FileFailure) -> [UInt8] {
    var entries: [ZipArchive.Entry] = []
    for (path, bytes) in try files(in: folder) {
      entries.append(ZipArchive.Entry(name: "\(folder.lastPathComponent)/\(path)", bytes: bytes))
    }
    return try ZipArchive(entries: entries).bytes(compressed: true)
  }

  /// Puts a lesson, a folder or an archive of one, among the user's own.
  ///
  /// Nothing is written before all of it was read and found to be a lesson; an earlier one of the
  /// same name is replaced as a whole.
  /// - Returns: its name.
  /// - Throws: `FileFailure` or `LessonFailure`: why it is none.
  package static func install(_ path: String, into lessons: URL) throws -> String {
    let source = URL(filePath: path)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: source.path, isDirectory: &isFolder) else {
      throw FileFailure(
        at: path, found: "no such file", right: "a lesson's folder or archive", kind: .missing)
    }
    let (name, files) =
      isFolder.boolValue
      ? (source.standardizedFileURL.lastPathComponent, try files(in: source))
      : try unpacked(path)
    let manager = FileManager.default
    try manager.createDirectory(at: lessons, withIntermediateDirectories: true)
    // A folder without a number is no lesson to whoever reads the shelf at this moment.
    let shelf = lessons.appending(path: ".new-\(UUID().uuidString)")
    defer { try? manager.removeItem(at: shelf) }
    let folder = shelf.appending(path: name)
    for (path, bytes) in files {
      let file = folder.appending(path: path)
      try manager.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: file)
    }
    let read = LessonLibrary(directories: [shelf])
    if let failure = read.failures.first { throw failure }
    guard read.lessons.first?.name == name else {
      throw FileFailure(
        at: path, found: "no lesson", right: "a folder such as 40-name with lesson.md in it")
    }
    let place = lessons.appending(path: name)
    try? manager.removeItem(at: place)
    try manager.moveItem(at: folder, to: place)
    return name
  }

  /// The files of a lesson's folder by their paths in it; what is hidden, or a link, is left out.
  private static func files(in folder: URL) throws(FileFailure) -> [(String, [UInt8])] {
    let root = folder.resolvingSymlinksInPath().path
    guard
      let all = FileManager.default.enumerator(
        at: URL(filePath: root), includingPropertiesForKeys: [.isRegularFileKey, .fileSizeKey],
        options: [.skipsHiddenFiles])
    else {
      throw FileFailure(
        at: folder.path, found: "a folder that cannot be read", right: "one that may be read")
    }
    var files: [(String, [UInt8])] = []
    var total = 0
    for case let url as URL in all {
      let values = try? url.resourceValues(forKeys: [.isRegularFileKey, .fileSizeKey])
      guard values?.isRegularFile == true, url.path.hasPrefix(root + "/") else { continue }
      total += values?.fileSize ?? 0
      guard total <= limit, files.count < most, let data = try? Data(contentsOf: url) else {
        throw FileFailure(
          at: folder.path, found: "more than a lesson may have",
          right: "at most \(most) files and \(limit >> 20) MB")
      }
      files.append((String(url.path.dropFirst(root.count + 1)), Array(data)))
    }
    return files.sorted { $0.0 < $1.0 }
  }

  /// The one folder of an archive and its files.
  private static func unpacked(
    _ path: String
  ) throws(FileFailure) -> (name: String, files: [(String, [UInt8])]) {
    guard let data = try? Data(contentsOf: URL(filePath: path)), data.count <= limit else {
      throw FileFailure(
        at: path, found: "no lesson", right: "an archive of at most \(limit >> 20) MB")
    }
    let archive = try ZipArchive(parsing: [UInt8](data), file: path, limit: limit)
    var files: [(String, [UInt8])] = []
    var names: Set<String> = []
    for entry in archive.entries where !entry.name.hasSuffix("/") {
      let parts = entry.name.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count >= 2, files.count < most,
        parts.allSatisfy({ !$0.isEmpty && !$0.hasPrefix(".") && !$0.contains("\\") })
      else {
        throw FileFailure(
          at: path, found: "‘\(entry.name)’ in it", right: "files within one folder")
      }
      names.insert(String(parts[0]))
      files.append((parts.dropFirst().joined(separator: "/"), entry.bytes))
    }
    guard let name = names.first, names.count == 1 else {
      throw FileFailure(
        at: path, found: "no lesson", right: "one folder in a zip archive")
    }
    return (name, files)
  }
}
