import Autodiff
import Tensors

/// Where a step's first NaN or ∞ came from: the instruction that made it, and the numbers it made it
/// of.
package struct UnsoundOrigin: Hashable, Sendable {
  /// How finite numbers became one that is not, or where it was before.
  package enum Cause: Hashable, Sendable {
    /// It came with the data, or was in a weight or in what an optimizer keeps when the step began.
    case data, weights
    /// `0 / 0`, `log 0`, `e^120`: the part of the formula that has no finite number.
    case formula(String)
    /// A sum or a product too large for Float32.
    case overflow
    /// ∞ − ∞ or 0 × ∞ of operands that were not finite themselves.
    case operands
  }

  package let step: Int
  /// The instruction that made it, counted from 0; nil for what the step began with.
  package let instruction: Int?
  package let place: CellPlace
  /// `dense/log[3]`, and the number: NaN, ∞ or −∞.
  package let name: String
  package let value: Float
  /// As listings have it: `dense › log`.
  package let title: String
  package let formula: String
  /// What it was made of, those that are not finite first, then by size.
  package let operands: [Operand]
  package let cause: Cause
  package let example: Int?
}

extension UnsoundOrigin {
  /// The first of the step at hand, as far as it is done; nil where all numbers are finite.
  package static func first(in session: Session) -> UnsoundOrigin? {
    let plan = session.plan
    let execution = session.execution
    if let given = beginning(plan.inputs + plan.targets, .data, session) { return given }
    let isArmed = execution.canRetreat || execution.position <= plan.range(of: .update).lowerBound
    for (i, instruction) in plan.instructions[..<execution.position].enumerated() {
      if i == 0, let kept = weights(session) { return kept }
      for result in instruction.results.readersFirst.reversed()
      where execution.withNumbers(of: result.value, { !$0.allSatisfy(\.isFinite) }) {
        // An update is opened as it was at its time.
        if instruction.phase == .update, !isArmed { session.rearm() }
        if let found = first(of: result, i, session) { return found }
      }
    }
    return execution.position == 0 ? weights(session) : nil
  }

  private static func beginning(
    _ values: [Value], _ cause: Cause, _ session: Session
  ) -> UnsoundOrigin? {
    for value in values {
      let bad = session.execution.withNumbers(of: value) { $0.firstIndex { !$0.isFinite } }
      if let bad { return given(CellPlace(value, bad), cause, session) }
    }
    return nil
  }

  /// What a weight or an optimizer's memory was not finite in when the step began.
  private static func weights(_ session: Session) -> UnsoundOrigin? {
    let plan = session.plan
    let kept = plan.values.filter { $0.role == .parameter || $0.role == .optimizerState }
      .compactMap { plan.value(named: $0.name) }
    for value in kept {
      let now = session.execution.withNumbers(of: value) { $0.contains { !$0.isFinite } }
      guard now else { continue }
      session.rearm()
      let bad = (0..<value.shape.count).first {
        !session.execution.number(value, at: $0, after: 0).isFinite
      }
      if let bad { return given(CellPlace(value, bad), .weights, session) }
    }
    return nil
  }

  private static func given(
    _ place: CellPlace, _ cause: Cause, _ session: Session
  ) -> UnsoundOrigin {
    let plan = session.plan
    return UnsoundOrigin(
      step: session.shownStep, instruction: nil, place: place,
      name: plan[place.value].name + CellExplainer.subscript(place.index),
      value: session.execution.number(place.value, at: place.offset, after: 0), title: "",
      formula: "", operands: [], cause: cause,
      example: BatchAxis(plan).example(of: place))
  }

  private static func first(
    of result: InstructionResult, _ instruction: Int, _ session: Session
  ) -> UnsoundOrigin? {
    let execution = session.execution
    let plan = session.plan
    func number(_ offset: Int) -> Float {
      plan.instructions[instruction].phase == .update
        ? execution.number(result.value, at: offset, after: instruction + 1)
        : execution.number(result.value, at: offset)
    }
    guard let bad = (0..<result.value.shape.count).first(where: { !number($0).isFinite }) else {
      return nil
    }
    let place = CellPlace(result.value, bad)
    let explanation = execution.explainer(before: instruction)
      .explain(result, at: bad, value: number(bad))
    let operands = Self.operands(explanation.body)
    let line = plan.instructions[instruction]
    return UnsoundOrigin(
      step: session.shownStep, instruction: instruction, place: place, name: explanation.name,
      value: number(bad), title: (line.scopes + [line.title]).joined(separator: " › "),
      formula: result.formula, operands: operands,
      cause: cause(result.rule, operands, explanation, bad, execution, instruction),
      example: BatchAxis(plan).example(of: place))
  }

  private static func operands(_ body: CellExplanation.Body) -> [Operand] {
    let all: [Operand] =
      switch body {
      case .formula(_, let operands): operands
      case .sum(let terms): terms.flatMap(\.factors)
      }
    var seen: Set<Operand> = []
    return all.filter { seen.insert($0).inserted }.sorted { a, b in
      a.value.isFinite != b.value.isFinite
        ? !a.value.isFinite : abs(a.value) > abs(b.value)
    }
  }

  private static func cause(
    _ rule: CellRule, _ operands: [Operand], _ explanation: CellExplanation, _ offset: Int,
    _ execution: Execution, _ instruction: Int
  ) -> Cause {
    guard operands.allSatisfy(\.value.isFinite) else { return .operands }
    if case .formula(let formula, let values, let layout) = rule {
      let culprit = formula.culprit(execution.stepEnvironment) { i in
        let place = layout.modes[i].offset(of: offset, columns: layout.columns)
        return Double(execution.number(values[i], at: place, after: instruction))
      }
      if let culprit { return .formula(culprit) }
    }
    switch rule {
    case .function(.exp, _), .functionOfColumns(.exp, _, _):
      return .formula("e^\(operands.first.map { ValueText.number($0.value) } ?? "x")")
    case .exampleLoss, .lossGradient:
      return .formula(
        ExplanationText.filled(
          explanation.filled.names, []))
    default: return .overflow
    }
  }

  // MARK: Words

  /// What happened, in a sentence.
  package var sentence: String {
    switch cause {
    case .data: "\(name) came with the data as \(Self.text(value))."
    case .weights:
      "\(name) was \(Self.text(value)) already when the step began: an update before made it so."
    case .formula(let part): "\(name) is \(Self.text(value)) because of \(part)."
    case .overflow:
      "\(name) is \(Self.text(value)): the sum is larger than Float32 holds, 3.4e38."
    case .operands:
      "\(name) is \(Self.text(value)) because \(operands.first?.name ?? "an operand") is "
        + "\(operands.first.map { Self.text($0.value) } ?? "not finite")."
    }
  }

  /// What it is, which instruction wrote it, why, and of what.
  package var sentences: [String] {
    var lines = ["\(name) = \(Self.text(value)) is the first number that is not finite"]
    if let instruction {
      lines.append("instruction \(instruction + 1), \(title), wrote it: \(formula)")
    }
    return lines + [sentence]
      + operands.prefix(3).map { "from \($0.name) = \(Self.text($0.value))" }
  }

  static func text(_ number: Float) -> String {
    number.isNaN ? "NaN" : number.isFinite ? ValueText.number(number) : number > 0 ? "∞" : "−∞"
  }
}

extension Formula {
  /// The innermost part that has no finite Float32 number though all that it is made of has: `0 / 0`,
  /// `log 0`.
  package func culprit(
    _ environment: StepEnvironment, _ operand: (Int) -> Double
  ) -> String? {
    func number(_ part: Formula) -> Double { part.value(of: operand, environment) }
    func isSound(_ x: Double) -> Bool { Float(x).isFinite }
    if case .choice(let condition, let a, let b) = self {
      return (number(condition) != 0 ? a : b).culprit(environment, operand)
    }
    guard !isSound(number(self)) else { return nil }
    for part in parts {
      if let inner = part.culprit(environment, operand) { return inner }
    }
    func text(_ part: Formula) -> String { UnsoundOrigin.text(Float(number(part))) }
    switch self {
    case .combined(.divide, let a, let b): return "\(text(a)) / \(text(b))"
    case .function(let f, let a): return "\(f)(\(text(a)))"
    case .combined(let f, let a, let b): return "\(f) of \(text(a)) and \(text(b))"
    default: return nil
    }
  }
}
