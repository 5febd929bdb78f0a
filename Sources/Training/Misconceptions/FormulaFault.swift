import Autodiff
import NeuralNets
import Tensors

/// A wrong formula in place of an instruction's own.
///
/// The instruction still declares what it should compute, so that its explanation, the gradient
/// check and the readable twin all contradict its numbers.
package enum FormulaFault: String, CaseIterable, Hashable, Sendable {
  case sign, missingMean, transposedIndex, beforeActivation, staleGradient
  case noBiasCorrection, invertedBiasCorrection

  /// The instructions of a plan that it can be planted in, in order; plans for other batch sizes
  /// have as many.
  package func places(in plan: Plan) -> [Int] {
    plan.instructions.indices.filter { altered(plan, at: $0) != nil }
  }

  /// The plan with the wrong formula in an instruction; nil where it means nothing there.
  package func altered(_ plan: Plan, at index: Int) -> Plan? {
    let instruction = plan.instructions[index]
    switch self {
    case .sign: return Self.withSign(plan, index, instruction)
    case .missingMean: return Self.withoutMean(plan, index, instruction)
    case .transposedIndex:
      return Self.changingCall(plan, index, instruction, Self.withoutTransposing)
    case .beforeActivation:
      return Self.changingCall(plan, index, instruction) {
        Self.readingBeforeActivation($0, in: plan)
      }
    case .staleGradient: return Self.withStaleGradient(plan, index, instruction)
    case .noBiasCorrection: return Self.adam(plan, index, instruction) { m, v, _, _ in (m, v) }
    case .invertedBiasCorrection:
      return Self.adam(plan, index, instruction) { m, v, first, second in (m * first, v * second) }
    }
  }

  // MARK: After the instruction

  /// `−x` for a gradient x.
  private static func withSign(_ plan: Plan, _ index: Int, _ instruction: Instruction) -> Plan? {
    guard instruction.phase == .backward, !instruction.calls.isEmpty,
      let result = instruction.results.first?.value
    else { return nil }
    return plan.altered(at: index) { _ in
      instruction.calls + [.rewriting(result, -.operand(0))]
    }
  }

  /// `n x` for the gradient x of a mean of n.
  private static func withoutMean(
    _ plan: Plan, _ index: Int, _ instruction: Instruction
  ) -> Plan? {
    guard instruction.phase == .backward, let result = instruction.results.first?.value,
      let count = instruction.calls.lazy.compactMap(Self.averaged).first, count > 1
    else { return nil }
    return plan.altered(at: index) { _ in
      instruction.calls + [.rewriting(result, .constant(Double(count)) * .operand(0))]
    }
  }

  /// How many numbers a call derives the mean of.
  private static func averaged(_ call: KernelCall) -> Int? {
    switch call.kernel {
    case .lossGradient: call.sizes[1]
    case .reduceGradient where call.sizes[0] == Reduction.mean.rawValue: call.sizes[2]
    default: nil
    }
  }

  // MARK: What the instruction reads

  /// The plan with the first call changed that can be.
  private static func changingCall(
    _ plan: Plan, _ index: Int, _ instruction: Instruction,
    _ change: (KernelCall) -> KernelCall?
  ) -> Plan? {
    guard instruction.phase == .backward else { return nil }
    for (i, call) in instruction.calls.enumerated() {
      guard let changed = change(call) else { continue }
      var calls = instruction.calls
      calls[i] = changed
      return plan.altered(at: index) { _ in calls }
    }
    return nil
  }

  /// `dy · W` for `dy · Wᵀ`: the numbers of W are read row by row as if it were its transpose.
  private static func withoutTransposing(_ call: KernelCall) -> KernelCall? {
    let n = call.sizes
    guard call.kernel == .matMul, var flags = Optional(MatMulFlags(rawValue: n[3])),
      flags.contains(.transposeB), n[5] == n[2], n[1] > 1, n[2] > 1,
      let w = call.buffers[1], w.offset == 0, w.value.shape.count == n[1] * n[2]
    else { return nil }
    flags.remove(.transposeB)
    return KernelCall(
      .matMul, call.buffers, sizes: [n[0], n[1], n[2], flags.rawValue, n[4], n[1], n[6]])
  }

  /// `zᵀ · dy` for `hᵀ · dy`, h = f(z).
  private static func readingBeforeActivation(_ call: KernelCall, in plan: Plan) -> KernelCall? {
    guard call.kernel == .matMul, MatMulFlags(rawValue: call.sizes[3]).contains(.transposeA),
      let h = call.buffers[0]
    else { return nil }
    for instruction in plan.instructions where instruction.phase == .forward {
      for result in instruction.results {
        guard case .function(let function, let z) = result.rule, function != .linear,
          result.value.shape.count == h.value.shape.count,
          plan[result.value].storage == plan[h.value].storage
        else { continue }
        return KernelCall(
          .matMul, [Slice(z, from: h.offset)] + call.buffers.dropFirst(), sizes: call.sizes)
      }
    }
    return nil
  }

  // MARK: Updates

  /// The update takes the gradient of the step before.
  private static func withStaleGradient(
    _ plan: Plan, _ index: Int, _ instruction: Instruction
  ) -> Plan? {
    guard instruction.phase == .update, instruction.calls.count == 1,
      let call = instruction.calls.first, call.kernel == .sgd || call.kernel == .adam,
      let g = call.buffers[1]?.value
    else { return nil }
    return plan.altered(at: index, memory: g.shape) { memory in
      guard let memory else { return instruction.calls }
      var buffers = call.buffers
      buffers[1] = Slice(memory)
      return [
        KernelCall(call.kernel, buffers, sizes: call.sizes, constants: call.constants),
        .evaluating([g, memory], [(1, .operand(0))]),
      ]
    }
  }

  /// Adam with other corrections of the two means; told the shares `1 − β₁ᵗ` and `1 − β₂ᵗ`.
  private static func adam(
    _ plan: Plan, _ index: Int, _ instruction: Instruction,
    _ corrected: (Formula, Formula, Formula, Formula) -> (m: Formula, v: Formula)
  ) -> Plan? {
    guard instruction.calls.count == 1, let call = instruction.calls.first, call.kernel == .adam
    else { return nil }
    let values = call.buffers.compactMap { $0?.value }
    let c = call.constants.map { Formula.constant($0) }
    let (w, g) = (Formula.operand(0), Formula.operand(1))
    let m = Formula.operand(2) + (g - .operand(2)) * c[3]
    let v = Formula.operand(3) + (.square(g) - .operand(3)) * c[4]
    let shares = (1 - Formula.power(c[0], .updateCount), 1 - Formula.power(c[1], .updateCount))
    let used = corrected(m, v, shares.0, shares.1)
    let next = w - .learningRate * used.m / (.sqrt(used.v) + c[2])
    return plan.altered(at: index) { _ in
      [.evaluating(values, [(0, next), (2, m), (3, v)])]
    }
  }
}

extension KernelCall {
  /// Formulas of arrays of equally many numbers, number by number.
  fileprivate static func evaluating(
    _ values: [Value], _ outputs: [(buffer: Int, formula: Formula)]
  ) -> KernelCall {
    let count = values[0].shape.count
    let modes = [Int](repeating: OperandMode.full.rawValue, count: values.count)
    return KernelCall(
      .evaluate, values, sizes: [1, count] + modes, program: Program(outputs))
  }

  /// `x ← f(x)`.
  fileprivate static func rewriting(_ value: Value, _ formula: Formula) -> KernelCall {
    evaluating([value], [(0, formula)])
  }
}
