import Autodiff
import Tensors

/// Adds to a graph how its outputs are judged:
///
///     L = Σ over outputs of weight · loss + Σ of penalties
struct Judging {
  private let network: Network
  private let compilation: Compilation

  init(_ network: Network, _ compilation: Compilation) {
    self.network = network
    self.compilation = compilation
  }

  /// - Parameters:
  ///   - weights: every array that outlives a step, as the graph has it.
  ///   - weighting: how finely examples come with how much they count.
  func judgment(
    of masked: [MaskedValue], weights: [(value: Value, spec: WeightSpec)], weighting: Weighting,
    in builder: inout GraphBuilder
  ) -> Judgment {
    builder.beginLoss()
    let outputs = masked.map(\.value)
    var (targets, counts, terms) = ([Value](), [Value](), [Value]())
    var masks: [Value?] = []
    var shares: [Double] = []
    let losses = compilation.outputs.count { $0.loss != nil }
    for (place, i) in compilation.targeted.enumerated() {
      let judging = compilation.outputs[i]
      let name =
        losses == 1 && judging.loss != nil ? "" : network.graph.outputNames[i] + "_"
      let target = builder.target(
        name + "target", "t", judging.targetShape(for: outputs[i].shape))
      targets.append(target)
      masks.append(masked[i].mask)
      if weighting.shapes.indices.contains(place) {
        let shape = Shape([outputs[i].shape[0]] + weighting.shapes[place].extents)
        counts.append(builder.target(name + "sample_weight", "s", shape))
      }
      // What only a metric looks at is no part of the loss.
      guard let component = judging.loss else { continue }
      terms.append(
        term(
          LossCatalog.loss(component), component, name + "loss", prediction: outputs[i],
          target: target,
          mask: masked[i].mask, counts: counts.last,
          afterSoftmax: network.endsInSoftmax(output: i), in: &builder))
      shares.append(judging.weight)
    }
    builder.computePenalties()
    for (weight, spec) in weights where spec.isTrainable {
      guard let regularizer = spec.regularizer.flatMap(RegularizerCatalog.regularizer) else {
        continue
      }
      builder.addPenalty(
        builder.name(of: weight), regularizer.penalty(of: weight, into: &builder))
    }
    var judgment = Judgment(loss: total(terms, shares, in: &builder))
    (judgment.targets, judgment.sampleWeights, judgment.terms) = (targets, counts, terms)
    judgment.masks = masks
    return judgment
  }

  /// The loss of one output: one number.
  private func term(
    _ loss: any LossClass, _ component: Component, _ name: String, prediction: Value,
    target: Value, mask: Value?, counts: Value?, afterSoftmax: Bool,
    in builder: inout GraphBuilder
  ) -> Value {
    if compilation.optimizer.kind == Perceptron.entry.kind {
      return Perceptron.criterion(
        prediction: prediction, target: target, name: name, into: &builder)
    }
    let reduction = LossReduction(component.arguments)
    if let fused = loss.fused, counts == nil, mask == nil, reduction.isMean {
      return builder.apply(
        LossOp(fused, afterSoftmax: afterSoftmax, name: name), to: [prediction, target])
    }
    func lower(_ builder: inout GraphBuilder) -> Losses {
      loss.losses(prediction: prediction, target: target, into: &builder)
        .masked(by: mask, into: &builder)
    }
    guard name != "loss" else {
      return reduction.reduce(lower(&builder), counts, name: name, into: &builder)
    }
    // The values of several losses are told apart by the name of their output.
    var losses: Losses?
    let each = builder.layer(name) { builder in
      let made = lower(&builder)
      losses = made
      return made.each
    }
    return reduction.reduce(
      Losses(each, mask: losses?.mask), counts, name: name, into: &builder)
  }

  /// `Σ share · term + Σ penalty`, or the only term itself.
  private func total(
    _ terms: [Value], _ shares: [Double], in builder: inout GraphBuilder
  ) -> Value {
    let penalties = builder.penalties.map(\.value)
    if terms.count == 1, shares == [1], penalties.isEmpty { return terms[0] }
    if terms.count == 1 { builder.rename(terms[0], "data_loss", symbol: "L₀") }
    for (i, penalty) in builder.penalties.enumerated() {
      builder.rename(penalty.value, penalty.name + "/penalty", symbol: "R" + "\(i + 1)")
    }
    // At most eight numbers meet in one instruction; the sum goes on from there.
    let all = terms + penalties
    let factors = shares + penalties.map { _ in 1 }
    var sum: Value?
    for start in stride(from: 0, to: all.count, by: 6) {
      let part = start..<min(start + 6, all.count)
      var formula: Formula? = sum == nil ? nil : .operand(0)
      for i in part {
        let operand = Formula.operand(i - start + (sum == nil ? 0 : 1))
        let scaled = factors[i] == 1 ? operand : .constant(factors[i]) * operand
        formula = formula.map { $0 + scaled } ?? scaled
      }
      sum = builder.formula(
        "loss", "L", formula ?? .constant(0), (sum.map { [$0] } ?? []) + part.map { all[$0] })
    }
    guard let sum else { preconditionFailure("a network without a loss") }
    return sum
  }
}
