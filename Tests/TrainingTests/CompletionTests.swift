import Autodiff
import NeuralNets
import Tensors
import Testing
import Training

@Suite("How a debugger's command may go on")
struct CompletionTests {
  private static func session() throws -> Session {
    let session = try Session(
      try #require(SampleRun.all.first { $0.name == "LSTM" }).settings)
    session.go(to: Position(step: 1))
    return session
  }

  @Test(
    "it goes on with what there is",
    arguments: [
      ("ste", "step"), ("info di", "info digest"), ("print norm(lstm/lstm_cell/ker", "kernel"),
      ("set dense/k", "set dense/kernel"), ("goto st", "goto step"), ("goto wh", "goto when"),
      ("goto when lo", "goto when loss"),
      ("until lstm/t", "until lstm/t="),
      ("step la", "step layer"), ("skip ", "skip update"), ("ask learn", "ask learning_rate"),
      ("print loss + acc", "print loss + accuracy"), ("ask dense", "ask dense."),
      ("print dense.un", "print dense.units"), ("set lstm.un", "set lstm.units"),
      ("set optimizer.beta", "set optimizer.beta_1"), ("remove ls", "remove lstm"),
      ("sabotage stale", "sabotage staleGradient"), ("help exp", "help expressions"),
      ("print history(val", "print history(val_loss"), ("set dat", "set data"),
      ("break if lo", "break if loss"), ("break dead-relu ", "dense"), ("break na", "break nan"),
      ("break backward dense if gradient", "gradient_norm"), ("verdict se", "setting loss"),
    ])
  func goesOn(text: String, wanted: String) throws {
    let lines = DebuggerCompletion(try Self.session()).lines(for: text)
    #expect(lines.contains { $0.contains(wanted) }, "\(lines.prefix(9))")
    #expect(lines.allSatisfy { $0.hasPrefix(text) })
  }

  @Test(
    "a whole one offers itself no more, and nonsense nothing",
    arguments: [
      "info digest", "zzz", "print nothing_like_it", "set loss_", "break if loss > ",
      "break if loss > 1 and epoch >= ", "goto step ", "break exploding ", "verdict dead dense ",
    ])
  func nothing(text: String) throws {
    #expect(DebuggerCompletion(try Self.session()).lines(for: text).isEmpty)
  }

  @Test("each name that is offered behind `break if` can be a condition")
  func conditions() throws {
    let session = try Self.session()
    let lines = DebuggerCompletion(session).lines(for: "break if ")
    // The run holds no examples back; arrays need a function around them.
    let names = lines.filter { line in
      let name = String(line.split(separator: " ").last ?? "")
      return SessionScope.runNames.contains(name) && !name.hasPrefix("val_") && name != "target"
    }
    #expect(names.first == "break if loss" && names.count > 8)
    var debugger = Debugger(session)
    for line in names { _ = try debugger.run(line + " > 0.5") }
    _ = try debugger.run("break if begun")
  }

  @Test("the log of a session, carried out again, comes to the same moment")
  func log() throws {
    let session = try Self.session()
    session.go(to: Position(step: 0))
    var debugger = Debugger(session)
    for command in [
      "step 3 step", "set learning_rate = 0.05", "goto step 6", "back phase", "drop 1",
      "print loss", "step 2 layer", "switch 1", "goto step 8", "skip update", "step epoch",
    ] { _ = try debugger.run(command) }
    #expect(throws: (any Error).self) { _ = try debugger.run("print nothing") }
    let script = try debugger.run("log").lines
    #expect(script.count == 11)
    var again = Debugger(try Session(session.settings.asFirst))
    _ = try again.run("goto step 1")
    _ = try again.run("goto start")
    for command in script { _ = try again.run(command) }
    #expect(again.session.digest == session.digest)
    #expect(again.session.branchSummaries.map(\.words) == session.branchSummaries.map(\.words))
  }
}
