import Tensors

/// A gated recurrent unit. At every time step
///
///     s = x W + h' U + b      z = σ(s_z)   r = σ(s_r)         h': the step before, zeros at first
///     q = x W + b₀ + r · v    v = h' U + b₁                   when the reset gate acts after U
///     q = x W + (r · h') U + b                                when it acts before
///     g = φ(q)
///     h = z · h' + (1 − z) · g
///
/// The columns of W, U and b are in Keras's order z r g; σ is the recurrent activation, φ the
/// activation. Acting after, b has two rows: of `x W` and of `h' U`. (Cho et al. 2014.)
struct GatedCell: RecurrentCell {
  let activation: ScalarFunction
  let recurrentActivation: ScalarFunction
  let resetsAfter: Bool

  let gates = ["z", "r", "g"]
  let carried = ["h"]
  var biasRows: Int { resetsAfter ? 2 : 1 }

  private var gateSum: RecurrentSum { RecurrentSum(name: "s", blocks: 0..<2) }

  private var candidateSum: RecurrentSum {
    resetsAfter
      ? RecurrentSum(name: "q", blocks: 2..<3, recurrentGradient: "v.grad")
      : RecurrentSum(name: "q", blocks: 2..<3, left: "reset")
  }

  var sums: [RecurrentSum] { [gateSum, candidateSum] }

  var parts: [(name: String, symbol: String)] {
    gates.map { ($0, $0) } + (resetsAfter ? [("v", "v")] : [("reset", "r · h'")])
  }

  var gradients: [(name: String, symbol: String)] {
    resetsAfter ? [("v.grad", "∂L/∂v")] : []
  }

  func emitStep(_ step: RecurrentStep, _ emitter: inout Emitter) {
    step.emitSum(gateSum, &emitter)
    step.emitGate("z", recurrentActivation, of: gateSum, block: 0, &emitter)
    step.emitGate("r", recurrentActivation, of: gateSum, block: 1, &emitter)
    if resetsAfter {
      emitCandidateResetAfter(step, &emitter)
    } else {
      let (r, left, reset) = (step["r"], step.left(2), step["reset"])
      emitter.emit(
        "r · h'", [.multiply(r, left, reset)],
        [
          InstructionResult(
            reset, "r · \(emitter.symbol(of: left))", .sum([.elements([r, left])]))
        ])
      step.emitSum(candidateSum, &emitter)
    }
    step.emitGate("g", activation, of: candidateSum, block: 2, &emitter)
    let (h, before) = (step.made("h"), step.before("h"))
    let (hs, bs) = (emitter.symbol(of: h), emitter.symbol(of: before))
    emitter.emitFormulas(
      "h",
      [
        (
          h, .operand(0) * .operand(1) + (1 - .operand(0)) * .operand(2),
          "\(hs) = z · \(bs) + (1 − z) · g"
        )
      ], operands: [step["z"], before, step["g"]], layout: layout(step, operands: 3),
      further: step.outputResult(of: h))
  }

  private func layout(_ step: RecurrentStep, operands: Int) -> OperandLayout {
    OperandLayout(
      rows: step.given.batch, columns: step.given.units,
      modes: [OperandMode](repeating: .full, count: operands))
  }

  /// `v = h' U + b₁`, then `q = x W + b₀ + r · v`.
  private func emitCandidateResetAfter(_ step: RecurrentStep, _ emitter: inout Emitter) {
    let (v, q, r) = (step["v"], step["q"], step["r"])
    let (given, units) = (step.given, step.given.units)
    let (us, ws) = (emitter.symbol(of: given.u), emitter.symbol(of: given.w))
    let bs = given.bias.map { emitter.symbol(of: $0) }
    var calls = step.recurrentProducts(2..<3, into: v, accumulates: false)
    var terms = [step.recurrentTerm(2, left: step.left(2))]
    if let b = given.bias {
      calls.append(.sum(v, bias: b, from: given.columns + 2 * units, v))
      terms.append(.biasPart(b, from: given.columns + 2 * units, width: units))
    }
    emitter.emit(
      "v", calls,
      [
        InstructionResult(
          v, "v = \(emitter.symbol(of: step.left(2))) \(us)" + (bs.map { " + \($0)₁" } ?? ""),
          .sum(terms))
      ])
    let weighted = step[step.op.productName(of: candidateSum)]
    var sum: [KernelCall] = [.multiply(r, v, q), .add(weighted, q, q)]
    if let b = given.bias { sum.append(.sum(q, bias: b, from: 2 * units, q)) }
    emitter.emit(
      "q", sum,
      [
        InstructionResult(
          q,
          "q = \(emitter.symbol(of: step["x"])) \(ws)" + (bs.map { " + \($0)₀" } ?? "")
            + " + r · v",
          .sum(
            step.terms(candidateSum, block: 2, left: nil, biasRows: [0]) + [.elements([r, v])]))
      ])
  }

  // MARK: Backward

  func emitBack(
    _ step: RecurrentStep, _ way: RecurrentGradients, _ arriving: RecurrentArrival,
    _ emitter: inout Emitter
  ) -> RecurrentCarry {
    let (dh, z, r, g) = (arriving.dh, step["z"], step["r"], step["g"])
    let (t, shape, before) = (step.t, dh.shape, step.before("h"))
    let (ds, dq) = (way["s.grad"].steps[t], way["q.grad"].steps[t])
    let dhs = emitter.symbol(of: dh)
    emitter.emitFormulas(
      "∂ q",
      [
        (
          dq, .operand(0) * (1 - .operand(1)) * activation.slope(at: .operand(2)),
          "\(emitter.symbol(of: dq)) = \(dhs) · (1 − z) · \(activation.name)'"
        )
      ], operands: [dh, z, g], layout: layout(step, operands: 3))
    var carry = RecurrentCarry()
    // What the reset gate was multiplied by, and the gradient that it gets that way.
    let (partner, passed): (Value, Value)
    if resetsAfter {
      let dv = way["v.grad"].steps[t]
      emitter.emitProduct("∂ v", dq, r, dv)
      (partner, passed) = (step["v"], dq)
    } else {
      (partner, passed) = (step.left(2), emitResetGradient(step, way, dq, &emitter))
    }
    let change = way.value("change", "h' − g", t, shape, &emitter)
    emitter.emitFormulas(
      "h' − g",
      [(change, .operand(0) - .operand(1), "\(emitter.symbol(of: before)) − g")],
      operands: [before, g], layout: layout(step, operands: 2))
    let units = step.given.units
    let blocks = [(z, dh, change), (r, passed, partner)]
    emitter.emit(
      "∂ s",
      blocks.enumerated().map { k, block in
        KernelCall(
          .productGradient,
          [Slice(block.1), Slice(block.2), Slice(block.0), Slice(ds, from: k * units)],
          sizes: [recurrentActivation.rawValue, shape.rows, units, 2 * units])
      },
      [
        InstructionResult(
          ds,
          "\(emitter.symbol(of: ds)) = \(dhs) (\(emitter.symbol(of: change))) z', "
            + "\(emitter.symbol(of: passed)) \(emitter.symbol(of: partner)) r'",
          .columns(
            blocks.map {
              .functionGradient(recurrentActivation, output: $0.0, factors: [$0.1, $0.2])
            }))
      ])
    guard arriving.wantsBefore else { return carry }
    let kept = way.value("h_by_z.grad", "∂L/∂h' by z", t, shape, &emitter)
    emitter.emitProduct("∂ h' by z", dh, z, kept)
    carry.toAdd["h"] = [kept]
    if !resetsAfter {
      let left = way.value("h_by_r.grad", "∂L/∂h' by r", t, shape, &emitter)
      emitter.emitProduct("∂ h' by r", passed, r, left)
      carry.lefts[2] = left
    }
    return carry
  }

  /// `∂L/∂(r · h') = ∂L/∂q · Uᵀ`.
  private func emitResetGradient(
    _ step: RecurrentStep, _ way: RecurrentGradients, _ dq: Value, _ emitter: inout Emitter
  ) -> Value {
    let units = step.given.units
    let result = way.value("reset.grad", "∂L/∂(r · h')", step.t, dq.shape, &emitter)
    let block = ProductBlock(
      form: .bTransposed, aFrom: 0, bFrom: 2 * units, count: units, width: units)
    emitter.emit(
      "∂ r · h'", [.blockProduct(dq, step.given.u, result, block)],
      [
        InstructionResult(
          result,
          "\(emitter.symbol(of: result)) = \(emitter.symbol(of: dq)) · "
            + "\(emitter.symbol(of: step.given.u))ᵀ",
          .sum([.block(a: dq, b: step.given.u, block)]))
      ])
    return result
  }
}

extension Emitter {
  /// Emits `y = a · b`, number by number.
  fileprivate mutating func emitProduct(_ title: String, _ a: Value, _ b: Value, _ y: Value) {
    emit(
      title, [.multiply(a, b, y)],
      [
        InstructionResult(
          y, "\(symbol(of: y)) = \(symbol(of: a)) · \(symbol(of: b))", .sum([.elements([a, b])]))
      ])
  }
}

extension ScalarFunction {
  /// Its derivative where it gave y.
  fileprivate func slope(at y: Formula) -> Formula {
    switch self {
    case .linear: 1
    case .relu: .where(y <= 0, 0, 1)
    case .sigmoid: y * (1 - y)
    case .tanh: 1 - .square(y)
    case .exp: y
    }
  }
}
