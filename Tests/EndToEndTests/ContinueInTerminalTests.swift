import Foundation
import PseudoTerminal
import TestSupport
import Testing

/// `continue` in a lab that trains before one's eyes, beyond what is recorded, by keys alone.
@Suite("Continue in a terminal", .waitsForPrograms)
struct ContinueInTerminalTests {
  private static let program = """
    from sklearn.datasets import make_blobs
    import keras
    from keras import layers

    x, y = make_blobs(n_samples=84, centers=3, cluster_std=0.6, random_state=4)
    model = keras.Sequential([
        keras.Input(shape=(2,)),
        layers.Dense(8, activation="relu"),
        layers.Dense(3, activation="softmax"),
    ])
    model.compile(optimizer=keras.optimizers.SGD(0.05),
                  loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=60, batch_size=12)
    """

  private static let condition = "loss < 0.3"

  /// The steps of the first stops, by the same program without a screen.
  private func stops(_ count: Int, in backstep: Backstep) throws -> [Int] {
    var arguments = ["debug", "net.py", "--json", "-e", "break if \(Self.condition)"]
    for _ in 0..<count { arguments += ["-e", "continue"] }
    let result = try backstep.run(arguments)
    return try result.objects().compactMap { $0["stop_step"] as? Int }
  }

  private func command(_ text: String, _ lab: LabInTerminal) {
    lab.terminal.type(":")
    _ = lab.terminal.watch { $0.place(of: "Esc") != nil }
    lab.terminal.type(text + "\r")
  }

  private func see(_ text: String, _ lab: LabInTerminal, after what: String) throws {
    let isThere = lab.terminal.watch { $0.place(of: text) != nil }
    let shown = lab.terminal.screen.text.joined(separator: "\n")
    try #require(isThere, "no \(text) after \(what) in\n\(shown)")
  }

  @Test("a breakpoint at the prompt stops the run on Step and on Train; reverse-continue goes back")
  func stops() throws {
    let backstep = try Backstep(files: ["net.py": Self.program])
    defer { backstep.remove() }
    let steps = try stops(3, in: backstep)
    try #require(steps.count == 3)
    let lab = try LabInTerminal(
      columns: 120, rows: 36, in: backstep.folder,
      arguments: [backstep.folder.appending(path: "net.py").path])
    try lab.open()
    try see("Keras code", lab, after: "opening")
    lab.terminal.type("5")
    try see("Timeline", lab, after: "5")
    command("break if \(Self.condition)", lab)
    try see("breakpoint 1, break if", lab, after: "break")
    command("continue", lab)
    try see("breakpoint 1 · step \(steps[0])", lab, after: "continue")
    lab.terminal.type("c")
    try see("breakpoint 1 · step \(steps[1])", lab, after: "c")
    // Where the loss is known the line of the loss is at hand, and nothing later is done.
    #expect(lab.terminal.screen.place(of: "loss") != nil)
    lab.terminal.type("4")
    try see("Space", lab, after: "4")
    lab.terminal.type(" ")
    try see("breakpoint 1", lab, after: "Space on Train")
    lab.terminal.type("5")
    try see("breakpoint 1 · step \(steps[2])", lab, after: "5")
    command("reverse-continue", lab)
    try see("breakpoint 1 · step \(steps[1])", lab, after: "reverse-continue")
    lab.terminal.type("C")
    try see("breakpoint 1 · step \(steps[0])", lab, after: "C")
    lab.terminal.type("C")
    try see("the start of the run", lab, after: "C at the first stop")
    lab.terminal.type("q")
    #expect(lab.terminal.exitStatus() == 0)
    lab.expectTerminalBack()
  }

  @Test("keys that are pressed before the run is back make no other run in its place")
  func hastyKeys() throws {
    let backstep = try Backstep(files: ["net.py": Self.program])
    defer { backstep.remove() }
    let lab = try LabInTerminal(
      in: backstep.folder, arguments: [backstep.folder.appending(path: "net.py").path])
    try lab.open()
    try see("Keras code", lab, after: "opening")
    lab.terminal.type("4")
    try see("Settings", lab, after: "4")
    lab.terminal.type("........")
    try see(" 8 of 420", lab, after: "eight steps")
    lab.terminal.type("q")
    #expect(lab.terminal.exitStatus() == 0)
    let next = try LabInTerminal(in: backstep.folder)
    // Before there is a frame.
    next.terminal.type("45 4")
    try see(" 8 of 420", next, after: "keys in haste")
    next.terminal.type("q")
    #expect(next.terminal.exitStatus() == 0)
  }
}
