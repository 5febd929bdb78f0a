/// Where the numbers of an operand belong in the [rows, columns] that a program runs over.
package enum OperandMode: Int, Hashable, Sendable {
  /// One number for each place.
  case full
  /// One for all.
  case scalar
  /// One for each row.
  case perRow
  /// One for each column, as a bias.
  case perColumn

  /// Where the number for a place lies in the operand.
  package func offset(of place: Int, columns: Int) -> Int {
    switch self {
    case .full: place
    case .scalar: 0
    case .perRow: place / columns
    case .perColumn: place % columns
    }
  }
}

/// Formulas made ready for the kernel: every common part once, registers assigned, and apart what is
/// done once a call, as it depends on constants and settings alone, or once a row.
///
/// Operand i of the formulas is buffer i of the call. A result may be written over an operand.
package struct Program: Hashable, Sendable {
  /// A result: the buffer it goes to.
  package struct Output: Hashable, Sendable {
    package let buffer: Int
    package let formula: Formula
  }

  /// target = operation(a, b, c); operands that it lacks are place 0.
  struct Step: Hashable, Sendable {
    let operation, target: Int
    var a = 0
    var b = 0
    var c = 0
  }

  /// The most buffers that a call holds.
  package static let mostBuffers = 8

  package let outputs: [Output]
  package let bufferCount: Int
  /// The first two are the learning rate and the number of the update.
  let constants: [Double]
  let scalarCount: Int
  let registerCount: Int
  let rowNumberCount: Int
  /// How many numbers of rows `steps` read: the first ones.
  let readRowNumberCount: Int
  let prologue: [Step]
  let rowSteps: [Step]
  let steps: [Step]
  /// The buffers that `steps` read.
  let buffersOfSteps: Set<Int>

  /// - Parameters:
  ///   - outputs: what each buffer becomes, from the numbers of all buffers before.
  ///   - rowBuffers: buffers that hold no more than a number for each row (`perRow` or `scalar`): what
  ///     follows from them alone is computed once a row.
  package init(_ outputs: [(buffer: Int, formula: Formula)], rowBuffers: Set<Int> = []) {
    let buffers = outputs.reduce(into: Set(outputs.map(\.buffer))) {
      $0.formUnion($1.formula.operands)
    }
    bufferCount = (buffers.max() ?? -1) + 1
    precondition(bufferCount <= Self.mostBuffers, "a formula of more than 8 arrays")
    precondition(Set(outputs.map(\.buffer)).count == outputs.count, "two results for one buffer")
    self.outputs = outputs.map { Output(buffer: $0.buffer, formula: $0.formula.folded) }
    var compiler = ProgramCompiler(bufferCount: bufferCount, rowBuffers: rowBuffers)
    for output in self.outputs { compiler.add(output) }
    compiler.finish()
    constants = compiler.constants
    scalarCount = compiler.scalarCount
    registerCount = compiler.registerCount
    rowNumberCount = compiler.rowNumberCount
    readRowNumberCount = compiler.readRowNumberCount
    prologue = compiler.prologue
    rowSteps = compiler.rowSteps
    buffersOfSteps = compiler.buffersOfSteps
    steps = compiler.steps
  }

  /// The steps that are done for each number.
  package var stepCount: Int { steps.count }

  /// The steps that are done for each row.
  package var rowStepCount: Int { rowSteps.count }

  /// Whether a buffer is read.
  package func reads(_ buffer: Int) -> Bool {
    outputs.contains { $0.formula.operands.contains(buffer) }
  }

  /// Whether a buffer is written.
  package func writes(_ buffer: Int) -> Bool { outputs.contains { $0.buffer == buffer } }
}
