import CKernels
import Foundation
import Tensors

/// Calls of kernels and what they left in their buffers, as `replay.c` reads them.
struct KernelRecord {
  private(set) var bytes = Data()
  private(set) var count = 0

  /// Runs a call on the tier in use and writes down what it did; false when it wrote beyond a buffer.
  mutating func add(_ test: KernelCase) -> Bool {
    guard let results = test.runKernel() else { return false }
    count += 1
    let name = Data("\(test)".utf8)
    add(Int64(name.count))
    bytes += name
    add(Int64(test.kernel.rawValue))
    for i in 0..<20 { add(Int64(i < test.sizes.count ? test.sizes[i] : 0)) }
    for i in 0..<6 { add(i < test.constants.count ? Float(test.constants[i]) : 0) }
    add(KernelCase.key)
    add(test.environment.seed)
    add(Int64(test.environment.step))
    add(Float(test.environment.learningRate))
    for i in 0..<8 {
      add(numbers: i < test.buffers.count ? test.buffers[i]?.map { Float($0) } : nil)
    }
    add(program: test.program)
    for i in 0..<8 {
      let isKnown = i < results.count && test.buffers[i] != nil && i != test.scratch
      add(numbers: isKnown ? results[i] : nil)
    }
    return true
  }

  private mutating func add<T: BitwiseCopyable>(_ value: T) {
    withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) }
  }

  private mutating func add(numbers: [Float]?) {
    add(Int64(numbers?.count ?? -1))
    numbers?.withUnsafeBytes { bytes.append(contentsOf: $0) }
  }

  private mutating func add(program: Program?) {
    add(Int64(program == nil ? 0 : 1))
    guard let program else { return }
    let memory = ProgramMemory(program)
    withExtendedLifetime(memory) {
      let made = memory.pointer.pointee
      add(made.buffers)
      add(made.scalars)
      add(made.registers)
      add(made.row_numbers)
      add(made.read_row_numbers)
      add(made.works_in_place)
      add(made.is_read)
      add(made.is_written)
      add(made.is_spread)
      add(
        numbers: Array(
          UnsafeBufferPointer(start: made.constants, count: Int(made.constant_count))))
      add(made.prologue_count)
      add(made.row_step_count)
      add(made.step_count)
      bytes.append(
        contentsOf: UnsafeRawBufferPointer(
          UnsafeBufferPointer(
            start: made.prologue,
            count: Int(made.prologue_count + made.row_step_count + made.step_count))))
    }
  }
}
