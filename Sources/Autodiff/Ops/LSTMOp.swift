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
  package let activation: ScalarFunction
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
  package var gateFunctions: [ScalarFunction] {
    [recurrentActivation, recurrentActivation, activation, recurrentActivation]
  }

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
}
