import Autodiff
import NeuralNets
import Tensors

// Why a number is what it is: a weight's change, a prediction, and one link upstream after the other.

extension Debugger {
  mutating func why(_ question: DebuggerCommand.WhyQuestion) throws -> DebuggerReply {
    switch question {
    case .next: return try goOn()
    case .prediction(let place): return try whyPrediction(place ?? example)
    case .place(let place): return try why(place)
    case .example(let place):
      return try goOn("example \(place)") {
        if case .example(let label) = $0 { label.place == place } else { false }
      }
    case .memory:
      return try goOn("memory") { if case .memory = $0 { true } else { false } }
    }
  }

  private mutating func why(_ place: DebuggerCommand.Place) throws -> DebuggerReply {
    guard let value = session.plan.value(named: place.name) else { throw unknown(place.name) }
    switch session.plan[value].role {
    case .parameter: return try whyWeight(place, value)
    case .input, .target:
      throw DebuggerCommand.Failure(
        "\(place.name) comes from the data", remedy: "a weight or what the network computes")
    case .activation:
      let maker = try maker(of: place, value)
      return try whyNumber(maker)
    case .optimizerState, .carried, .gradient, .loss, .scratch:
      let maker = try maker(of: place, value)
      chain = UpstreamChain(.number(maker.place, before: maker.instruction + 1))
      return try goOn()
    }
  }

  private func unknown(_ name: String) -> DebuggerCommand.Failure {
    let near = NameSuggestion.near(name, among: session.plan.names + ["prediction"])
    return DebuggerCommand.Failure(
      "there is no value '\(name)'",
      remedy: near.isEmpty ? "one that 'info values' lists" : near.joined(separator: " or "))
  }

  /// What made a number of this step; of an array without an index the number of the largest size.
  private func maker(
    of place: DebuggerCommand.Place, _ value: Value
  ) throws -> CellMakers.Maker {
    let execution = session.execution
    guard session.plan[value].role == .optimizerState || execution.isKnown(value) else {
      let origin = session.plan.origin(of: value)
      throw DebuggerCommand.Failure(
        "\(place.name) is not known yet",
        remedy: origin.map { "goto instruction \($0 + 1) first" } ?? "a later moment")
    }
    let offset = try chosen(place, value) { abs(execution.number(value, at: $0)) }
    let opener = NumberOpener(session)
    guard let maker = opener.makers.maker(of: CellPlace(value, offset), before: execution.position)
    else {
      throw DebuggerCommand.Failure(
        "nothing has written \(place.name) in this step yet",
        remedy: "step on, or 'origin \(place.name)'")
    }
    return maker
  }

  /// The offset that is meant; where no index is given, the one that counts most.
  private func chosen(
    _ place: DebuggerCommand.Place, _ value: Value, _ size: (Int) -> Float
  ) throws -> Int {
    guard place.index.isEmpty, value.shape.count > 0 else {
      return try offset(of: place, in: value)
    }
    return (0..<value.shape.count).max { size($0) < size($1) } ?? 0
  }

  // MARK: Weights

  private mutating func whyWeight(
    _ place: DebuggerCommand.Place, _ value: Value
  ) throws -> DebuggerReply {
    if !place.index.isEmpty { _ = try offset(of: place, in: value) }
    guard let step = session.lastUpdate(ofWeight: place.name) else {
      let isLearned = session.plan.gradients[value] != nil
      throw DebuggerCommand.Failure(
        isLearned
          ? "no update has changed \(place.name) yet"
          : "\(place.name) is not learned: no update changes it",
        remedy: isLearned ? "step phase until the update is done" : "a weight that is learned")
    }
    let session = session
    let answer = try session.atEnd(ofStep: step) { () throws -> WeightAnswer? in
      guard let value = session.plan.value(named: place.name) else { return nil }
      session.rearm()
      let offset = try chosen(place, value) { offset in
        abs(
          session.execution.number(value, at: offset)
            - session.execution.number(value, at: offset, after: 0))
      }
      guard var answer = WeightAnswer(value, at: offset, in: session) else { return nil }
      answer.losses = session.lossShares(of: answer)
      chain = UpstreamChain(answer, in: session)
      return answer
    }
    guard let answer else { throw unknown(place.name) }
    lastChange = answer
    return reply(answer)
  }

  private func reply(_ answer: WeightAnswer) -> DebuggerReply {
    let before = ValueText.number(answer.before)
    let after = ValueText.number(answer.after)
    var lines = [
      "\(answer.name): \(before) → \(after), \(AnswerText.amount(answer.change))"
        + " in step \(answer.step)"
    ]
    lines += AnswerText.lines(answer.parts.map { ($0.amount, $0.cause.words) })
    lines.append(
      "  sum of \(answer.parts.count): \(AnswerText.amount(answer.parts.reduce(0) { $0 + $1.amount }))"
    )
    for share in answer.losses {
      lines.append("  \(AnswerText.amount(share.amount)) by \(share.name)")
    }
    lines += answer.sentences
    let examples = answer.parts.compactMap { part in
      if case .example(let label) = part.cause { (label, part.amount) } else { nil }
    }
    return DebuggerReply(
      lines,
      [
        ("name", .text(answer.name)), ("step", .integer(answer.step)),
        ("before", .number(answer.before)), ("after", .number(answer.after)),
        ("change", .double(answer.change)),
        ("causes", .texts(answer.parts.map(\.cause.kind))),
        ("names", .texts(answer.parts.map(\.cause.words))),
        ("terms", .numbers(answer.parts.map { Float($0.amount) })),
        ("examples", .integers(examples.map(\.0.place))),
        ("rows", .integers(examples.map(\.0.row))),
        ("classes", .texts(examples.map(\.0.label))),
        ("example_terms", .numbers(examples.map { Float($0.1) })),
        ("new_gradient", .double(answer.newGradient)),
        ("remembered", .double(answer.remembered)), ("rounding", .double(answer.rounding)),
        ("losses", .texts(answer.losses.map(\.name))),
        ("loss_terms", .numbers(answer.losses.map { Float($0.amount) })),
        ("words", .texts(answer.sentences)),
      ])
  }

  // MARK: Predictions

  private mutating func whyPrediction(_ example: Int) throws -> DebuggerReply {
    let plan = session.plan
    let count = plan.batchSize
    guard example < count else {
      throw DebuggerCommand.Failure(
        "example \(example) of a batch of \(count)",
        remedy: "one from 0 to \(count - 1); forward \(example) goes through any row of the data")
    }
    let output = plan.output
    guard session.execution.isKnown(output) else {
      let origin = plan.origin(of: output)
      throw DebuggerCommand.Failure(
        "there is no prediction in this step yet",
        remedy: origin.map { "goto instruction \($0 + 1) first" } ?? "the end of the forward phase")
    }
    let width = output.shape.count / max(count, 1)
    guard width > 0, output.shape.count % max(count, 1) == 0 else {
      throw DebuggerCommand.Failure("the network has no output by examples", remedy: "why PLACE")
    }
    let row = example * width..<(example + 1) * width
    let numbers = row.map { session.execution.number(output, at: $0) }
    let unit = numbers.indices.max { numbers[$0] < numbers[$1] } ?? 0
    let opener = NumberOpener(session)
    guard
      let maker = opener.makers.maker(
        of: CellPlace(output, row.lowerBound + unit), before: session.execution.position)
    else { throw unknown("prediction") }
    let score = Self.score(of: maker, opener)
    var reply = try whyNumber(score ?? maker)
    let label = ExampleLabel(example, in: session)
    let said = "the network says \(ValueText.number(numbers[unit]))"
    let what = width > 1 ? " for \(Self.className(unit, session))" : ""
    let target = label.label.isEmpty ? "" : "; right is \(label.label)"
    let why =
      score == nil
      ? "" : " This is what the score \(opener.makers.name(of: (score ?? maker).place)) is made of."
    reply.lines.insert(
      "example \(example) (row \(label.row)): \(said)\(what)\(target).\(why)", at: 0)
    reply.fields += [
      .init(name: "example", value: .integer(example)),
      .init(name: "row", value: .integer(label.row)), .init(name: "unit", value: .integer(unit)),
      .init(name: "prediction", value: .number(numbers[unit])),
    ]
    return reply
  }

  private static func className(_ unit: Int, _ session: Session) -> String {
    let classes = session.settings.data.classes
    return classes.indices.contains(unit) ? classes[unit] : "unit \(unit)"
  }

  /// The score that a share or a probability was made of.
  private static func score(
    of maker: CellMakers.Maker, _ opener: NumberOpener
  ) -> CellMakers.Maker? {
    switch maker.result.rule {
    case .softmax(let x), .function(.sigmoid, let x), .alongAxis(.softmax, let x, _),
      .alongAxis(.logSoftmax, let x, _):
      opener.makers.maker(of: CellPlace(x, maker.offset), for: maker)
    default: nil
    }
  }

  /// Why nothing that comes in has a share in a 0: an activation that gives 0 of what it takes.
  private func closed(_ maker: CellMakers.Maker) -> String? {
    guard case .function(let function, let x) = maker.result.rule else { return nil }
    let index = CellExplainer.subscript(x.shape.index(ofOffset: maker.offset))
    let name = session.plan[x].name + index
    let number = ValueText.number(session.execution.number(x, at: maker.offset))
    return "  none has a share: \(function.name) gives 0 of \(name) = \(number); "
      + "why \(name) says what that is made of"
  }

  private mutating func whyNumber(_ maker: CellMakers.Maker) throws -> DebuggerReply {
    let answer = try PredictionAnswer(maker, with: NumberOpener(session))
    chain = UpstreamChain(.number(maker.place, before: maker.instruction + 1))
    var lines = ["\(answer.name) = \(ValueText.number(answer.value))"]
    for stage in answer.stages.dropLast() {
      let rest = [(stage.fromWeights, "weights"), (stage.fromRests, "rests")].filter { $0.0 != 0 }
        .map { " \(AnswerText.amount($0.0)) of \($0.1)" }.joined()
      lines.append(
        "before \(stage.layer): \(AnswerText.amount(stage.fromNumbers)) of \(stage.count) numbers"
          + rest)
      lines += stage.parts.prefix(3).map {
        "    \(AnswerText.amount($0.amount))  \($0.name) = \(ValueText.number(Float($0.number)))"
      }
    }
    lines.append("from the inputs:")
    let ends =
      answer.inputs.map {
        ($0.amount, "\($0.name) = \(ValueText.number(Float($0.number)))")
      } + answer.weights.map { ($0.amount, "\($0.name) by itself") }
      + answer.rests.map { ($0.amount, $0.name) }
    lines += AnswerText.lines(
      ends.filter { $0.0 != 0 }.sorted { $0.0.rank > $1.0.rank }.map { (amount: $0.0, name: $0.1) })
    let closed = answer.value == 0 && ends.allSatisfy { $0.0 == 0 } ? closed(maker) : nil
    lines.append(
      closed
        ?? "  sum of \(ends.count): \(AnswerText.sum(answer.total)) in Float64, \(ValueText.number(answer.value))"
        + " in Float32")
    let top = answer.inputs.prefix(64)
    return DebuggerReply(
      lines,
      [
        ("name", .text(answer.name)), ("value", .number(answer.value)),
        ("total", .double(answer.total)), ("size", .double(answer.size)),
        ("inputs", .texts(top.map(\.name))),
        ("input_terms", .numbers(top.map { Float($0.amount) })),
        ("from_inputs", .double(answer.inputs.reduce(0) { $0 + $1.amount })),
        ("weights", .texts(answer.weights.map(\.name))),
        ("weight_terms", .numbers(answer.weights.map { Float($0.amount) })),
        ("rests", .texts(answer.rests.map(\.name))),
        ("rest_terms", .numbers(answer.rests.map { Float($0.amount) })),
        ("layers", .texts(answer.stages.map(\.layer))),
        ("layer_totals", .numbers(answer.stages.map { Float($0.total) })),
      ])
  }
}
