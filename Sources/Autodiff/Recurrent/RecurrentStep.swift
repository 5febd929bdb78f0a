import Tensors

/// One time step of a recurrent op, as its cell sees it.
struct RecurrentStep {
  let t: Int
  let op: RecurrentOp
  let given: RecurrentInputs
  let trace: RecurrentTrace
  /// The output of the op, where the last step writes it.
  var output: Value?

  /// A value of this time step.
  subscript(name: String) -> Value { trace[name].steps[t] }

  /// What the step starts from: `h'`.
  func before(_ name: String) -> Value { trace.carried(name).before(t) }

  /// What the step computes of what is carried on; a mask may still keep the old.
  func made(_ name: String) -> Value {
    given.mask == nil ? trace.carried(name).after.steps[t] : self[name + "_new"]
  }

  /// What h' is in front of a block of U: some of its numbers may be dropped.
  func left(_ block: Int) -> Value {
    guard given.recurrentMask != nil else { return before("h") }
    return self["h_kept_" + op.cell.gates[block]]
  }

  /// That the output is `h`, for the instruction that writes the last one; where a mask may keep the
  /// old one it is not yet.
  func outputResult(of value: Value) -> [InstructionResult] {
    guard given.mask == nil else { return [] }
    return output.map { [InstructionResult($0, "the last h is the output", .same(as: value))] }
      ?? []
  }

  /// Whether a sum is over whole matrices, so that it can be explained at once.
  private func isWhole(_ sum: RecurrentSum) -> Bool {
    op.cell.sums.count == 1 && given.recurrentMask == nil && !given.hasInputPerGate
  }

  // MARK: Sums

  /// The terms of a block of columns of a sum: `x W`, `h' U` unless it comes later, and biases.
  func terms(
    _ sum: RecurrentSum, block: Int, left: Value?, biasRows: [Int]
  ) -> [TermSource] {
    let (units, x) = (given.units, self["x"])
    var terms: [TermSource] = [
      .block(
        a: x, b: given.w,
        ProductBlock(
          form: .plain, aFrom: given.firstFeature(of: block), bFrom: block * units,
          count: given.features, width: units))
    ]
    if let left { terms.append(recurrentTerm(block, left: left)) }
    if let b = given.bias {
      terms += biasRows.map {
        .biasPart(b, from: $0 * given.columns + block * units, width: units)
      }
    }
    return terms
  }

  /// `h' U` of one block.
  func recurrentTerm(_ block: Int, left: Value) -> TermSource {
    .block(a: left, b: given.u, recurrentBlock(block...block))
  }

  private func recurrentBlock(_ blocks: ClosedRange<Int>) -> ProductBlock {
    ProductBlock(
      form: .plain, aFrom: 0, bFrom: blocks.lowerBound * given.units, count: given.units,
      width: blocks.count * given.units)
  }

  /// `h' U` of some blocks, each with its own left operand where numbers are dropped.
  func recurrentProducts(
    _ blocks: Range<Int>, into result: Value, left: Value? = nil, accumulates: Bool
  ) -> [KernelCall] {
    let groups =
      left == nil && given.recurrentMask != nil
      ? blocks.map { $0...$0 } : [blocks.lowerBound...(blocks.upperBound - 1)]
    return groups.map { group in
      .blockProduct(
        left ?? self.left(group.lowerBound), given.u, result,
        from: (group.lowerBound - blocks.lowerBound) * given.units, recurrentBlock(group),
        accumulates: accumulates)
    }
  }

  /// `z = x W + h' U + b`, of which x W is there already.
  func emitSum(_ sum: RecurrentSum, _ emitter: inout Emitter) {
    let z = self[sum.name]
    let (name, first) = (sum.name, sum.blocks.lowerBound * given.units)
    let weighted = self[op.productName(of: sum)]
    let left = sum.left.map { self[$0] }
    let biasRows = Array(0..<op.cell.biasRows)
    var calls: [KernelCall] = []
    if let b = given.bias {
      for row in biasRows {
        calls.append(
          .sum(row == 0 ? weighted : z, bias: b, from: row * given.columns + first, z))
      }
    } else {
      calls.append(.copy(weighted, z))
    }
    calls += recurrentProducts(sum.blocks, into: z, left: left, accumulates: true)
    let (xs, ws) = (emitter.symbol(of: self["x"]), emitter.symbol(of: given.w))
    let (hs, us) = (emitter.symbol(of: left ?? before("h")), emitter.symbol(of: given.u))
    let text =
      "\(name) = \(xs) \(ws) + \(hs) \(us)"
      + (given.bias.map { " + \(emitter.symbol(of: $0))" } ?? "")
    let rule: CellRule
    if isWhole(sum) {
      rule = .sum(
        [
          .product(a: self["x"], aTransposed: false, b: given.w, bTransposed: false),
          .product(a: before("h"), aTransposed: false, b: given.u, bTransposed: false),
        ] + (given.bias.map { [.bias($0)] } ?? []))
    } else {
      rule = .columns(
        sum.blocks.map {
          .sum(terms(sum, block: $0, left: left ?? self.left($0), biasRows: biasRows))
        })
    }
    emitter.emit(name, calls, [InstructionResult(z, text, rule)])
  }

  /// A gate, a function of its block of the columns of a sum.
  func emitGate(
    _ gate: String, _ function: ScalarFunction, of sum: RecurrentSum, block: Int,
    _ emitter: inout Emitter
  ) {
    let (z, y) = (self[sum.name], self[gate])
    let from = (block - sum.blocks.lowerBound) * given.units
    let name = emitter.symbol(of: y)
    emitter.emit(
      name,
      [
        KernelCall(
          .map, [Slice(z, from: from), Slice(y)],
          sizes: [function.rawValue, z.shape[0], given.units, z.shape.last, given.units])
      ],
      [
        InstructionResult(
          y, "\(name) = \(function.name)(\(sum.name))",
          .functionOfColumns(function, of: z, from: from))
      ])
  }
}
