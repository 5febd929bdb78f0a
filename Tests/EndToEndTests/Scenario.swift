import Foundation
import PseudoTerminal
import Testing

/// What somebody does in the lab and what they see: by keys and mouse, in a terminal of some kind.
struct Scenario: CustomTestStringConvertible, Sendable {
  enum Step: Sendable {
    /// Presses keys, as the terminal sends them.
    case type(String)
    /// Waits until a text is on the screen, or all of them.
    case see([String])
    /// Waits until a text is not on the screen.
    case miss(String)
    case click(on: String)
    case clickAt(Int, Int)
    case wheel(up: Bool, Int, Int, times: Int)
    case drag([(Int, Int)])
    case paste(String)
    case resize(Int, Int)
    /// Many sizes, one after the other.
    case storm(count: Int)
    case signal(Int32)
    case wait(Double)
    /// Takes in what comes at so many bytes a second.
    case slowly(bytes: Int, seconds: Double)
    /// Keeps what the screen shows between two texts of a row under a name.
    case note(String, after: String)
    /// Waits until that is the same again, or is another.
    case same(String, after: String)
    case other(String, after: String)
    /// Ends the lab by a key or signal, and starts it anew in the same home.
    case restart(Way)
    /// Opens another lab in the same home; further steps are for it.
    case second
    /// Goes back to the first lab.
    case first
    /// The file is there and has the text.
    case file(String, has: String)

    static func see(_ text: String...) -> Step { .see(text) }
  }

  enum Way: Sendable { case key, signal(Int32) }

  let name: String
  var term = "xterm-256color"
  var size = (120, 36)
  var environment: [String: String] = [:]
  var arguments: [String] = []
  var files: [String: String] = [:]
  let steps: [Step]
  /// Whether it is still there after the steps, to be left by `q`.
  var status: Int32 = 0
  var staysOpen = true

  var testDescription: String { name }
}

/// Plays a scenario.
final class ScenarioRun {
  private let scenario: Scenario
  private let folder: URL
  private var labs: [LabInTerminal] = []
  private var current = 0
  private var notes: [String: String] = [:]
  private var size: (columns: Int, rows: Int)

  private var lab: LabInTerminal { labs[current] }
  private var terminal: PseudoTerminal { lab.terminal }

  init(_ scenario: Scenario) throws {
    self.scenario = scenario
    size = scenario.size
    folder = FileManager.default.temporaryDirectory
      .appending(path: "backstep-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (name, text) in scenario.files {
      try Data(text.utf8).write(to: folder.appending(path: name))
    }
    try describeTerminal()
    try start()
  }

  /// Terminals whose description not every machine has, after those that each has.
  private static let descriptions = [
    "alacritty": "use=xterm-256color,", "konsole-256color": "use=xterm-256color,",
    "rxvt-unicode-256color": "use=xterm-256color,", "tmux-256color": "use=screen-256color,",
    "xterm-16color": #"""
    colors#16, pairs#0x100, setab=\E[%?%p1%{8}%<%t%p1%{40}%+%e%p1%{92}%+%;%dm,
    \tsetaf=\E[%?%p1%{8}%<%t%p1%{30}%+%e%p1%{82}%+%;%dm, use=xterm,
    """#,
  ]

  /// Where the machine has no description, the home gets one.
  private func describeTerminal() throws {
    let name = scenario.term
    guard let description = Self.descriptions[name],
      try Self.run(["infocmp", name], in: folder) != 0
    else { return }
    let text = "\(name)|for tests,\n\t" + description.replacing(#"\t"#, with: "\t") + "\n"
    let source = folder.appending(path: "terminal.ti")
    try Data(text.utf8).write(to: source)
    let target = folder.appending(path: ".terminfo").path
    #expect(try Self.run(["tic", "-x", "-o", target, source.path], in: folder) == 0)
  }

  private static func run(_ command: [String], in folder: URL) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private func start() throws {
    let environment = ["TERM": scenario.term].merging(scenario.environment) { $1 }
    let lab = try LabInTerminal(
      environment: environment, columns: size.columns, rows: size.rows, in: folder,
      arguments: scenario.arguments)
    labs.append(lab)
    current = labs.count - 1
    guard scenario.staysOpen || scenario.status == 0 else { return }
    try #require(
      lab.terminal.watch { screen in
        screen.text.contains { $0.contains("quit") || $0.contains("too small") }
      }, "\(scenario.name): no frame; \(lab.terminal.screen.text)")
  }

  func play() throws {
    for (place, step) in scenario.steps.enumerated() { try play(step, place) }
    for lab in labs {
      if scenario.staysOpen { lab.leave() }
      let status = lab.terminal.exitStatus()
      #expect(status == scenario.status, "\(scenario.name) ends with \(status ?? -1)")
      expectTerminalBack(lab)
    }
  }

  private func play(_ step: Scenario.Step, _ place: Int) throws {
    let now = "\(scenario.name), step \(place)"
    switch step {
    case .type(let keys): terminal.press(keys)
    case .see(let texts):
      let isThere = terminal.watch { screen in
        texts.allSatisfy { screen.place(of: $0) != nil }
      }
      try #require(isThere, "\(now): no \(texts) in\n\(shown)")
    case .miss(let text):
      let isGone = terminal.watch { $0.place(of: text) == nil }
      try #require(isGone, "\(now): \(text) stays in\n\(shown)")
    case .click(let text):
      _ = terminal.watch { $0.place(of: text) != nil }
      let place = try #require(terminal.screen.place(of: text), "\(now): no \(text) in\n\(shown)")
      click(place.column + 1, place.row + 1)
    case .clickAt(let x, let y): click(x, y)
    case .wheel(let isUp, let x, let y, let times):
      for _ in 0..<times { terminal.type("\u{1B}[<\(isUp ? 64 : 65);\(x);\(y)M") }
    case .drag(let points): drag(points)
    case .paste(let text): terminal.type("\u{1B}[200~\(text)\u{1B}[201~")
    case .resize(let columns, let rows): resize(columns, rows)
    case .storm(let count): storm(count)
    case .signal(let number): terminal.send(signal: number)
    case .wait(let seconds): terminal.settle(seconds: seconds, atMost: seconds)
    case .slowly(let bytes, let seconds):
      terminal.lookSlowly(bytesPerSecond: bytes, seconds: seconds)
    case .note(let name, let text):
      // What is still being drawn is not noted.
      var last: String?
      _ = terminal.watch(seconds: 1) { _ in
        defer { last = self.rest(after: text) }
        return last != nil && self.rest(after: text) == last
      }
      let found = rest(after: text)
      try #require(found != nil, "\(now): no \(text) in\n\(shown)")
      notes[name] = found
    case .same(let name, let text):
      let isSame = terminal.watch { _ in self.rest(after: text) == self.notes[name] }
      try #require(isSame, "\(now): not \(notes[name] ?? "") after \(text) in\n\(shown)")
    case .other(let name, let text):
      let isOther = terminal.watch { _ in self.rest(after: text) != self.notes[name] }
      try #require(isOther, "\(now): still \(notes[name] ?? "") after \(text) in\n\(shown)")
    case .restart(let way): try restart(way, now)
    case .second: try start()
    case .first: current = 0
    case .file(let name, let text):
      let path = folder.appending(path: name)
      let isThere = terminal.watch { _ in
        text.isEmpty
          ? FileManager.default.fileExists(atPath: path.path)
          : (try? String(contentsOf: path, encoding: .utf8))?.contains(text) ?? false
      }
      #expect(isThere, "\(now): no \(text) in \(name)")
    }
  }

  private var shown: String { terminal.screen.text.joined(separator: "\n") }

  /// The word that stands after a text in its row.
  private func rest(after text: String) -> String? {
    let line = terminal.screen.text.first { $0.contains(text) }
    guard let line, let range = line.range(of: text) else { return nil }
    return line[range.upperBound...].split(separator: " ").first.map(String.init)
  }

  private func click(_ x: Int, _ y: Int) {
    terminal.type("\u{1B}[<0;\(x);\(y)M\u{1B}[<0;\(x);\(y)m")
  }

  private func drag(_ points: [(Int, Int)]) {
    guard let first = points.first, let last = points.last else { return }
    terminal.type("\u{1B}[<0;\(first.0);\(first.1)M")
    for point in points.dropFirst() { terminal.type("\u{1B}[<32;\(point.0);\(point.1)M") }
    terminal.type("\u{1B}[<0;\(last.0);\(last.1)m")
  }

  private func resize(_ columns: Int, _ rows: Int) {
    size = (columns, rows)
    terminal.resize(columns: columns, rows: rows)
  }

  private func storm(_ count: Int) {
    var generator = SplitMix(state: 7)
    let odd = [(1, 1), (2, 1), (1, 40), (300, 2), (59, 16), (60, 15), (500, 120)]
    for place in 0..<count {
      let (columns, rows) =
        place % 12 == 0
        ? odd[place / 12 % odd.count]
        : (Int(generator.next() % 220) + 1, Int(generator.next() % 70) + 1)
      terminal.resize(columns: columns, rows: rows)
      terminal.look(seconds: 0.002)
    }
    terminal.resize(columns: size.columns, rows: size.rows)
  }

  private func restart(_ way: Scenario.Way, _ now: String) throws {
    let (old, status): (PseudoTerminal, Int32)
    switch way {
    case .key:
      (old, status) = (terminal, 0)
      lab.leave()
    case .signal(let number):
      (old, status) = (terminal, 128 + number)
      old.send(signal: number)
    }
    let found = old.exitStatus()
    #expect(found == status, "\(now): ended with \(found ?? -1)")
    if status != 128 + SIGKILL { expectTerminalBack(lab) }
    labs.remove(at: current)
    try start()
  }

  /// What a shell expects of its terminal, and that nothing was said to standard error.
  private func expectTerminalBack(_ lab: LabInTerminal) {
    let name = scenario.name
    lab.expectTerminalBack(name)
    let log = folder.appending(path: "state/backstep/log")
    let said = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
    #expect(said.isEmpty, "\(name): standard error has \(said.prefix(400))")
  }
}

extension LabInTerminal {
  /// Leaves by a signal that asks for it as a key would: fields and searches take keys.
  func leave() {
    for _ in 0..<3 { terminal.type("\u{1B}"); terminal.look(seconds: 0.06) }
    terminal.type("q")
    if terminal.exitStatus(within: 3) == nil { terminal.type([3]) }
  }
}
