import Autodiff
import NeuralNets
import Tensors
import Testing

@testable import Training

@Suite("Folds as nodes")
struct FoldTests {
  private static let memory = SampleRun(
    "memory", input: [6, 2], layers: [("LSTM", ["units": 3]), ("Dense", ["units": 1])],
    loss: "MeanSquaredError", optimizer: "Adam")

  private func debugger() throws -> Debugger { Debugger(try Session(Self.memory.settings)) }

  private func at(_ debugger: Debugger) -> (Phase?, [String], String) {
    let done = debugger.session.execution.position
    guard done > 0 else { return (nil, [], "") }
    let last = debugger.session.plan.instructions[done - 1]
    return (last.phase, last.scopes, last.title)
  }

  @Test("every fold is found by the address that it is listed with", arguments: SampleRun.all)
  func addresses(run: SampleRun) throws {
    let plan = try Session(run.settings).plan
    for fold in plan.folds where !fold.path.isEmpty {
      let found = try FoldAddress("\(fold.phase.rawValue) \(fold.address)").folds(in: plan)
      #expect(found.contains(fold), "\(fold.address)")
      #expect(try FoldAddress(fold.name).folds(in: plan).contains(fold), "\(fold.name)")
    }
    let covered = plan.folds.filter(\.isInstruction).flatMap { Array($0.range) }
    #expect(covered == Array(plan.instructions.indices))
  }

  @Test(
    "blanks, case, › and the word gate do not count, and a part is enough",
    arguments: [
      "lstm/t=5/f", "lstm/t = 5/gate f", "lstm › t = 5 › f", "LSTM / T=5 / F", "t=5/gate f",
      "lstm/t5/f", "forward lstm/t=5/f", "forward/lstm/t=5/f",
    ])
  func spellings(text: String) throws {
    let plan = try debugger().session.plan
    let fold = try #require(try FoldAddress(text).folds(in: plan).first)
    #expect(fold.address == "lstm/t=5/f" && fold.range.count == 1)
  }

  @Test(
    "what is not there is named, with what may be meant",
    arguments: [
      ("print lstn/t=5", "lstm/t=5"), ("print lstm/t=9", "lstm/t=0 or lstm/t=1"),
      ("step lstm/t=5/gate q", "lstm/t=5/"), ("until forward head 3", "lstm/t=0"),
      ("goto update lstm/t=2", "forward lstm/t=2"), ("step lines", "line, instruction"),
    ])
  func suggestions(command: String, remedy: String) throws {
    var debugger = try debugger()
    do {
      _ = try debugger.run(command)
      if command != "step lines" { Issue.record("\(command) was understood") }
    } catch let failure as DebuggerCommand.Failure {
      #expect(failure.remedy.contains(remedy), "\(failure)")
    }
  }

  @Test("a fold is stepped over as one line, into, to its end, and back over, in both phases")
  func moves() throws {
    var debugger = try debugger()
    for phase in [Phase.forward, .backward] {
      _ = try debugger.run("until \(phase.rawValue) lstm/t=2")
      let begin = debugger.session.position
      let digest = debugger.session.digest
      _ = try debugger.run("step")
      let end = debugger.session.position
      let fold = try #require(
        debugger.session.plan.folds.first {
          $0.phase == phase && $0.address == "lstm/t=2"
        })
      #expect(fold.range == begin.instruction..<end.instruction)
      _ = try debugger.run("back lstm/t=2")
      #expect(debugger.session.position == begin && debugger.session.digest == digest)
      _ = try debugger.run("into")
      #expect(debugger.session.position.instruction == begin.instruction + 1)
      _ = try debugger.run("step")
      #expect(debugger.session.position.instruction == begin.instruction + 2)
      _ = try debugger.run("finish")
      #expect(debugger.session.position == end)
      _ = try debugger.run("reverse-finish")
      #expect(debugger.session.position == begin && debugger.session.digest == digest)
      _ = try debugger.run("fold lstm/t=2")
      _ = try debugger.run("step")
      #expect(debugger.session.position == end)
      _ = try debugger.run("goto lstm/t=2")
      #expect(debugger.session.position == end)
      _ = try debugger.run("step lstm/t=2/\(phase == .forward ? "gate f" : "∂ c")")
      _ = try debugger.run("finish lstm/t=2")
      #expect(at(debugger).0 == phase && debugger.session.position.instruction == end.instruction)
    }
    let step = debugger.session.position.step
    _ = try debugger.run("step 2 forward lstm")
    #expect(debugger.session.position.step == step + 2)
    _ = try debugger.run("back 3 forward lstm")
    #expect(debugger.session.position == Position(step: step))
  }

  @Test("print gives what a time step takes and gives, with the numbers of the example")
  func prints() throws {
    var debugger = try debugger()
    _ = try debugger.run("goto lstm/t=5")
    _ = try debugger.run("example 3")
    let reply = try debugger.run("print lstm/t=5")
    func field(_ name: String) -> DebuggerReply.Field? {
      reply.fields.first { $0.name == name }?.value
    }
    #expect(
      field("takes")
        == .texts([
          "lstm/t5/x", "lstm/lstm_cell/kernel", "lstm/t4/h", "lstm/lstm_cell/recurrent_kernel",
          "lstm/lstm_cell/bias", "lstm/t4/c",
        ]), "\(reply.lines)")
    guard case .texts(let gives)? = field("gives"), case .texts(let keeps)? = field("keeps") else {
      Issue.record("\(reply)")
      return
    }
    #expect(gives.contains("lstm/t5/h") || gives.contains("lstm/output"))
    #expect(keeps.contains("lstm/t5/f"))
    let session = debugger.session
    let h = try #require(session.plan.value(named: "lstm/t5/h"))
    let own = (0..<3).map { session.execution.number(h, at: 9 + $0) }
    #expect(field("lstm/output") == .numbers(own) || field("lstm/t5/h") == .numbers(own))
    #expect(field("lstm/t4/c shape") == .integers([8, 3]))
    let inner = try debugger.run("print lstm/t=3")
    guard case .texts(let state)? = inner.fields.first(where: { $0.name == "gives" })?.value else {
      Issue.record("\(inner)")
      return
    }
    #expect(state == ["lstm/t3/c", "lstm/t3/h"], "\(inner.lines)")
  }

  @Test("explain gives the formula of a time step, and its numbers add up", arguments: [1, 4])
  func explains(time: Int) throws {
    var debugger = try debugger()
    _ = try debugger.run("goto lstm/t=\(time)")
    let reply = try debugger.run("explain lstm/t=\(time)[2]")
    #expect(reply.lines.contains("c[\(time)] = f · c[\(time - 1)] + i · g"), "\(reply.lines)")
    #expect(reply.lines.contains("h[\(time)] = o · tanh(c[\(time)])"))
    guard
      case .numbers(let terms)? = reply.fields.first(where: {
        $0.name == "lstm/t\(time)/c[0,2] terms"
      })?.value,
      case .number(let c)? = reply.fields.first(where: { $0.name == "lstm/t\(time)/c[0,2]" })?.value
    else {
      Issue.record("\(reply.fields.map(\.name))")
      return
    }
    #expect(terms.count == 2)
    #expect(abs(terms.reduce(0, +) - c) <= 1e-6 * terms.reduce(0) { $0 + abs($1) })
    #expect(reply.lines.contains { $0.hasPrefix("Unit 2 keeps ") }, "\(reply.lines)")
    #expect(reply.lines.contains { $0.contains("f[0,2] = sigmoid(") }, "\(reply.lines)")
  }

  @Test(
    "every fold of every run can be printed and explained, done or not", arguments: SampleRun.all)
  func total(run: SampleRun) throws {
    var debugger = Debugger(try Session(run.settings))
    for instruction in [0, debugger.session.plan.instructions.count / 2] {
      debugger.session.go(to: Position(step: 1, instruction: instruction))
      for fold in debugger.session.plan.folds {
        // The loss is a number too, and that is meant.
        if fold.path.isEmpty, fold.phase == .loss { continue }
        let name = fold.path.isEmpty ? fold.address : "\(fold.phase.rawValue) \(fold.address)"
        #expect(!(try debugger.run("print \(name)")).lines.isEmpty)
        let explained = FoldExplanation(of: fold, in: debugger.session, example: 1)
        #expect(!explained.formulas.isEmpty && !explained.words.isEmpty, "\(name)")
        for explanation in explained.outputs + explained.inner {
          guard let sum = explanation.recomputed, case .sum(let terms) = explanation.body else {
            continue
          }
          let size = terms.reduce(0) { $0 + abs($1.product) }
          #expect(abs(sum - Double(explanation.result)) <= 1e-6 * max(size, 1e-30), "\(name)")
        }
      }
    }
  }
}
