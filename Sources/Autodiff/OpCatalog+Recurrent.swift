import Tensors

// Recurrent layers: every cell in every form.

extension OpCatalog {
  static let recurrent: [OpExample] =
    [
      memory("memory, last output", form()),
      memory("memory, all outputs", form(sequences: true)),
      memory("memory without bias", form(sequences: true, bias: false)),
      recurrent(
        "memory of other functions",
        .longShortTerm(activation: .relu, recurrentActivation: .tanh, form()), gates: 4),
      recurrent(
        "memory of linear candidates",
        .longShortTerm(activation: .linear, form(sequences: true)), gates: 4),
      recurrent("memory of one time step", .longShortTerm(form()), gates: 4, time: 1),
      recurrent(
        "feedback of other functions", .simple(activation: .relu, form(sequences: true)),
        gates: 1),
      recurrent(
        "gated of other functions",
        .gated(activation: .sigmoid, recurrentActivation: .tanh, form(sequences: true)),
        gates: 3, biasRows: 2),
      recurrent(
        "gated of one time step", .gated(resetsAfter: false, form(initial: true)), gates: 3,
        time: 1),
    ]
    + cells.flatMap { cell in
      forms.map { name, form, inputPerGate in
        recurrent(
          "\(cell.name), \(name)", cell.op(form), gates: cell.gates, states: cell.states,
          biasRows: cell.biasRows, inputPerGate: inputPerGate)
      }
    }

  private struct Cell: Sendable {
    let name: String
    let gates: Int
    var states = 1
    var biasRows = 1
    let op: @Sendable (RecurrentOp.Form) -> RecurrentOp
  }

  private static let cells = [
    Cell(name: "feedback", gates: 1) { .simple($0) },
    Cell(name: "gated, reset after", gates: 3, biasRows: 2) { .gated($0) },
    Cell(name: "gated, reset before", gates: 3) { .gated(resetsAfter: false, $0) },
    Cell(name: "memory", gates: 4, states: 2) { .longShortTerm($0) },
  ]

  private static let forms: [(name: String, form: RecurrentOp.Form, inputPerGate: Bool)] = [
    ("last output", form(), false),
    ("all outputs, no bias", form(sequences: true, bias: false), false),
    ("state in and out", form(state: true, initial: true), false),
    ("masked", form(mask: true), false),
    ("masked, state in", form(sequences: true, initial: true, mask: true), false),
    ("masked, last output, state in", form(initial: true, mask: true), false),
    (
      "masked with zeros, state in and out",
      form(sequences: true, state: true, initial: true, mask: true, zeroes: true), false
    ),
    ("dropped", form(sequences: true, initial: true, drops: true), true),
    ("dropped and masked", form(mask: true, drops: true), true),
  ]

  private static func form(
    sequences: Bool = false, state: Bool = false, bias: Bool = true, initial: Bool = false,
    mask: Bool = false, zeroes: Bool = false, drops: Bool = false
  ) -> RecurrentOp.Form {
    var form = RecurrentOp.Form()
    form.returnsSequences = sequences
    form.returnsState = state
    form.hasBias = bias
    form.hasInitialState = initial
    form.hasMask = mask
    form.zeroesMasked = zeroes
    form.dropsRecurrent = drops
    return form
  }

  private static func memory(_ name: String, _ form: RecurrentOp.Form) -> OpExample {
    recurrent(name, .longShortTerm(form), gates: 4)
  }

  private static func recurrent(
    _ name: String, _ op: RecurrentOp, gates: Int, states: Int = 1, biasRows: Int = 1,
    time: Int = 4, inputPerGate: Bool = false
  ) -> OpExample {
    let form = op.form
    var inputs: [(name: String, symbol: String, shape: Shape)] = [
      ("x", "x", [2, time, inputPerGate ? 3 * gates : 3]), ("W", "W", [3, 2 * gates]),
      ("U", "U", [2, 2 * gates]),
    ]
    if form.hasBias {
      inputs.append(("b", "b", biasRows == 1 ? [2 * gates] : [biasRows, 2 * gates]))
    }
    if form.hasInitialState {
      inputs += ["h_in", "c_in"].prefix(states).map { ($0, $0, [2, 2]) }
    }
    if form.hasMask { inputs.append(("m", "m", [2, time])) }
    if form.dropsRecurrent { inputs.append(("kept", "kept", [gates, 2, 2])) }
    return OpExample(
      name, op, inputs, given: ["m": .numbers(below: 2), "kept": .numbers(below: 3)])
  }
}
