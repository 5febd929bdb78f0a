import Datasets
import FileFormats
import Foundation
import KerasCode

/// The folder that a program lives in: it reads and writes there, and nowhere else.
package struct ProgramFolder: Sendable {
  private let root: String
  /// Files that are there without being in the folder, and what is read and written: nil: nobody asks.
  private var files: ProgramFiles?

  package init(_ root: URL) { self.root = Self.real(root.path) ?? root.standardizedFileURL.path }

  /// The same, where what a program reads is noted.
  func noting(_ files: ProgramFiles) -> ProgramFolder {
    // What is held in memory is known as it is.
    guard self.files == nil else { return self }
    var folder = self
    folder.files = files
    return folder
  }

  /// The files that were read in it, as far as they are noted.
  var filesRead: [String: [UInt8]] { files?.read ?? [:] }

  /// A folder that has the files of another; what is written to it stays in memory.
  package init(holding files: [String: [UInt8]]) {
    root = "/nowhere"
    self.files = ProgramFiles(files)
  }

  /// The path without symbolic links; nil when there is nothing there.
  private static func real(_ path: String) -> String? {
    guard let resolved = realpath(path.isEmpty ? "." : path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Where a name leads.
  /// - Throws: a `Complaint` when that is outside the folder, symbolic links followed.
  func place(of name: String) throws(Complaint) -> URL {
    let path = URL(fileURLWithPath: name.hasPrefix("/") ? name : root + "/" + name)
    // What is to be written need not be there, but its folder is.
    let folder = Self.real(path.deletingLastPathComponent().path)
    let isLink = (try? FileManager.default.destinationOfSymbolicLink(atPath: path.path)) != nil
    let whole = isLink ? Self.real(path.path) : folder.map { $0 + "/" + path.lastPathComponent }
    let inside = root == "/" ? "/" : root + "/"
    guard !name.isEmpty, !name.contains("\0"), ![".", ".."].contains(path.lastPathComponent) else {
      throw Self.outside(name)
    }
    guard let whole else {
      throw Complaint(
        "there is no \"\(name)\" in the program's folder", remedy: "check its name",
        at: .argument(0))
    }
    guard whole.hasPrefix(inside) else { throw Self.outside(name) }
    return URL(fileURLWithPath: whole)
  }

  private static func outside(_ name: String) -> Complaint {
    Complaint(
      "\"\(name)\" lies outside the program's folder", remedy: "put the file beside the program",
      at: .argument(0))
  }

  /// The bytes of a file.
  package func read(_ name: String) throws(Complaint) -> [UInt8] {
    if let known = files?.held(name) { return known }
    let bytes = try readFromDisk(name)
    files?.noteReading(name, bytes)
    return bytes
  }

  private func readFromDisk(_ name: String) throws(Complaint) -> [UInt8] {
    let place = try place(of: name)
    let values = try? place.resourceValues(forKeys: [.isRegularFileKey, .fileSizeKey])
    guard values?.isRegularFile == true else {
      throw Complaint(
        "there is no file \"\(name)\" in the program's folder", remedy: Self.wayTo(name),
        at: .argument(0))
    }
    guard (values?.fileSize ?? 0) <= 1 << 30 else {
      throw Complaint(
        "\"\(name)\" is larger than 1 GB", remedy: "take a part of it", at: .argument(0))
    }
    do { return try FileBytes.read(place) } catch {
      throw Complaint("\"\(name)\": \(error.found)", remedy: error.right, at: .argument(0))
    }
  }

  /// How a file that is not there comes to be: the lab's own data sets are written by a command.
  private static func wayTo(_ name: String) -> String {
    guard name.hasSuffix(".npz"), DatasetLibrary().contains(String(name.dropLast(4))) else {
      return "check its name"
    }
    return "write it by backstep data export \(name.dropLast(4)) -o \(name)"
  }

  func write(_ bytes: [UInt8], to name: String) throws(Complaint) {
    if let files, files.noteWriting(name, bytes) { return }
    let place = try place(of: name)
    do { try FileBytes.write(bytes, to: place) } catch {
      throw Complaint("\"\(name)\": \(error.found)", remedy: error.right, at: .argument(0))
    }
  }
}
