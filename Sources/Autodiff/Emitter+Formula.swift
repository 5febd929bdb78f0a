import Tensors

extension Emitter {
  /// Emits one instruction that computes formulas number by number.
  ///
  /// All numbers are read before any of the same place is written, so a result may be written over
  /// an operand.
  ///
  /// - Parameters:
  ///   - results: each array with the formula of its numbers, and how the whole is written.
  ///   - operands: what `.operand(i)` stands for.
  ///   - layout: how the operands meet; results have a number for each place of it.
  ///   - further: what else the instruction makes known.
  mutating func emitFormulas(
    _ title: String, _ results: [(value: Value, formula: Formula, text: String)],
    operands: [Value], layout: OperandLayout, overwrites: [Value] = [],
    further: [InstructionResult] = []
  ) {
    let used = results.reduce(into: Set<Int>()) { $0.formUnion($1.formula.operands) }.sorted()
    // An array that is used twice is one buffer.
    let read = used.filter { i in used.first { operands[$0] == operands[i] } == i }
    var buffers = read.map { operands[$0] }
    var modes = read.map { layout.modes[$0] }
    func place(_ i: Int) -> Int { buffers.firstIndex(of: operands[i]) ?? 0 }
    let formulas = results.map { $0.formula.mapOperands(place) }
    let operandCount = buffers.count
    for result in results where !buffers.contains(result.value) {
      buffers.append(result.value)
      modes.append(.full)
    }
    let program = Program(
      zip(results, formulas).map { (buffers.firstIndex(of: $0.value) ?? 0, $1) },
      rowBuffers: Set(modes.indices.filter { modes[$0] == .perRow || modes[$0] == .scalar }))
    let rules = OperandLayout(
      rows: layout.rows, columns: layout.columns, modes: Array(modes.prefix(operandCount)))
    emit(
      title,
      [
        KernelCall(
          .evaluate, buffers, sizes: [layout.rows, layout.columns] + modes.map(\.rawValue),
          program: program)
      ],
      zip(results, formulas).map { result, formula in
        InstructionResult(
          result.value, result.text,
          .formula(formula, operands: Array(buffers.prefix(operandCount)), rules))
      } + further, overwrites: overwrites)
  }

  /// Emits an update: each value becomes what its formula says, from the numbers of all operands
  /// before the update.
  ///
  ///     emitter.emitUpdate(
  ///       [(w, .operand(0) - .learningRate * .operand(1))], operands: [w, g])
  ///
  /// - Parameters:
  ///   - title: as listings show it; the last part of the first value's name by default.
  ///   - operands: what `.operand(i)` stands for: as large as the values, or of a shape that
  ///     broadcasts to theirs. Values of one update have as many numbers each.
  ///   - names: how texts call the operands; their symbols by default.
  package mutating func emitUpdate(
    title: String? = nil, _ assignments: [(value: Value, formula: Formula)],
    operands: [Value], names: [String]? = nil
  ) {
    guard let first = assignments.first?.value else { return }
    let shapes = operands.map { $0.shape.count == first.shape.count ? first.shape : $0.shape }
    guard let layout = OperandLayout(shapes, output: first.shape) else {
      preconditionFailure("operands of an update do not fit \(first.shape)")
    }
    let symbols = names ?? operands.map { symbol(of: $0) }
    let results = assignments.map { value, formula in
      let name = operands.firstIndex(of: value).map { symbols[$0] } ?? symbol(of: value)
      return (value, formula, "\(name) ← \(formula.text(operands: symbols))")
    }
    let name = self.name(of: first)
    emitFormulas(
      title ?? name.split(separator: "/").last.map(String.init) ?? name, results,
      operands: operands, layout: layout, overwrites: assignments.map(\.value))
  }
}
