import FileFormats
import Foundation
import GRDB
import PseudoTerminal
import RunStore
import TestSupport
import Testing
import Training

/// The lab itself, killed while it trains and records: 2 times, 20 with BACKSTEP_LONG=1.
@Suite("A lab that is killed while it trains", .waitsForPrograms)
struct LabKillTests {
  private static let rounds =
    ProcessInfo.processInfo.environment["BACKSTEP_LONG"] == "1" ? 20 : 2

  private static let program = """
    from sklearn.datasets import load_digits
    import keras
    from keras import layers

    digits = load_digits()
    model = keras.Sequential([
        keras.Input(shape=(64,)), layers.Dense(24, activation="relu"), layers.Dropout(0.1),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(digits.data, digits.target, batch_size=32, epochs=400)
    """

  @Test("is there again with its run, whole, and travels to the last checkpoint")
  func killed() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "backstep-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "net.py")
    try Data(Self.program.utf8).write(to: file)
    for round in 1...Self.rounds {
      try killWhileTraining(folder, file)
      let last = try checkStore(folder, round)
      try checkLab(folder, round, last)
    }
  }

  private func see(
    _ text: String, _ lab: LabInTerminal, seconds: Double = PseudoTerminal.patience
  ) throws {
    let isThere = lab.terminal.watch(seconds: seconds) { $0.place(of: text) != nil }
    try #require(isThere, "no \(text) in\n\(lab.terminal.screen.text.joined(separator: "\n"))")
  }

  private func killWhileTraining(_ folder: URL, _ file: URL) throws {
    let lab = try LabInTerminal(in: folder, arguments: [file.path])
    try lab.open()
    try see("Keras code", lab)
    lab.press("4", until: "Settings")
    lab.terminal.type(" ")
    try see("training", lab)
    // The record is written once a second.
    _ = lab.terminal.watch(seconds: .random(in: 1.5...5)) { _ in false }
    lab.terminal.send(signal: SIGKILL)
    #expect(lab.terminal.exitStatus() == 128 + SIGKILL)
  }

  /// - Returns: the newest run's number, and the step and digest of its last checkpoint.
  private func checkStore(
    _ folder: URL, _ round: Int
  ) throws -> (number: RunNumber, step: Int, digest: String?) {
    let place = folder.appending(path: "data/backstep")
    let integrity = try DatabaseQueue(path: place.appending(path: RunStore.fileName).path).read {
      try String.fetchOne($0, sql: "PRAGMA integrity_check")
    }
    #expect(integrity == "ok", "round \(round)")
    let store = try RunStore(directory: place)
    let runs = try store.runs()
    #expect(runs.count == round, "each run that was begun is there")
    let run = try #require(runs.max { $0.number < $1.number })
    #expect(run.outcome.steps > 0)
    let steps = try store.history(of: run.number).count
    let last = try #require(store.checkpoints(of: run.number).last { $0.step <= steps })
    return (run.number, last.step, last.digest)
  }

  /// The next start has the run on Home and at hand; it goes to its last checkpoint.
  private func checkLab(
    _ folder: URL, _ round: Int, _ last: (number: RunNumber, step: Int, digest: String?)
  ) throws {
    let lab = try LabInTerminal(in: folder)
    defer { lab.terminal.send(signal: SIGKILL) }
    try lab.open()
    // The run is brought back first.
    lab.terminal.settle(seconds: 1, atMost: 5)
    _ = lab.terminal.watch { $0.place(of: "back at step") == nil }
    lab.terminal.type("7")
    try see("\(last.number)", lab)
    lab.terminal.type("5")
    try see("Timeline", lab)
    func command(_ text: String) {
      lab.terminal.type(":")
      _ = lab.terminal.watch { $0.place(of: "Esc") != nil }
      lab.terminal.type(text + "\r")
    }
    command("goto step \(last.step)")
    lab.terminal.settle(seconds: 0.5, atMost: 10)
    command("info digest")
    try see("digest ", lab)
    if let digest = last.digest {
      try see("digest \(digest)", lab)
    }
  }
}
