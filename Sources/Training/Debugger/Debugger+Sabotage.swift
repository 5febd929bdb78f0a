import Autodiff
import NeuralNets
import Tensors

// A fault is planted, looked for, and proved.

extension Debugger {
  /// Plants one of the misconceptions, by its number from 1, or one that chance chooses.
  mutating func sabotage(_ number: Int?) throws -> DebuggerReply {
    guard session.passRun == nil else {
      throw DebuggerCommand.Failure(Session.isFixed.problem, remedy: Session.isFixed.remedy)
    }
    guard session.settings.sabotage == nil else {
      throw DebuggerCommand.Failure(
        "a fault is planted already", remedy: "verdict, or reveal to give up")
    }
    let all = Misconception.all
    let chosen: Misconception
    if let number {
      guard (1...all.count).contains(number) else {
        throw DebuggerCommand.Failure(
          "sabotage \(number)", remedy: "a number from 1 to \(all.count)")
      }
      chosen = all[number - 1]
      guard session.takes(chosen) else {
        let fitting = all.indices.filter { session.takes(all[$0]) }.map { "\($0 + 1)" }
        throw DebuggerCommand.Failure(
          "sabotage \(number) means nothing in this run",
          remedy: "one of " + fitting.joined(separator: ", "))
      }
    } else {
      guard let drawn = session.drawnMisconception else {
        throw DebuggerCommand.Failure("no fault means anything in this run", remedy: "another run")
      }
      chosen = drawn
    }
    try session.plant(chosen)
    let step = session.sabotage?.step ?? 0
    faultCase = FaultCase(step: step)
    return DebuggerReply(
      [
        "something is wrong from step \(step) on: find the place where it shows, then say it:",
        FaultVerdict.forms.map { "verdict " + $0 }.joined(separator: " · "),
      ], [("step", .integer(step))])
  }

  /// What the evidence says to a verdict.
  mutating func judge(_ verdict: FaultVerdict) throws -> DebuggerReply {
    guard let sabotage = session.sabotage else {
      throw DebuggerCommand.Failure("nothing was planted in this run", remedy: "sabotage first")
    }
    guard session.settings.sabotage != nil else {
      throw DebuggerCommand.Failure(
        "the run stands before step \(sabotage.step), where it is still right",
        remedy: "goto step \(sabotage.step + 1)")
    }
    let ruling = try session.rule(on: verdict)
    let lines = [(ruling.isRight ? "proved: " : "not proved: ") + ruling.words]
    var found = openCase
    found?.add(verdict, ruling)
    if ruling.isRight, found?.outcome == .open {
      found?.outcome = .proved
      found?.told = told(sabotage)
    }
    faultCase = found
    return DebuggerReply(
      lines + (ruling.isRight ? told(sabotage) : ["missing: " + verdict.missing]),
      [("proved", .truth(ruling.isRight)), ("words", .text(ruling.words))])
  }

  /// Gives up: what was planted, and how it would have been found.
  mutating func reveal() throws -> DebuggerReply {
    guard let sabotage = session.sabotage else {
      throw DebuggerCommand.Failure("nothing was planted in this run", remedy: "sabotage first")
    }
    let misconception = sabotage.misconception
    var lines = told(sabotage) + ["to be found by: " + misconception.trace]
    if let instruction = session.plantedInstruction {
      lines.append("it is in instruction \(instruction + 1) of a step")
    }
    var found = openCase
    if found?.outcome == .open { found?.outcome = .told }
    found?.told = lines
    faultCase = found
    if session.settings.sabotage != nil {
      try session.mend()
      lines.append("from step \(session.firstStep) on the run is as it should be")
    }
    return DebuggerReply(
      lines,
      [
        ("misconception", .text(misconception.id)), ("title", .text(misconception.title)),
        ("step", .integer(sabotage.step)),
      ])
  }

  private func told(_ sabotage: Sabotage) -> [String] {
    let misconception = sabotage.misconception
    return [
      misconception.title, "who does it believes: " + misconception.belief,
      "but: " + misconception.correction,
    ]
  }

  /// A line for a number that its own formula does not give.
  func contradiction(_ result: InstructionResult, at offset: Int) -> [String] {
    guard session.settings.sabotage?.formula != nil,
      let maker = session.plan.instructions.firstIndex(where: {
        $0.results.contains { $0.value == result.value && $0.rule == result.rule }
      }), let found = session.contradiction(at: maker)
    else { return [] }
    return ["✗ \(found.name) is \(found.lab), but the formula gives \(found.right)"]
  }

  // MARK: What the data and the judging say

  /// How many examples there are, how their columns spread, and which are in both parts.
  func dataFacts() -> DebuggerReply {
    let data = session.settings.data
    var lines = [
      "\(data.name): \(data.training.count) examples to learn from, "
        + "\(data.validation?.count ?? 0) held back"
    ]
    var fields: [(String, DebuggerReply.Field)] = []
    let inputs = data.training.inputs
    if inputs.shape.rank == 2 {
      let spreads = (0..<inputs.shape[1]).map { Float(inputs.spread(ofColumn: $0)) }
      lines += spreads.enumerated().map { "column \($0): standard deviation \($1)" }
      fields.append(("spreads", .numbers(spreads)))
    }
    let both = session.rowsHeldBackToo()
    lines.append(
      both.isEmpty
        ? "no example is both learned from and held back"
        : "\(both.count) examples are learned from and held back too: rows "
          + both.prefix(20).map { "\($0)" }.joined(separator: ", ")
          + (both.count > 20 ? ", …" : ""))
    fields.append(("rows_in_both", .integers(both)))
    return DebuggerReply(lines, fields)
  }

  /// The examples that are held back, judged twice by the same weights, chance drawn anew.
  func judgingFacts() throws -> DebuggerReply {
    guard let examples = session.settings.data.validation else {
      throw DebuggerCommand.Failure(
        "no examples are held back", remedy: "debug --validation-split 0.2")
    }
    let losses = [UInt64(0), 1].map { session.loss(of: examples, seed: $0) }
    return DebuggerReply(
      [
        "the same weights judged twice: loss \(losses[0]), then \(losses[1])",
        losses[0] == losses[1]
          ? "chance plays no part in it" : "chance plays a part in how the network is judged",
      ], [("losses", .numbers(losses))])
  }
}

extension Session {
  /// The instruction whose formula was replaced, from 0.
  fileprivate var plantedInstruction: Int? {
    guard let planted = sabotage?.formula else { return nil }
    let places = planted.fault.places(in: soundPlan)
    return places.indices.contains(planted.place) ? places[planted.place] : nil
  }

  /// The mean loss of examples as the run judges them.
  fileprivate func loss(of examples: Examples, seed: UInt64) -> Float {
    var total = 0.0
    guard let fitted = try? Targets.fitted(examples, to: network) else { return .nan }
    part.executions.forEachBatch(
      of: fitted, batchSize: settings.batchSize, for: .evaluation, seed: seed
    ) { run, range in
      guard let loss = run.plan.loss else { return }
      total += Double(run.number(loss, at: 0)) * Double(range.count)
    }
    return Float(total / Double(max(fitted.count, 1)))
  }
}
