import Autodiff
import NeuralNets
import Tensors
import TestSupport
import Testing
import Training

/// 10,000 moves of each with BACKSTEP_LONG=1.
@Suite("A program's loop with what-ifs, travelled at random")
struct PassFuzzTests {
  @Test(
    "every moment of every branch has the bytes of a new run that goes straight there",
    arguments: [Loop.gan, .noisy, .single, .meddling])
  func straight(loop: Loop) throws {
    let run = try loop.recorded().run
    var walk = RandomWalk(try Session(passes: run), seed: 29, name: loop.rawValue)
    let found = try walk.differences(moves: RandomWalk.moves(usually: 60), go: Self.go) {
      try Self.replayed($0, run)
    }
    #expect(found == [])
    #expect(walk.session.branchSummaries.count > 3)
  }

  @Test("what the journal says of a moment leads there again", arguments: [Loop.gan, .single])
  func journal(loop: Loop) throws {
    let run = try loop.recorded().run
    for (moves, instruction) in [(1, 0), (4, 0), (5, 3), (4, 2)] {
      let lab = Lab()
      lab.handle(.openPasses(run))
      lab.beginJournal()
      lab.session?.move(moves, by: .pass)
      if instruction > 0 { lab.session?.move(instruction, by: .instruction) }
      let again = Lab()
      again.handle(.openPasses(run))
      for case .command(let command) in lab.journal.lines { _ = try again.carryOut(command) }
      #expect(again.session?.position == lab.session?.position, "\(lab.journal.lines)")
      #expect(again.session?.digest == lab.session?.digest)
    }
  }

  /// A new run of the same passes, in which the same is set by hand at the same ones.
  private static func replayed(_ session: Session, _ run: PassRun) throws -> Session {
    let fresh = try Session(passes: run)
    for change in session.changesInForce {
      fresh.go(to: Position(step: 0))
      fresh.move(change.step, by: .pass)
      try fresh.repeatChange(change.name, change.value)
    }
    fresh.go(to: session.position)
    return fresh
  }

  private static func go(_ walk: inout RandomWalk) throws -> String {
    let session = walk.session
    let steps = session.end.step
    let isFull = session.branchSummaries.count > 30
    switch isFull ? 4 + walk.draw(6) : walk.draw(10) {
    case 0, 1:
      guard !session.isFinished else { break }
      let weight = session.plan.parameters[walk.draw(session.plan.parameters.count)]
      let index = weight.shape.index(ofOffset: walk.draw(weight.shape.count))
      // In the last pass nothing more can be set.
      _ = try? session.setWeight(
        ofPasses: session.plan[weight].name, index, to: Float(walk.draw(100)) / 100 - 0.5)
      return "weight"
    case 2:
      guard !session.isFinished else { break }
      _ = try? session.skipUpdateOfPass(isWhatIf: true)
      return "skip"
    case 3, 4:
      try session.switchBranch(to: walk.draw(session.branchSummaries.count) + 1)
      return "switch"
    case 5:
      session.go(
        to: Position(step: walk.draw(steps), pass: walk.draw(3), instruction: walk.draw(60)))
      return "goto"
    default: break
    }
    return walk.move(by: [.line, .instruction, .layer, .phase, .pass, .step])
  }

  @Test("what lies behind the last pass is the end", arguments: [Loop.single, .gan])
  func beyond(loop: Loop) throws {
    let session = try Session(passes: try loop.recorded().run)
    let last = session.end.step - 1
    session.go(to: session.end)
    let digest = session.digest
    for target in [
      Position(step: last, pass: 3, instruction: 9), Position(step: last + 1, instruction: 4),
      Position(step: last + 2, pass: 1), Position(step: last, pass: 9),
    ] {
      session.go(to: Position(step: 1))
      session.go(to: target)
      #expect(session.position == session.end && session.digest == digest, "\(target)")
      session.begin()
      #expect(session.position == session.end && session.digest == digest, "\(target)")
    }
  }

  @Test("a weight of any network is set by its name, and the others that share it have it too")
  func shares() throws {
    let run = try Loop.gan.recorded().run
    var debugger = Debugger(try Session(passes: run))
    _ = try debugger.run("goto step 2")
    let before = debugger.session.digest
    let names = run.networks.map(\.name)
    let reply = try debugger.run("set \(names[0])/dense_2/kernel[0,0] = 0.25")
    #expect(reply.lines[0].contains("batches stay"))
    #expect(reply.lines[0].hasSuffix("branch 2"))
    #expect(debugger.session.digest != before)
    #expect(debugger.session.branchSummaries.count == 2)
    _ = try debugger.run("skip update")
    _ = try debugger.run("goto step 4")
    _ = try debugger.run("switch 1")
    _ = try debugger.run("goto step 2")
    #expect(debugger.session.digest == before)
    for line in [
      "set nowhere/dense/kernel[0,0] = 1", "set \(names[0])/dense_2/kernel[99,0] = 1",
      "set input[0,0] = 1", "drop 1", "set learning_rate = 1",
    ] {
      #expect(throws: DebuggerCommand.Failure.self, "\(line)") { try debugger.run(line) }
    }
    #expect(debugger.session.digest == before)
  }
}
