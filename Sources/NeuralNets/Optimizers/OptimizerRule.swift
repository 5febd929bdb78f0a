import Autodiff
import Tensors

/// A whole update phase, in Keras's order: gradients are accumulated and clipped, weights decay, are
/// updated, averaged, and held to their constraints. What was not asked for has no instruction.
package struct OptimizerRule: UpdateRule {
  private enum Clipping {
    case none
    /// Each gradient to a length, all together to one, or each number to a size.
    case norm(Double)
    case globalNorm(Double)
    case value(Double)
  }

  private struct Averaging {
    let momentum: Double
    let overwriteFrequency: Int?
  }

  private let optimizer: any OptimizerClass
  private let timing: UpdateTiming
  private let clipping: Clipping
  private let decay: Double?
  private let averaging: Averaging?
  private let constraints: [Value: any Constraint]

  /// - Parameter weights: those of the network, with what they are held to.
  package init(_ component: Component, for weights: [(value: Value, spec: WeightSpec)] = []) {
    let arguments = component.arguments
    optimizer = OptimizerCatalog.optimizer(component)
    timing = UpdateTiming(steps: arguments["gradient_accumulation_steps"].asInteger ?? 1)
    clipping = Self.clipping(arguments)
    decay = arguments.optionalNumber("weight_decay")
    averaging =
      arguments["use_ema"] == .boolean(true)
      ? Averaging(
        momentum: arguments.number("ema_momentum"),
        overwriteFrequency: arguments["ema_overwrite_frequency"].asInteger) : nil
    var constraints: [Value: any Constraint] = [:]
    for (value, spec) in weights {
      constraints[value] = spec.constraint.flatMap(ConstraintCatalog.constraint)
    }
    self.constraints = constraints
  }

  private static func clipping(_ arguments: Arguments) -> Clipping {
    func limit(_ name: String) -> Double? {
      arguments.optionalNumber(name).flatMap { $0 == 0 ? nil : $0 }
    }
    if let length = limit("clipnorm") { return .norm(length) }
    if let length = limit("global_clipnorm") { return .globalNorm(length) }
    return limit("clipvalue").map { .value($0) } ?? .none
  }

  /// What is kept of a weight whatever the optimizer: an accumulated gradient, an average.
  func kept(of shape: Shape) -> [KeptNumbers] {
    (timing.isDue == nil ? [] : [KeptNumbers(symbol: "Σg", shape: shape)])
      + (averaging == nil ? [] : [KeptNumbers(symbol: "avg", shape: shape)])
  }

  /// What the average of a weight is called.
  package static func averageName(of weight: String) -> String { weight + ".average" }

  package func update(_ parameters: [LearnedParameter], _ emitter: inout Emitter) {
    let learned = parameters.map { one in
      emitter.atParameter(one.parameter) {
        LearnedParameter(parameter: one.parameter, gradient: accumulated(one, &$0))
      }
    }
    let length = globalLength(learned, &emitter)
    let shared = optimizer.begin(timing, &emitter)
    for one in learned {
      emitter.atParameter(one.parameter) { emitter in
        let weight = LearnedWeight(
          value: one.parameter, gradient: clipped(one.gradient, length, &emitter),
          timing: timing, shared: shared)
        emitDecay(weight, &emitter)
        optimizer.update(weight, &emitter)
        emitAverage(one.parameter, &emitter)
        constraints[one.parameter]?.hold(one.parameter, &emitter)
      }
    }
  }

  // MARK: Gradients

  /// The mean of the gradients since the last update, in the step of the next.
  private func accumulated(_ one: LearnedParameter, _ emitter: inout Emitter) -> Value {
    guard let isDue = timing.isDue else { return one.gradient }
    let (name, symbol) = (emitter.name(of: one.gradient), emitter.symbol(of: one.gradient))
    let sum = emitter.state(
      emitter.name(of: one.parameter) + ".accumulated", "Σ" + symbol, one.gradient.shape)
    let total = Formula.operand(0) + .operand(1)
    let mean = emitter.compute(
      name + ".mean", "mean \(symbol)", total / .constant(Double(timing.steps)),
      [sum, one.gradient], title: "mean ∂")
    emitter.emitUpdate(
      title: "accumulate", [(sum, .where(isDue, 0, total))], operands: [sum, one.gradient])
    return mean
  }

  /// `Σ g²` over all weights, where they are clipped together.
  private func globalLength(_ learned: [LearnedParameter], _ emitter: inout Emitter) -> Value? {
    guard case .globalNorm = clipping, !learned.isEmpty else { return nil }
    let all = emitter.value("gradient.squares", "‖g‖²", [learned.count])
    var pieces: [Value] = []
    for (i, one) in learned.enumerated() {
      let (name, symbol) = (emitter.name(of: one.gradient), emitter.symbol(of: one.gradient))
      let piece = emitter.view(of: all, offset: i, name + ".squares", "‖\(symbol)‖²", [])
      pieces.append(
        emitter.atParameter(one.parameter) { $0.sumOfSquares(of: one.gradient, into: piece) })
    }
    emitter.completes(all, pieces: pieces)
    return emitter.apply(
      ReduceOp(.sum, axes: 0..<1), to: [all], "gradient.square_sum", "Σ‖g‖²")
  }

  private func clipped(
    _ g: Value, _ globalLength: Value?, _ emitter: inout Emitter
  ) -> Value {
    let x = Formula.operand(0)
    let size = Formula.sqrt(.operand(1))
    let formula: Formula
    var operands = [g]
    switch clipping {
    case .none: return g
    case .value(let limit): formula = .clip(x, .constant(-limit), .constant(limit))
    case .norm(let limit):
      operands.append(emitter.sumOfSquares(of: g))
      formula = x * .constant(limit) / .max(size, .constant(limit))
    case .globalNorm(let limit):
      guard let globalLength else { return g }
      operands.append(globalLength)
      formula = x * (.constant(limit) * .min(1 / size, 1 / .constant(limit)))
    }
    return emitter.compute(
      emitter.name(of: g) + ".clipped", "clipped " + emitter.symbol(of: g), formula, operands,
      title: "clip")
  }

  // MARK: Weights

  /// `w ← w (1 − λ lr)`, apart from the gradient. (Loshchilov & Hutter 2019)
  private func emitDecay(_ weight: LearnedWeight, _ emitter: inout Emitter) {
    guard let decay else { return }
    let shrink: Formula = 1 - .named("λ", decay) * .learningRate
    weight.assign(
      [(weight.value, .operand(0) * shrink)], operands: [weight.value], title: "decay", &emitter)
  }

  /// `avg ← μ avg + (1 − μ) w`, begun with the weights after the first update.
  private func emitAverage(_ w: Value, _ emitter: inout Emitter) {
    guard let averaging else { return }
    let average = emitter.state(Self.averageName(of: emitter.name(of: w)), "avg", w.shape)
    let mu = Formula.named("μ", averaging.momentum)
    let mean = mu * .operand(0) + (1 - mu) * .operand(1)
    let next = Formula.where(.equal(timing.done, 0), .operand(1), mean)
    var assignments: [(value: Value, formula: Formula)] = [(average, next)]
    if let frequency = averaging.overwriteFrequency {
      let isTime = Formula.equal(
        .combined(.modulo, timing.done + 1, .constant(Double(frequency))), 0)
      assignments.append((w, .where(isTime, next.called("avg"), .operand(1))))
    }
    emitter.emitUpdate(title: "average", assignments, operands: [average, w])
  }
}

extension ArgumentValue {
  /// The whole number that it is, if it is one.
  fileprivate var asInteger: Int? {
    if case .integer(let i) = self { i } else { nil }
  }
}
