import Autodiff
import Tensors

/// The moment of each step at which something is asked: so many instructions done.
struct TestMoment: Hashable {
  /// From 0, the beginning of the step, to the number of its instructions, its end.
  let instruction: Int
  let isEnd: Bool
  /// A later moment at which it can be asked with the same answer, so that the step runs through as
  /// fast as it can.
  let cut: Int
}

/// When the names of an expression have the numbers of a step.
struct MomentFinder {
  let session: Session
  /// A step (a pass) that the plan does.
  let number: Int
  let plan: Plan

  private var end: Int { plan.instructions.count }

  /// The moment at which all that an expression names is there, once in each step.
  /// - Throws: `ExpressionFailure` for what only a moment one stands at has.
  func moment(of expression: RunExpression) throws(ExpressionFailure) -> TestMoment {
    var last = 0
    for name in expression.names {
      let known = plan.value(named: name).map { plan.completion(of: $0) } ?? runMoment(name)
      last = max(last, known)
    }
    // Weights are overwritten before they are asked for, nothing is after.
    return TestMoment(instruction: last, isEnd: last == end, cut: last == 0 ? 0 : end)
  }

  /// The moment at a place of the plan, where an expression is asked as things are there.
  /// - Throws: `ExpressionFailure` of kind `notYet` where something in it is not known there.
  func moment(
    at place: Int, of expression: RunExpression?
  ) throws(ExpressionFailure) -> TestMoment {
    var untouched = end
    for name in expression?.names ?? [] {
      let known = plan.value(named: name).map { plan.firstKnown($0) } ?? runMoment(name)
      guard known <= place else {
        throw ExpressionFailure(
          .notYet(instruction: known - 1), "\(name) is not known yet where the place begins",
          remedy: "instruction \(known) of a step makes it: a place after that, or no place")
      }
      if let value = plan.value(named: name) {
        untouched = min(untouched, plan.nextOverwriting(of: value, from: place) ?? end)
      }
    }
    return TestMoment(
      instruction: place, isEnd: place == end,
      cut: place == 0 ? 0 : untouched == end ? end : latestPhaseEnd(place...untouched) ?? place)
  }

  /// Whole phases run faster than parts of one.
  private func latestPhaseEnd(_ range: ClosedRange<Int>) -> Int? {
    Phase.allCases.map { plan.range(of: $0).upperBound }.filter { range.contains($0) }.max()
  }

  /// When a number of the run is there, by how many instructions.
  private func runMoment(_ name: String) -> Int {
    switch name {
    case "loss": plan.loss.map { plan.completion(of: $0) } ?? end
    case "accuracy": max(plan.completion(of: plan.output), 1)
    case "gradient_norm": plan.gradientNormOrigin + 1
    case "train_loss", "train_accuracy", "update_ratio": end
    default: 0
    }
  }
}
