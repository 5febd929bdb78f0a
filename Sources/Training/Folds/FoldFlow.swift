import Autodiff
import Tensors

/// What a fold takes in and what it gives out.
package struct FoldFlow: Hashable, Sendable {
  /// What it reads that was made outside, in the order of use.
  package let takes: [Value]
  /// What it makes that the same phase needs after it, or that the step ends with.
  package let gives: [Value]
  /// What it makes that only later phases read.
  package let keeps: [Value]

  /// Where numbers lie: two values that overlap share some.
  private struct Span {
    let isState: Bool
    let numbers: Range<Int>

    init(_ value: Value, _ plan: Plan) {
      switch plan[value].storage {
      case .state(let offset):
        (isState, numbers) = (true, offset..<offset + max(value.shape.count, 1))
      case .activations(let offset):
        (isState, numbers) = (false, offset..<offset + max(value.shape.count, 1))
      }
    }

    func overlaps(_ other: Span) -> Bool {
      isState == other.isState && numbers.overlaps(other.numbers)
    }
  }

  package init(of range: Range<Int>, in plan: Plan) {
    var takes: [Value] = []
    var made: [(value: Value, span: Span)] = []
    for instruction in plan.instructions[range] {
      for operand in instruction.results.flatMap(\.rule.operands) {
        let span = Span(operand, plan)
        let isOwn = made.contains { $0.span.overlaps(span) }
        let isResult = instruction.results.contains {
          $0.value != operand && Span($0.value, plan).overlaps(span)
            || $0.value == operand && !instruction.overwrites.contains(operand)
        }
        if !isOwn, !isResult, !takes.contains(operand) { takes.append(operand) }
      }
      for result in instruction.results {
        let span = Span(result.value, plan)
        // A view of what was made already is the same numbers again.
        let isNew = !made.contains {
          $0.span.numbers == span.numbers && $0.span.isState == span.isState
        }
        if isNew { made.append((result.value, span)) }
      }
    }
    self.takes = takes
    var gives: [Value] = []
    var keeps: [Value] = []
    let phase = plan.instructions[range.lowerBound].phase
    let later = plan.instructions[range.upperBound...]
    let ends = (plan.outputs + (plan.loss.map { [$0] } ?? [])).map { Span($0, plan) }
    let readers = later.map { instruction in
      (instruction.phase, instruction.results.flatMap(\.rule.operands).map { Span($0, plan) })
    }
    for (value, span) in made {
      func isRead(_ wanted: (Phase) -> Bool) -> Bool {
        readers.contains { wanted($0.0) && $0.1.contains { $0.overlaps(span) } }
      }
      let isLearned = phase == .backward && plan.gradients.values.contains(value)
      if span.isState || isLearned || ends.contains(where: { $0.overlaps(span) })
        || isRead({ $0 == phase || phase == .forward && $0 == .loss })
      {
        gives.append(value)
      } else if isRead({ $0 != phase }) {
        keeps.append(value)
      }
    }
    self.gives = gives
    self.keeps = keeps
  }
}
