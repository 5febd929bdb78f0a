import Autodiff
import Tensors

/// A recurrent layer whose functions have no kernels of their own, made of ops: a row of them for
/// every time step, in a fold `t5`.
///
/// It takes and gives what `RecurrentOp` does, with the same formulas (see the cells there).
struct UnrolledRecurrence {
  let cell: RecurrentFormula
  let form: RecurrentOp.Form
  let activation: ActivationFunction
  let recurrentActivation: ActivationFunction

  /// The sums of one time step: what each gate is made of.
  private struct Sums {
    let x: [Value]
    let states: [Value]
    /// What h' is in front of each gate.
    let kept: [Value]
    let kernels: [Value]
    let recurrent: [Value]
    let biases: [Value]
    /// Those of what is fed back, where it has its own.
    let recurrentBiases: [Value]
  }

  /// - Parameter inputs: as `RecurrentOp` takes them.
  func lower(_ inputs: [Value], into builder: inout GraphBuilder) -> [Value] {
    var rest = inputs[...]
    let (x, w, u) = (rest.removeFirst(), rest.removeFirst(), rest.removeFirst())
    let bias = form.hasBias ? rest.removeFirst() : nil
    let (rows, time, units) = (x.shape[0], x.shape[1], u.shape[0])
    var states = (0..<cell.states).map { _ -> Value in
      form.hasInitialState
        ? rest.removeFirst()
        : builder.constant(Tensor(shape: [rows, units], repeating: 0), symbol: "0")
    }
    let mask = form.hasMask ? rest.removeFirst() : nil
    let drops = form.dropsRecurrent ? rest.removeFirst() : nil
    let gates = 0..<u.shape.last / units
    func columns(_ value: Value, _ gate: Int, _ symbol: String, from row: Int? = nil) -> Value {
      let part = AxisSlice.range(start: gate * units, stop: (gate + 1) * units)
      let slices = value.shape.rank == 1 ? [part] : [row.map { .index($0) } ?? .all, part]
      return named(builder.apply(SliceOp(slices), to: [value]), symbol, gate, &builder)
    }
    let kernels = gates.map { columns(w, $0, "W") }
    let recurrent = gates.map { columns(u, $0, "U") }
    let hasBoth = bias?.shape.rank == 2
    let biases =
      bias.map { bias in gates.map { columns(bias, $0, "b", from: hasBoth ? 0 : nil) } } ?? []
    let recurrentBiases =
      hasBoth ? bias.map { bias in gates.map { columns(bias, $0, "d", from: 1) } } ?? [] : []
    let masks = drops.map { drops in
      gates.map { gate in
        named(builder.apply(SliceOp([.index(gate)]), to: [drops]), "m", gate, &builder)
      }
    }
    let features = w.shape[0]
    var outputs: [Value] = []
    for t in 0..<time {
      let made = builder.layer("t\(t)") { builder -> [Value] in
        let now = builder.named(
          builder.apply(SliceOp([.all, .index(t)]), to: [x]), "x", "x[\(t)]")
        let parts =
          x.shape[2] == features
          ? gates.map { _ in now }
          : gates.map { gate in
            named(
              builder.apply(
                SliceOp([.all, .range(start: gate * features, stop: (gate + 1) * features)]),
                to: [now]), "x", gate, &builder)
          }
        let kept = gates.map { gate in
          masks.map {
            named(
              builder.formula("kept", "k", .operand(0) * .operand(1), [states[0], $0[gate]]), "k",
              gate, &builder)
          } ?? states[0]
        }
        let sums = Sums(
          x: parts, states: states, kept: kept, kernels: kernels, recurrent: recurrent,
          biases: biases, recurrentBiases: recurrentBiases)
        let after = step(sums, t, &builder)
        guard let mask else { return after + [after[0]] }
        return masked(after, states, mask, t, outputs.last, into: &builder)
      }
      states = Array(made.prefix(cell.states))
      outputs.append(made[cell.states])
    }
    let output =
      form.returnsSequences
      ? builder.apply(StackOp(axis: 1), to: outputs) : outputs[outputs.count - 1]
    return [output] + (form.returnsState ? states : [])
  }

  /// What a mask lets through: the new states where the step counts, else those before; then what
  /// comes out.
  private func masked(
    _ after: [Value], _ before: [Value], _ mask: Value, _ t: Int, _ last: Value?,
    into builder: inout GraphBuilder
  ) -> [Value] {
    let part = builder.apply(SliceOp([.all, .range(start: t, stop: t + 1)]), to: [mask])
    let letters = ["h", "c"]
    let states = zip(letters, zip(after, before)).map { letter, both in
      builder.named(
        builder.formula(
          "masked", letter, .where(.operand(0), .operand(1), .operand(2)), [part, both.0, both.1]),
        letter + "_kept", letter + "[\(t)]")
    }
    guard form.hasInitialState || form.zeroesMasked else { return states + [states[0]] }
    guard let last, !form.zeroesMasked else {
      return states + [
        builder.formula("shown", "y", .where(.operand(0), .operand(1), 0), [part, after[0]])
      ]
    }
    return states + [
      builder.formula(
        "shown", "y", .where(.operand(0), .operand(1), .operand(2)), [part, after[0], last])
    ]
  }

  // MARK: The cells

  /// The states after a step, h first.
  private func step(_ sums: Sums, _ t: Int, _ builder: inout GraphBuilder) -> [Value] {
    func product(_ a: Value, _ b: Value, _ bias: Value?) -> Value {
      let product = builder.apply(MatMulOp(), to: [a, b])
      return bias.map { builder.apply(AddBiasOp(), to: [product, $0]) } ?? product
    }
    func input(_ gate: Int) -> Value {
      let bias = sums.biases.isEmpty ? nil : sums.biases[gate]
      return named(product(sums.x[gate], sums.kernels[gate], bias), "a", gate, &builder)
    }
    func fed(_ gate: Int, _ h: Value? = nil) -> Value {
      let bias = sums.recurrentBiases.isEmpty ? nil : sums.recurrentBiases[gate]
      return named(
        product(h ?? sums.kept[gate], sums.recurrent[gate], bias), "v", gate, &builder)
    }
    func sum(_ gate: Int, _ a: Value, _ b: Value) -> Value {
      named(builder.formula("sum", "s", .operand(0) + .operand(1), [a, b]), "s", gate, &builder)
    }
    func applied(_ function: ActivationFunction, _ x: Value, _ letter: String) -> Value {
      builder.named(builder.apply(function, to: x), letter, letter)
    }
    func gate(_ k: Int) -> Value {
      applied(recurrentActivation, sum(k, input(k), fed(k)), cell.gates[k])
    }
    func after(_ letter: String, _ formula: Formula, _ operands: [Value]) -> Value {
      builder.named(builder.formula(letter, letter, formula, operands), letter, letter + "[\(t)]")
    }
    let h = sums.states[0]
    switch cell {
    case .simple:
      let h = builder.apply(activation, to: sum(0, input(0), fed(0)))
      return [builder.named(h, "h", "h[\(t)]")]
    case .longShortTerm:
      let (i, f, o) = (gate(0), gate(1), gate(3))
      let g = applied(activation, sum(2, input(2), fed(2)), "g")
      let c = after(
        "c", .operand(0) * .operand(1) + .operand(2) * .operand(3), [f, sums.states[1], i, g])
      let shown = builder.named(
        builder.apply(activation, to: c), "shown", "\(activation.name)(c)")
      return [after("h", .operand(0) * .operand(1), [o, shown]), c]
    case .gated(let resetsAfter):
      let (z, r) = (gate(0), gate(1))
      let q: Value
      if resetsAfter {
        let sum = builder.formula(
          "sum", "s", .operand(0) + .operand(1) * .operand(2), [input(2), r, fed(2)])
        q = named(sum, "s", 2, &builder)
      } else {
        let reset = builder.named(
          builder.formula("reset", "r h'", .operand(0) * .operand(1), [r, sums.kept[2]]), "reset",
          "r h'")
        q = sum(2, input(2), fed(2, reset))
      }
      let g = applied(activation, q, "g")
      return [after("h", .operand(0) * .operand(1) + (1 - .operand(0)) * .operand(2), [z, h, g])]
    }
  }

  /// The value of a gate under a name and a symbol that say so: `W_i`.
  private func named(
    _ value: Value, _ symbol: String, _ gate: Int, _ builder: inout GraphBuilder
  ) -> Value {
    let own = cell.gates[gate].isEmpty ? symbol : symbol + "_" + cell.gates[gate]
    return builder.named(value, own, own)
  }
}

/// What a recurrent layer computes in a time step.
package enum RecurrentFormula: Hashable, Sendable {
  /// `h = φ(x W + h' U + b)`
  case simple
  /// See `LongShortTermCell`.
  case longShortTerm
  /// See `GatedCell`.
  case gated(resetsAfter: Bool)

  var states: Int { self == .longShortTerm ? 2 : 1 }

  /// The letters of its gates, in the order of their columns; none where it has no gates.
  var gates: [String] {
    switch self {
    case .simple: [""]
    case .longShortTerm: ["i", "f", "g", "o"]
    case .gated: ["z", "r", "g"]
    }
  }
}
