import NeuralNets
import Tensors
import Testing
import Training

@Suite("What a command changed is taken back")
struct UndoCommandTests {
  /// One of each command that changes the run.
  static let changing = [
    "set learning_rate = 0.3", "set dense/kernel[0,0] = 0.5", "set input[0,0] = 2",
    "set target[0] = 1", "drop 0", "skip update", "set batch_size = 3", "set dense.units = 4",
    "set dense.kernel_regularizer = L2(0.03)",
    "add Dense(4) first", "remove dense_1", "load other.py", "restart", "sabotage",
  ]

  /// The commands that leave it as it is: they move, look, ask or stop.
  private static let others: Set = [
    "step", "back", "si,", "into", "until", "finish,", "fold", "goto", "where", "continue",
    "example", "forward", "print", "display", "explain", "why", "origin", "gradcheck", "list",
    "info", "help",
    "complete", "log", "share", "undo,", "branches", "switch", "compare", "ask", "verdict",
    "reveal", "export", "break", "tbreak", "watch", "delete", "ignore", "condition", "when",
  ]

  private func debugger() throws -> Debugger {
    var debugger = Debugger(try Session(SampleRun.all[0].settings))
    debugger.workshop = Workshop(
      layer: { _ in
        guard let type = LayerCatalog.type(named: "Dense") else {
          throw RunFailure("no Dense", remedy: "one")
        }
        return Component(
          kind: "Dense", arguments: try Arguments(type.arguments, positional: [.integer(4)]))
      },
      program: { _, _ in SampleRun.all[1].settings }, data: { _, settings in settings },
      code: { _, _ in [] })
    return debugger
  }

  @Test("every command that help lists changes nothing, or is one of those that are tried here")
  func complete() {
    let tried = Set(Self.changing.compactMap { $0.split(separator: " ").first.map(String.init) })
    for (form, _) in DebuggerCommand.guide {
      let word = form.split(separator: " ").first.map(String.init) ?? ""
      #expect(tried.contains(word) != Self.others.contains(word), "\(form)")
    }
  }

  @Test(
    "undo brings every number back, redo the change; at the start, on the way, and half way back",
    arguments: changing, [[], ["step 3 step"], ["step 3 step", "goto step 1"]])
  func takenBack(command: String, way: [String]) throws {
    var debugger = try debugger()
    for move in way { _ = try debugger.run(move) }
    if command == "restart", way.isEmpty { return }
    let (digest, place) = (debugger.session.digest, debugger.session.position)
    let (settings, count) = (debugger.session.settings.model, debugger.session.history.count)
    _ = try debugger.run(command)
    _ = try debugger.run("step 2 step")
    let (changed, end) = (debugger.session.digest, debugger.session.position)
    _ = try debugger.run("undo")
    _ = try debugger.run("goto step \(place.step)")
    #expect(debugger.session.digest == digest)
    #expect(debugger.session.settings.model == settings)
    #expect(debugger.session.history.count == count)
    #expect(debugger.session.changesInForce.isEmpty)
    _ = try debugger.run("redo")
    _ = try debugger.run("goto end")
    _ = try debugger.run("goto step \(end.step)")
    #expect(debugger.session.digest == changed)
  }

  @Test("several things that were set at one moment are taken back one by one")
  func oneByOne() throws {
    for start in ["step 0 none", "step 3 step"] {
      var debugger = try debugger()
      if start != "step 0 none" { _ = try debugger.run(start) }
      var digests = [debugger.session.digest]
      for command in ["set dense/kernel[0,0] = 0.5", "set dense/kernel[0,1] = 0.25", "drop 1"] {
        _ = try debugger.run(command)
        digests.append(debugger.session.digest)
      }
      for digest in digests.dropLast().reversed() {
        _ = try debugger.run("undo")
        #expect(debugger.session.digest == digest)
      }
      #expect(throws: DebuggerCommand.Failure.self) { try debugger.run("undo") }
      for digest in digests.dropFirst() {
        _ = try debugger.run("redo")
        #expect(debugger.session.digest == digest)
      }
      #expect(throws: DebuggerCommand.Failure.self) { try debugger.run("redo") }
    }
  }
}
