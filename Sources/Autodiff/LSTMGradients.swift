import Tensors

/// The gradients on the way back through time, stacked like the numbers they belong to.
struct LSTMGradients {
  let dh, dc, dz: [Value]
  /// `∂L/∂z` of all time steps.
  let allDz: Value
  /// The gradient that comes in at each time step, nil when only the last output was used.
  let outputs: [Value]?
  /// [batch, units] to work in.
  let scratch: Value
  private let stacks: [(whole: Value, steps: [Value])]

  /// - Parameter sequences: the gradient of the outputs of all time steps, [batch, time, units].
  init(_ trace: LSTMTrace, sequences: Value?, _ emitter: inout Emitter) {
    let shape = trace.steps[0].h.shape
    let time = trace.steps.count
    scratch = emitter.scratch(count: shape.count)
    let outputs = sequences.map { dy in
      let byTime = emitter.timeStack("sequence.grad", emitter.symbol(of: dy), shape, time)
      emitter.emitSwap(dy, byTime.whole, "∂ h by time")
      return byTime.steps
    }
    self.outputs = outputs
    let h = emitter.timeStack("h.grad", "∂L/∂h", shape, time)
    let c = emitter.timeStack("c.grad", "∂L/∂c", shape, time)
    let z = emitter.timeStack("z.grad", "∂L/∂z", [shape[0], 4 * shape[1]], time)
    for (t, (dh, dc)) in zip(h.steps, c.steps).enumerated() {
      emitter.rename(dh, emitter.name(of: dh), symbol: "∂L/∂h[\(t)]")
      emitter.rename(dc, emitter.name(of: dc), symbol: "∂L/∂c[\(t)]")
    }
    (dh, dc, dz) = (h.steps, c.steps, z.steps)
    allDz = z.whole
    stacks = [h, c, z]
  }

  /// Says of each stack that it is known when all its time steps are.
  func complete(_ emitter: inout Emitter) {
    for stack in stacks { emitter.completes(stack.whole, pieces: stack.steps) }
  }
}

extension Emitter {
  /// Emits the exchange of batch and time: [a, b, …] becomes [b, a, …].
  mutating func emitSwap(_ x: Value, _ y: Value, _ title: String) {
    emit(
      title, [KernelCall(.swapAxes, [x, y], sizes: [x.shape[0], x.shape[1], x.shape[2]])],
      [
        InstructionResult(
          y, "the same numbers, batch and time exchanged", .swappedAxes(of: x))
      ])
  }

  /// Emits `∂L/∂w = xᵀ · dy`, over all rows of all time steps.
  mutating func emitTransposedProduct(_ x: Value, _ dy: Value, of w: Value) -> Value {
    let gradient = self.gradient(of: w)
    emit(
      "∂ \(symbol(of: w))", [.product(x, dy, gradient, aTransposed: true)],
      [
        InstructionResult(
          gradient, "∂L/∂\(symbol(of: w)) = Σ over time of \(symbol(of: x))ᵀ · \(symbol(of: dy))",
          .sum([.product(a: x, aTransposed: true, b: dy, bTransposed: false)]))
      ])
    return gradient
  }
}
