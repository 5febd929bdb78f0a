import Foundation
import Glibc
import PseudoTerminal
import TestSupport
import Testing

@Suite("The lab in a terminal", .waitsForPrograms)
struct TerminalTests {
  /// A way to leave, and the exit status it has.
  enum WayOut: CaseIterable {
    case key, control, terminate, hangUp, interrupt, fault, abort

    var status: Int32 {
      switch self {
      case .key, .control: 0
      case .terminate: 143
      case .hangUp: 129
      case .interrupt: 130
      case .fault: 139
      case .abort: 134
      }
    }

    func take(_ terminal: PseudoTerminal) {
      switch self {
      case .key: terminal.type("q")
      case .control: terminal.type([3])
      case .terminate: terminal.send(signal: SIGTERM)
      case .hangUp: terminal.send(signal: SIGHUP)
      case .interrupt: terminal.send(signal: SIGINT)
      case .fault: terminal.send(signal: SIGSEGV)
      case .abort: terminal.send(signal: SIGABRT)
      }
    }
  }

  @Test("every way out has its exit status and gives the terminal back", arguments: WayOut.allCases)
  func leave(way: WayOut) throws {
    let lab = try LabInTerminal()
    try lab.open()
    #expect(lab.terminal.output[...].words.contains("Backstep"))
    #expect(!lab.terminal.modesAreBack, "the lab reads keys as they come")
    way.take(lab.terminal)
    #expect(lab.terminal.exitStatus() == way.status)
    lab.expectTerminalBack()
  }

  @Test("a crash while a network trains is told on the user's own screen")
  func crash() throws {
    let lab = try LabInTerminal()
    try lab.open()
    lab.press("4", until: "one step")
    lab.press(" ", until: "pause")
    lab.terminal.send(signal: SIGSEGV)
    #expect(lab.terminal.exitStatus() == 139)
    lab.expectTerminalBack()
    let output = lab.terminal.output[...]
    let left = try #require(output.lastIndex(ofText: "\u{1B}[?1049l"))
    #expect(output[left...].contains(text: "Backstep crashed"))
    #expect(output[left...].frames == 0, "something was drawn after the screen was given back")
  }

  @Test("^Z gives the terminal to the shell, and the lab comes back")
  func stop() throws {
    let lab = try LabInTerminal(
      script: "set -m; \"$0\"; echo stopped $?; fg >/dev/null; echo left $?")
    try lab.open()
    let start = lab.terminal.output.count
    lab.terminal.type([26])
    #expect(lab.terminal.look(from: start) { $0.contains(text: "stopped 148") })
    #expect(
      lab.terminal.look(from: start) { $0.contains(text: "\u{1B}[?1049h") && $0.frames > 0 },
      "it is not drawn again")
    lab.terminal.settle()
    let stopped = lab.terminal.output[start...]
    let words = try #require(stopped.lastIndex(ofText: "stopped 148"))
    for off in ["\u{1B}[?1049l", "\u{1B}[?1006l", "\u{1B}[?2004l"] {
      #expect(stopped[..<words].contains(text: off), "\(off.dropFirst()) before the shell has it")
    }
    #expect(stopped[words...].words.contains("Backstep"), "all of the screen is drawn anew")
    #expect(stopped[words...].contains(text: "\u{1B}[?1006h"), "the mouse is taken again")
    lab.terminal.type("q")
    #expect(lab.terminal.exitStatus() == 0)
    #expect(lab.terminal.output[...].contains(text: "left 0"))
    lab.expectTerminalBack()
  }

  @Test(
    "another size is drawn whole and within its edges",
    arguments: [(80, 24), (150, 50), (60, 16), (20, 5)])
  func resize(columns: Int, rows: Int) throws {
    let lab = try LabInTerminal()
    try lab.open()
    let start = lab.terminal.output.count
    lab.terminal.resize(columns: columns, rows: rows)
    let places = try lab.drawnAnew(from: start).cursorPlaces
    #expect(places.rows.max() ?? 0 <= rows)
    #expect(places.columns.max() ?? 0 <= columns)
    if columns >= 60 { #expect(places.rows.max() == rows, "the last row has the keys") }
    lab.terminal.type("q")
    #expect(lab.terminal.exitStatus() == 0)
  }

  @Test("a terminal of which nothing is known is refused in words")
  func unknown() throws {
    let lab = try LabInTerminal(environment: ["TERM": ""])
    #expect(lab.terminal.exitStatus() == 2)
    #expect(lab.terminal.output[...].contains(text: "set TERM=xterm-256color"))
    #expect(lab.terminal.modesAreBack)
  }

  @Test("without a terminal it says so", arguments: ["<", ">"])
  func noTerminal(direction: String) throws {
    let lab = try LabInTerminal(script: "\"$0\" \(direction)/dev/null; echo left $?")
    #expect(lab.terminal.exitStatus() == 0)
    #expect(lab.terminal.output[...].contains(text: "left 2"))
    #expect(lab.terminal.output[...].contains(text: "not a terminal"))
    #expect(!lab.terminal.output[...].contains(text: "\u{1B}["), "and writes no sequence")
  }

  @Test("a run is opened, played, paused and stepped through by keys, forwards and backwards")
  func run() throws {
    let lab = try LabInTerminal()
    try lab.open()
    lab.press("4", until: "one step")
    lab.press(" ", until: "pause")
    lab.press(" ", until: "train")
    for _ in 0..<3 { lab.press(".") }
    lab.press(",")
    lab.press("5")
    for keys in [".", ".", ",", ",", ",", "\t", "\u{1B}[B"] { lab.press(keys) }
    lab.press("1", until: "network")
    lab.terminal.type("q")
    #expect(lab.terminal.exitStatus() == 0)
    lab.expectTerminalBack()
  }

  @Test("what is typed before the first frame is for the file that is being opened")
  func typedAhead() throws {
    let program = """
      import keras
      from keras import layers
      from sklearn.datasets import load_digits

      digits = load_digits()
      model = keras.Sequential([keras.Input(shape=(64,)), layers.Dense(10, activation="softmax")])
      model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
      model.fit(digits.data, digits.target, epochs=100000)
      """
    let backstep = try Backstep(files: ["ahead.py": program])
    defer { backstep.remove() }
    let file = backstep.folder.appending(path: "ahead.py").path
    let lab = try LabInTerminal(in: backstep.folder, arguments: [file])
    lab.terminal.type("4 ")
    let trains = lab.terminal.watch { $0.place(of: "training · ahead.py") != nil }
    #expect(trains, Comment(rawValue: lab.terminal.screen.text.joined(separator: "\n")))
    lab.terminal.type("q")
    #expect(lab.terminal.exitStatus() == 0)
  }
}
