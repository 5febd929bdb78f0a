import Autodiff
import NeuralNets
import Tensors
import Testing

@testable import Training

@Suite("Where a run stands: the end of a step and the beginning of the next")
struct StandingTests {
  private static func session() throws -> Session {
    try Session(SampleRun.named("dense, dropout, Adam").settings)
  }

  private static func numbers(_ reply: DebuggerReply, _ name: String) -> [Float] {
    guard case .numbers(let numbers)? = reply.fields.first(where: { $0.name == name })?.value else {
      return []
    }
    return numbers
  }

  @Test("goto step shows the batch of that step, of which nothing is done; its end what it made")
  func batches() throws {
    var debugger = Debugger(try Self.session())
    let session = debugger.session
    for step in [4, 1, 2] {
      let reply = try debugger.run("goto step \(step)")
      #expect(session.position == Position(step: step))
      #expect(reply.lines[0].hasPrefix("step \(step) · instruction 0 of"))
      let rows = session.batchRows
      let given = try #require(session.plan.inputs.first)
      let inputs = session.execution.numbers(of: given)
      #expect(inputs == session.settings.data.training.rows(rows).inputs.scalars)
      #expect(Self.numbers(try debugger.run("print input"), "value") == inputs)
      #expect(throws: ExpressionFailure.self) { try debugger.run("print loss") }
      _ = try debugger.run("step 1 instruction")
      #expect(session.batchRows == rows && session.position == Position(step: step, instruction: 1))
      _ = try debugger.run("goto instruction 0")
      #expect(session.batchRows == rows && session.execution.position == 0)
      let end = try debugger.run("goto step \(step) end")
      #expect(end.lines[0].contains("the step is done: step \(step + 1) begins"))
      #expect(session.batchRows == rows && session.execution.isDone)
      _ = try debugger.run("print loss")
    }
  }

  @Test("a moment has one digest, seen as an end and as a beginning")
  func digests() throws {
    var debugger = Debugger(try Self.session())
    for step in [3, 5, 2] {
      _ = try debugger.run("goto step \(step - 1) end")
      let ended = debugger.session.digest
      _ = try debugger.run("goto step \(step)")
      #expect(debugger.session.digest == ended, "step \(step)")
      _ = try debugger.run("set learning_rate = 0.\(step)")
      _ = try debugger.run("set dense/kernel[0,0] = 0.\(step)")
      let changed = debugger.session.digest
      _ = try debugger.run("goto step \(step - 1) end")
      #expect(debugger.session.digest == changed)
    }
  }

  @Test(
    "what looks elsewhere comes back to how one stood",
    arguments: [
      "gradcheck", "why dense/kernel[0,0]", "when loss > 0.5", "explain dense/kernel[0,0]",
    ])
  func looks(command: String) throws {
    var debugger = Debugger(try Self.session())
    _ = try debugger.run("goto step 3")
    let stood = debugger.session.standing
    #expect(stood.isBegun)
    _ = try debugger.run(command)
    #expect(debugger.session.standing == stood)
    _ = try debugger.run("goto step 2 end")
    let ended = debugger.session.standing
    #expect(!ended.isBegun && ended.position == stood.position)
    _ = try debugger.run(command)
    #expect(debugger.session.standing == ended)
  }

  @Test("from the beginning of a step the way goes back into the one before, and on into its own")
  func moves() throws {
    var debugger = Debugger(try Self.session())
    let count = debugger.session.plan.instructions.count
    _ = try debugger.run("goto step 3")
    _ = try debugger.run("back 1 instruction")
    #expect(debugger.session.position == Position(step: 2, instruction: count - 1))
    _ = try debugger.run("goto step 3")
    _ = try debugger.run("step 1 phase")
    #expect(debugger.session.position.step == 3)
    let straight = try Self.session()
    straight.go(to: debugger.session.position)
    #expect(straight.digest == debugger.session.digest)
  }

  @Test("a stop at the end of a step belongs to it, one at a beginning to what begins")
  func stops() throws {
    var debugger = Debugger(try Self.session())
    func value(_ text: String) throws -> Int? {
      let reply = try debugger.run(text)
      guard case .integer(let value)? = reply.fields.first(where: { $0.name == "value" })?.value
      else { return nil }
      return value
    }
    _ = try debugger.run("goto step 2")
    _ = try debugger.run("break if update_ratio > 0")
    let end = try debugger.run("continue")
    #expect(end.lines.contains { $0.hasPrefix("step 2 ·") && $0.contains("the step is done") })
    #expect(debugger.stop?.step == 2)
    #expect(try value("print stop_step") == 2)
    #expect(try debugger.run("info breakpoints").lines[0].contains("seen at the end of step 2"))
    _ = try debugger.run("delete")
    _ = try debugger.run("break forward")
    let beginning = try debugger.run("continue")
    #expect(beginning.lines.contains { $0.hasPrefix("step 4 · instruction 0") })
    #expect(try value("print stop_step") == 4)
    #expect(debugger.session.standing.isBegun)
    _ = try debugger.run("reverse-continue")
    #expect(try value("print stop_step") == 3)
    #expect(debugger.session.standing.isBegun)
  }

  @Test("a page's work is done again with the same sight of the last moment")
  func journal() throws {
    let lab = Lab()
    lab.handle(.open(SampleRun.named("dense, dropout, Adam").settings))
    lab.beginJournal()
    lab.handle(.move(2, .step))
    lab.handle(.move(1, .phase))
    lab.handle(.move(-1, .phase))
    let commands = lab.journal.lines.compactMap { line in
      if case .command(let text) = line { text } else { nil }
    }
    #expect(!commands.isEmpty)
    var again = Debugger(try Self.session())
    for command in commands { _ = try again.run(command) }
    #expect(again.session.standing == lab.session?.standing)
  }

  @Test("what was done is kept with as much data as there is room for, and data once")
  func journalRoom() {
    let model = ModelDescription.perceptron(inputShape: [1024], hidden: [], classes: 0)
    func settings(_ number: Float) -> RunSettings {
      let rows = Journal.room / 1024 / 2
      let examples = Examples(
        inputs: Tensor(shape: [rows, 1024], repeating: number),
        targets: Tensor(shape: [rows, 1], repeating: 0))
      return RunSettings(
        model: model, data: TrainingData(name: "many", training: examples), batchSize: 32,
        epochs: 1,
        seed: 1)
    }
    var journal = Journal()
    journal.begin(nil)
    let same = settings(0)
    for _ in 0..<20 { journal.note(.opened(same), nil) }
    #expect(journal.lines.count == 20 && journal.isWhole)
    for i in 1..<20 {
      journal.note(.opened(settings(Float(i))), nil)
      journal.note(.rate(0.1), nil)
    }
    #expect((1...4).contains(journal.lines.count) && !journal.isWhole)
  }
}

@Suite("The number that a stop names")
struct StopPlaceTests {
  private static func settings(
    _ layers: [(String, [String: any Sendable])], loss: String, rate: Double
  ) -> RunSettings {
    SampleRun(
      "sick", input: [4], layers: layers, loss: loss, optimizer: "SGD",
      optimizerArguments: ["learning_rate": rate],
      classes: loss == "MeanSquaredError" ? 0 : 3, rows: 24
    ).settings
  }

  @Test(
    "NaN: where tells the element that became it first, its line is in the list, its example open")
  func unsound() throws {
    var debugger = Debugger(
      try Session(
        Self.settings(
          [("Dense", ["units": 5]), ("Dense", ["units": 1])], loss: "MeanSquaredError", rate: 0.1))
    )
    _ = try debugger.run("set learning_rate = 1e12")
    _ = try debugger.run("break nan")
    let reply = try debugger.run("continue")
    let stop = try #require(debugger.stop)
    let place = try #require(stop.place)
    #expect(!place.number.isFinite)
    #expect(place.instruction == debugger.session.execution.position - 1)
    #expect(stop.reasons[0].words[0].hasPrefix(place.name + " = "))
    #expect(reply.fields.contains { $0.name == "stop_place" && $0.value == .text(place.name) })
    let location = try debugger.run("where")
    #expect(location.lines.contains { $0.hasPrefix("looking at \(place.name) = ") })
    if let example = place.example { #expect(debugger.example == example) }
    let line = "\(debugger.session.execution.position) "
    #expect(try debugger.run("list").lines.contains { $0.hasPrefix("▶") && $0.contains(line) })
    #expect(try debugger.run("print stop_step").lines[0] == "stop_step = \(stop.step)")
  }

  @Test("a dead unit of an early layer stops where that layer is done, backwards too")
  func dead() throws {
    let layers: [(String, [String: any Sendable])] = [
      ("Dense", ["units": 6, "activation": "relu"]), ("Dense", ["units": 5, "activation": "relu"]),
      ("Dense", ["units": 3, "activation": "softmax"]),
    ]
    var debugger = Debugger(
      try Session(Self.settings(layers, loss: "SparseCategoricalCrossentropy", rate: 0.01)))
    _ = try debugger.run("goto step 2")
    _ = try debugger.run("set dense/bias[3] = -100")
    _ = try debugger.run("goto start")
    _ = try debugger.run("break dead-relu")
    var found: Stop?
    for _ in 0..<4 {
      _ = try debugger.run("continue")
      let stop = try #require(debugger.stop)
      if stop.place?.layer == "dense", stop.place?.offset == 3 {
        found = stop
        break
      }
    }
    let stop = try #require(found)
    let session = debugger.session
    #expect(stop.step == 2 && stop.place?.name == "dense/output[0,3]")
    #expect(stop.place?.instruction == session.execution.position - 1)
    let here = session.position
    for target in [Position(step: 2, instruction: here.instruction + 2), Position(step: 4)] {
      session.go(to: target)
      _ = try debugger.run("reverse-continue")
      #expect(session.position == here, "from \(target)")
    }
  }

  @Test("a watched number is the place, and so is the one that a condition compares")
  func expressions() throws {
    var debugger = Debugger(try Session(SampleRun.named("dense, dropout, Adam").settings))
    _ = try debugger.run("watch dense/kernel[2,1]")
    _ = try debugger.run("continue")
    #expect(debugger.stop?.place?.name == "dense/kernel[2,1]")
    _ = try debugger.run("delete")
    _ = try debugger.run("break if dense_1/output[1,2] >= 0 and epoch >= 0")
    _ = try debugger.run("continue")
    #expect(debugger.stop?.place?.name == "dense_1/output[1,2]")
    #expect(debugger.example == 1)
  }
}
