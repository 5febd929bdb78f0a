import CKernels
import Tensors

/// A chain of calls bound to memory, piece by piece.
final class PieceRunner {
  private let calls: UnsafeMutableBufferPointer<bs_call>
  private let functions: UnsafeMutableBufferPointer<bs_kernel>
  private let scratch: Arena
  private let pieces: Int
  private let tasks: Int
  /// The number of threads that the pieces were made for.
  let threads: Int

  /// - Parameters:
  ///   - whole: the calls of the plan as they are bound for the whole batch.
  ///   - batch: its examples.
  init(
    _ chain: Schedule.Chain, whole: UnsafeMutablePointer<bs_call>,
    functions all: UnsafeMutableBufferPointer<bs_kernel>,
    batch: Int, threads: Int
  ) {
    let least = (batch + chain.examples - 1) / chain.examples
    let pieces = min(batch, (max(least, threads) + threads - 1) / threads * threads)
    let tasks = min(threads, pieces)
    (self.threads, self.pieces, self.tasks) = (threads, pieces, tasks)
    functions = .allocate(capacity: chain.calls.count)
    for (i, call) in chain.calls.enumerated() {
      functions.initializeElement(at: i, to: all[call.index])
    }
    let largest = (batch + pieces - 1) / pieces
    let room = chain.calls.map { Self.scratchCount($0, whole[$0.index], examples: largest) }.max()
    let each = ((room ?? 0) + 15) / 16 * 16
    scratch = Arena(count: each * tasks)
    calls = .allocate(capacity: pieces * chain.calls.count)
    for piece in 0..<pieces {
      let examples = batch * piece / pieces..<batch * (piece + 1) / pieces
      let task = (0..<tasks).first { Self.share($0, of: tasks, pieces).contains(piece) } ?? 0
      for (i, call) in chain.calls.enumerated() {
        var bound = whole[call.index]
        Self.cut(&bound, call, examples)
        if call.scratch != nil { bound.p.3 = scratch.base + task * each }
        calls.initializeElement(at: piece * chain.calls.count + i, to: bound)
      }
    }
  }

  deinit {
    calls.deallocate()
    functions.deallocate()
  }

  /// Whether pieces are worth it: there are several, for the threads or for the cache.
  static func pays(_ chain: Schedule.Chain, batch: Int, threads: Int) -> Bool {
    let numbers = chain.calls.reduce(0) { $0 + ($1.strides.max() ?? 0) } * batch
    return threads > 1 ? numbers > 1 << 15 : batch > 2 * chain.examples
  }

  private static func share(_ task: Int, of tasks: Int, _ pieces: Int) -> Range<Int> {
    pieces * task / tasks..<pieces * (task + 1) / tasks
  }

  private static func cut(
    _ bound: inout bs_call, _ call: Schedule.CutCall, _ examples: Range<Int>
  ) {
    withUnsafeMutableBytes(of: &bound.n) {
      $0.bindMemory(to: Int64.self)[call.size] = Int64(call.rows * examples.count)
    }
    withUnsafeMutableBytes(of: &bound.p) { bytes in
      let pointers = bytes.bindMemory(to: UnsafeMutablePointer<Float>?.self)
      for (place, stride) in call.strides.enumerated() where stride > 0 {
        pointers[place] = pointers[place].map { $0 + stride * examples.lowerBound }
      }
    }
  }

  private static func scratchCount(
    _ call: Schedule.CutCall, _ bound: bs_call, examples: Int
  ) -> Int {
    guard call.scratch != nil else { return 0 }
    var bound = bound
    cut(&bound, call, 0..<examples)
    return withUnsafeBytes(of: &bound.n) {
      $0.withMemoryRebound(to: Int64.self) { sizes in
        sizes.baseAddress.map { Int(bs_conv2d_scratch($0)) } ?? 0
      }
    }
  }

  func run() {
    var job = Job(
      calls: calls.baseAddress, functions: functions.baseAddress, count: functions.count,
      pieces: pieces, tasks: tasks)
    bs_parallel(
      Int64(tasks),
      { context, task in
        guard let job = context?.assumingMemoryBound(to: Job.self).pointee, let calls = job.calls,
          let functions = job.functions
        else { return }
        for piece in PieceRunner.share(Int(task), of: job.tasks, job.pieces) {
          let first = calls + piece * job.count
          for i in 0..<job.count { functions[i](first + i) }
        }
      }, &job)
  }

  /// What the threads are told.
  private struct Job {
    let calls: UnsafeMutablePointer<bs_call>?
    let functions: UnsafeMutablePointer<bs_kernel>?
    let count: Int
    let pieces: Int
    let tasks: Int
  }
}
