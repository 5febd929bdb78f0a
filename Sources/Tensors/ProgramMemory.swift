import CKernels

/// A program as the kernel reads it: memory that lives as long as its owner.
package final class ProgramMemory {
  package let pointer: UnsafePointer<bs_program>
  private let header: UnsafeMutablePointer<bs_program>
  private let constants: UnsafeMutablePointer<Float>
  private let steps: UnsafeMutablePointer<bs_step>

  package init(_ program: Program) {
    constants = .allocate(capacity: program.constants.count)
    for (i, constant) in program.constants.enumerated() {
      (constants + i).initialize(to: Float(constant))
    }
    let all = program.prologue + program.rowSteps + program.steps
    steps = .allocate(capacity: max(all.count, 1))
    for (i, step) in all.enumerated() {
      (steps + i).initialize(
        to: bs_step(
          operation: UInt16(step.operation), target: UInt16(step.target), a: UInt16(step.a),
          b: UInt16(step.b), c: UInt16(step.c)))
    }
    var made = bs_program()
    made.buffers = Int32(program.bufferCount)
    made.scalars = Int32(program.scalarCount)
    made.registers = Int32(program.registerCount)
    made.row_numbers = Int32(program.rowNumberCount)
    made.read_row_numbers = Int32(program.readRowNumberCount)
    made.constant_count = Int64(program.constants.count)
    made.prologue_count = Int64(program.prologue.count)
    made.row_step_count = Int64(program.rowSteps.count)
    made.step_count = Int64(program.steps.count)
    made.constants = UnsafePointer(constants)
    made.prologue = UnsafePointer(steps)
    made.row_steps = UnsafePointer(steps + program.prologue.count)
    made.steps = UnsafePointer(steps + program.prologue.count + program.rowSteps.count)
    withUnsafeMutableBytes(of: &made.is_read) { bytes in
      for i in 0..<program.bufferCount { bytes[i] = program.reads(i) ? 1 : 0 }
    }
    withUnsafeMutableBytes(of: &made.is_written) { bytes in
      for i in 0..<program.bufferCount { bytes[i] = program.writes(i) ? 1 : 0 }
    }
    withUnsafeMutableBytes(of: &made.is_spread) { bytes in
      for i in program.buffersOfSteps { bytes[i] = 1 }
    }
    made.works_in_place =
      (0..<program.bufferCount).contains { program.reads($0) && program.writes($0) } ? 1 : 0
    header = .allocate(capacity: 1)
    header.initialize(to: made)
    pointer = UnsafePointer(header)
  }

  deinit {
    header.deallocate()
    constants.deallocate()
    steps.deallocate()
  }
}
