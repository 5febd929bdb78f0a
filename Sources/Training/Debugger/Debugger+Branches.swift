import Autodiff
import NeuralNets
import Tensors

// What-ifs as commands: set, drop, skip, branches, switch, compare.

extension Debugger {
  func branchList() -> DebuggerReply {
    let all = session.branchSummaries
    let lines = all.map { branch in
      var line = "\(branch.isCurrent ? "▶" : " ") \(branch.number)  "
      line +=
        branch.parent.map { "from \($0) at \(shownStart(of: branch)): \(branch.words)" }
        ?? "the run as it began"
      line += "  · \(branch.history.count) steps recorded"
      if let last = branch.history.latest { line += ", loss \(ValueText.number(last.loss))" }
      return line
    }
    return DebuggerReply(
      lines,
      [
        ("branches", .integers(all.map(\.number))), ("current", .integer(session.currentBranch)),
        ("parents", .integers(all.map { $0.parent ?? 0 })), ("steps", .integers(all.map(\.step))),
        ("recorded", .integers(all.map(\.history.count))), ("words", .texts(all.map(\.words))),
      ])
  }

  /// `step 8`, or in a run of passes `step 2, pass 1`.
  private func shownStart(of branch: BranchSummary) -> String {
    guard session.passRun != nil else { return "step \(branch.step)" }
    let place = session.moment(branch.step)
    return "step \(place.step), pass \(place.pass)"
  }

  /// `set generator/dense/kernel[0,0] = 0.5` among the networks of a program's loop.
  func setInPasses(
    _ place: DebuggerCommand.Place, to number: Float
  ) throws -> DebuggerReply {
    let (pass, name) = try failing { () throws(RunFailure) in
      try session.setWeight(ofPasses: place.name, place.index, to: number)
    }
    let start = session.moment(pass)
    return grown(
      "\(name) = \(ValueText.number(number)) from step \(start.step), pass \(start.pass) on; the "
        + "batches stay those that the program made",
      [
        ("name", .text(name)), ("value", .number(number)), ("step", .integer(start.step)),
        ("pass", .integer(start.pass)),
      ])
  }

  func comparison(_ a: Int, _ b: Int) throws -> DebuggerReply {
    let found = try failing { () throws(RunFailure) in
      try BranchComparison(a, b, of: session)
    }
    var lines = ["branches \(a) and \(b) part at step \(found.parting)"]
    let rows = [(name: "", a: "branch \(a)", b: "branch \(b)")] + found.rows
    let widths = (
      rows.map(\.name.count).max() ?? 0, rows.map(\.a.count).max() ?? 0
    )
    func padded(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(0, width - text.count))
    }
    lines += rows.map {
      "\(padded($0.name, widths.0))  \(padded($0.a, widths.1))  \($0.b)"
    }
    lines.append(
      found.firstDifference.map { "their losses differ from step \($0) on" }
        ?? "their losses agree in all steps that both have")
    return DebuggerReply(
      lines,
      [
        ("parting", .integer(found.parting)),
        ("first_difference", .integer(found.firstDifference ?? -1)),
        ("common", .integer(found.common)),
        ("losses", .numbers([found.a, found.b].map { $0.history.latest?.loss ?? .nan })),
      ])
  }

  func skip() throws -> DebuggerReply {
    if session.passRun != nil {
      let pass = try failing { () throws(RunFailure) in
        try session.skipUpdateOfPass(isWhatIf: true)
      }
      let place = session.moment(pass)
      return grown(
        "the update of step \(place.step), pass \(place.pass) has no effect",
        [("step", .integer(place.step)), ("pass", .integer(place.pass))])
    }
    let step = session.skipUpdate()
    return grown(
      "the update of step \(step) has no effect", [("step", .integer(step))])
  }

  /// What a place of the batch at hand is among the training examples.
  private func row(ofExample place: Int) throws -> Int {
    let rows = session.batchRows
    guard rows.indices.contains(place) else {
      throw DebuggerCommand.Failure(
        "example \(place) of a batch of \(rows.count)", remedy: "one from 0 to \(rows.count - 1)")
    }
    return rows[place]
  }

  func drop(_ example: Int) throws -> DebuggerReply {
    guard session.passRun == nil else { throw Self.fixed }
    return try edit(.drop(row: try row(ofExample: example)))
  }

  /// `set input[17,3] = 0.5`, `set target[17] = 2`: nil when the name is neither.
  func edit(_ place: DebuggerCommand.Place, to number: Float) throws -> DebuggerReply? {
    let plan = session.plan
    let isInput = place.name == "input" || plan.inputs.first.map { plan[$0].name } == place.name
    let isTarget =
      ["target", "label"].contains(place.name)
      || plan.targets.first.map { plan[$0].name } == place.name
    guard isInput || isTarget, session.network.weights.allSatisfy({ $0.name != place.name }),
      let value = isInput ? plan.inputs.first : plan.targets.first
    else { return nil }
    guard !place.index.isEmpty else { throw Self.whichExample(place.name, value.shape) }
    // A target of one number each is named by the example alone.
    let index =
      place.index.count == 1 && value.shape.count == value.shape[0]
      ? [place.index[0]] + Array(repeating: 0, count: value.shape.rank - 1) : place.index
    guard let offset = value.shape.offset(of: index), index.count == value.shape.rank else {
      throw DebuggerCommand.Failure(
        "\(place.name)\(CellExplainer.subscript(place.index)) of shape \(value.shape)",
        remedy: "an example of the batch and a place in it, each below \(value.shape)")
    }
    let width = value.shape.count / max(1, value.shape[0])
    let row = try row(ofExample: offset / max(1, width))
    return try edit(
      isInput
        ? .input(row: row, place: offset % width, value: number)
        : .target(row: row, place: offset % width, value: number))
  }

  /// An input or a target is of an example: each has its own.
  private static func whichExample(_ name: String, _ shape: Shape) -> DebuggerCommand.Failure {
    let count = shape.extents.first ?? 0
    let width = shape.count / max(1, count)
    let example = min(3, max(0, count - 1))
    let inner = width > 1 ? String(repeating: ",0", count: shape.rank - 1) : ""
    let places =
      width > 1 ? "; behind it the place in the example, below \(shape.extents.dropFirst())" : ""
    return DebuggerCommand.Failure(
      "each example has \(name == "input" ? "an" : "a") \(name) of its own, and none is named",
      remedy: "set \(name)[\(example)\(inner)] = X for example \(example) of this batch, from 0 to "
        + "\(count - 1)\(places); from there the run goes on with it, and u or switch 1 takes it back"
    )
  }

  private func edit(_ edit: DataEdit) throws -> DebuggerReply {
    let step = try session.edit(edit)
    return grown(
      "\(edit.inWords) of the training examples, from step \(step) on",
      [("step", .integer(step)), ("edit", .text(edit.inWords))])
  }

  /// Trains all of it before it answers; where `progress` says no, with what is known by then.
  func asked(_ patch: SettingPatch?, _ seeds: Int) throws -> DebuggerReply {
    guard session.passRun == nil else { throw Self.fixed }
    guard let patch else { return DebuggerReply(["nothing is asked now"]) }
    let question: SeedQuestion
    do {
      question = try SeedQuestion(
        patch, of: session.settings, rateByHand: session.rateByHand, seeds: seeds)
    } catch let error as RunFailure {
      throw DebuggerCommand.Failure(error.problem, remedy: error.remedy)
    }
    while !question.isDone {
      try question.advance(steps: 64)
      guard progress?(question.standing.progress) ?? true else { break }
    }
    return Self.reply(question.standing)
  }

  package static func reply(_ standing: SeedQuestion.Standing) -> DebuggerReply {
    let difference = standing.difference
    return DebuggerReply(
      standing.sentences,
      [
        ("setting", .text(standing.patch.description)),
        ("metric", .text(standing.measure.rawValue)), ("seeds", .integer(difference.count)),
        ("mean_difference", .double(difference.mean)),
        ("half_width", .double(difference.halfWidth)), ("is_clear", .truth(difference.isClear)),
        ("without", .numbers(standing.without.map(Float.init))),
        ("with", .numbers(standing.with.map(Float.init))),
      ])
  }

  /// What is said where a branch grew.
  func grown(_ line: String, _ fields: [(String, DebuggerReply.Field)]) -> DebuggerReply {
    let branch = session.currentBranch
    let suffix = branch > 1 ? " · branch \(branch)" : ""
    return DebuggerReply([line + suffix], fields + [("branch", .integer(branch))])
  }

  static var fixed: DebuggerCommand.Failure {
    DebuggerCommand.Failure(Session.isFixed.problem, remedy: Session.isFixed.remedy)
  }

  /// A failure of the run as one of the command.
  func failing<T>(_ body: () throws(RunFailure) -> T) throws(DebuggerCommand.Failure) -> T {
    do { return try body() } catch {
      throw DebuggerCommand.Failure(error.problem, remedy: error.remedy)
    }
  }
}
