import Tensors

/// A kernel call before it is bound to memory.
package struct KernelCall: Sendable {
  package let kernel: Kernel
  package let buffers: [Slice?]
  package let sizes: [Int]
  package let constants: [Double]
  /// Of the layer, for kernels that draw random numbers.
  package let key: UInt64
  /// For `Kernel.evaluate`.
  package let program: Program?

  package init(
    _ kernel: Kernel, _ buffers: [Slice?], sizes: [Int], constants: [Double] = [], key: UInt64 = 0,
    program: Program? = nil
  ) {
    self.kernel = kernel
    self.buffers = buffers
    self.sizes = sizes
    self.constants = constants
    self.key = key
    self.program = program
  }

  package init(
    _ kernel: Kernel, _ values: [Value?], sizes: [Int], constants: [Double] = [], key: UInt64 = 0,
    program: Program? = nil
  ) {
    self.init(
      kernel, values.map { $0.map { Slice($0) } }, sizes: sizes, constants: constants, key: key,
      program: program)
  }
}

/// One array that an instruction writes, and how any of its cells comes about.
package struct InstructionResult: Sendable {
  package let value: Value
  /// In the field's notation: `∂L/∂W = hᵀ · ∂L/∂z`.
  package let formula: String
  package let rule: CellRule

  package init(_ value: Value, _ formula: String, _ rule: CellRule) {
    self.value = value
    self.formula = formula
    self.rule = rule
  }
}

/// One line of a plan: the smallest move a student can make.
package struct Instruction: Sendable {
  package let phase: Phase
  /// Where it belongs, outermost first: layer, time step. Listings fold along this path.
  package let scopes: [String]
  /// What it does, in a few characters: `h W`, `+ b`, `∂ relu`.
  package let title: String
  package let calls: [KernelCall]
  package let results: [InstructionResult]
  /// Parameters and state that it overwrites; saved first while one steps.
  package let overwrites: [Value]

  /// The layer it belongs to, if any.
  package var layer: String? { scopes.first }

  /// Every value it reads, in order of first use.
  package var operands: [Value] {
    var seen: Set<Value> = Set(results.map(\.value))
    return results.flatMap(\.rule.operands).filter { seen.insert($0).inserted }
  }
}
