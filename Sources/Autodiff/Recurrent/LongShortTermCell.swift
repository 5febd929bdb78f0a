import Tensors

/// A long short-term memory. At every time step
///
///     z = x W + h' U + b                h', c': the step before, zeros at first
///     i = σ(z_i)   f = σ(z_f)   o = σ(z_o)   g = φ(z_g)
///     c = f · c' + i · g
///     h = o · φ(c)
///
/// The columns of W, U and b are in Keras's order i f g o; σ is the recurrent activation, φ the
/// activation. (Hochreiter & Schmidhuber 1997; forget gate: Gers et al. 2000.)
struct LongShortTermCell: RecurrentCell {
  let activation: ScalarFunction
  let recurrentActivation: ScalarFunction

  let gates = ["i", "f", "g", "o"]
  let carried = ["h", "c"]
  let sums = [RecurrentSum(name: "z", blocks: 0..<4)]
  let gradients = [(name: "c.grad", symbol: "∂L/∂c")]

  var parts: [(name: String, symbol: String)] {
    gates.map { ($0, $0) } + [("shown", "\(activation.name)(c)")]
  }

  /// The function of each gate, in the order of the columns.
  private var gateFunctions: [ScalarFunction] {
    [recurrentActivation, recurrentActivation, activation, recurrentActivation]
  }

  func emitStep(_ step: RecurrentStep, _ emitter: inout Emitter) {
    step.emitSum(sums[0], &emitter)
    for (k, (gate, function)) in zip(gates, gateFunctions).enumerated() {
      step.emitGate(gate, function, of: sums[0], block: k, &emitter)
    }
    emitMemory(step, &emitter)
  }

  /// `c = f · c' + i · g` and `h = o · φ(c)`.
  private func emitMemory(_ step: RecurrentStep, _ emitter: inout Emitter) {
    let (c, h, before) = (step.made("c"), step.made("h"), step.before("c"))
    let (i, f, g, o, shown) = (step["i"], step["f"], step["g"], step["o"], step["shown"])
    let count = c.shape.count
    let (cs, hs) = (emitter.symbol(of: c), emitter.symbol(of: h))
    emitter.emit(
      "c", [KernelCall(.lstmCell, [f, before, i, g, c], sizes: [count])],
      [
        InstructionResult(
          c, "\(cs) = f · \(emitter.symbol(of: before)) + i · g",
          .sum([.elements([f, before]), .elements([i, g])]))
      ])
    let calls =
      activation == .tanh
      ? [KernelCall(.lstmOutput, [o, c, shown, h], sizes: [count])]
      : [.map(activation, c, shown), .multiply(o, shown, h)]
    let text = "\(activation.name)(\(cs))"
    emitter.emit(
      "h", calls,
      [
        InstructionResult(h, "\(hs) = o · \(text)", .sum([.elements([o, shown])])),
        InstructionResult(shown, text, .function(activation, of: c)),
      ] + step.outputResult(of: h))
  }

  // MARK: Backward

  func emitBack(
    _ step: RecurrentStep, _ way: RecurrentGradients, _ arriving: RecurrentArrival,
    _ emitter: inout Emitter
  ) -> RecurrentCarry {
    let dc = way["c.grad"].steps[step.t]
    emitMemoryGradient(step, way, dc, arriving, &emitter)
    emitGateGradients(step, way, dc, arriving.dh, &emitter)
    guard arriving.wantsBefore else { return RecurrentCarry() }
    return RecurrentCarry(toAdd: ["c": [emitEarlierMemoryGradient(step, way, dc, &emitter)]])
  }

  /// `∂L/∂c = ∂L/∂h · o · φ'(c) + what comes from the next step's memory`.
  private func emitMemoryGradient(
    _ step: RecurrentStep, _ way: RecurrentGradients, _ dc: Value, _ arriving: RecurrentArrival,
    _ emitter: inout Emitter
  ) {
    let (dh, later) = (arriving.dh, arriving.dc)
    let (o, shown, shape) = (step["o"], step["shown"], dc.shape)
    var calls: [KernelCall]
    if activation == .tanh {
      calls = [KernelCall(.lstmCellGradient, [dh, o, shown, later, dc], sizes: [shape.count])]
    } else {
      let own = later == nil ? dc : way.scratch
      calls = [
        KernelCall(
          .productGradient, [dh, o, shown, own],
          sizes: [activation.rawValue, shape.rows, shape.last, shape.last])
      ]
      if let later { calls.append(KernelCall(.add, [own, later, dc], sizes: [shape.count])) }
    }
    let formula =
      "\(emitter.symbol(of: dc)) = \(emitter.symbol(of: dh)) · o · \(activation.name)'"
      + (later.map { " + \(emitter.symbol(of: $0))" } ?? "")
    emitter.emit(
      "∂ c", calls,
      [
        InstructionResult(
          dc, formula, .memoryGradient(activation, dh: dh, o: o, shown: shown, next: later))
      ])
  }

  /// The gradient of z, gate by gate: what the gate was multiplied by, times its slope.
  private func emitGateGradients(
    _ step: RecurrentStep, _ way: RecurrentGradients, _ dc: Value, _ dh: Value,
    _ emitter: inout Emitter
  ) {
    let dz = way["z.grad"].steps[step.t]
    let units = dc.shape.last
    let before = step.before("c")
    let blocks: [(gate: Value, gradient: Value, partner: Value)] = [
      (step["i"], dc, step["g"]), (step["f"], dc, before), (step["g"], dc, step["i"]),
      (step["o"], dh, step["shown"]),
    ]
    var calls: [KernelCall] = []
    var rules: [CellRule] = []
    for (k, (block, function)) in zip(blocks, gateFunctions).enumerated() {
      calls.append(
        KernelCall(
          .productGradient,
          [
            Slice(block.gradient), Slice(block.partner), Slice(block.gate),
            Slice(dz, from: k * units),
          ], sizes: [function.rawValue, dz.shape[0], units, 4 * units]))
      rules.append(
        .functionGradient(function, output: block.gate, factors: [block.gradient, block.partner]))
    }
    let (dcs, dhs) = (emitter.symbol(of: dc), emitter.symbol(of: dh))
    let (cs, c) = (emitter.symbol(of: before), emitter.symbol(of: step.made("c")))
    emitter.emit(
      "∂ z", calls,
      [
        InstructionResult(
          dz,
          "\(emitter.symbol(of: dz)) = \(dcs) g i', \(dcs) \(cs) f', \(dcs) i g', "
            + "\(dhs) \(activation.name)(\(c)) o'", .columns(rules))
      ])
  }

  /// What the memory before gets through the forget gate: `∂L/∂c · f`.
  private func emitEarlierMemoryGradient(
    _ step: RecurrentStep, _ way: RecurrentGradients, _ dc: Value, _ emitter: inout Emitter
  ) -> Value {
    let before = emitter.symbol(of: step.before("c"))
    let gradient = way.value(
      "c_before.grad", "∂L/∂\(before) by c[\(step.t)]", step.t, dc.shape, &emitter)
    emitter.emit(
      "∂ \(before)", [KernelCall(.multiply, [dc, step["f"], gradient], sizes: [dc.shape.count])],
      [
        InstructionResult(
          gradient, "\(emitter.symbol(of: gradient)) = \(emitter.symbol(of: dc)) · f",
          .sum([.elements([dc, step["f"]])]))
      ])
    return gradient
  }
}
