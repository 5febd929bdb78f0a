import Autodiff
import Tensors

// A memory that leaves padded steps out: there it keeps what it had.

extension LSTM: MaskingLayer {
  package func outputMasks(
    for inputs: [Shape], masks: [Shape?]
  ) throws(LayerFailure) -> [Shape?] {
    try inputs[0].checkMask(masks[0])
    return [returnsSequences ? masks[0] : nil]
  }

  package func lower(
    masked inputs: [MaskedValue], weights: [Value], into builder: inout GraphBuilder
  ) -> [MaskedValue] {
    let input = inputs[0].value
    guard let mask = inputs[0].mask else {
      return [MaskedValue(lower(input, weights: weights, into: &builder))]
    }
    var memory = [Value](
      repeating: builder.constant(
        Tensor(shape: [input.shape[0], weights[1].shape[0]], repeating: 0)), count: 2)
    var outputs: [Value] = []
    for t in 0..<input.shape[1] {
      memory = builder.layer("t\(t)") { builder in
        let x = builder.apply(SliceOp([.all, .index(t)]), to: [input])
        let counts = builder.apply(SliceOp([.all, .range(start: t, stop: t + 1)]), to: [mask])
        builder.fix(counts)
        return step(x, memory, counts, weights, &builder)
      }
      outputs.append(memory[0])
    }
    guard returnsSequences else { return [MaskedValue(memory[0])] }
    return [MaskedValue(builder.apply(StackOp(axis: 1), to: outputs), mask: mask)]
  }

  /// `h` and `c` after one step, where it counts, else as they were.
  private func step(
    _ x: Value, _ before: [Value], _ counts: Value, _ weights: [Value],
    _ builder: inout GraphBuilder
  ) -> [Value] {
    let parts = [
      builder.apply(MatMulOp(), to: [x, weights[0]]),
      builder.apply(MatMulOp(), to: [before[0], weights[1]]),
    ]
    var z = builder.formula("z", "z", .operand(0) + .operand(1), parts)
    if weights.count > 2 { z = builder.apply(AddBiasOp(), to: [z, weights[2]]) }
    let units = before[0].shape.last
    let gates = zip(["i", "f", "g", "o"], op.gateFunctions).enumerated().map { k, gate in
      let columns = builder.apply(
        SliceOp([.all, .range(start: k * units, stop: (k + 1) * units)]), to: [z])
      let made = builder.apply(MapOp(gate.1), to: [columns])
      builder.rename(made, builder.layerName + "/" + gate.0, symbol: gate.0)
      return made
    }
    let c = builder.formula(
      "c", "c", .operand(0) * .operand(1) + .operand(2) * .operand(3),
      [gates[1], before[1], gates[0], gates[2]])
    let shown = builder.apply(MapOp(op.activation), to: [c])
    let h = builder.formula("h", "h", .operand(0) * .operand(1), [gates[3], shown])
    return zip(["kept_h", "kept_c"], zip([h, c], before)).map { name, pair in
      builder.formula(
        name, String(name.suffix(1)), .where(.operand(2), .operand(0), .operand(1)),
        [pair.0, pair.1, counts])
    }
  }
}
