import AllocationCount
import Testing
import Workbench

@testable import LabRuntime

@Suite("What rings for hours", .enabled(if: allocations() >= 0, "needs glibc"))
struct DoorbellTests {
  @Test("a doorbell takes no memory when it rings")
  func ringing() {
    let bell = Doorbell()
    bell.connect {}
    #expect(allocated { bell.ring() } == 0)
  }

  @Test("telling news takes as much memory the hundredth time as the first")
  func telling() {
    let record = Record(store: nil)
    record.listen { _ in }
    let first = allocated { record.tell(.opened) }
    #expect(allocated { record.tell(.opened) } == first)
  }

  /// The fewest blocks of a few times a hundred calls.
  private func allocated(_ body: () -> Void) -> Int64 {
    body()
    return (0..<4).map { _ in
      let before = allocations()
      for _ in 0..<100 { body() }
      return allocations() - before
    }.min() ?? 0
  }
}
