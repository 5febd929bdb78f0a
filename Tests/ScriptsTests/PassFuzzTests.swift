import Autodiff
import Foundation
import NeuralNets
import Tensors
import Testing
import Training

/// 10,000 moves of each with BACKSTEP_LONG=1.
@Suite("A program's loop with what-ifs, travelled at random")
struct PassFuzzTests {
  private static let moves =
    ProcessInfo.processInfo.environment["BACKSTEP_LONG"] == "1" ? 10_000 : 60

  @Test(
    "every moment of every branch has the bytes of a new run that goes straight there",
    arguments: [Loop.gan, .noisy, .single, .meddling])
  func straight(loop: Loop) throws {
    let run = try loop.recorded().run
    var walk = Walk(try Session(passes: run), seed: loop.rawValue)
    for i in 0..<Self.moves {
      let what = try walk.go()
      guard i % 10 == 9 else { continue }
      let straight = try Self.replayed(walk.session, run)
      #expect(
        straight.digest == walk.session.digest,
        "move \(i) \(what) to \(walk.session.position) of branch \(walk.session.currentBranch)")
    }
    #expect(walk.session.branchCount > 3)
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

  private struct Walk {
    let session: Session
    private let random: CounterRandom
    private var drawn = 0

    init(_ session: Session, seed: String) {
      self.session = session
      random = CounterRandom(seed: 29, name: seed)
    }

    private mutating func draw(_ count: Int) -> Int {
      drawn += 1
      return Int(random.uniform(at: drawn) * Double(count))
    }

    mutating func go() throws -> String {
      let steps = session.end.step
      let isFull = session.branchSummaries.count > 30
      switch isFull ? 4 + draw(6) : draw(10) {
      case 0, 1:
        guard !session.isFinished else { break }
        let weight = session.plan.parameters[draw(session.plan.parameters.count)]
        let index = weight.shape.index(ofOffset: draw(weight.shape.count))
        // In the last pass nothing more can be set.
        _ = try? session.setWeight(
          ofPasses: session.plan[weight].name, index, to: Float(draw(100)) / 100 - 0.5)
        return "weight"
      case 2:
        guard !session.isFinished else { break }
        _ = try? session.skipUpdateOfPass(isWhatIf: true)
        return "skip"
      case 3, 4:
        try session.switchBranch(to: draw(session.branchSummaries.count) + 1)
        return "switch"
      case 5:
        session.go(to: Position(step: draw(steps), pass: draw(3), instruction: draw(60)))
        return "goto"
      default: break
      }
      let units: [MoveUnit] = [.line, .instruction, .layer, .phase, .pass, .step]
      let unit = units[draw(units.count)]
      let count = draw(2) == 0 ? -draw(4) - 1 : draw(4) + 1
      session.move(count, by: unit)
      return "\(count) \(unit)"
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
