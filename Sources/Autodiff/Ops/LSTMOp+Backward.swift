import Tensors

// From the last time step to the first; then the sums over all of them.

extension LSTMOp {
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
      "\(emitter.scopes.dropLast().joined(separator: "/"))/t\(t)/c_before.grad",
      "∂L/∂\(before) by c[\(t)]", dc.shape)
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
