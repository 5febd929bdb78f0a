import Autodiff
import Tensors

/// How what a fold gives comes about: the formulas of it, one number of each opened, and what within
/// the fold these are made of, opened too.
package struct FoldExplanation: Sendable {
  package let fold: Fold
  /// The formulas of what it gives: `c[5] = f · c[4] + i · g`.
  package let formulas: [String]
  /// One number of each of them; none while they are not known.
  package let outputs: [CellExplanation]
  /// What these are made of within the fold, what comes first last.
  package let inner: [CellExplanation]
  /// How many more numbers within the fold these are made of.
  package let hidden: Int
  package let words: [String]

  private static let mostInner = 12

  /// - Parameters:
  ///   - example: the place in the batch of the one whose numbers are opened.
  ///   - unit: which of its numbers; nil takes that of the largest size.
  package init(of fold: Fold, in session: Session, example: Int, unit: Int? = nil) {
    self.fold = fold
    let plan = session.plan
    let results = plan.instructions[fold.range].flatMap(\.results)
    let flow = FoldFlow(of: fold.range, in: plan)
    let shown = Self.shown(results, flow.gives, plan)
    formulas = shown.map { Self.formula($0, plan) }
    let numbers = FoldNumbers(session: session, example: example)
    let isDone = session.execution.position >= fold.range.upperBound
    var chosen = unit
    var queue: [(result: InstructionResult, offset: Int)] = []
    for result in isDone ? shown.reversed() : [] {
      let offsets = numbers.offsets(in: result.value)
      guard !offsets.isEmpty else { continue }
      if chosen == nil {
        chosen = offsets.indices.max {
          abs(session.execution.number(result.value, at: offsets[$0]))
            < abs(session.execution.number(result.value, at: offsets[$1]))
        }
      }
      queue.append((result, offsets[min(chosen ?? 0, offsets.count - 1)]))
    }
    outputs = queue.reversed().map { session.explain($0.result, at: $0.offset) }
    var opened = Set(queue.map { Place(value: $0.result.value, offset: $0.offset) })
    var inner: [CellExplanation] = []
    var next = 0
    while next < queue.count, inner.count < Self.mostInner {
      let (result, offset) = queue[next]
      if next >= outputs.count { inner.append(session.explain(result, at: offset)) }
      for found in Self.sources(of: result, at: offset, results, session)
      where opened.insert(Place(value: found.result.value, offset: found.offset)).inserted {
        queue.append(found)
      }
      next += 1
    }
    self.inner = inner
    hidden = queue.count - outputs.count - inner.count
    words = FoldWords(fold: fold, session: session, numbers: numbers, unit: chosen ?? 0).sentences
  }

  private struct Place: Hashable {
    let value: Value
    let offset: Int
  }

  /// What is made in the fold and given on, at most three; of an update the weights.
  private static func shown(
    _ results: [InstructionResult], _ gives: [Value], _ plan: Plan
  ) -> [InstructionResult] {
    var given: [InstructionResult] = []
    for result in results where gives.contains(result.value) {
      // A value may be overwritten several times: the last one counts.
      given.removeAll { $0.value == result.value }
      given.append(result)
    }
    let learned = given.filter { plan[$0.value].role == .parameter }
    if !learned.isEmpty { return Array(learned.suffix(3)) }
    return given.isEmpty ? Array(results.suffix(1)) : Array(given.suffix(3))
  }

  private static func formula(_ result: InstructionResult, _ plan: Plan) -> String {
    result.formula.contains("=") || result.formula.contains(" is ") || result.formula.contains("←")
      ? result.formula : "\(plan[result.value].symbol) = \(result.formula)"
  }

  /// What a number is made of, as far as the fold makes it: of a long sum the largest term alone.
  private static func sources(
    of result: InstructionResult, at offset: Int, _ results: [InstructionResult],
    _ session: Session
  ) -> [(result: InstructionResult, offset: Int)] {
    let plan = session.plan
    let operands: [Operand]
    switch session.explain(result, at: offset).body {
    case .formula(_, let all): operands = all.count > 8 ? Array(all.prefix(1)) : all
    case .sum(let terms) where terms.count <= 4: operands = terms.flatMap(\.factors)
    case .sum(let terms):
      operands = terms.max { abs($0.product) < abs($1.product) }?.factors ?? []
    }
    return operands.compactMap { operand in
      for value in result.rule.operands {
        guard let offset = place(of: operand, in: value, plan),
          session.execution.number(value, at: offset) == operand.value
        else { continue }
        return results.last { $0.value == value && $0.value != result.value }.map { ($0, offset) }
      }
      return nil
    }
  }

  /// Where an operand stands in a value, if its name is that of a number of it: `f[0,2]`.
  private static func place(of operand: Operand, in value: Value, _ plan: Plan) -> Int? {
    let symbol = plan[value].symbol
    let base = symbol.hasSuffix("[n]") ? String(symbol.dropLast(3)) : symbol
    guard operand.name.hasPrefix(base) else { return nil }
    let rest = operand.name.dropFirst(base.count)
    guard rest.isEmpty || rest.first == "[" && rest.last == "]" else { return nil }
    let index = rest.dropFirst().dropLast().split(separator: ",").map { Int($0) }
    guard !index.contains(nil) else { return nil }
    return value.shape.offset(of: index.compactMap { $0 })
  }
}

extension CellExplanation {
  /// Its symbol with its place: `c[5][0,2]`.
  package var shortName: String {
    let place = name.firstIndex(of: "[").map { String(name[$0...]) } ?? ""
    return symbol.hasSuffix("[n]") ? String(symbol.dropLast(3)) + place : symbol + place
  }

  /// The formula with names in it, and with numbers; of a long sum the largest terms alone.
  package var filled: (names: String, numbers: String) {
    switch body {
    case .formula(let text, let operands):
      let isLong = operands.count > 24
      return (
        isLong ? formula : ExplanationText.filled(text, operands.map(\.name)),
        isLong
          ? "\(operands.count) numbers in it"
          : ExplanationText.filled(text, operands.map { ValueText.number($0.value) })
      )
    case .sum(let terms):
      let shown =
        terms.count <= 4
        ? terms : Array(terms.sorted { abs($0.product) > abs($1.product) }.prefix(3))
      let rest = terms.count - shown.count
      let ending = rest == 0 ? "" : " + … (\(rest) more)"
      return (
        shown.map { $0.factors.map(\.name).joined(separator: " × ") }.joined(separator: " + ")
          + ending,
        shown.map { $0.factors.map { ValueText.number($0.value) }.joined(separator: " × ") }
          .joined(separator: " + ") + ending
      )
    }
  }
}
