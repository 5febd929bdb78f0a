import Autodiff
import Tensors
import Testing
import Training

@Suite("Travelling in a run")
struct TravelTests {
  @Test("any route to a moment gives the same bytes", arguments: SampleRun.all)
  func routes(run: SampleRun) throws {
    let straight = try Session(run.settings)
    let length = straight.plan.instructions.count
    // Nine steps cover three epochs with a short last batch.
    let moments = length * 9
    var digests: [Position: Digest] = [:]
    for _ in 0..<moments {
      digests[straight.position] = straight.digest
      straight.move(1, by: .instruction)
    }
    let traveller = try Session(run.settings)
    let random = CounterRandom(seed: 3, name: run.name)
    for i in 0..<1000 {
      let unit = MoveUnit.allCases[Int(random.uniform(at: 2 * i) * Double(MoveUnit.allCases.count))]
      let ahead = random.uniform(at: 2 * i + 1) < 0.5
      traveller.move(ahead ? 1 : -1, by: unit)
      if traveller.position.step >= 9 { traveller.go(to: Position(step: i % 8)) }
      #expect(
        traveller.digest == digests[traveller.position],
        "after move \(i), \(ahead ? "" : "−")1 \(unit) to \(traveller.position)")
    }
  }

  @Test("stepping and full speed give the same history and weights", arguments: SampleRun.all)
  func speeds(run: SampleRun) throws {
    let stepped = try Session(run.settings)
    let fast = try Session(run.settings)
    for _ in 0..<6 { fast.trainStep() }
    while stepped.position < Position(step: 6) { stepped.move(1, by: .instruction) }
    #expect(stepped.digest == fast.digest)
    #expect(stepped.history == fast.history)
  }

  @Test("a pause can be taken back line by line", arguments: SampleRun.all)
  func pause(run: SampleRun) throws {
    let session = try Session(run.settings)
    for _ in 0..<4 { session.trainStep() }
    let digest = session.digest
    session.rearm()
    #expect(session.digest == digest)
    session.move(-1, by: .line)
    #expect(session.position == Position(step: 3, instruction: session.plan.instructions.count - 1))
    session.move(1, by: .line)
    #expect(session.digest == digest)
  }

  @Test("a new learning rate begins a new future", arguments: SampleRun.all)
  func learningRate(run: SampleRun) throws {
    let session = try Session(run.settings)
    for _ in 0..<5 { session.trainStep() }
    let before = session.history.steps
    session.go(to: Position(step: 2))
    session.setLearningRate(0.5)
    for _ in 0..<3 { session.trainStep() }
    #expect(session.history.steps.prefix(2).elementsEqual(before.prefix(2)))
    #expect(session.history.steps[2].learningRate == 0.5)
    #expect(session.history.steps[3].loss != before[3].loss)
  }

  @Test("every gradient agrees with central differences in Float64", arguments: SampleRun.all)
  func gradients(run: SampleRun) throws {
    let session = try Session(run.settings)
    session.go(to: Position(step: 1, instruction: session.plan.range(of: .backward).upperBound))
    let worst = try #require(GradientCheck(session.execution).worst())
    #expect(worst.1 < 1e-6, "\(worst.0)")
  }

  @Test("the terms of every sum add up to the number they explain", arguments: SampleRun.all)
  func terms(run: SampleRun) throws {
    let session = try Session(run.settings)
    session.go(to: Position(step: 1))
    var opened = 0
    for i in 1...session.plan.instructions.count {
      session.go(to: Position(step: 1, instruction: i))
      for result in session.plan.instructions[i - 1].results {
        for cell in stride(from: 0, to: result.value.shape.count, by: 3) {
          let explanation = session.explain(result, at: cell)
          guard case .sum(let terms) = explanation.body, let sum = explanation.recomputed else {
            continue
          }
          let size = terms.reduce(0) { $0 + abs($1.product) }
          #expect(
            abs(sum - Double(explanation.result)) <= 1e-6 * max(size, 1e-30), "\(explanation.name)")
          opened += 1
        }
      }
    }
    #expect(opened > 20)
  }

  @Test("going back ends at the start of the run, at once", .timeLimit(.minutes(1)))
  func backToStart() throws {
    let session = try Session(try #require(SampleRun.all.first).settings)
    let digest = session.digest
    session.move(5, by: .step)
    for unit in MoveUnit.allCases { session.move(-1_000_000_000_000, by: unit) }
    #expect(session.position == Position(step: 0) && session.digest == digest)
  }

  @Test("what is known stays as it is until the update", arguments: SampleRun.all)
  func known(run: SampleRun) throws {
    let session = try Session(run.settings)
    let plan = session.plan
    let names = plan.names
    let update = plan.range(of: .update).lowerBound
    // In the second step every buffer holds the numbers of the first until it is written.
    var asKnown: [String: [Float]] = [:]
    for i in 1...update {
      session.go(to: Position(step: 1, instruction: i))
      for name in names where asKnown[name] == nil {
        guard let value = plan.value(named: name), session.execution.isKnown(value) else {
          continue
        }
        asKnown[name] = session.execution.numbers(of: value)
      }
    }
    for (name, numbers) in asKnown {
      let value = try #require(plan.value(named: name))
      let stayed = session.execution.numbers(of: value) == numbers
      #expect(stayed, "\(name) changed after it was known")
    }
    let optimizerState = Set(
      plan.values.filter { $0.role == .optimizerState }.map(\.name))
    #expect(Set(names).subtracting(optimizerState).isSubset(of: asKnown.keys))
  }
}

@Suite("Weights set by hand")
struct SettingTests {
  @Test("a set weight is there at once, and after any travel", arguments: SampleRun.all)
  func travel(run: SampleRun) throws {
    let session = try Session(run.settings)
    let weight = session.plan.parameters[0]
    for _ in 0..<4 { session.trainStep() }
    session.move(-1, by: .instruction)
    let before = session.digest
    session.move(1, by: .instruction)
    #expect(session.setWeight(weight, at: 1, to: 0.25) == 4)
    session.move(-1, by: .instruction)
    #expect(session.digest == before)
    session.move(1, by: .instruction)
    #expect(session.execution.number(weight, at: 1) == 0.25)
    let digest = session.digest
    session.move(3, by: .instruction)
    session.move(-3, by: .instruction)
    #expect(session.digest == digest)
    session.trainStep()
    let after = session.digest
    session.go(to: Position(step: 1, instruction: 2))
    session.go(to: Position(step: 5))
    #expect(session.digest == after)
    session.go(to: Position(step: 4))
    #expect(session.digest == digest)
  }

  @Test(
    "at the start of a run, and in the middle of a step, it counts from the step that begins next")
  func beginnings() throws {
    let session = try Session(SampleRun.all[0].settings)
    let weight = session.plan.parameters[0]
    #expect(session.setWeight(weight, at: 0, to: 2) == 0)
    #expect(session.execution.number(weight, at: 0) == 2)
    session.move(1, by: .phase)
    let before = session.digest
    #expect(session.setWeight(weight, at: 0, to: 3) == 1)
    #expect(session.digest == before)
    session.move(1, by: .step)
    #expect(session.execution.number(weight, at: 0) == 3)
  }

  @Test("the debugger sets weights and says what it cannot set")
  func debugger() throws {
    var debugger = Debugger(try Session(SampleRun.all[0].settings))
    let reply = try debugger.run("set dense/kernel[1,2] = -0.5")
    #expect(reply.lines == ["dense/kernel[1,2] = -0.5 from the start of step 0 on"])
    #expect(try debugger.run("print dense/kernel[1,2]").lines == ["dense/kernel[1,2] = -0.5"])
    for wrong in [
      "set dense/output[0,0] = 1", "set dense/kernel = 1", "set dense/kernel[99,0] = 1",
      "set dense/kernel[0,0] = x", "set learning_rate = -1",
    ] {
      #expect(throws: DebuggerCommand.Failure.self) { try debugger.run(wrong) }
    }
  }
}
