import Foundation
import PseudoTerminal
import Testing

/// The lab as it was built, in a terminal and a home folder of its own.
final class LabInTerminal {
  let terminal: PseudoTerminal
  let folder: URL
  private let isOwnFolder: Bool

  /// - Parameters:
  ///   - script: a line for a shell that starts the lab as `"$0"`; nil: no shell.
  ///   - folder: the home of another lab; nil: one of its own, which goes with it.
  ///   - arguments: of the lab, where no shell starts it.
  init(
    script: String? = nil, environment changes: [String: String] = [:], columns: Int = 120,
    rows: Int = 36, in folder: URL? = nil, arguments: [String] = []
  ) throws {
    isOwnFolder = folder == nil
    self.folder =
      folder
      ?? FileManager.default.temporaryDirectory.appending(path: "backstep-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: true)
    let home = self.folder.path
    let environment = [
      "PATH": ProcessInfo.processInfo.environment["PATH", default: "/usr/bin:/bin"],
      "HOME": home, "XDG_DATA_HOME": home + "/data", "XDG_STATE_HOME": home + "/state",
      "XDG_CACHE_HOME": home + "/cache", "LANG": "C.UTF-8", "TERM": "xterm-256color",
    ].merging(changes) { $1 }
    let lab = try Backstep.executable.path
    terminal = try PseudoTerminal(
      script == nil ? lab : "/bin/bash", script.map { ["-c", $0, lab] } ?? arguments,
      environment: environment, folder: home, columns: columns, rows: rows)
  }

  deinit { if isOwnFolder { try? FileManager.default.removeItem(at: folder) } }

  /// Waits until the first frame is there.
  func open() throws {
    try #require(terminal.look { $0.frames > 0 }, "no frame")
    terminal.settle(seconds: 0.3)
  }

  /// Waits until the screen is cleared and drawn anew: what came since then. Before it, a frame of
  /// another size may still have been under way.
  func drawnAnew(from start: Int) throws -> ArraySlice<UInt8> {
    let cleared = "\u{1B}[2J"
    #expect(terminal.look(from: start) { $0.contains(text: cleared) }, "it is not drawn anew")
    terminal.settle(seconds: 0.2)
    let output = terminal.output[start...]
    return output[try #require(output.lastIndex(ofText: cleared))...]
  }

  /// Presses keys and waits until what they do is on the screen.
  /// - Returns: the words drawn since, as far as they changed.
  @discardableResult
  func press(_ keys: String, until words: String? = nil) -> String {
    let start = terminal.output.count
    terminal.press(keys)
    terminal.awaitReading()
    if let words {
      // What changes in the middle of words is seen on the screen only.
      let isSeen = terminal.watch { screen in
        let news = terminal.output[start...]
        return news.words.contains(words) || !news.isEmpty && screen.place(of: words) != nil
      }
      #expect(
        isSeen, "no \"\(words)\" after \(keys):\n\(terminal.screen.text.joined(separator: "\n"))")
    } else {
      _ = terminal.look(from: start, seconds: 1) { $0.frames > 0 }
      terminal.settle(atMost: 0.3)
    }
    return terminal.output[start...].words
  }

  /// What must hold of a terminal that was given back: its modes and those of the screen, the mouse,
  /// pasting, the cursor and colors are what a shell expects.
  func expectTerminalBack(_ name: String = "") {
    #expect(terminal.modesAreBack, "\(name): the modes of the line are others than before")
    let screen = terminal.screen
    // Taken apart first: what fails prints its parts, and a screen is long.
    let (isAlternate, isCursorVisible) = (screen.isAlternate, screen.isCursorVisible)
    let (modes, style, unknown) = (screen.modes, screen.style, screen.unknown)
    #expect(!isAlternate, "\(name): the alternate screen")
    #expect(isCursorVisible, "\(name): the cursor")
    #expect(modes.isDisjoint(with: [1, 1000, 1002, 1003, 1006, 2004, 2026]), "\(name): modes")
    #expect(style == ScreenModel.Style(), "\(name): colors")
    #expect(unknown.isEmpty, "\(name): unknown sequences")
  }
}
