import Tensors

/// The gradients on the way back through time, stacked like the numbers they belong to.
struct RecurrentGradients {
  private(set) var stacks: [String: TimeStack] = [:]
  /// The gradient that comes in at each time step, nil when only the last output was used.
  let outputs: [Value]?
  /// [batch, units] to work in.
  let scratch: Value
  /// Uᵀ, which every time step multiplies with: exchanged once instead of in each product. Nil where
  /// there is one step only, or each gate has a product of its own.
  let exchangedU: Value?
  private let prefix: String

  subscript(name: String) -> TimeStack {
    guard let stack = stacks[name] else { preconditionFailure("no \(name) on the way back") }
    return stack
  }

  /// - Parameter sequences: the gradient of the outputs of all time steps, [batch, time, units].
  init(
    _ op: RecurrentOp, _ given: RecurrentInputs, sequences: Value?, _ emitter: inout Emitter
  ) {
    let one: Shape = [given.batch, given.units]
    prefix = emitter.scopes.joined(separator: "/")
    scratch = emitter.scratch(count: one.count)
    exchangedU =
      given.time > 1 && given.recurrentMask == nil
      ? emitter.emitExchanged(given.u, prefix + "/u_transposed") : nil
    outputs = sequences.map { dy in
      let byTime = emitter.timeStack("sequence.grad", emitter.symbol(of: dy), one, given.time)
      emitter.emitSwap(dy, byTime.whole, "∂ h by time")
      return byTime.steps
    }
    var all: [(name: String, symbol: String, shape: Shape)] = [("h.grad", "∂L/∂h", one)]
    all += op.cell.gradients.map { ($0.name, $0.symbol, one) }
    for sum in op.cell.sums {
      all.append(
        (
          sum.name + ".grad", "∂L/∂\(sum.name)",
          [given.batch, op.cell.width(of: sum, given.units)]
        ))
    }
    if given.mask != nil { all.append(("h_new.grad", "∂L/∂(new h)", one)) }
    for (name, symbol, shape) in all {
      let stack = emitter.timeStack(name, symbol, shape, given.time)
      stacks[name] = TimeStack(whole: stack.whole, steps: stack.steps)
    }
    for name in op.cell.carried {
      for (t, step) in (stacks[name + ".grad"]?.steps ?? []).enumerated() {
        emitter.rename(step, emitter.name(of: step), symbol: "∂L/∂\(name)[\(t)]")
      }
    }
  }

  /// Says of each stack that it is known when all its time steps are.
  func complete(_ emitter: inout Emitter) {
    for stack in stacks.values { emitter.completes(stack.whole, pieces: stack.steps) }
  }

  /// A gradient of one time step that is not stacked.
  func value(
    _ name: String, _ symbol: String, _ t: Int, _ shape: Shape, _ emitter: inout Emitter
  )
    -> Value
  {
    emitter.value("\(prefix)/t\(t)/\(name)", symbol, shape)
  }
}

extension Emitter {
  /// Emits the transpose of a matrix.
  fileprivate mutating func emitExchanged(_ matrix: Value, _ name: String) -> Value {
    let symbol = symbol(of: matrix) + "ᵀ"
    let result = value(name, symbol, [matrix.shape[1], matrix.shape[0]])
    emitSwap(matrix, result, symbol, "rows and columns of \(self.symbol(of: matrix)) exchanged")
    return result
  }

  /// Emits the exchange of batch and time: [a, b, …] becomes [b, a, …].
  mutating func emitSwap(
    _ x: Value, _ y: Value, _ title: String,
    _ formula: String = "the same numbers, batch and time exchanged"
  ) {
    let inner = x.shape.extents.dropFirst(2).reduce(1, *)
    emit(
      title, [KernelCall(.swapAxes, [x, y], sizes: [x.shape[0], x.shape[1], inner])],
      [
        InstructionResult(y, formula, .swappedAxes(of: x))
      ])
  }
}
