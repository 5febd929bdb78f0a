import Glibc

/// One block of Float32 memory, cache-line aligned and zeroed, that lives as long as its owners.
///
/// Parameters of a network lie in one arena and all other values of a plan in another, so that no
/// memory is allocated and nothing is reference counted while a plan runs.
package final class Arena: @unchecked Sendable {
  package let count: Int
  package let base: UnsafeMutablePointer<Float>
  private let memory: UnsafeMutableRawPointer

  package init(count: Int) {
    self.count = count
    let capacity = max(count, 16)
    // Zeroed by the system: pages that nobody writes take no memory.
    guard let memory = calloc(capacity + 16, MemoryLayout<Float>.stride) else {
      fatalError("no memory for \(count) numbers")
    }
    self.memory = memory
    base = memory.alignedUp(toMultipleOf: 64).bindMemory(to: Float.self, capacity: capacity)
  }

  deinit { free(memory) }

  /// The numbers of a range.
  package func read(_ offset: Int, _ count: Int) -> [Float] {
    precondition(offset >= 0 && offset + count <= self.count, "reading beyond the arena")
    return Array(UnsafeBufferPointer(start: base + offset, count: count))
  }

  /// Writes numbers from an offset on.
  package func write(_ numbers: [Float], at offset: Int) {
    precondition(offset >= 0 && offset + numbers.count <= count, "writing beyond the arena")
    numbers.withUnsafeBufferPointer { source in
      if let start = source.baseAddress {
        (base + offset).update(from: start, count: source.count)
      }
    }
  }
}

/// A running 64-bit hash over the bits of numbers (FNV-1a on 32-bit words): equal digests mean equal
/// bytes for all practical purposes, and one differing bit changes it.
package struct Digest: Hashable, Sendable, CustomStringConvertible {
  private var state: UInt64 = 0xcbf2_9ce4_8422_2325

  package init() {}

  package mutating func add(_ numbers: UnsafePointer<Float>, count: Int) {
    for i in 0..<count { add(UInt64(numbers[i].bitPattern)) }
  }

  package mutating func add(_ word: UInt64) {
    state = (state ^ word) &* 0x0000_0100_0000_01b3
    state ^= state >> 29
  }

  /// 16 hexadecimal digits.
  package var description: String {
    let digits = String(state, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
