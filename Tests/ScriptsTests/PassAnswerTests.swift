import NeuralNets
import Testing
import Training

@Suite("Why, in a program's loop")
struct PassAnswerTests {
  @Test(
    "each network's weights are asked about in the pass that trained them",
    arguments: [Loop.gan, .noisy])
  func passes(loop: Loop) throws {
    let run = try loop.recorded().run
    let session = try Session(passes: run)
    var debugger = Debugger(session)
    for target in [4, 5, 6] {
      session.go(to: Position(step: 0))
      _ = try debugger.run("step \(target) passes")
      let digest = session.digest
      var asked = 0
      for name in session.network.weights.map(\.name) {
        guard let answer = session.whyChanged(name, at: 0) else { continue }
        asked += 1
        #expect(abs(answer.rounding) <= 1e-6 * answer.size, "\(answer)")
        _ = try debugger.run("why \(name)")
        for _ in 0..<4 { _ = try debugger.run("why") }
        #expect(session.digest == digest)
      }
      #expect(asked > 0)
      let reply = try debugger.run("why prediction 1")
      #expect(reply.lines.count > 3)
    }
  }
}
