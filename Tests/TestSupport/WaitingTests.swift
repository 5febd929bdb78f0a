import Foundation
import Synchronization
import Testing

/// Tests that mostly wait for another program. Each runs in a thread of its own, so that those who
/// compute meanwhile have all of the processor; so many at once that programs still answer in time.
package struct WaitingTrait: SuiteTrait, TestTrait, TestScoping {
  private static let threads = WaitingThreads(count: 3)

  package let isRecursive = true

  package func provideScope(
    for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void
  ) async throws {
    try await withTaskExecutorPreference(Self.threads) { try await body() }
  }
}

extension Trait where Self == WaitingTrait {
  /// The tests mostly wait for other programs.
  package static var waitsForPrograms: Self { Self() }
}

/// A few threads that run what they are given, in the order in which it comes.
private final class WaitingThreads: TaskExecutor {
  private let jobs = NSCondition()
  private let waiting = Mutex<[UnownedJob]>([])

  init(count: Int) {
    for _ in 0..<count {
      let thread = Thread { [self] in
        while true { next().runSynchronously(on: asUnownedTaskExecutor()) }
      }
      // As much as the main thread has: programs are read by recursion.
      thread.stackSize = 8 << 20
      thread.start()
    }
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.lock()
    waiting.withLock { $0.append(job) }
    jobs.signal()
    jobs.unlock()
  }

  private func next() -> UnownedJob {
    jobs.lock()
    defer { jobs.unlock() }
    while true {
      if let job = waiting.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { return job }
      jobs.wait()
    }
  }
}
