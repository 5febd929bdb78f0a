import Autodiff
import NeuralNets
import Tensors
import Testing
import Training

@Suite("Breakpoints")
struct BreakpointTests {
  private func debugger(_ name: String = "dense, dropout, Adam") throws -> Debugger {
    Debugger(try Session(SampleRun.named(name).settings))
  }

  private func field(_ name: String, _ reply: DebuggerReply) -> DebuggerReply.Field? {
    reply.fields.first { $0.name == name }?.value
  }

  @Test("the numbers, the hits, what is on and what is for one stop are listed")
  func table() throws {
    var debugger = try debugger()
    #expect(try debugger.run("info breakpoints").lines == ["no breakpoints"])
    let made = try debugger.run("break backward dense_1")
    #expect(made.lines == ["breakpoint 1, break backward dense_1"])
    _ = try debugger.run("tbreak update")
    _ = try debugger.run("watch loss")
    let stopped = try debugger.run("continue")
    #expect(stopped.lines[0] == "breakpoint 1, break backward dense_1")
    #expect(field("stopped", stopped) == .text("breakpoint"))
    #expect(field("breakpoints", stopped) == .integers([1]))
    _ = try debugger.run("continue")
    let rows = debugger.breakpoints.rows
    #expect(rows.map(\.number) == [1, 3] && rows.map(\.hits) == [1, 0])
    _ = try debugger.run("disable 1")
    let watched = try debugger.run("continue")
    #expect(watched.lines[0].hasPrefix("breakpoint 3, watch loss: loss was "))
    let losses = debugger.session.history.steps.map { ValueText.number($0.loss) }
    #expect(field("old", watched) == .texts([losses[0]]))
    #expect(field("new", watched) == .texts([losses[1]]))
    let info = try debugger.run("info breakpoints")
    #expect(field("hits", info) == .integers([1, 1]))
    #expect(field("enabled", info) == .integers([3]))
    _ = try debugger.run("delete 3")
    #expect(try debugger.run("continue").lines[0] == "the end of the run")
    _ = try debugger.run("enable")
    #expect(try debugger.run("reverse-continue").lines[0] == "breakpoint 1, break backward dense_1")
    _ = try debugger.run("delete")
    #expect(try debugger.run("reverse-continue").lines[0] == "the start of the run")
    // A number is never given twice.
    #expect(try debugger.run("break update").lines == ["breakpoint 4, break update"])
  }

  @Test("one is passed over as often as said, either way, and counts those times too")
  func ignoring() throws {
    var debugger = try debugger()
    _ = try debugger.run("break update")
    _ = try debugger.run("ignore 1 3")
    _ = try debugger.run("continue")
    #expect(debugger.session.position.step == 3 && debugger.breakpoints.rows[0].hits == 4)
    _ = try debugger.run("ignore 1 1")
    _ = try debugger.run("reverse-continue")
    #expect(debugger.session.position.step == 1 && debugger.breakpoints.rows[0].hits == 6)
    _ = try debugger.run("condition 1 step == 5")
    _ = try debugger.run("continue")
    #expect(debugger.session.position.step == 5)
    _ = try debugger.run("condition 1")
    _ = try debugger.run("continue")
    #expect(debugger.session.position.step == 6)
  }

  @Test("a condition that stopped holds where it stopped; two at one moment are told together")
  func together() throws {
    var debugger = try debugger()
    _ = try debugger.run("break if loss > 0 and step == 2")
    _ = try debugger.run("break if loss < 1000 and step > 1")
    let stopped = try debugger.run("continue")
    #expect(field("breakpoints", stopped) == .integers([1, 2]))
    let loss = ValueText.number(debugger.session.history.steps[2].loss)
    #expect(stopped.lines[0].hasSuffix("loss = \(loss), step = 2.0"))
    #expect(try debugger.run("print loss > 0 and step == 2").lines[0].hasSuffix("true"))
  }

  @Test(
    "what cannot stop is refused with what would be right, and nothing is set",
    arguments: [
      ("break", "break backward dense"), ("break nowhere", "one as"),
      ("break backward dens", "dense"), ("break loss > 1", "break if loss > 1"),
      ("break if loss", "a comparison"), ("break if los > 1", "loss"),
      ("break if", "break if loss > 1"), ("break if 1 > 2", "a condition that may hold"),
      ("break if 2 > 1", "one that may not hold"),
      ("break if accuracy > 1", "accuracy lies between 0.0 and 1.0"),
      ("break if norm(dense/kernel) < 0", "is never below 0.0"),
      ("break if step > 1000", "step lies between 0.0 and 9.0"),
      ("break if loss > 1 and accuracy < 0", "a limit that accuracy may pass"),
      ("break if dense/kernel[99,0] < 0", "0 to 5"), ("break if dense/kernel > 1", "all(…)"),
      ("break if norm(dense/kernel + dense_1/kernel) > 1", "same shape"),
      ("break if epoch > 0 or dense/kernal[0,0] > 1", "dense/kernel"),
      ("break if visited(backward)", "a place to stop at"),
      ("break if phase == 1", "break backward"),
      ("break forward dense if loss > 1", "a place after that"), ("break nan now", "break nan"),
      ("break dead-relu dense", "dense_1"), ("break dead-relu den", "dense"),
      ("break saturation dense_1", "dense"), ("break ratio 1", "break ratio"),
      ("break exploding -1", "break exploding"), ("break flips", "break flips"),
      ("break flips 999", "one from 0 to 21"), ("break overfit", "--validation-split"),
      ("break sign dense/kernel", "norm(dense/kernel)"), ("break loss-up x", "break loss-up"),
      ("break instruction 0", "counted from 1"), ("break instruction 999", "one from 1"),
      ("watch", "watch dense/kernel"), ("watch 1 + 1", "a value of the run"),
      ("watch loss crosses", "crosses 0.5"), ("watch dense/kernel grows", "norm(dense/kernel)"),
      ("watch loss > 1 crosses 2", "norm(loss)"), ("watch update_ratio(loss)", "kernel"),
      ("delete 7", "break, tbreak or watch"), ("enable x", "info breakpoints"),
      ("ignore 1", "ignore 2 10"), ("condition x", "condition 2"), ("when", "when loss < 0.1"),
      ("when los < 1", "loss"), ("when last", "when loss < 0.1"), ("tbreak if loss >", "a name"),
    ])
  func refused(command: String, remedy: String) throws {
    var debugger = try debugger()
    debugger.session.trainStep()
    let digest = debugger.session.digest
    do {
      let reply = try debugger.run(command)
      Issue.record("\(command) was taken: \(reply.lines)")
    } catch {
      #expect("\(error)".contains(remedy), "\(command): \(error)")
      #expect("\(error)".contains("right would be") || "\(error)".contains("makes it"))
    }
    #expect(debugger.breakpoints.rows.isEmpty && debugger.session.digest == digest)
  }

  @Test("no text makes a command crash", arguments: 0..<10)
  func fuzz(round: Int) throws {
    let seeds = [
      "break if loss > 1 and epoch > 2", "break backward dense_1 if norm(dense/kernel.grad) > 10",
      "watch dense/output[1,2] crosses 0.5", "watch norm(dense/bias) grows 0.1", "break flips 3",
      "break ratio 1e-4 1e-2", "when last accuracy >= 0.5", "condition 1 0.1 < loss < 2",
      "tbreak update", "break dead-relu dense_1", "ignore 1 3", "break sign dense/kernel[0,1]",
      "when dead-relu dense", "info breakpoints", "break if any(dense/output < 0) or nan(loss)",
    ]
    let letters = Array("abdeiflnors []()<>=!.,:/-+*^0123456789 _é")
    let random = CounterRandom(seed: UInt64(round), name: "commands")
    var debugger = try debugger()
    debugger.session.trainStep()
    var thrown = 0
    func draw(_ count: Int) -> Int {
      thrown += 1
      return Int(random.uniform(at: thrown) * Double(count))
    }
    for _ in 0..<1000 {
      var text = Array(seeds[draw(seeds.count)])
      for _ in 0...draw(4) {
        let place = draw(text.count + 1)
        switch draw(3) {
        case 0: text.insert(letters[draw(letters.count)], at: place)
        case 1 where place < text.count: text.remove(at: place)
        default: if place < text.count { text[place] = letters[draw(letters.count)] }
        }
      }
      do { _ = try debugger.run(String(text)) } catch {
        #expect("\(error)".contains("right would be") || "\(error)".contains("makes it"))
      }
      if debugger.breakpoints.rows.count > 20 { _ = try debugger.run("delete") }
      // A letter less may make a move of it.
      debugger.session.go(to: Position(step: 1))
    }
  }

  @Test("a lab that trains stops where the debugger does, and shows why")
  func lab() throws {
    let lab = Lab()
    let settings = SampleRun.named("dense, dropout, Adam").settings
    lab.handle(.open(settings))
    #expect(
      lab.ask("break backward dense_1 if step == 4") == [
        "breakpoint 1, break backward dense_1 if step == 4"
      ])
    _ = lab.ask("watch epoch")
    lab.handle(.play)
    #expect(lab.train(steps: 100) == 3)
    var snapshot = lab.snapshot()
    #expect(snapshot.activity == .paused && snapshot.position == Position(step: 3))
    #expect(snapshot.stop?.lines == ["breakpoint 2, watch epoch: epoch was 0.0, is 1.0"])
    lab.handle(.play)
    #expect(lab.snapshot().stop == nil)
    #expect(lab.train(steps: 100) == 2)
    snapshot = lab.snapshot()
    #expect(snapshot.position.step == 4 && snapshot.position.instruction > 0)
    #expect(snapshot.stop?.position == snapshot.position)
    #expect(snapshot.breakpoints.map(\.hits) == [1, 1])
    var debugger = Debugger(try Session(settings))
    _ = try debugger.run("break backward dense_1 if step == 4")
    _ = try debugger.run("continue")
    #expect(debugger.session.position == snapshot.position)
    #expect(debugger.session.digest == lab.session?.digest)
    // The breakpoints stay when the run begins again; what they met does not.
    lab.handle(.restart(seed: nil))
    #expect(lab.snapshot().breakpoints.map(\.hits) == [0, 0])
    lab.handle(.play)
    #expect(lab.train(steps: 100) == 3)
  }

  @Test("the numbers of a run can be asked for: the gradient's length, updates, what is finite")
  func names() throws {
    var debugger = try debugger()
    let session = debugger.session
    for _ in 0..<3 { session.trainStep() }
    let step = session.history.steps[2]
    func number(_ text: String) throws -> Double {
      try RunExpression(text).value(in: SessionScope(session)).number()
    }
    #expect(try number("gradient_norm") == Double(step.gradientNorm))
    #expect(try number("update_ratio") == step.updateRatio.map { Double($0) })
    let after = try #require(session.plan.value(named: "dense/kernel"))
    let new = session.execution.numbers(of: after)
    session.go(to: Position(step: 2))
    let old = session.execution.numbers(of: after)
    session.go(to: Position(step: 3))
    let change = zip(new, old).reduce(0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
    let size = old.reduce(0) { $0 + Double($1) * Double($1) }
    let ratio = (change / size).squareRoot()
    #expect(abs(try number("update_ratio(dense/kernel)") / ratio - 1) < 1e-6)
    #expect(try debugger.run("print finite(dense/kernel)").lines == ["finite(dense/kernel) = true"])
    #expect(try debugger.run("print nan(dense/kernel)").lines == ["nan(dense/kernel) = false"])
    session.go(to: Position(step: 0))
    _ = try debugger.run("break if update_ratio(dense/kernel) > \(ratio * 0.999) and step == 2")
    _ = try debugger.run("continue")
    #expect(session.position.step == 2 && session.position.instruction > 0)
  }
}
