import Autodiff
import Tensors

/// A layer that reads a sequence [time steps, features] and carries something from step to step.
///
/// Its first input is the sequence; the states that it begins with may follow. It gives the last
/// output, or with `return_sequences` the outputs of all steps, and with `return_state` also what it
/// carries after the last one.
package protocol RecurrentLayer: CataloguedLayer, MaskingLayer {
  /// Where Keras keeps its weights: `lstm_cell`.
  static var cell: String { get }
  /// What it carries, in the order of `initial_state`.
  static var states: [String] { get }
  /// The gates whose columns its kernel holds side by side, in Keras's letters; none without gates.
  static var gates: [String] { get }

  var arguments: Arguments { get }
  var biasShape: Shape { get }
  /// Whether each gate has dropouts of its own where recurrent ones are dropped.
  static var dropsByGate: Bool { get }
  func op(_ form: RecurrentOp.Form) -> RecurrentOp
  /// The same in words of formulas, for functions that have no kernels.
  var formula: RecurrentFormula { get }
}

extension RecurrentLayer {
  package static var dropsByGate: Bool { true }
  package static var gates: [String] { [] }
  /// How many blocks of columns its kernel has.
  static var gateCount: Int { max(1, gates.count) }
  package static var states: [String] { ["h"] }
  package static var callArguments: [CallArgument] {
    CallArgument.ofSequences
  }

  package var units: Int { arguments.integer("units") }
  package var returnsSequences: Bool { arguments.boolean("return_sequences") }
  package var returnsState: Bool { arguments.boolean("return_state") }
  package var biasShape: Shape { [Self.gateCount * units] }

  /// Every time step has instructions of its own.
  private static var mostTimeSteps: Int { 4096 }

  // MARK: Shapes

  package func outputShapes(for inputs: [Shape]) throws(LayerFailure) -> [Shape] {
    let sequence = inputs.first ?? []
    guard inputs.count == 1 || inputs.count == 1 + Self.states.count else {
      throw LayerFailure(
        "gets \(inputs.count) arrays",
        remedy: "a sequence, with initial_state=[\(Self.states.joined(separator: ", "))] if wanted")
    }
    guard sequence.rank == 2 else {
      throw LayerFailure(
        "gets \(sequence.tuple), which is not a sequence",
        remedy: "an input of shape (time steps, features)")
    }
    try checkArguments()
    guard sequence[0] <= Self.mostTimeSteps else {
      throw LayerFailure(
        "gets sequences of \(sequence[0]) time steps",
        remedy: "at most \(Self.mostTimeSteps): cut them into windows")
    }
    for state in inputs.dropFirst() where state != [units] {
      throw LayerFailure(
        "gets an initial state of shape \(state.tuple)",
        remedy: "(\(units),), as many numbers as it has units")
    }
    let output: Shape = returnsSequences ? [sequence[0], units] : [units]
    return [output] + (returnsState ? Self.states.map { _ in [units] } : [])
  }

  /// Its functions: that of what comes out, and that of gates.
  private var functions: [ActivationFunction] {
    ["activation", "recurrent_activation"].filter { arguments[ifTaken: $0] != nil }.map {
      arguments.activation($0)
    }
  }

  private func checkArguments() throws(LayerFailure) {
    for function in functions where try function.outputShape(for: [units]) != [units] {
      throw LayerFailure(
        "has the function \"\(function.name)\", which gives another shape than it gets",
        remedy: "one that gives as many numbers, as \"tanh\"")
    }
  }

  package func weights(for inputs: [Shape]) -> [WeightSpec] {
    let columns = Self.gateCount * units
    let kernels = [
      arguments.weight("kernel", [inputs[0].last, columns], path: Self.cell + "/kernel"),
      arguments.weight("recurrent", [units, columns], path: Self.cell + "/recurrent_kernel"),
    ]
    guard arguments.boolean("use_bias") else { return kernels }
    return kernels + [
      arguments.weight(
        "bias", biasShape, path: Self.cell + "/bias",
        opensForgetGate: arguments["unit_forget_bias"] == .boolean(true))
    ]
  }

  package var isStateful: Bool { arguments.boolean("stateful") }

  package func carried(for inputs: [Shape]) -> [CarriedSpec] {
    isStateful ? Self.states.map { CarriedSpec(Self.stateName($0), [units]) } : []
  }

  /// What a state is called that is carried from batch to batch.
  private static func stateName(_ state: String) -> String { "state_" + state }

  // MARK: Lowering

  package func lower(
    _ inputs: [Value], weights: [Value], into builder: inout GraphBuilder
  ) -> [Value] {
    lower(
      inputs[0], mask: nil, initialState: Array(inputs.dropFirst()), weights: weights,
      into: &builder)
  }

  package var takesMask: Bool { true }

  package func outputMasks(
    for inputs: [Shape], masks: [Shape?]
  ) throws(LayerFailure) -> [Shape?] {
    try inputs[0].checkMask(masks[0])
    let states = try outputShapes(for: inputs).dropFirst().map { _ in Shape?.none }
    return [returnsSequences ? masks[0] : nil] + states
  }

  package func lower(
    masked inputs: [MaskedValue], weights: [Value], into builder: inout GraphBuilder
  ) -> [MaskedValue] {
    // In a call with states Keras looks for a `sequences_mask`, which no layer has: it goes by none.
    let outputs = lower(
      inputs[0].value, mask: inputs.count == 1 ? inputs[0].mask : nil,
      initialState: inputs.dropFirst().map(\.value), weights: weights, into: &builder)
    let mask = returnsSequences ? inputs[0].mask : nil
    return outputs.enumerated().map { MaskedValue($1, mask: $0 == 0 ? mask : nil) }
  }

  /// Adds its ops to a graph.
  ///
  /// A stateful layer begins with what the batch before ended with, unless it is given states, and
  /// in both cases carries on what it ends with. (Keras: `RNN.call`.)
  ///
  /// - Parameters:
  ///   - input: [batch, time, features].
  ///   - mask: [batch, time], 1 where a step counts; the others carry everything over.
  ///   - initialState: [batch, units] for each state; zeros when there are none.
  package func lower(
    _ input: Value, mask: Value?, initialState: [Value], weights: [Value],
    into builder: inout GraphBuilder
  ) -> [Value] {
    var (x, mask) = (input, mask)
    let rows = input.shape[0]
    let known = isStateful ? Self.states.map { ($0, Self.stateName($0)) } : []
    let carried = known.compactMap { builder.carriedState($0.1, rows: rows) }
    let initialState = initialState.isEmpty ? carried : initialState
    if arguments.boolean("go_backwards") {
      x = builder.apply(FlipOp(axes: [1]), to: [x])
      mask = mask.map { builder.flipped(mask: $0) }
    }
    var form = RecurrentOp.Form()
    form.returnsSequences = returnsSequences
    form.returnsState = returnsState || !carried.isEmpty
    form.hasBias = arguments.boolean("use_bias")
    form.hasInitialState = !initialState.isEmpty
    form.hasMask = mask != nil
    form.zeroesMasked = arguments.boolean("zero_output_for_mask")
    let recurrentMask = recurrentMask(for: x, into: &builder)
    form.dropsRecurrent = recurrentMask != nil
    x = dropped(x, into: &builder)
    let given = [x] + weights + initialState + [mask, recurrentMask].compactMap { $0 }
    let outputs: [Value]
    if functions.allSatisfy({ $0.scalar != nil }) {
      outputs = builder.applyGivingAll(op(form), to: given)
    } else {
      outputs = UnrolledRecurrence(
        cell: formula, form: form, activation: arguments.activation(),
        recurrentActivation: functions.last ?? .sigmoid
      ).lower(given, into: &builder)
    }
    guard !carried.isEmpty else { return outputs }
    for ((_, name), last) in zip(known, outputs.dropFirst()) { builder.carry(name, last) }
    return returnsState ? outputs : [outputs[0]]
  }

  private func rate(_ name: String, _ builder: GraphBuilder) -> Double {
    builder.mode == .training ? arguments.number(name) : 0
  }

  /// Whether each gate drops other numbers: in Keras only where recurrent ones are dropped.
  private var hasMaskPerGate: Bool {
    Self.dropsByGate && arguments.number("recurrent_dropout") > 0
  }

  /// The input with some of its features dropped, the same ones at every time step: once, or once
  /// for each gate, side by side.
  private func dropped(_ x: Value, into builder: inout GraphBuilder) -> Value {
    let rate = rate("dropout", builder)
    guard rate > 0 else { return x }
    let key = arguments.drawKey(builder.layerName) + "/input"
    let shape: Shape = [x.shape[0], 1, x.shape[2]]
    guard hasMaskPerGate else { return builder.dropped(x, rate, shape: shape, key: key) }
    let inputs = (0..<Self.gateCount).map { gate in
      let mask = builder.drawn(
        .bernoulli(probability: 1 - rate), shape: shape, key: "\(key) \(gate)",
        name: "input_mask_\(gate)", symbol: "mask")
      return builder.formula(
        "kept_\(gate)", "x", .operand(0) * .operand(1) / .constant(1 - rate), [x, mask])
    }
    return builder.apply(ConcatenateOp(axis: 2), to: inputs)
  }

  /// What h' is multiplied with in front of each gate, [gates, batch, units].
  private func recurrentMask(for x: Value, into builder: inout GraphBuilder) -> Value? {
    let rate = rate("recurrent_dropout", builder)
    guard rate > 0 else { return nil }
    let draws = builder.drawn(
      .bernoulli(probability: 1 - rate), shape: [Self.gateCount, x.shape[0], units],
      key: arguments.drawKey(builder.layerName) + "/recurrent", name: "recurrent_draws",
      symbol: "draws")
    let mask = builder.formula("mask", "mask", .operand(0) / .constant(1 - rate), [draws])
    builder.rename(mask, builder.layerName + "/recurrent_mask", symbol: "mask")
    return mask
  }
}

// MARK: Arguments

extension ArgumentSpec {
  /// The arguments of a recurrent layer in Keras's order.
  ///
  /// - Parameters:
  ///   - gates: whether it has gates with a function of their own.
  ///   - forgets: whether it has a forget gate.
  ///   - last: what else it takes at the end.
  static func recurrent(
    gates: Bool = true, forgets: Bool = false, seedIsLast: Bool = false,
    last: [ArgumentSpec] = []
  ) -> [ArgumentSpec] {
    let start: [ArgumentSpec] = [
      ArgumentSpec("units", .integer(1...65_536), "how many cells it has"),
      .activation("activation", .text("tanh"), orNone: true, "the function of what comes out"),
    ]
    let gateFunction: [ArgumentSpec] = [
      .activation(
        "recurrent_activation", .text("sigmoid"), orNone: true, "the function of the gates")
    ]
    let starts: [ArgumentSpec] = [
      .useBias(),
      .initializer("kernel_initializer", default: "glorot_uniform"),
      .initializer("recurrent_initializer", default: "orthogonal"),
      .initializer("bias_initializer", default: "zeros"),
    ]
    let forget: [ArgumentSpec] = [
      .flag("unit_forget_bias", true, "whether the forget gate starts open, with a bias of 1")
    ]
    let limits: [ArgumentSpec] = [
      .regularizer("kernel_regularizer"), .regularizer("recurrent_regularizer"),
      .regularizer("bias_regularizer"), .activityRegularizer(),
      .constraint("kernel_constraint"), .constraint("recurrent_constraint"),
      .constraint("bias_constraint"),
      .number("dropout", 0...0.999, 0, "the share of the inputs that is dropped"),
      .number("recurrent_dropout", 0...0.999, 0, "the share of what is fed back that is dropped"),
    ]
    let results: [ArgumentSpec] = [
      .flag("return_sequences", false, "whether it gives the outputs of all time steps"),
      .flag("return_state", false, "whether it also gives what it carries after the last step"),
      .flag("go_backwards", false, "whether it reads from the end"),
      .flag("stateful", false, "whether each batch goes on where the one before it ended"),
      .flag("unroll", false, "how Keras computes it: the numbers are the same"),
    ]
    let zero: [ArgumentSpec] = [
      .flag(
        "zero_output_for_mask", false, keywordOnly: true,
        "whether the outputs of masked steps are 0")
    ]
    return start + (gates ? gateFunction : []) + starts + (forgets ? forget : []) + limits
      + (seedIsLast ? results + [.seed] : [.seed] + results) + last + zero
  }
}
