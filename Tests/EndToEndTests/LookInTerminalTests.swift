import Foundation
import Glibc
import PseudoTerminal
import TestSupport
import Testing

@Suite("Many terminals", .waitsForPrograms)
struct LookInTerminalTests {
  @Test(
    "a kind of terminal starts, or it is said what to set",
    arguments: [
      "xterm", "xterm-256color", "xterm-direct", "tmux-256color", "screen", "screen-256color",
      "linux", "vt100", "rxvt-unicode-256color", "konsole-256color", "alacritty", "kitty", "foot",
      "unheard-of",
    ])
  func kinds(term: String) throws {
    let lab = try LabInTerminal(environment: ["TERM": term])
    let isThere = lab.terminal.look {
      $0.words.contains("Backstep") || $0.contains(text: "set TERM")
        || $0.contains(text: "try TERM=")
    }
    #expect(isThere)
    if lab.terminal.output[...].words.contains("try TERM=") {
      #expect(lab.terminal.exitStatus() == 2)
      #expect(term == "unheard-of" || term == "konsole-256color")
    } else {
      lab.terminal.settle(atMost: 1)
      lab.terminal.type("q")
      #expect(lab.terminal.exitStatus() == 0)
    }
    #expect(lab.terminal.modesAreBack)
  }

  /// Starts the lab and answers its question for the background after so long.
  private func open(answer: String, after seconds: Double) throws -> LabInTerminal {
    let lab = try LabInTerminal(environment: ["COLORTERM": "truecolor"])
    #expect(lab.terminal.look { $0.contains(text: "\u{1B}]11;?") })
    if seconds > 0 { usleep(UInt32(seconds * 1e6)) }
    lab.terminal.type(answer)
    #expect(lab.terminal.look { $0.frames > 0 })
    lab.terminal.settle(seconds: 0.2)
    return lab
  }

  /// The light theme's color of text, and the dark one's, as they are sent.
  private let colors = (light: "38;2;36;41;47", dark: "38;2;216;222;233")

  /// Finds a light background by asking.
  /// - Returns: whether the dark theme was drawn before the answer came.
  private func findsLight(answeredAfter delay: Double) throws -> Bool {
    let lab = try open(
      answer: "\u{1B}]11;rgb:ffff/ffff/ffff\u{7}\u{1B}[?62;22c", after: delay)
    #expect(lab.terminal.look { $0.contains(text: colors.light) })
    lab.terminal.settle(seconds: 0.2)
    let output = lab.terminal.output[...]
    // Were the answer taken for keys, its digits would go to other screens, and c would do things.
    #expect(output.words.contains("Start here"))
    lab.terminal.type("q")
    #expect(lab.terminal.exitStatus() == 0)
    lab.expectTerminalBack()
    return output.contains(text: colors.dark)
  }

  @Test("a light background is found by asking before anything is drawn")
  func background() throws {
    // The lab waits 50 ms for the answer; on a machine with other work even that at once may be late.
    #expect(try (0..<8).contains { _ in try !findsLight(answeredAfter: 0) })
  }

  @Test("a light background is found by asking when the answer is late")
  func lateBackground() throws {
    #expect(try findsLight(answeredAfter: 0.4))
  }

  @Test(
    "a theme that does not go with the background paints every cell, blank ones too",
    arguments: ["truecolor", ""])
  func painted(colorTerm: String) throws {
    let lab = try LabInTerminal(
      environment: ["COLORTERM": colorTerm, "COLORFGBG": "15;0", "BACKSTEP_THEME": "light"])
    try lab.open()
    for keys in ["", "3", "6", "4"] {
      lab.press(keys)
      lab.terminal.settle(seconds: 0.3)
      let bare = lab.terminal.screen.cells.enumerated().flatMap { row, cells in
        cells.indices.filter { cells[$0].style.background.isEmpty && !cells[$0].isContinuation }
          .map { "\(row),\($0)" }
      }
      #expect(bare.isEmpty, "screen \(keys): \(bare.count) cells, \(bare.prefix(5))")
    }
    lab.terminal.type("q")
    #expect(lab.terminal.exitStatus() == 0)
  }

  @Test("COLORFGBG spares the question; without an answer the theme is dark")
  func variable() throws {
    let told = try LabInTerminal(
      environment: ["COLORTERM": "truecolor", "COLORFGBG": "0;15"])
    try told.open()
    #expect(!told.terminal.output[...].contains(text: "\u{1B}]11;?"))
    #expect(told.terminal.output[...].contains(text: colors.light))
    let silent = try LabInTerminal(environment: ["COLORTERM": "truecolor"])
    try silent.open()
    #expect(silent.terminal.output[...].contains(text: colors.dark))
  }

  @Test("what is chosen at : holds at once and at the next start")
  func kept() throws {
    let lab = try LabInTerminal(
      script: "\"$0\"; echo again; \"$0\"", environment: ["COLORTERM": "truecolor"])
    try lab.open()
    lab.press(":color 256\r", until: "256 colors")
    lab.press(":glyphs ascii\r", until: "ASCII characters")
    lab.press(":color never\r", until: "no colors")
    lab.press(":color 24bit\r", until: "24-bit colors")
    lab.press(":theme light\r", until: "light background")
    lab.terminal.type("q")
    #expect(lab.terminal.look { $0.contains(text: "again") })
    let start = lab.terminal.output.count
    #expect(lab.terminal.look(from: start) { $0.frames > 0 })
    lab.terminal.settle()
    let again = lab.terminal.output[start...]
    #expect(again.contains(text: colors.light))
    #expect(again.words.contains("+-"), "ASCII frames")
    lab.terminal.type("q")
    #expect(lab.terminal.exitStatus() == 0)
    lab.expectTerminalBack()
  }

  @Test("a hundred sizes one after another end in a whole screen of the last one")
  func storm() throws {
    let lab = try LabInTerminal()
    try lab.open()
    lab.press("4", until: "one step")
    lab.press(" ", until: "pause")
    for turn in 0..<100 {
      lab.terminal.resize(columns: 20 + turn * 37 % 180, rows: 5 + turn * 13 % 55)
      if turn % 10 == 0 { _ = lab.terminal.look(seconds: 0.005) }
    }
    lab.terminal.resize(columns: 100, rows: 30)
    lab.terminal.settle(seconds: 0.2, atMost: 2)
    lab.terminal.type(" ")
    let start = lab.terminal.output.count
    lab.terminal.type([12])
    let output = try lab.drawnAnew(from: start)
    #expect(output.words.contains("quit"))
    #expect(output.cursorPlaces.rows.max() == 30)
    #expect(output.cursorPlaces.columns.max() ?? 0 <= 100)
    lab.terminal.type("q")
    #expect(lab.terminal.exitStatus() == 0)
    lab.expectTerminalBack()
  }

  @Test("a reader that sleeps for a second stops nothing for good")
  func slowReader() throws {
    let lab = try LabInTerminal(environment: ["COLORTERM": "truecolor"], columns: 200, rows: 60)
    try lab.open()
    lab.press("4", until: "one step")
    lab.terminal.type("F ")
    for _ in 0..<3 {
      usleep(700_000)
      _ = lab.terminal.look(seconds: 0.01)
    }
    lab.terminal.settle(seconds: 0.1, atMost: 2)
    lab.terminal.type("1")
    #expect(lab.terminal.look(seconds: 5) { $0.words.contains("network") })
    lab.terminal.type("q")
    #expect(lab.terminal.exitStatus() == 0)
    lab.expectTerminalBack()
  }

  @Test("frames are bracketed: nothing is drawn outside a synchronized update")
  func synchronized() throws {
    let lab = try LabInTerminal()
    try lab.open()
    let start = lab.terminal.output.count
    for key in ["4", ".", ".", "5", ".", "?", "\u{1B}"] { lab.press(key) }
    lab.terminal.settle(seconds: 0.1)
    let text = String(decoding: lab.terminal.output[start...], as: UTF8.self)
    for outside in text.components(separatedBy: "\u{1B}[?2026l").dropLast() {
      let before = outside.components(separatedBy: "\u{1B}[?2026h").first ?? ""
      #expect(Array(before.utf8)[...].words.trimmingCharacters(in: .whitespaces).isEmpty)
    }
    #expect(lab.terminal.output[start...].frames > 5)
    lab.terminal.type("q")
    #expect(lab.terminal.exitStatus() == 0)
  }

  @Test("the mouse is left to the terminal and taken back")
  func mouse() throws {
    let lab = try LabInTerminal()
    try lab.open()
    let start = lab.terminal.output.count
    lab.terminal.type(":mouse off\r")
    #expect(lab.terminal.look(from: start) { $0.contains(text: "\u{1B}[?1000l") })
    let middle = lab.terminal.output.count
    lab.terminal.type(":mouse on\r")
    #expect(lab.terminal.look(from: middle) { $0.contains(text: "\u{1B}[?1006h") })
    lab.terminal.type("q")
    #expect(lab.terminal.exitStatus() == 0)
    lab.expectTerminalBack()
  }

  @Test("a picture is written, and a file that is there stays")
  func picture() throws {
    let lab = try LabInTerminal()
    try lab.open()
    lab.press(":save shot.png\r", until: "written to")
    let file = lab.folder.appending(path: "shot.png")
    let bytes = try Data(contentsOf: file)
    #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    lab.press("3", until: "Layers")
    lab.press(":save shot.png\r", until: "is there already")
    #expect(try Data(contentsOf: file) == bytes)
    lab.press(":save! shot.png\r", until: "written to")
    #expect(try Data(contentsOf: file) != bytes)
    lab.press(":save none/shot.svg layers\r", until: "none/shot.svg")
    #expect(!FileManager.default.fileExists(atPath: lab.folder.appending(path: "none").path))
    lab.terminal.type("q")
    #expect(lab.terminal.exitStatus() == 0)
  }
}
