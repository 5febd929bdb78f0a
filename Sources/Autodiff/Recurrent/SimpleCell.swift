import Tensors

/// What comes out is fed back:
///
///     z = x W + h' U + b          h = φ(z)
///
/// (Elman 1990.)
struct SimpleCell: RecurrentCell {
  let activation: ScalarFunction

  let gates = ["z"]
  let carried = ["h"]
  let sums = [RecurrentSum(name: "z", blocks: 0..<1)]

  func emitStep(_ step: RecurrentStep, _ emitter: inout Emitter) {
    step.emitSum(sums[0], &emitter)
    let (z, h) = (step["z"], step.made("h"))
    emitter.emit(
      "h", [.map(activation, z, h)],
      [
        InstructionResult(
          h, "\(emitter.symbol(of: h)) = \(activation.name)(z)",
          .functionOfColumns(activation, of: z, from: 0))
      ] + step.outputResult(of: h))
  }

  func emitBack(
    _ step: RecurrentStep, _ way: RecurrentGradients, _ arriving: RecurrentArrival,
    _ emitter: inout Emitter
  ) -> RecurrentCarry {
    let (h, dz) = (step.made("h"), way["z.grad"].steps[step.t])
    let width = h.shape.last
    emitter.emit(
      "∂ z",
      [
        KernelCall(
          .mapGradient, [h, arriving.dh, dz],
          sizes: [activation.rawValue, h.shape.rows, width, width, width, width])
      ],
      [
        InstructionResult(
          dz,
          "\(emitter.symbol(of: dz)) = \(emitter.symbol(of: arriving.dh)) · \(activation.name)'",
          .functionGradient(activation, output: h, factors: [arriving.dh]))
      ])
    return RecurrentCarry()
  }
}
