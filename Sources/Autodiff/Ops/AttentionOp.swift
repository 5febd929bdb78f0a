import Tensors

/// Attention, head by head: every row of q looks at all rows of k, and takes of v by how much they
/// match. (Vaswani et al. 2017, formula 1.)
///
///     s = q kᵀ        a = c s        p = softmax(a)        y = p v
///
/// q [heads, batch, T, size], k [heads, batch, S, size], v [heads, batch, S, width] → y [heads,
/// batch, T, width]. Each head is a fold of its own, so heads come first. A mask is 0 where a row of
/// q must not look: [batch, T, S], the same for all heads, or [heads, batch, T, S].
///
/// Backward: what the ops that a head consists of say.
package struct AttentionOp: Op {
  /// What of it is computed, where the weights p are an output too.
  package enum Part: Hashable, Sendable {
    /// q, k, v → y.
    case whole
    /// q, k → p [heads, batch, T, S].
    case weights
    /// p, v → y.
    case sum
  }

  /// The share of the weights that is dropped while training.
  package struct Dropout: Hashable, Sendable {
    let rate: Double
    let layer: String

    package init(rate: Double, layer: String) {
      self.rate = rate
      self.layer = layer
    }
  }

  package let part: Part
  package let scale: Double
  package let hasMask: Bool
  package let zeroesMasked: Bool
  package let dropout: Dropout?

  /// - Parameters:
  ///   - scale: what the scores are multiplied by, c.
  ///   - hasMask: whether a mask is the last input.
  ///   - zeroesMasked: whether what is masked has the weight 0 in rows that may look nowhere too;
  ///     there all weights are equal otherwise.
  package init(
    _ part: Part = .whole, scale: Double = 1, hasMask: Bool = false, zeroesMasked: Bool = false,
    dropout: Dropout? = nil
  ) {
    self.part = part
    self.scale = scale
    self.hasMask = hasMask && part != .sum
    self.zeroesMasked = zeroesMasked
    self.dropout = part == .weights ? nil : dropout
  }

  package var outputName: String { part == .weights ? "weights" : "attended" }
  package var outputSymbol: String { part == .weights ? "p" : "y" }
  package var contributions: [ContributionRule] { [.terms, .linearized, .formula, .drawn] }

  package func outputShape(_ inputs: [Shape]) -> Shape {
    let (first, second) = (inputs[0], inputs[1])
    precondition(
      first.rank == 4 && first[0] == second[0] && first[1] == second[1],
      "\(inputs) are not heads of one batch")
    return switch part {
    case .whole: [first[0], first[1], first[2], inputs[2][3]]
    case .weights: [first[0], first[1], first[2], second[2]]
    case .sum: [first[0], first[1], first[2], second[3]]
    }
  }

  package func forward(_ inputs: [Value], _ y: Value, _ emitter: inout Emitter) -> [Value] {
    let path = emitter.scopes.joined(separator: "/") + "/"
    let steps = steps(ofHead: 0)
    // All but what comes out are weights, or on the way to them.
    let square: Shape =
      part == .sum
      ? inputs[0].shape : [y.shape[0], y.shape[1], y.shape[2], inputs[1].shape[2]]
    let made = steps.dropLast().map { emitter.value(path + $0.name, $0.symbol, square) } + [y]
    let names = inputNames + steps.map(\.name)
    var kept: [[Value]] = []
    for head in 0..<y.shape[0] {
      var values = zip(inputs + made, names).map { whole, name in
        emitter.part(of: whole, head: head, "\(path)head_\(head)/\(name)")
      }
      emitter.within("head \(head)") { emitter in
        for (i, step) in self.steps(ofHead: head).enumerated() {
          let output = values[inputs.count + i]
          values += step.op.forward(step.operands.map { values[$0] }, output, &emitter)
        }
      }
      for extra in values.dropFirst(names.count) {
        emitter.rename(extra, "\(path)head_\(head)/mask")
      }
      kept.append(values)
    }
    for (i, whole) in made.enumerated() {
      emitter.completes(whole, pieces: kept.map { $0[inputs.count + i] })
    }
    return kept.flatMap { $0 }
  }

  package func backward(_ node: Node, _ emitter: inout Emitter) -> [Value?] {
    let learns = node.inputs.indices.map { node.wants[$0] && !(hasMask && $0 == inputCount - 1) }
    guard learns.contains(true) else { return node.inputs.map { _ in nil } }
    let path = emitter.scopes.joined(separator: "/") + "/"
    let gradients = zip(node.inputs, learns).map { $1 ? emitter.gradient(of: $0) : nil }
    var parts = gradients.map { _ in [Value]() }
    let heads = node.output.shape[0]
    let count = node.kept.count / heads
    for head in (0..<heads).reversed() {
      let values = Array(node.kept[head * count..<(head + 1) * count])
      for (i, whole) in gradients.enumerated() {
        guard let whole else { continue }
        let part = emitter.part(
          of: whole, head: head, "\(path)head_\(head)/\(inputNames[i]).grad")
        emitter.placeGradient(of: values[i], in: part)
        parts[i].append(part)
      }
      let dy = emitter.part(of: node.dy, head: head, "\(path)head_\(head)/\(outputName).grad")
      emitter.within("head \(head)") { emitBackward(head, values, dy, learns, &$0) }
    }
    for (whole, parts) in zip(gradients, parts) {
      if let whole { emitter.completes(whole, pieces: parts) }
    }
    return gradients
  }

  /// The steps of one head in reverse; each value is used once, so no gradients meet.
  private func emitBackward(
    _ head: Int, _ values: [Value], _ dy: Value, _ learnsInputs: [Bool], _ emitter: inout Emitter
  ) {
    let steps = steps(ofHead: head)
    var learns = learnsInputs
    for step in steps { learns.append(step.operands.contains { learns[$0] }) }
    var gradients: [Int: Value] = [learns.count - 1: dy]
    for (i, step) in steps.enumerated().reversed() {
      let place = learnsInputs.count + i
      guard let given = gradients[place] else { continue }
      var node = Node(
        op: step.op, inputs: step.operands.map { values[$0] }, output: values[place],
        scopes: emitter.scopes, phase: .forward)
      node.kept = Array(values.dropFirst(learns.count))
      node.outputGradient = given
      node.wants = step.operands.map { learns[$0] }
      let found = step.op.backward(node, &emitter)
      for (operand, gradient) in zip(step.operands, found) { gradients[operand] = gradient }
    }
  }
}

// MARK: The ops of a head

extension AttentionOp {
  /// One op of a head; its operands are places in the list of the head's values: the inputs, then
  /// what each step gives.
  private struct Step {
    let op: any Op
    let operands: [Int]
    let name: String
    let symbol: String
  }

  private var inputNames: [String] {
    let names =
      switch part {
      case .whole: ["q", "k", "v"]
      case .weights: ["q", "k"]
      case .sum: ["p", "v"]
      }
    return names + (hasMask ? ["mask"] : [])
  }

  private var inputCount: Int { inputNames.count }

  private func steps(ofHead head: Int) -> [Step] {
    var steps: [Step] = []
    func add(_ name: String, _ symbol: String, _ op: any Op, _ operands: [Int]) -> Int {
      steps.append(Step(op: op, operands: operands, name: name, symbol: symbol))
      return inputCount + steps.count - 1
    }
    let mask = hasMask ? [inputCount - 1] : []
    var weights = 0
    if part != .sum {
      let scores = add("scores", "s", BatchedMatMulOp(transposesB: true), [0, 1])
      let scaled = add("scaled", "a", FormulaOp("scaled", symbol: "a", scaling), [scores] + mask)
      weights = add("weights", "p", SoftmaxOp(), [scaled])
      if zeroesMasked && hasMask {
        let formula = FormulaOp("masked", symbol: "p′") { p, mask in .where(mask, p, 0) }
        weights = add("masked", "p′", formula, [weights] + mask)
      }
    }
    guard part != .weights else { return steps }
    if let dropout {
      // Each head draws for itself.
      let op = DropoutOp(rate: dropout.rate, layer: "\(dropout.layer)/head \(head)")
      weights = add("kept", zeroesMasked && hasMask ? "p″" : "p′", op, [weights])
    }
    _ = add("attended", "y", BatchedMatMulOp(), [weights, part == .whole ? 2 : 1])
    return steps
  }

  /// `c s`, and where the mask is 0 a number so low that nothing is left of it.
  private var scaling: Formula {
    let scaled = scale == 1 ? Formula.operand(0) : .operand(0) * .named("c", scale)
    return hasMask ? .where(.operand(1), scaled, -1e9) : scaled
  }
}

extension Emitter {
  /// The numbers of one head; the same for all where there are no heads.
  fileprivate mutating func part(of whole: Value, head: Int, _ name: String) -> Value {
    guard whole.shape.rank == 4 else { return whole }
    let shape = Shape(Array(whole.shape.extents.dropFirst()))
    return view(of: whole, offset: head * shape.count, name, symbol(of: whole), shape)
  }
}
