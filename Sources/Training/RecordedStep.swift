import Autodiff
import NeuralNets
import Tensors

/// One training step with all its numbers, as the lab computed them: what a script elsewhere must
/// come to as well.
package struct RecordedStep: Sendable {
  package let step: Int
  package let network: Network
  /// The plan as it should be: a fault may be planted in the one that made the numbers.
  package let plan: Plan
  package let environment: StepEnvironment
  /// What is there before the first instruction: examples, weights, what the optimizer remembers.
  package let start: [(value: Value, numbers: [Float])]
  /// What each instruction makes: its results, in their order.
  package let results: [[(value: Value, numbers: [Float])]]

  /// The numbers that a value had before the step, nil when an instruction makes it.
  package func startNumbers(of value: Value) -> [Float]? {
    start.first { $0.value == value }?.numbers
  }

  /// The same, but that one number before the step is another: a check must then find it.
  package func withStart(_ name: String, at offset: Int, plus difference: Float) -> RecordedStep {
    var start = start
    for i in start.indices where plan[start[i].value].name == name {
      start[i].numbers[offset] += difference
    }
    return RecordedStep(
      step: step, network: network, plan: plan, environment: environment, start: start,
      results: results)
  }

  /// The numbers of a value as the last instruction left it that makes it.
  package func numbers(of value: Value) -> [Float]? {
    for made in results.reversed() {
      if let found = made.first(where: { $0.value == value }) { return found.numbers }
    }
    return nil
  }
}

extension Session {
  /// Runs a step again beside this run, and keeps every number of it; the run stays where it is.
  ///
  /// - Parameter step: the step at hand when nil; a run of passes counts passes.
  /// - Throws: `RunFailure` for a step before the settings at hand, or one not yet recorded of
  ///   passes.
  package func recorded(step: Int? = nil) throws(RunFailure) -> RecordedStep {
    let wanted = step ?? shownStep
    let last = passRun.map { $0.passes.count - 1 }
    guard wanted >= firstStep, wanted <= last ?? wanted else {
      throw RunFailure(
        "step \(wanted) is not one of the settings at hand",
        remedy: "one from \(firstStep)" + (last.map { " to \($0)" } ?? " on"))
    }
    let copy = Session(replaying: self, from: wanted)
    copy.replay(toStep: wanted)
    return copy.recordStep()
  }

  private func recordStep() -> RecordedStep {
    let (plan, step) = (plan, shownStep)
    let start = plan.givenValues.map { ($0, execution.numbers(of: $0)) }
    var results: [[(Value, [Float])]] = []
    for instruction in plan.instructions {
      execution.advance()
      results.append(
        instruction.results.map { ($0.value, execution.numbers(of: $0.value)) })
    }
    return RecordedStep(
      step: step, network: network,
      plan: settings.sabotage?.formula == nil ? plan : soundPlan,
      environment: execution.stepEnvironment,
      start: start, results: results)
  }
}
