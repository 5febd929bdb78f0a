import Tensors

/// A long short-term memory over sequences x [batch, time, features]. At every time step
///
///     z = x W + h' U + b                h', c': the step before, zeros at first
///     i = σ(z_i)   f = σ(z_f)   o = σ(z_o)   g = φ(z_g)
///     c = f · c' + i · g
///     h = o · φ(c)
///
/// W [features, 4 units], U [units, 4 units], b [4 units], their columns in Keras's order i f g o;
/// σ the recurrent activation, φ the activation. Gives the last h [batch, units], or all of them
/// [batch, time, units]. (Hochreiter & Schmidhuber 1997; forget gate: Gers et al. 2000.)
///
/// Backward goes through time from the last step to the first; the gradients of W, U and b are then
/// one product each over all time steps.
package struct LSTMOp: Op {
  let activation: ScalarFunction
  let recurrentActivation: ScalarFunction
  let returnsSequences: Bool

  package init(
    activation: ScalarFunction = .tanh, recurrentActivation: ScalarFunction = .sigmoid,
    returnsSequences: Bool = false
  ) {
    self.activation = activation
    self.recurrentActivation = recurrentActivation
    self.returnsSequences = returnsSequences
  }

  package var outputName: String { "sequence" }
  package var outputSymbol: String { "h" }

  package func outputShape(_ inputs: [Shape]) -> Shape {
    let (x, u) = (inputs[0], inputs[2])
    precondition(x.rank == 3 && x[1] > 0 && u.last == 4 * u[0], "\(x) and \(u) do not fit")
    return returnsSequences ? [x[0], x[1], u[0]] : [x[0], u[0]]
  }

  /// The function of each gate, in the order of the columns.
  private var gateFunctions: [ScalarFunction] {
    [recurrentActivation, recurrentActivation, activation, recurrentActivation]
  }

  // MARK: Forward

  package func forward(_ inputs: [Value], _ y: Value, _ emitter: inout Emitter) -> [Value] {
    let (x, w, u) = (inputs[0], inputs[1], inputs[2])
    let bias = inputs.count > 3 ? inputs[3] : nil
    let trace = LSTMTrace(over: x, units: u.shape[0], &emitter)
    let (xs, ws) = (emitter.symbol(of: x), emitter.symbol(of: w))
    emitter.emitSwap(x, trace.x, "\(xs) by time")
    emitter.emit(
      "\(xs) \(ws)", [.product(trace.x, w, trace.weighted)],
      [
        InstructionResult(
          trace.weighted, "\(xs) · \(ws) for all time steps",
          .sum([.product(a: trace.x, aTransposed: false, b: w, bTransposed: false)]))
      ])
    if !returnsSequences {
      emitter.place(y, inside: trace.h, offset: trace.h.shape.count - y.shape.count)
    }
    for (t, step) in trace.steps.enumerated() {
      let output = !returnsSequences && t == trace.steps.count - 1 ? y : nil
      emitter.within("t = \(t)") {
        emitWeightedSum(step, w, u, bias, &$0)
        emitGates(step, &$0)
        emitMemory(step, output: output, &$0)
      }
    }
    trace.complete(&emitter)
    if returnsSequences { emitter.emitSwap(trace.h, y, "h by example") }
    return trace.kept
  }

  /// `z = x W + h' U + b`, of which x W is there already.
  private func emitWeightedSum(
    _ step: LSTMTrace.Step, _ w: Value, _ u: Value, _ bias: Value?, _ emitter: inout Emitter
  ) {
    let (ws, us) = (emitter.symbol(of: w), emitter.symbol(of: u))
    let (xs, hs) = (emitter.symbol(of: step.x), emitter.symbol(of: step.hBefore))
    let start: KernelCall =
      bias.map { .sum(step.weighted, bias: $0, step.z) } ?? .copy(step.weighted, step.z)
    let ownTerms: [TermSource] = [
      .product(a: step.x, aTransposed: false, b: w, bTransposed: false),
      .product(a: step.hBefore, aTransposed: false, b: u, bTransposed: false),
    ]
    emitter.emit(
      "z", [start, .product(step.hBefore, u, step.z, accumulates: true)],
      [
        InstructionResult(
          step.z,
          "z = \(xs) \(ws) + \(hs) \(us)" + (bias.map { " + \(emitter.symbol(of: $0))" } ?? ""),
          .sum(ownTerms + (bias.map { [.bias($0)] } ?? [])))
      ])
  }

  /// Each gate is a function of its block of the columns of z.
  private func emitGates(_ step: LSTMTrace.Step, _ emitter: inout Emitter) {
    let units = step.i.shape.last
    let rows = step.z.shape[0]
    for (k, (gate, function)) in zip([step.i, step.f, step.g, step.o], gateFunctions).enumerated() {
      let name = emitter.symbol(of: gate)
      emitter.emit(
        name,
        [
          KernelCall(
            .map, [Slice(step.z, from: k * units), Slice(gate)],
            sizes: [function.rawValue, rows, units, 4 * units, units])
        ],
        [
          InstructionResult(
            gate, "\(name) = \(function.name)(z)",
            .functionOfColumns(function, of: step.z, from: k * units))
        ])
    }
  }

  /// `c = f · c' + i · g` and `h = o · φ(c)`; the last h is what comes out.
  private func emitMemory(_ step: LSTMTrace.Step, output: Value?, _ emitter: inout Emitter) {
    let count = step.c.shape.count
    let (c, h) = (emitter.symbol(of: step.c), emitter.symbol(of: step.h))
    emitter.emit(
      "c",
      [KernelCall(.lstmCell, [step.f, step.cBefore, step.i, step.g, step.c], sizes: [count])],
      [
        InstructionResult(
          step.c, "\(c) = f · \(emitter.symbol(of: step.cBefore)) + i · g",
          .sum([.elements([step.f, step.cBefore]), .elements([step.i, step.g])]))
      ])
    let calls =
      activation == .tanh
      ? [KernelCall(.lstmOutput, [step.o, step.c, step.shown, step.h], sizes: [count])]
      : [
        .map(activation, step.c, step.shown),
        KernelCall(.multiply, [step.o, step.shown, step.h], sizes: [count]),
      ]
    let shown = "\(activation.name)(\(c))"
    var results = [
      InstructionResult(step.h, "\(h) = o · \(shown)", .sum([.elements([step.o, step.shown])])),
      InstructionResult(step.shown, shown, .function(activation, of: step.c)),
    ]
    if let output {
      results.append(InstructionResult(output, "the last h is the output", .same(as: step.h)))
    }
    emitter.emit("h", calls, results)
  }

  // MARK: Backward

  package func backward(_ node: Node, _ emitter: inout Emitter) -> [Value?] {
    let trace = LSTMTrace(kept: node.kept)
    let u = node.inputs[2]
    let way = LSTMGradients(trace, sequences: returnsSequences ? node.dy : nil, &emitter)
    var later: (dz: Value, dc: Value)?
    for t in trace.steps.indices.reversed() {
      let arriving =
        way.outputs.map { $0[t] } ?? (t == trace.steps.count - 1 ? node.dy : nil)
      emitter.within("t = \(t)") {
        emitOutputGradient(way.dh[t], arriving, later?.dz, u, &$0)
        emitMemoryGradient(trace.steps[t], way, t, later?.dc, &$0)
        emitGateGradients(trace.steps[t], way, t, &$0)
        guard t > 0 else { return }
        later = (way.dz[t], emitEarlierMemoryGradient(trace.steps[t], way.dc[t], t, &$0))
      }
    }
    way.complete(&emitter)
    return emitSums(node, trace, way.allDz, &emitter)
  }

  /// `∂L/∂h = ∂L/∂y + ∂L/∂z of the next step · Uᵀ`, as far as there is one or the other.
  private func emitOutputGradient(
    _ dh: Value, _ dy: Value?, _ dzLater: Value?, _ u: Value, _ emitter: inout Emitter
  ) {
    var calls: [KernelCall] = []
    var terms: [TermSource] = []
    var formula: [String] = []
    if let dy {
      calls.append(.copy(dy, dh))
      terms.append(.elements([dy]))
      formula.append(emitter.symbol(of: dy))
    }
    if let dzLater {
      calls.append(.product(dzLater, u, dh, bTransposed: true, accumulates: dy != nil))
      terms.append(.product(a: dzLater, aTransposed: false, b: u, bTransposed: true))
      formula.append("\(emitter.symbol(of: dzLater)) · \(emitter.symbol(of: u))ᵀ")
    }
    emitter.emit(
      "∂ h", calls,
      [
        InstructionResult(
          dh, "\(emitter.symbol(of: dh)) = " + formula.joined(separator: " + "), .sum(terms))
      ])
  }

  /// `∂L/∂c = ∂L/∂h · o · φ'(c) + what comes from the next step's memory`.
  private func emitMemoryGradient(
    _ step: LSTMTrace.Step, _ way: LSTMGradients, _ t: Int, _ later: Value?,
    _ emitter: inout Emitter
  ) {
    let (dh, dc) = (way.dh[t], way.dc[t])
    let shape = dc.shape
    var calls: [KernelCall]
    if activation == .tanh {
      calls = [
        KernelCall(.lstmCellGradient, [dh, step.o, step.shown, later, dc], sizes: [shape.count])
      ]
    } else {
      let own = later == nil ? dc : way.scratch
      calls = [
        KernelCall(
          .productGradient, [dh, step.o, step.shown, own],
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
          dc, formula,
          .memoryGradient(activation, dh: dh, o: step.o, shown: step.shown, next: later))
      ])
  }

  /// The gradient of z, gate by gate: what the gate was multiplied by, times its slope.
  private func emitGateGradients(
    _ step: LSTMTrace.Step, _ way: LSTMGradients, _ t: Int, _ emitter: inout Emitter
  ) {
    let (dh, dc, dz) = (way.dh[t], way.dc[t], way.dz[t])
    let units = dc.shape.last
    let blocks: [(gate: Value, gradient: Value, partner: Value)] = [
      (step.i, dc, step.g), (step.f, dc, step.cBefore), (step.g, dc, step.i),
      (step.o, dh, step.shown),
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
    let (before, c) = (emitter.symbol(of: step.cBefore), emitter.symbol(of: step.c))
    emitter.emit(
      "∂ z", calls,
      [
        InstructionResult(
          dz,
          "\(emitter.symbol(of: dz)) = \(dcs) g i', \(dcs) \(before) f', \(dcs) i g', "
            + "\(dhs) \(activation.name)(\(c)) o'", .columns(rules))
      ])
  }

  /// What the memory before gets through the forget gate: `∂L/∂c · f`.
  private func emitEarlierMemoryGradient(
    _ step: LSTMTrace.Step, _ dc: Value, _ t: Int, _ emitter: inout Emitter
  ) -> Value {
    let before = "c[\(t - 1)]"
    let gradient = emitter.value(
      "\(emitter.scopes[0])/t\(t)/c_before.grad", "∂L/∂\(before) by c[\(t)]", dc.shape)
    emitter.emit(
      "∂ \(before)", [KernelCall(.multiply, [dc, step.f, gradient], sizes: [dc.shape.count])],
      [
        InstructionResult(
          gradient, "\(emitter.symbol(of: gradient)) = \(emitter.symbol(of: dc)) · f",
          .sum([.elements([dc, step.f])]))
      ])
    return gradient
  }

  /// The gradients of all that is used at every time step: one sum over all of them.
  private func emitSums(
    _ node: Node, _ trace: LSTMTrace, _ dz: Value, _ emitter: inout Emitter
  ) -> [Value?] {
    let (x, w) = (node.inputs[0], node.inputs[1])
    let dzs = emitter.symbol(of: dz)
    var gradients = [Value?](repeating: nil, count: node.inputs.count)
    for (k, left) in [(2, trace.hBefore), (1, trace.x)] where node.wants[k] {
      gradients[k] = emitter.emitTransposedProduct(left, dz, of: node.inputs[k])
    }
    if node.inputs.count > 3, node.wants[3] {
      let db = emitter.gradient(of: node.inputs[3])
      emitter.emit(
        "∂ + b", [.columnSum(dz, db)],
        [
          InstructionResult(
            db, "\(emitter.symbol(of: db)) = Σ over time and rows of \(dzs)", .sum([.column(dz)]))
        ])
      gradients[3] = db
    }
    if node.wants[0] {
      let byTime = emitter.timeStack(
        "x.grad", "∂L/∂\(emitter.symbol(of: x))",
        [
          x.shape[0], x.shape[2],
        ], x.shape[1])
      emitter.emit(
        "∂ \(emitter.symbol(of: x))", [.product(dz, w, byTime.whole, bTransposed: true)],
        [
          InstructionResult(
            byTime.whole, "∂L/∂x = \(dzs) · \(emitter.symbol(of: w))ᵀ",
            .sum([.product(a: dz, aTransposed: false, b: w, bTransposed: true)]))
        ])
      let dx = emitter.gradient(of: x)
      emitter.emitSwap(byTime.whole, dx, "∂ x by example")
      gradients[0] = dx
    }
    return gradients
  }
}
