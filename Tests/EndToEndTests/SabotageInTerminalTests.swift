import Foundation
import PseudoTerminal
import TestSupport
import Testing
import Training

/// Each misconception is planted, looked for and proved in the lab as it is, by keys alone: two of them
/// always, all with BACKSTEP_LONG=1.
@Suite("Sabotage in a terminal", .waitsForPrograms)
struct SabotageInTerminalTests {
  private static let program = """
    from sklearn.datasets import make_blobs
    import keras
    from keras import layers

    x, y = make_blobs(n_samples=84, centers=3, cluster_std=0.6, random_state=4)
    model = keras.Sequential([
        keras.Input(shape=(2,)),
        layers.Dense(8, activation="relu"),
        layers.Dropout(0.3),
        layers.Dense(6, activation="tanh"),
        layers.Dense(3, activation="softmax"),
    ])
    model.compile(optimizer=keras.optimizers.Adam(0.02),
                  loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=40, batch_size=12, validation_split=0.25)
    """

  private static let chosen: [Misconception] = {
    let isLong = ProcessInfo.processInfo.environment["BACKSTEP_LONG"] == "1"
    let few = ["mislabelledRows", "learningRateTooHigh"]
    return isLong ? Misconception.all : Misconception.all.filter { few.contains($0.id) }
  }()

  @Test("every misconception is found and proved by keys", arguments: chosen)
  func found(_ misconception: Misconception) throws {
    let play = try FaultPlay(Self.program, misconception)
    try play.plant()
    switch misconception.fault {
    case .formula: try play.findInstruction()
    case .setUp(.deadLayer): try play.findDeadLayer()
    case .setUp(.mislabelledRows): try play.findRows()
    case .setUp(.testInTraining): try play.findLeak()
    case .setUp(.unscaledColumn): try play.findColumn()
    case .setUp(.dropoutLeftOn):
      try play.ask("info judging", see: "chance plays a part")
      try play.prove("setting dropout")
    case .setUp(.softmaxTwice):
      try play.findLine(saying: "log sum exp")
    case .setUp(.learningRateTooHigh):
      try play.ask("print learning_rate", see: "learning_rate = 2")
      try play.prove("setting learning_rate")
    }
    try play.mend()
  }
}

/// A lab in a terminal in which a fault is looked for.
private final class FaultPlay {
  private let lab: LabInTerminal
  private let misconception: Misconception
  private var screen: ScreenModel { lab.terminal.screen }

  init(_ program: String, _ misconception: Misconception) throws {
    self.misconception = misconception
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "backstep-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(program.utf8).write(to: folder.appending(path: "net.py"))
    lab = try LabInTerminal(
      columns: 120, rows: 36, in: folder, arguments: [folder.appending(path: "net.py").path])
    try lab.open()
  }

  deinit {
    lab.terminal.send(signal: SIGKILL)
    try? FileManager.default.removeItem(at: lab.folder)
  }

  private func see(_ text: String, after what: String) throws {
    let isThere = lab.terminal.watch { $0.place(of: text) != nil }
    let shown = screen.text.joined(separator: "\n")
    try #require(isThere, "\(misconception.id): no \(text) after \(what) in\n\(shown)")
  }

  private func miss(_ text: String) {
    _ = lab.terminal.watch { $0.place(of: text) == nil }
  }

  private func press(_ keys: String) { lab.terminal.press(keys) }

  private func command(_ text: String) {
    press(":")
    _ = lab.terminal.watch { $0.place(of: "Esc") != nil }
    press(text + "\r")
  }

  /// Asks, sees the answer, and closes what it stands in.
  func ask(_ text: String, see answer: String) throws {
    command(text)
    try see(answer, after: text)
    press("\u{1B}")
  }

  func plant() throws {
    try see("Keras code", after: "opening")
    press("5")
    try see("Timeline", after: "5")
    command("goto step 2")
    try see("step 2", after: "goto step 2")
    let number = (Misconception.all.firstIndex { $0.id == misconception.id } ?? 0) + 1
    command("sabotage \(number)")
    try see("One thing is wrong in this run from step 2 on", after: "sabotage")
    #expect(screen.place(of: misconception.title) == nil)
    press("\u{1B}")
    miss("One thing is wrong")
    command("goto step 4")
    try see("step 4", after: "goto step 4")
    try see("fault", after: "goto step 4")
  }

  /// Says where, through the list of what can be said.
  func prove(_ verdict: String) throws {
    press("S")
    try see("Where one looks", after: "S")
    press("\r")
    try see("Where is it?", after: "Enter")
    let words = verdict.split(separator: " ", maxSplits: 1)
    if words[0] == "rows" {
      press("rows\r")
      miss("Where is it?")
      press("\(words[1])\r")
    } else {
      press("\(verdict)\r")
    }
    try see("Proved: \(misconception.title)", after: verdict)
  }

  func mend() throws {
    press("R")
    try see("Enter plants another", after: "R")
    press("\u{1B}")
    miss("Sabotage")
    #expect(screen.place(of: "◆ fault") == nil)
  }

  // MARK: Evidence

  /// The line whose explanation marks a number that its formula does not give.
  func findInstruction() throws {
    for instruction in 1...40 {
      command("goto instruction \(instruction)")
      try see("instruction \(instruction) ", after: "goto instruction \(instruction)")
      command("explain")
      try see("copy", after: "explain")
      let isWrong = screen.place(of: "but the formula gives") != nil
      press("\u{1B}")
      miss("copy")
      if isWrong { return try prove("instruction \(instruction)") }
    }
    Issue.record("\(misconception.id): no explanation contradicts its number")
  }

  /// The line of the loss that takes the output for the numbers before a softmax.
  func findLine(saying title: String) throws {
    command("goto instruction 13")
    try see("instruction 13 ", after: "goto instruction 13")
    try see(title, after: "goto instruction 13")
    try prove("instruction 13")
  }

  func findDeadLayer() throws {
    command("goto instruction 3")
    try ask("print max(abs(dense/output))", see: "= 0")
    try prove("dead dense")
  }

  func findLeak() throws {
    command("info data")
    try see("held back too: rows", after: "info data")
    let row = screen.text.first { $0.contains("held back too: rows") } ?? ""
    let tail = row.components(separatedBy: "rows ").last ?? ""
    let rows = tail.split { !$0.isNumber }.prefix(2).joined(separator: " ")
    press("\u{1B}")
    try prove("rows \(rows)")
  }

  func findColumn() throws {
    command("info data")
    try see("column 1: standard deviation", after: "info data")
    let spreads = (0..<2).map { column -> Double in
      let start = "column \(column): standard deviation "
      let row = screen.text.first { $0.contains(start) } ?? ""
      let tail = row.components(separatedBy: start).last ?? ""
      return Double(tail.prefix { $0.isNumber || $0 == "." }) ?? 0
    }
    press("\u{1B}")
    try prove("column \(spreads[0] > spreads[1] ? 0 : 1)")
  }

  /// The rows whose loss stays large when all else is learned.
  func findRows() throws {
    var losses: [Int: Double] = [:]
    for step in 180..<186 {
      command("goto step \(step) end")
      try see("step \(step)", after: "goto")
      for place in 0..<3 {
        command("example \(place)")
        // The upper half of a frame may be read before the lower one, which says it.
        let isAnswer = { (line: String) in
          line.contains("example \(place) of") && line.contains("of the training examples")
        }
        _ = lab.terminal.watch { $0.text.contains(where: isAnswer) }
        let words = screen.text.first(where: isAnswer) ?? ""
        let tail = words.components(separatedBy: "row ").last ?? ""
        let row = try #require(Int(tail.prefix { $0.isNumber }), "\(words)")
        command("print example_loss[\(place)]")
        let name = "example_loss[\(place)] = "
        try see(name, after: "print")
        let line = screen.text.first { $0.contains(name) } ?? ""
        let number = (line.components(separatedBy: name).last ?? "")
          .prefix { "0123456789.e-".contains($0) }
        losses[row] = Double(number) ?? 0
      }
    }
    let worst = losses.sorted { $0.value > $1.value }.prefix(1).map { "\($0.key)" }
    try prove("rows " + worst.joined(separator: " "))
  }
}
