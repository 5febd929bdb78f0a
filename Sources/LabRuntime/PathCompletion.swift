import Foundation

/// The files that a path being typed may mean.
package enum PathCompletion {
  private static let most = 200

  /// The paths that begin with a text, as they would be typed: `~` stays, folders end in a stroke.
  /// Hidden ones are left out unless the text begins like one. Empty where nothing can be read.
  package static func paths(from text: String) -> [String] {
    let folder = text.lastIndex(of: "/").map { String(text[...$0]) } ?? ""
    let start = text.dropFirst(folder.count)
    let expanded = (folder as NSString).expandingTildeInPath
    let place = URL(fileURLWithPath: expanded.isEmpty ? "." : expanded, isDirectory: true)
    guard
      let entries = try? FileManager.default.contentsOfDirectory(
        at: place, includingPropertiesForKeys: [.isDirectoryKey])
    else { return [] }
    return entries.filter { entry in
      let name = entry.lastPathComponent
      return name.hasPrefix(start) && (!name.hasPrefix(".") || start.hasPrefix("."))
    }.sorted { $0.lastPathComponent < $1.lastPathComponent }.prefix(most).map { entry in
      let isFolder = (try? entry.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory ?? false
      return folder + entry.lastPathComponent + (isFolder ? "/" : "")
    }
  }
}
