import Tensors

/// A recurrent layer over sequences x [batch, time, features]: at every time step a cell makes of
/// `x[t]` and of what it carried from the step before what it carries on. Gives the last h [batch,
/// units], or all of them [batch, time, units]; if asked, also what is carried after the last step.
///
/// Inputs are x, W [features, gates · units], U [units, gates · units], and as far as the form says
/// the bias, what is carried into the first step, a mask [batch, time] (1 where a step counts), and
/// what h' is multiplied with in front of each gate [gates, batch, units]. x may have an input for
/// each gate, side by side.
///
/// Where the mask is 0, all that is carried stays as it was, and the output is the one before (zeros
/// at first), as in Keras.
///
/// Backward goes through time from the last step to the first; the gradients of W, U and b are then
/// one product each over all time steps.
package struct RecurrentOp: Op {
  /// What it is given and what it gives.
  package struct Form: Hashable, Sendable {
    package var returnsSequences = false
    package var returnsState = false
    package var hasBias = true
    package var hasInitialState = false
    package var hasMask = false
    /// Whether the outputs of steps that do not count are zeros.
    package var zeroesMasked = false
    package var dropsRecurrent = false

    package init() {}
  }

  let cell: any RecurrentCell
  let form: Form

  /// A long short-term memory.
  package static func longShortTerm(
    activation: ScalarFunction = .tanh, recurrentActivation: ScalarFunction = .sigmoid,
    _ form: Form = Form()
  ) -> RecurrentOp {
    RecurrentOp(
      cell: LongShortTermCell(activation: activation, recurrentActivation: recurrentActivation),
      form: form)
  }

  /// A gated recurrent unit.
  ///
  /// - Parameter resetsAfter: whether the reset gate acts after the product with U, or before.
  package static func gated(
    activation: ScalarFunction = .tanh, recurrentActivation: ScalarFunction = .sigmoid,
    resetsAfter: Bool = true, _ form: Form = Form()
  ) -> RecurrentOp {
    RecurrentOp(
      cell: GatedCell(
        activation: activation, recurrentActivation: recurrentActivation,
        resetsAfter: resetsAfter), form: form)
  }

  /// A layer whose output is simply fed back.
  package static func simple(
    activation: ScalarFunction = .tanh, _ form: Form = Form()
  ) -> RecurrentOp {
    RecurrentOp(cell: SimpleCell(activation: activation), form: form)
  }

  package var outputName: String { "sequence" }
  package var outputSymbol: String { "h" }
  package var contributions: [ContributionRule] { [.terms, .rescaled, .formula, .chosen] }

  package func outputShape(_ inputs: [Shape]) -> Shape {
    let (x, u) = (inputs[0], inputs[2])
    precondition(
      x.rank == 3 && x[1] > 0 && u.last == cell.gates.count * u[0], "\(x) and \(u) do not fit")
    return form.returnsSequences ? [x[0], x[1], u[0]] : [x[0], u[0]]
  }

  package func furtherOutputs(_ inputs: [Shape]) -> [FurtherOutput] {
    guard form.returnsState else { return [] }
    return cell.carried.map {
      FurtherOutput(
        name: "last_" + $0, symbol: "\($0)[\(inputs[0][1] - 1)]",
        shape: [inputs[0][0], inputs[2][0]])
    }
  }

  /// Whether what comes out is not always h: before the first step that counts it is zeros, whatever
  /// was carried in.
  var hasOwnOutputs: Bool { form.hasMask && (form.hasInitialState || form.zeroesMasked) }

  /// Whether the output lies where the last step writes it.
  private var sharesLastOutput: Bool { !form.returnsSequences && !form.returnsState }

  /// What `x W` is called for the columns of a sum.
  func productName(of sum: RecurrentSum) -> String {
    cell.sums.count == 1 ? "product" : "product_" + sum.name
  }

  func inputs(_ inputs: [Value]) -> RecurrentInputs {
    RecurrentInputs(inputs, form, carried: cell.carried.count)
  }

  // MARK: Forward

  package func forward(_ inputs: [Value], _ y: Value, _ emitter: inout Emitter) -> [Value] {
    forward(inputs, outputs: [y], &emitter)
  }

  package func forward(
    _ inputs: [Value], outputs: [Value], _ emitter: inout Emitter
  ) -> [Value] {
    let given = self.inputs(inputs)
    let trace = RecurrentTrace(self, given, &emitter)
    let y = outputs[0]
    emitter.emitSwap(given.x, trace["x"].whole, "\(emitter.symbol(of: given.x)) by time")
    emitWeightedInputs(given, trace, &emitter)
    emitStart(given, trace, &emitter)
    let shown = hasOwnOutputs ? trace["y"] : trace.carried("h").after
    if sharesLastOutput {
      emitter.place(y, inside: shown.whole, offset: shown.whole.shape.count - y.shape.count)
    }
    for t in 0..<given.time {
      var step = RecurrentStep(t: t, op: self, given: given, trace: trace)
      if sharesLastOutput && t == given.time - 1 { step.output = y }
      emitter.within("t = \(t)") {
        emitKept(step, &$0)
        cell.emitStep(step, &$0)
        emitMasking(step, &$0)
      }
    }
    trace.complete(&emitter)
    if form.returnsSequences {
      emitter.emitSwap(shown.whole, y, "h by example")
    } else if !sharesLastOutput, let last = shown.steps.last {
      emitter.emitCopy(last, y, "last h", "the last h is the output")
    }
    for (name, value) in zip(cell.carried, outputs.dropFirst()) {
      guard let last = trace.carried(name).after.steps.last else { continue }
      emitter.emitCopy(last, value, "last \(name)", "the last \(name) is given on")
    }
    return trace.kept
  }

  /// `x W` for all time steps at once, sum by sum.
  private func emitWeightedInputs(
    _ given: RecurrentInputs, _ trace: RecurrentTrace, _ emitter: inout Emitter
  ) {
    let (x, units) = (trace["x"].whole, given.units)
    let (xs, ws) = (emitter.symbol(of: given.x), emitter.symbol(of: given.w))
    var calls: [KernelCall] = []
    var results: [InstructionResult] = []
    func block(_ blocks: ClosedRange<Int>) -> ProductBlock {
      ProductBlock(
        form: .plain, aFrom: given.firstFeature(of: blocks.lowerBound),
        bFrom: blocks.lowerBound * units, count: given.features, width: blocks.count * units)
    }
    for sum in cell.sums {
      let product = trace[productName(of: sum)].whole
      let groups =
        given.hasInputPerGate
        ? sum.blocks.map { $0...$0 } : [sum.blocks.lowerBound...(sum.blocks.upperBound - 1)]
      for group in groups {
        calls.append(
          .blockProduct(
            x, given.w, product, from: (group.lowerBound - sum.blocks.lowerBound) * units,
            block(group)))
      }
      let isWhole = cell.sums.count == 1 && !given.hasInputPerGate
      results.append(
        InstructionResult(
          product, "\(xs) · \(ws) for all time steps",
          isWhole
            ? .sum([.product(a: x, aTransposed: false, b: given.w, bTransposed: false)])
            : .columns(
              sum.blocks.map { .sum([.block(a: x, b: given.w, block($0...$0))]) })))
    }
    emitter.emit("\(xs) \(ws)", calls, results)
  }

  /// The mask with time first, and what is carried into the first step.
  private func emitStart(
    _ given: RecurrentInputs, _ trace: RecurrentTrace, _ emitter: inout Emitter
  ) {
    if let mask = given.mask { emitter.emitSwap(mask, trace["mask"].whole, "mask by time") }
    for (name, value) in zip(cell.carried, given.initial) {
      let start = trace.carried(name).start
      emitter.emitCopy(
        value, start, "\(name)[−1]", "\(emitter.symbol(of: start)) is what came in")
    }
  }

  /// `h'` as each gate sees it, some of its numbers dropped: the same ones at every time step.
  private func emitKept(_ step: RecurrentStep, _ emitter: inout Emitter) {
    guard step.given.recurrentMask != nil else { return }
    let h = step.before("h")
    let masks = step.trace.recurrentMasks
    let kept = cell.gates.indices.map { step.left($0) }
    emitter.emit(
      "\(emitter.symbol(of: h)) kept",
      zip(masks, kept).map { .multiply(h, $0, $1) },
      zip(masks, kept).map { mask, value in
        InstructionResult(
          value, "\(emitter.symbol(of: h)) · \(emitter.symbol(of: mask))",
          .sum([.elements([h, mask])]))
      })
  }

  /// What the mask lets through: `h = new h` where the step counts, else h'.
  private func emitMasking(_ step: RecurrentStep, _ emitter: inout Emitter) {
    guard step.given.mask != nil else { return }
    let mask = step["mask"]
    let layout = OperandLayout(
      rows: step.given.batch, columns: step.given.units, modes: [.perRow, .full, .full])
    for name in cell.carried {
      let (after, new) = (step.trace.carried(name).after.steps[step.t], step.made(name))
      let before = step.before(name)
      emitter.emitFormulas(
        name,
        [
          (
            after, .where(.operand(0), .operand(1), .operand(2)),
            "\(emitter.symbol(of: after)) = \(emitter.symbol(of: new)) where the step counts, "
              + "else \(emitter.symbol(of: before))"
          )
        ], operands: [mask, new, before], layout: layout)
    }
    guard hasOwnOutputs else {
      let h = step.trace.carried("h").after.steps[step.t]
      if let output = step.output {
        emitter.emitCopy(h, output, "last h", "the last h is the output", calls: [])
      }
      return
    }
    let (y, new) = (step["y"], step.made("h"))
    let keepsLast = step.t > 0 && !form.zeroesMasked
    let last = keepsLast ? step.trace["y"].steps[step.t - 1] : new
    emitter.emitFormulas(
      "y",
      [
        (
          y, .where(.operand(0), .operand(1), keepsLast ? .operand(2) : 0),
          "y = \(emitter.symbol(of: new)) where the step counts, else "
            + (keepsLast ? "the y before" : "0")
        )
      ], operands: [mask, new, last], layout: layout)
    if let output = step.output {
      emitter.emitCopy(y, output, "last y", "the last y is the output", calls: [])
    }
  }
}

extension Emitter {
  /// Emits `y = x`; no calls where both are the same memory.
  mutating func emitCopy(
    _ x: Value, _ y: Value, _ title: String, _ formula: String, calls: [KernelCall]? = nil
  ) {
    emit(title, calls ?? [.copy(x, y)], [InstructionResult(y, formula, .same(as: x))])
  }
}
