import Autodiff
import NeuralNets
import Tensors

extension Session {
  /// What each of several losses made of a weight's change: the gradient is a sum over the losses, so
  /// the step is gone through again in Float64 with one loss counting at a time. Empty where there is
  /// one loss.
  ///
  /// - Precondition: the step of the answer is at hand.
  func lossShares(of answer: WeightAnswer) -> [WeightAnswer.LossShare] {
    guard plan.lossTerms.count > 1 else { return [] }
    let weighted = network.plan(
      batchSize: plan.batchSize, for: .training,
      weighting: plan.sampleWeights.isEmpty
        ? .byExample(losses: plan.lossTerms.count) : plan.weighting)
    guard weighted.lossTerms.count == plan.lossTerms.count,
      weighted.sampleWeights.count == plan.lossTerms.count,
      let weight = weighted.value(named: plan[answer.place.value].name),
      let gradient = weighted.gradients[weight]
    else { return [] }
    let run = again(weighted)
    func slope(_ counts: (Int) -> Bool) -> Double {
      for (i, value) in weighted.sampleWeights.enumerated() {
        let known = plan.sampleWeights.indices.contains(i) ? plan.sampleWeights[i] : nil
        let given =
          known.map { execution.numbers(of: $0) }
          ?? [Float](repeating: 1, count: value.shape.count)
        run.write(counts(i) ? given : given.map { _ in 0 }, to: value)
      }
      var reference = ReferenceExecution<Double>(run)
      reference.run(0..<weighted.range(of: .update).lowerBound)
      return reference[gradient, answer.place.offset]
    }
    let penalties = slope { _ in false }
    let slopes = weighted.lossTerms.indices.map { i in slope { $0 == i } - penalties }
    let whole = slopes.reduce(penalties, +)
    guard whole != 0, whole.isFinite else { return [] }
    let names = plan.lossTerms.map { plan[$0].name }
    return (zip(names, slopes).map { ($0, $1) } + [("penalties", penalties)])
      .filter { $0.1 != 0 }
      .map { WeightAnswer.LossShare(name: $0.0, amount: $0.1 * answer.newGradient / whole) }
      .sorted { $0.amount.rank > $1.amount.rank }
  }

  /// The step at hand as it began, under another plan of the network, with a memory of its own.
  private func again(_ other: Plan) -> Execution {
    let run = Execution(other)
    let environment = execution.stepEnvironment
    run.begin(
      seed: environment.seed, step: environment.step,
      learningRate: Float(environment.learningRate))
    let same =
      Array(zip(plan.parameters, other.parameters)) + Array(zip(plan.inputs, other.inputs))
      + Array(zip(plan.targets, other.targets))
    for (from, to) in same where from.shape == to.shape {
      run.write(
        (0..<from.shape.count).map { execution.number(from, at: $0, after: 0) }, to: to)
    }
    return run
  }
}
