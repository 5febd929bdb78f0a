import Autodiff
import NeuralNets
import Tensors

extension Debugger {
  /// How a number came about: formula, the same with the numbers in it.
  func explain(_ place: DebuggerCommand.Place?) throws -> DebuggerReply {
    if let place, session.plan.value(named: place.name) == nil,
      isFold(place.name) || FoldAddress.isPlausible(place.name)
    {
      // A name that is spelled as values are is more likely one of them.
      let isValue = !isFold(place.name) && !place.name.contains { "= ›".contains($0) }
      if !isValue { return try explainFold(FoldAddress(place.name), index: place.index) }
    }
    session.rearm()
    if let earlier = updateBefore(place) {
      return try session.atEnd(ofStep: earlier) { try explain(place) }
    }
    let (result, offset) = try found(place)
    let explanation = session.explain(result, at: offset)
    var lines = [
      "\(explanation.name) = \(ValueText.number(explanation.result))", explanation.formula,
    ]
    var fields: [(String, DebuggerReply.Field)] = [
      ("name", .text(explanation.name)), ("formula", .text(explanation.formula)),
      ("value", .number(explanation.result)),
    ]
    switch explanation.body {
    case .formula(let text, let operands):
      lines.append("= " + ExplanationText.filled(text, operands.map { ValueText.number($0.value) }))
      lines.append(
        "with "
          + operands.map { "\($0.name) = \(ValueText.number($0.value))" }
          .joined(separator: ", "))
      let parts = terms(of: result, at: offset)
      if parts.count > 1 {
        lines += ["as a sum:"] + AnswerText.lines(parts)
        let sum = parts.reduce(0) { $0 + $1.amount }
        lines.append(
          "  sum of \(parts.count): \(AnswerText.sum(sum)) in Float64, "
            + "\(ValueText.number(explanation.result)) in Float32")
      }
      fields += [
        ("terms", .numbers(parts.map { Float($0.amount) })),
        ("names", .texts(parts.map(\.name))),
      ]
    case .sum(let terms):
      lines += ExplanationText.lines(terms, result: explanation.result)
      fields.append(("terms", .numbers(terms.map { Float($0.product) })))
    }
    if let afterwards = explanation.afterwards {
      lines.append(afterwards.words(ValueText.number(afterwards.number)))
      let field = afterwards.cause == .setAhead ? "next" : "now"
      fields.append((field, .number(afterwards.number)))
    }
    lines += contradiction(result, at: offset)
    let said = sentences(result, at: offset)
    lines += said
    if !said.isEmpty { fields.append(("words", .texts(said))) }
    return DebuggerReply(lines, fields)
  }

  /// The step before, where it was that updated a weight last: in the midst of a step it is not
  /// updated yet.
  private func updateBefore(_ place: DebuggerCommand.Place?) -> Int? {
    guard let place, let value = session.plan.value(named: place.name),
      [.parameter, .optimizerState].contains(session.plan[value].role),
      let step = session.lastUpdate(ofWeight: place.name), step != session.shownStep
    else { return nil }
    return step
  }

  /// What each number in a formula contributes, and what none does: they add up to the result.
  private func terms(
    of result: InstructionResult, at offset: Int
  ) -> [(amount: Double, name: String)] {
    guard
      let maker = session.plan.instructions.firstIndex(where: {
        $0.results.contains { $0.value == result.value && $0.rule == result.rule }
      })
    else { return [] }
    let split = session.execution.split(result, of: maker, at: offset).merged
    let makers = CellMakers(session.plan)
    return
      (split.parts.map { ($0.amount, makers.name(of: $0.place)) }
      + split.rest.map { ($0.amount, $0.name) }).filter { $0.0 != 0 }
      .sorted { $0.0.rank > $1.0.rank }.map { (amount: $0.0, name: $0.1) }
  }

  /// What is said of a number where it was made.
  func sentences(_ result: InstructionResult, at offset: Int) -> [String] {
    guard let words,
      let maker = session.plan.instructions.lastIndex(where: {
        $0.results.contains { $0.value == result.value && $0.rule == result.rule }
      }),
      let place = session.plan.instructions[maker].results.firstIndex(where: {
        $0.value == result.value && $0.rule == result.rule
      })
    else { return [] }
    let here = session.standing
    if session.execution.position != maker + 1 {
      session.go(to: Position(step: session.shownStep, instruction: maker + 1))
    }
    defer { session.go(to: here) }
    var interest = StepInterest(result: place, cell: offset, checks: false)
    interest.unit = offset % max(result.value.shape.last, 1)
    return words(StepMoment(of: session, interest, StepMemory(), run: 0))
  }

  /// The result that a place names, and the number's offset.
  private func found(_ place: DebuggerCommand.Place?) throws -> (InstructionResult, Int) {
    let execution = session.execution
    guard let place else {
      guard execution.position > 0,
        let result = session.plan.instructions[execution.position - 1].results.first
      else {
        throw DebuggerCommand.Failure("nothing has been computed yet", remedy: "step first")
      }
      return (result, 0)
    }
    guard let value = session.plan.value(named: place.name) else {
      let near = NameSuggestion.near(place.name, among: session.plan.names)
      throw DebuggerCommand.Failure(
        "there is no value '\(place.name)'",
        remedy: near.isEmpty ? "one that 'info values' lists" : near.joined(separator: " or "))
    }
    let offset = try self.offset(of: place, in: value)
    // A parameter is explained by the update just done, everything else by what makes it.
    let makers = session.plan.instructions[..<execution.position].reversed()
    for instruction in makers {
      if let result = instruction.results.first(where: { $0.value == value }) {
        return (result, offset)
      }
    }
    let info = session.plan[value]
    if info.role == .input || info.role == .target {
      throw DebuggerCommand.Failure(
        "\(place.name) comes from the data", remedy: "a value that the plan computes")
    }
    let maker = session.plan.instructions.firstIndex {
      $0.results.contains { $0.value == value }
    }
    throw DebuggerCommand.Failure(
      "\(place.name) is not known yet",
      remedy: maker.map { "goto instruction \($0 + 1) first" } ?? "a value that the plan computes")
  }

  /// Sets one number of a weight.
  func set(_ place: DebuggerCommand.Place, to number: Float) throws -> DebuggerReply {
    if let reply = try edit(place, to: number) { return reply }
    guard let weight = session.plan.value(named: place.name),
      session.plan[weight].role == .parameter
    else {
      throw DebuggerCommand.Failure(
        "'\(place.name)' is not a weight",
        remedy: "learning_rate, input, target, or one of "
          + session.network.weights.map(\.name).joined(separator: ", "))
    }
    guard !place.index.isEmpty || weight.shape.count == 1 else {
      throw DebuggerCommand.Failure(
        "\(place.name) has \(weight.shape.count) numbers",
        remedy:
          "one of them, as \(place.name)\(CellExplainer.subscript(weight.shape.extents.map { _ in 0 }))"
      )
    }
    let step = session.setWeight(
      weight, at: try offset(of: place, in: weight), to: number, isWhatIf: true)
    let name = place.name + CellExplainer.subscript(place.index)
    return grown(
      "\(name) = \(ValueText.number(number)) from the start of step \(step) on",
      [("name", .text(name)), ("value", .number(number)), ("step", .integer(step))])
  }

  func offset(of place: DebuggerCommand.Place, in value: Value) throws -> Int {
    if place.index.isEmpty { return 0 }
    guard let offset = value.shape.offset(of: place.index) else {
      throw DebuggerCommand.Failure(
        "\(place.name) has shape \(value.shape), there is no \(place.index)",
        remedy: "an index of \(value.shape.rank) numbers below \(value.shape)")
    }
    return offset
  }
}

/// Explanations as text.
package enum ExplanationText {
  /// Puts numbers in the places of `{}`.
  package static func filled(_ text: String, _ numbers: [String]) -> String {
    var rest = numbers[...]
    return text.split(separator: "{}", omittingEmptySubsequences: false)
      .reduce(into: "") { line, part in
        if !line.isEmpty || part.startIndex != text.startIndex, let next = rest.popFirst() {
          line += next
        }
        line += part
      }
  }

  /// The terms of a sum, largest first, the many small ones added up.
  static func lines(_ terms: [SumTerm], result: Float) -> [String] {
    let sorted = terms.sorted { abs($0.product) > abs($1.product) }
    var lines = sorted.prefix(12).map { term in
      let factors = term.factors.map { "\($0.name) = \(ValueText.number($0.value))" }
      let example = term.example.map { "example \($0): " } ?? ""
      return "  \(example)" + factors.joined(separator: " × ")
        + (term.factors.count > 1 ? "  gives \(term.product)" : "")
    }
    if sorted.count > 12 {
      let rest = sorted.dropFirst(12).reduce(0) { $0 + $1.product }
      lines.append("  the other \(sorted.count - 12), added: \(rest)")
    }
    let sum = terms.reduce(0) { $0 + $1.product }
    lines.append(
      "  sum of \(terms.count): \(sum) in Float64, \(ValueText.number(result)) in Float32")
    return lines
  }
}
