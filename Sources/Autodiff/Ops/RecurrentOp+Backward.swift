import Tensors

// From the last time step to the first; then the sums over all of them.

extension RecurrentOp {
  package func backward(_ node: Node, _ emitter: inout Emitter) -> [Value?] {
    let given = inputs(node.inputs)
    let trace = RecurrentTrace(self, given, kept: node.kept)
    let way = RecurrentGradients(
      self, given, sequences: form.returnsSequences ? node.outputGradient : nil, &emitter)
    let wantsStart = given.initial.indices.contains { node.wants[given.initialPlace + $0] }
    var carry = RecurrentCarry()
    for (name, gradient) in zip(cell.carried, node.furtherGradients) {
      if let gradient { carry.toAdd[name] = [gradient] }
    }
    var outputCarry: Value?
    for t in (0..<given.time).reversed() {
      let step = RecurrentStep(t: t, op: self, given: given, trace: trace)
      let isLast = t == given.time - 1
      let arriving =
        way.outputs.map { $0[t] }
        ?? (isLast && !form.returnsSequences ? node.outputGradient : nil)
      let later = carry
      emitter.within("t = \(t)") { emitter in
        carry = emitStepBack(
          step, way, arriving, later, &outputCarry, wantsBefore: t > 0 || wantsStart, &emitter)
      }
    }
    way.complete(&emitter)
    var gradients = [Value?](repeating: nil, count: node.inputs.count)
    emitStartGradients(node, given, carry, &gradients, &emitter)
    emitSums(node, given, trace, way, &gradients, &emitter)
    return gradients
  }

  // MARK: A time step

  private func emitStepBack(
    _ step: RecurrentStep, _ way: RecurrentGradients, _ arriving: Value?,
    _ later: RecurrentCarry, _ outputCarry: inout Value?, wantsBefore: Bool,
    _ emitter: inout Emitter
  ) -> RecurrentCarry {
    let dh = way["h.grad"].steps[step.t]
    let atOnce = hasOwnOutputs ? nil : arriving
    emitSum(
      into: dh, (atOnce.map { [$0] } ?? []) + (later.toAdd["h"] ?? []), later.products,
      step.given, way.exchangedU, title: "∂ h", &emitter)
    guard step.given.mask != nil else {
      let arrival = RecurrentArrival(
        dh: dh, dc: later.toAdd["c"]?.first, wantsBefore: wantsBefore)
      return emitCellBack(step, way, arrival, &emitter)
    }
    let shown =
      hasOwnOutputs
      ? emitOutputGradient(step, way, arriving, &outputCarry, &emitter) : nil
    let kept = emitMaskGradients(step, way, dh, shown, later, wantsBefore, &emitter)
    let arrival = RecurrentArrival(
      dh: way["h_new.grad"].steps[step.t], dc: kept.dc, wantsBefore: wantsBefore)
    var carry = emitCellBack(step, way, arrival, &emitter)
    for (name, gradient) in kept.before { carry.toAdd[name, default: []].append(gradient) }
    return carry
  }

  /// `Σ of gradients + Σ gradient · Uᵀ`, as far as there are any.
  private func emitSum(
    into result: Value, _ gradients: [Value], _ products: [(gradient: Value, firstBlock: Int)],
    _ given: RecurrentInputs, _ exchangedU: Value?, title: String, _ emitter: inout Emitter
  ) {
    let name = emitter.symbol(of: result)
    guard !gradients.isEmpty || !products.isEmpty else {
      emitter.emitFormulas(
        title, [(result, 0, "\(name) = 0")], operands: [],
        layout: OperandLayout(rows: result.shape.rows, columns: result.shape.last, modes: []))
      return
    }
    var calls: [KernelCall] = []
    var terms: [TermSource] = []
    var formula: [String] = []
    for (i, gradient) in gradients.enumerated() {
      calls.append(i == 0 ? .copy(gradient, result) : .add(result, gradient, result))
      terms.append(.elements([gradient]))
      formula.append(emitter.symbol(of: gradient))
    }
    let us = emitter.symbol(of: given.u)
    for (gradient, first) in products {
      let exchanged = first == 0 ? exchangedU : nil
      let factor = exchanged ?? given.u
      let block = ProductBlock(
        form: exchanged == nil ? .bTransposed : .plain, aFrom: 0, bFrom: first * given.units,
        count: gradient.shape.last, width: given.units)
      calls.append(
        .blockProduct(gradient, factor, result, block, accumulates: !calls.isEmpty))
      let isWhole = gradient.shape.last == given.columns
      terms.append(
        isWhole
          ? .product(
            a: gradient, aTransposed: false, b: factor, bTransposed: exchanged == nil)
          : .block(a: gradient, b: factor, block))
      formula.append("\(emitter.symbol(of: gradient)) · \(us)ᵀ")
    }
    emitter.emit(
      title, calls,
      [InstructionResult(result, "\(name) = " + formula.joined(separator: " + "), .sum(terms))])
  }

  /// The cell's own gradients, and what goes to h' through U.
  private func emitCellBack(
    _ step: RecurrentStep, _ way: RecurrentGradients, _ arrival: RecurrentArrival,
    _ emitter: inout Emitter
  ) -> RecurrentCarry {
    var carry = cell.emitBack(step, way, arrival, &emitter)
    guard arrival.wantsBefore else { return RecurrentCarry() }
    let own = cell.sums.filter { $0.left == nil }
    guard step.given.recurrentMask != nil else {
      carry.products += own.map {
        (way[$0.gradientOfProduct].steps[step.t], $0.blocks.lowerBound)
      }
      for left in carry.lefts.sorted(by: { $0.key < $1.key }) {
        carry.toAdd["h", default: []].append(left.value)
      }
      return carry
    }
    var lefts = carry.lefts
    for sum in own {
      let gradient = way[sum.gradientOfProduct].steps[step.t]
      for block in sum.blocks {
        lefts[block] = emitLeftGradient(
          step, way, gradient, column: block - sum.blocks.lowerBound, block, &emitter)
      }
    }
    carry.toAdd["h", default: []].append(emitKeptGradient(step, way, lefts, &emitter))
    return carry
  }

  /// The gradient of what h' is in front of one gate: `∂L/∂z · Uᵀ` of its columns.
  private func emitLeftGradient(
    _ step: RecurrentStep, _ way: RecurrentGradients, _ gradient: Value, column: Int,
    _ block: Int, _ emitter: inout Emitter
  ) -> Value {
    let (units, gate) = (step.given.units, cell.gates[block])
    let result = way.value(
      "h_kept_\(gate).grad", "∂L/∂(h' kept for \(gate))", step.t, [step.given.batch, units],
      &emitter)
    let part = ProductBlock(
      form: .bTransposed, aFrom: column * units, bFrom: block * units, count: units, width: units)
    emitter.emit(
      "∂ kept \(gate)", [.blockProduct(gradient, step.given.u, result, part)],
      [
        InstructionResult(
          result,
          "\(emitter.symbol(of: result)) = \(emitter.symbol(of: gradient)) · "
            + "\(emitter.symbol(of: step.given.u))ᵀ, columns of \(gate)",
          .sum([.block(a: gradient, b: step.given.u, part)]))
      ])
    return result
  }

  /// What h' gets through its dropped forms: `Σ over gates of gradient · mask`.
  private func emitKeptGradient(
    _ step: RecurrentStep, _ way: RecurrentGradients, _ lefts: [Int: Value],
    _ emitter: inout Emitter
  ) -> Value {
    let masks = step.trace.recurrentMasks
    let result = way.value(
      "h_before.grad", "∂L/∂h' by U", step.t, [step.given.batch, step.given.units], &emitter)
    var calls: [KernelCall] = []
    var terms: [TermSource] = []
    for (block, left) in lefts.sorted(by: { $0.key < $1.key }) {
      if calls.isEmpty {
        calls.append(.multiply(left, masks[block], result))
      } else {
        calls.append(
          KernelCall(
            .multiply, [left, masks[block], way.scratch], sizes: [result.shape.count]))
        calls.append(KernelCall(.add, [result, way.scratch, result], sizes: [result.shape.count]))
      }
      terms.append(.elements([left, masks[block]]))
    }
    emitter.emit(
      "∂ h' kept", calls,
      [
        InstructionResult(
          result, "\(emitter.symbol(of: result)) = Σ over gates of gradient · mask", .sum(terms))
      ])
    return result
  }

  // MARK: Masks

  /// The gradient of what comes out at a step, where that is not h itself; what a masked step passed
  /// on comes from the step after it.
  private func emitOutputGradient(
    _ step: RecurrentStep, _ way: RecurrentGradients, _ arriving: Value?,
    _ carried: inout Value?, _ emitter: inout Emitter
  ) -> Value? {
    let (t, shape) = (step.t, step.made("h").shape)
    let both = [arriving, carried].compactMap { $0 }
    guard let first = both.first else { return nil }
    var total = first
    if both.count > 1 {
      total = way.value("y.grad", "∂L/∂y", t, shape, &emitter)
      emitSum(into: total, both, [], step.given, nil, title: "∂ y", &emitter)
    }
    carried = nil
    if t > 0, !form.zeroesMasked {
      let before = way.value("y_before.grad", "∂L/∂(y before)", t, shape, &emitter)
      emitWhere(
        step, "∂ y before", before, keeps: false, [total], "where the step does not count",
        &emitter)
      carried = before
    }
    return total
  }

  /// What the mask lets through of a gradient, to the step itself or past it.
  private func emitWhere(
    _ step: RecurrentStep, _ title: String, _ result: Value, keeps: Bool, _ gradients: [Value],
    _ words: String, _ emitter: inout Emitter
  ) {
    let operands = [step["mask"]] + gradients
    let sum = gradients.indices.dropFirst().reduce(Formula.operand(1)) { $0 + .operand($1 + 1) }
    let names = gradients.map { emitter.symbol(of: $0) }.joined(separator: " + ")
    emitter.emitFormulas(
      title,
      [
        (
          result, keeps ? .where(.operand(0), sum, 0) : .where(.operand(0), 0, sum),
          "\(emitter.symbol(of: result)) = \(names) \(words), else 0"
        )
      ], operands: operands,
      layout: OperandLayout(
        rows: step.given.batch, columns: step.given.units,
        modes: [.perRow] + gradients.map { _ in .full }))
  }

  /// Where a step counts, gradients go to what it computed; where it does not, past it.
  private func emitMaskGradients(
    _ step: RecurrentStep, _ way: RecurrentGradients, _ dh: Value, _ shown: Value?,
    _ later: RecurrentCarry, _ wantsBefore: Bool, _ emitter: inout Emitter
  ) -> (dc: Value?, before: [String: Value]) {
    let (counts, counts0) = ("where the step counts", "where the step does not count")
    let shape = dh.shape
    var before: [String: Value] = [:]
    emitWhere(
      step, "∂ new h", way["h_new.grad"].steps[step.t], keeps: true,
      [dh] + (shown.map { [$0] } ?? []), counts, &emitter)
    func passBy(_ name: String, _ gradients: [Value], _ emitter: inout Emitter) {
      guard wantsBefore else { return }
      let past = way.value("\(name)_past.grad", "∂L/∂\(name)' past it", step.t, shape, &emitter)
      emitWhere(step, "∂ \(name)'", past, keeps: false, gradients, counts0, &emitter)
      before[name] = past
    }
    passBy("h", [dh], &emitter)
    guard let arriving = later.toAdd["c"], !arriving.isEmpty else { return (nil, before) }
    let dc = way.value("c_new.grad", "∂L/∂(new c)", step.t, shape, &emitter)
    emitWhere(step, "∂ new c", dc, keeps: true, arriving, counts, &emitter)
    passBy("c", arriving, &emitter)
    return (dc, before)
  }

  // MARK: Over all time steps

  /// What the first step hands on belongs to what was carried in.
  private func emitStartGradients(
    _ node: Node, _ given: RecurrentInputs, _ carry: RecurrentCarry,
    _ gradients: inout [Value?], _ emitter: inout Emitter
  ) {
    for (i, name) in cell.carried.enumerated() where i < given.initial.count {
      guard node.wants[given.initialPlace + i] else { continue }
      let gradient = emitter.gradient(of: given.initial[i])
      emitSum(
        into: gradient, carry.toAdd[name] ?? [], name == "h" ? carry.products : [], given, nil,
        title: "∂ \(name)[−1]", &emitter)
      gradients[given.initialPlace + i] = gradient
    }
  }

  /// The gradients of all that is used at every time step: one sum over all of them.
  private func emitSums(
    _ node: Node, _ given: RecurrentInputs, _ trace: RecurrentTrace, _ way: RecurrentGradients,
    _ gradients: inout [Value?], _ emitter: inout Emitter
  ) {
    if node.wants[2] {
      let u = cell.gates.indices.map { block -> (left: Value, from: Int) in
        let sum = cell.sums.first { $0.blocks.contains(block) }
        if let left = sum?.left { return (trace[left].whole, 0) }
        guard given.recurrentMask == nil else {
          return (trace["h_kept_" + cell.gates[block]].whole, 0)
        }
        return (trace.carried("h").before, 0)
      }
      gradients[2] = emitWeightGradient(
        given.u, u, rows: given.units, { way[$0.gradientOfProduct].whole }, &emitter)
    }
    if node.wants[1] {
      let x = cell.gates.indices.map { (trace["x"].whole, given.firstFeature(of: $0)) }
      gradients[1] = emitWeightGradient(
        given.w, x, rows: given.features, { way[$0.name + ".grad"].whole }, &emitter)
    }
    if let b = given.bias, node.wants[given.biasPlace] {
      gradients[given.biasPlace] = emitBiasGradient(b, given, way, &emitter)
    }
    if node.wants[0] { gradients[0] = emitInputGradient(given, way, &emitter) }
  }

  /// `∂L/∂w = leftᵀ · ∂L/∂z`, over all rows of all time steps.
  ///
  /// - Parameter lefts: for each block of columns what it was multiplied with, from which column on.
  private func emitWeightGradient(
    _ w: Value, _ lefts: [(left: Value, from: Int)], rows: Int,
    _ gradientOf: (RecurrentSum) -> Value, _ emitter: inout Emitter
  ) -> Value {
    let gradient = emitter.gradient(of: w)
    let units = w.shape.last / cell.gates.count
    var calls: [KernelCall] = []
    var rules: [CellRule] = []
    var names: [String] = []
    for sum in cell.sums {
      let dz = gradientOf(sum)
      let first = sum.blocks.lowerBound
      func part(_ blocks: ClosedRange<Int>) -> ProductBlock {
        ProductBlock(
          form: .aTransposed, aFrom: lefts[blocks.lowerBound].from,
          bFrom: (blocks.lowerBound - first) * units, count: rows, width: blocks.count * units)
      }
      let isOne = sum.blocks.allSatisfy { lefts[$0] == lefts[first] }
      for group in isOne ? [first...(sum.blocks.upperBound - 1)] : sum.blocks.map({ $0...$0 }) {
        let left = lefts[group.lowerBound].left
        calls.append(
          .blockProduct(left, dz, gradient, from: group.lowerBound * units, part(group)))
        let name = "\(emitter.symbol(of: left))ᵀ · \(emitter.symbol(of: dz))"
        if !names.contains(name) { names.append(name) }
      }
      rules += sum.blocks.map { .sum([.block(a: lefts[$0].left, b: dz, part($0...$0))]) }
    }
    let isWhole = calls.count == 1 && lefts[0].left.shape.last == rows
    let rule =
      isWhole
      ? .sum(
        [
          .product(
            a: lefts[0].left, aTransposed: true, b: gradientOf(cell.sums[0]), bTransposed: false)
        ]) : CellRule.columns(rules)
    emitter.emit(
      "∂ \(emitter.symbol(of: w))", calls,
      [
        InstructionResult(
          gradient,
          "∂L/∂\(emitter.symbol(of: w)) = Σ over time of " + names.joined(separator: ", "), rule)
      ])
    return gradient
  }

  private func emitBiasGradient(
    _ b: Value, _ given: RecurrentInputs, _ way: RecurrentGradients, _ emitter: inout Emitter
  ) -> Value {
    let db = emitter.gradient(of: b)
    let units = given.units
    var calls: [KernelCall] = []
    var rows: [CellRule] = []
    for row in 0..<cell.biasRows {
      var blocks: [CellRule] = []
      for sum in cell.sums {
        let dz = way[row == 0 ? sum.name + ".grad" : sum.gradientOfProduct].whole
        let width = dz.shape.last
        calls.append(
          KernelCall(
            .sumRows,
            [Slice(dz), Slice(db, from: row * given.columns + sum.blocks.lowerBound * units)],
            sizes: [dz.shape.rows, width, width]))
        blocks += sum.blocks.map {
          .sum([.columnPart(dz, from: ($0 - sum.blocks.lowerBound) * units, width: units)])
        }
      }
      let isWhole = cell.sums.count == 1
      rows.append(
        isWhole ? .sum([.column(way[cell.sums[0].name + ".grad"].whole)]) : .columns(blocks))
    }
    let names = cell.sums.map { emitter.symbol(of: way[$0.name + ".grad"].whole) }
    emitter.emit(
      "∂ + \(emitter.symbol(of: b))", calls,
      [
        InstructionResult(
          db,
          "\(emitter.symbol(of: db)) = Σ over time and rows of " + names.joined(separator: ", "),
          rows.count == 1 ? rows[0] : .rows(rows))
      ])
    return db
  }

  /// `∂L/∂x = ∂L/∂z · Wᵀ`, with time first and then by example.
  private func emitInputGradient(
    _ given: RecurrentInputs, _ way: RecurrentGradients, _ emitter: inout Emitter
  ) -> Value {
    let (x, w, units) = (given.x, given.w, given.units)
    let byTime = emitter.timeStack(
      "x.grad", "∂L/∂\(emitter.symbol(of: x))", [x.shape[0], x.shape[2]], x.shape[1])
    var calls: [KernelCall] = []
    var terms: [TermSource] = []
    var columns: [CellRule] = []
    var formula: [String] = []
    for sum in cell.sums {
      let dz = way[sum.name + ".grad"].whole
      func part(_ blocks: ClosedRange<Int>) -> ProductBlock {
        ProductBlock(
          form: .bTransposed, aFrom: (blocks.lowerBound - sum.blocks.lowerBound) * units,
          bFrom: blocks.lowerBound * units, count: blocks.count * units, width: given.features)
      }
      formula.append("\(emitter.symbol(of: dz)) · \(emitter.symbol(of: w))ᵀ")
      if given.hasInputPerGate {
        for block in sum.blocks {
          calls.append(
            .blockProduct(
              dz, w, byTime.whole, from: given.firstFeature(of: block), part(block...block)))
          columns.append(.sum([.block(a: dz, b: w, part(block...block))]))
        }
      } else {
        let all = part(sum.blocks.lowerBound...(sum.blocks.upperBound - 1))
        calls.append(.blockProduct(dz, w, byTime.whole, all, accumulates: !calls.isEmpty))
        terms.append(
          cell.sums.count == 1
            ? .product(a: dz, aTransposed: false, b: w, bTransposed: true)
            : .block(a: dz, b: w, all))
      }
    }
    emitter.emit(
      "∂ \(emitter.symbol(of: x))", calls,
      [
        InstructionResult(
          byTime.whole, "∂L/∂x = " + formula.joined(separator: " + "),
          given.hasInputPerGate ? .columns(columns) : .sum(terms))
      ])
    let dx = emitter.gradient(of: x)
    emitter.emitSwap(byTime.whole, dx, "∂ x by example")
    return dx
  }
}
