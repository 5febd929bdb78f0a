import Foundation
import TerminalGraphics

/// The look chosen at `:`, kept in a small file of its own: it is read before the first frame, when
/// the record of runs is not open yet.
package enum KeptLook {
  private static var file: URL { Directories.state.appending(path: "look") }

  /// What was kept; nothing when there is no such file.
  package static func read() -> LookChoice {
    guard let data = try? Data(contentsOf: file) else { return LookChoice() }
    return LookChoice(text: String(decoding: data, as: UTF8.self))
  }

  /// Keeps a choice as far as the folder can be written: the next start can do without.
  package static func write(_ choice: LookChoice) {
    try? FileManager.default.createDirectory(
      at: Directories.state, withIntermediateDirectories: true)
    try? Data(choice.text.utf8).write(to: file, options: .atomic)
  }
}
