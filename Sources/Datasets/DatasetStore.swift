import FileFormats
import Foundation
import Tensors

/// A user's own data sets: folders with `dataset.json` and `data.npz` below one folder.
package struct DatasetStore: Sendable {
  package typealias Failure = FileFailure

  package let root: URL

  package init(root: URL) { self.root = root }

  /// Whether a data set can have this name: letters, digits, `-` and `_`, up to 80 of them.
  package static func isName(_ name: String) -> Bool {
    !name.isEmpty && name.count <= 80
      && name.unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "-" || $0 == "_"
      }
  }

  package func contains(_ name: String) -> Bool {
    Self.isName(name) && DatasetFolder(folder: folder(name)).exists
  }

  package func folder(_ name: String) -> URL { root.appending(path: name) }

  /// Keeps a data set under a name; one of that name is replaced.
  /// - Throws: `Failure` for a name that is none or one of the lab's own, or a place that cannot be
  ///   written.
  package func save(_ dataset: Dataset, as name: String) throws(FileFailure) {
    guard Self.isName(name) else {
      throw Failure(
        at: "data set '\(name)'", found: "a name that is none",
        right: "take letters, digits, - and _")
    }
    guard !DatasetLibrary().contains(name) else {
      throw Failure(
        at: "data set '\(name)'", found: "the name of a data set that comes along",
        right: "take another name")
    }
    let folder = folder(name)
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw Failure(
        at: folder.path, found: "a folder that cannot be made",
        right: "check XDG_DATA_HOME and its permissions", kind: .unwritable)
    }
    // The description last: with it the folder is a data set.
    try FileBytes.write(try dataset.npz(), to: folder.appending(path: "data.npz"))
    var named = dataset
    if dataset.title == dataset.name { named.title = name }
    try FileBytes.write(
      try DatasetDescription(named).bytes(), to: folder.appending(path: "dataset.json"))
  }

  /// - Throws: `Failure` when there is no such data set, or it cannot be removed.
  package func remove(_ name: String) throws(FileFailure) {
    guard contains(name) else {
      throw Failure(
        at: "data set '\(name)'", found: "no such name among your own",
        right: "only imported and drawn data can be removed", kind: .missing)
    }
    do { try FileManager.default.removeItem(at: folder(name)) } catch {
      throw Failure(
        at: folder(name).path, found: "a folder that cannot be removed",
        right: "check its permissions", kind: .unwritable)
    }
  }
}
