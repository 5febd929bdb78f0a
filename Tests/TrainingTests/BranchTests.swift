import Autodiff
import NeuralNets
import Tensors
import Testing
import Training

@Suite("What-ifs: branches of a run")
struct BranchTests {
  private static func session(_ name: String = "dense, dropout, Adam") throws -> Session {
    try Session(try #require(SampleRun.all.first { $0.name == name }).settings)
  }

  @Test("a way that was left is there, number for number", arguments: SampleRun.all)
  func nothingLost(run: SampleRun) throws {
    let session = try Session(run.settings)
    session.go(to: Position(step: 8))
    let first = session.digest
    let losses = session.history.steps
    session.go(to: Position(step: 3))
    session.setLearningRate(0.3)
    session.go(to: Position(step: 8))
    let second = session.digest
    #expect(second != first)
    #expect(session.branchSummaries.map(\.number) == [1, 2])
    #expect(session.branchSummaries[1].parent == 1 && session.branchSummaries[1].step == 3)
    try session.switchBranch(to: 1)
    #expect(session.digest == first && session.history.steps == losses)
    session.go(to: Position(step: 2, instruction: 4))
    session.go(to: Position(step: 8))
    #expect(session.digest == first)
    try session.switchBranch(to: 2)
    #expect(session.position == Position(step: 8) && session.digest == second)
    session.go(to: Position(step: 2))
    session.go(to: Position(step: 8))
    #expect(session.digest == second)
  }

  @Test("a set of the debugger is a what-if even where nothing was recorded beyond")
  func atTheEdge() throws {
    let session = try Self.session()
    var debugger = Debugger(session)
    _ = try debugger.run("goto step 4")
    let reply = try debugger.run("set learning_rate = 0.2")
    #expect(reply.lines.first?.hasSuffix("branch 2") == true)
    _ = try debugger.run("set dense/kernel[0,0] = 1")
    #expect(
      session.branchSummaries.map(\.words) == [
        "", "learning_rate = 0.2, dense/kernel[0,0] = 1.0",
      ])
    _ = try debugger.run("step 3 step")
    _ = try debugger.run("switch 1")
    #expect(session.position == Position(step: 4))
    _ = try debugger.run("step 3 step")
    let comparison = try debugger.run("compare 1 2")
    #expect(comparison.fields.contains { $0.name == "first_difference" && $0.value == .integer(4) })
    #expect(try debugger.run("branches").lines.count == 2)
  }

  @Test(
    "an edited example learns from its step on; order and batches stay",
    arguments: [
      "input", "target", "drop",
    ])
  func edits(kind: String) throws {
    let session = try Self.session("dense, SGD")
    session.go(to: Position(step: 6))
    session.go(to: Position(step: 2, instruction: 5))
    let rows = session.batchRows
    let before = session.history.steps
    var debugger = Debugger(session)
    let command = [
      "input": "set input[1,2] = 3", "target": "set target[1,0] = -4", "drop": "drop 1",
    ]
    _ = try debugger.run(try #require(command[kind]))
    #expect(session.position == Position(step: 2, instruction: 5))
    #expect(session.batchRows == rows)
    session.go(to: Position(step: 6))
    let after = session.history.steps
    #expect(after.prefix(2).elementsEqual(before.prefix(2)) && after[2].loss != before[2].loss)
    let digest = session.digest
    session.go(to: Position(step: 1))
    session.go(to: Position(step: 6))
    #expect(session.digest == digest)
    if kind == "drop" {
      // The row's loss has weight 0: its gradient is 0 all over.
      session.go(to: Position(step: 2, instruction: session.plan.range(of: .backward).upperBound))
      let output = try #require(session.plan.value(named: "dense_1/output.grad"))
      let width = output.shape.last
      #expect(session.execution.numbers(of: output)[width..<2 * width].allSatisfy { $0 == 0 })
    }
  }

  @Test("after an example is dropped one stands at the line that was done last")
  func dropStays() throws {
    let session = try Self.session("dense, SGD")
    for phase in [Phase.forward, .backward, .update] {
      session.go(to: Position(step: 2, instruction: session.plan.range(of: phase).lowerBound + 2))
      let (count, position) = (session.plan.instructions.count, session.position)
      let line = session.plan.instructions[position.instruction - 1]
      _ = try session.edit(.drop(row: session.batchRows[0]))
      #expect(session.position.step == 2)
      let now = session.plan.instructions[session.position.instruction - 1]
      #expect(now.phase == phase && now.title == line.title && now.scopes == line.scopes)
      #expect(session.plan.instructions.count > count || phase != .forward)
    }
  }

  @Test("a skipped update changes nothing, whichever way one comes there", arguments: SampleRun.all)
  func skips(run: SampleRun) throws {
    let session = try Session(run.settings)
    session.go(to: Position(step: 5))
    session.go(to: Position(step: 2))
    let weights = session.weights.map(\.tensor)
    #expect(session.skipUpdate() == 2)
    session.move(1, by: .step)
    #expect(session.position == Position(step: 3) && session.weights.map(\.tensor) == weights)
    session.go(to: Position(step: 5))
    let digest = session.digest
    session.move(-10, by: .instruction)
    session.go(to: Position(step: 2, instruction: 3))
    session.go(to: Position(step: 3))
    #expect(session.weights.map(\.tensor) == weights)
    session.move(-1, by: .instruction)
    session.move(1, by: .instruction)
    #expect(session.weights.map(\.tensor) == weights)
    session.go(to: Position(step: 5))
    #expect(session.digest == digest)
  }

  @Test(
    "random what-ifs and moves over a tree of branches give the digests of straight replay",
    arguments: ["dense, dropout, Adam", "dense, SGD", "convolution, pooling, dropout", "LSTM"])
  func randomTree(name: String) throws {
    let session = try Self.session(name)
    let random = CounterRandom(seed: 11, name: name)
    var place = 0
    func draw(_ count: Int) -> Int {
      place += 1
      return Int(random.uniform(at: place) * Double(count))
    }
    /// The digest of a moment of a branch, which never changes.
    var known: [String: Digest] = [:]
    for _ in 0..<400 {
      switch draw(12) {
      case 0: session.setLearningRate(Float(draw(9) + 1) / 100, isWhatIf: draw(2) == 0)
      case 1:
        let weight = session.plan.parameters[0]
        _ = session.setWeight(
          weight, at: draw(weight.shape.count), to: Float(draw(100)) / 50 - 1, isWhatIf: true)
      case 2: if session.branchSummaries.count < 12 { _ = session.skipUpdate() }
      case 3:
        if session.branchSummaries.count < 12 {
          _ = try session.edit(.drop(row: draw(session.settings.data.training.count)))
        }
      case 4:
        var settings = session.settings
        settings.batchSize = draw(4) + 2
        _ = try session.change(to: settings, words: "batch size")
      case 5, 6: try session.switchBranch(to: draw(session.branchSummaries.count) + 1)
      case 7: session.go(to: Position(step: draw(14), instruction: draw(30)))
      default:
        let unit = MoveUnit.allCases[draw(MoveUnit.allCases.count)]
        session.move(draw(2) == 0 ? -draw(4) : draw(4), by: unit)
      }
      if session.position.step > 20 { session.go(to: Position(step: draw(10))) }
      // What is set at a moment changes it: the changes so far are part of its name.
      let changes = session.changesInForce.filter { $0.step <= session.position.step + 1 }
      let key =
        "\(session.position) \(changes.map { "\($0.step) \($0.name) \($0.value) \($0.words)" })"
      let digest = session.digest
      if let old = known[key] { #expect(old == digest, "\(key)") }
      known[key] = digest
    }
    #expect(session.branchSummaries.count > 4)
    for branch in session.branchSummaries {
      try session.switchBranch(to: branch.number)
      #expect(session.history.steps == branch.history.steps)
    }
  }

  @Test(
    "Branches that are not there, and places that are none, are refused in words",
    arguments: [
      "switch 9", "compare 1 7", "compare 1", "drop 99", "set input[99,0] = 1",
      "set target[0,9] = 1",
      "skip breakfast", "switch", "set input[0,0] = nan",
    ])
  func refused(command: String) throws {
    let session = try Self.session("dense, SGD")
    var debugger = Debugger(session)
    _ = try debugger.run("goto step 3")
    let digest = session.digest
    #expect(throws: DebuggerCommand.Failure.self) { _ = try debugger.run(command) }
    #expect(session.digest == digest && session.branchSummaries.count == 1)
  }
}
