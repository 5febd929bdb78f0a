import FileFormats
import Foundation
import KerasCode

/// The folder that a program lives in: it reads and writes there, and nowhere else.
package struct ProgramFolder: Sendable {
  private let root: URL

  package init(_ root: URL) { self.root = root.resolvingSymlinksInPath().standardizedFileURL }

  /// Where a name leads.
  /// - Throws: a `Complaint` when that is outside the folder, symbolic links followed.
  func place(of name: String) throws(Complaint) -> URL {
    let place = URL(fileURLWithPath: name, relativeTo: root)
      .standardizedFileURL.resolvingSymlinksInPath()
    let inside = root.path == "/" ? "/" : root.path + "/"
    guard !name.isEmpty, !name.contains("\0"), place.path.hasPrefix(inside) else {
      throw Complaint(
        "\"\(name)\" lies outside the program's folder",
        remedy: "put the file beside the program", at: .argument(0))
    }
    return place
  }

  /// The bytes of a file.
  package func read(_ name: String) throws(Complaint) -> [UInt8] {
    let place = try place(of: name)
    let values = try? place.resourceValues(forKeys: [.isRegularFileKey, .fileSizeKey])
    guard values?.isRegularFile == true else {
      throw Complaint(
        "there is no file \"\(name)\" in the program's folder", remedy: "check its name",
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

  func write(_ bytes: [UInt8], to name: String) throws(Complaint) {
    let place = try place(of: name)
    do { try FileBytes.write(bytes, to: place) } catch {
      throw Complaint("\"\(name)\": \(error.found)", remedy: error.right, at: .argument(0))
    }
  }
}
