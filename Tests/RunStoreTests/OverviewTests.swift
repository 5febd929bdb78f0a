import Foundation
import RunStore
import Testing

@Suite("What a list of runs reads")
struct OverviewTests {
  let scratch = Scratch()

  private func points(_ count: Int, every: Int = 1) -> [MetricPoint] {
    (0..<count).map { MetricPoint(series: "loss", step: $0 * every, value: Double($0)) }
  }

  @Test("a short series comes whole", arguments: [0, 1, 2, 7, 100])
  func short(count: Int) throws {
    let store = try RunStore(directory: scratch.url)
    let number = try store.begin(record())
    try store.append(points(count), to: number)
    let found = try store.thinnedMetrics(of: number, series: "loss", most: 100)
    #expect(found == points(count))
  }

  @Test("a long one has its first, its last and at most as many as were asked for between")
  func long() throws {
    let store = try RunStore(directory: scratch.url)
    let number = try store.begin(record())
    try store.append(points(5_000, every: 3), to: number)
    let found = try store.thinnedMetrics(of: number, series: "loss", most: 120)
    #expect(found.count <= 121 && found.count > 100)
    #expect(found.first?.step == 0 && found.last?.step == 14_997)
    #expect(found.map(\.step) == found.map(\.step).sorted())
    // Points as they were measured, none made up.
    #expect(found.allSatisfy { Double($0.step) == 3 * $0.value })
  }

  @Test("a loss of NaN stays one")
  func sick() throws {
    let store = try RunStore(directory: scratch.url)
    let number = try store.begin(record())
    try store.append(
      [
        MetricPoint(series: "loss", step: 0, value: 1),
        MetricPoint(series: "loss", step: 1, value: .nan),
      ], to: number)
    let found = try store.thinnedMetrics(of: number, series: "loss", most: 10)
    #expect(found.map(\.value.isNaN) == [false, true])
  }

  @Test("what is written here or by another process shows in the count, and nothing else does")
  func changes() throws {
    let store = try RunStore(directory: scratch.url)
    let other = try RunStore(directory: scratch.url)
    let number = try store.begin(record())
    let first = try store.changeCount()
    #expect(try store.runs().count == 1)
    #expect(try store.changeCount() == first)
    try store.rename(number, to: "mine")
    let second = try store.changeCount()
    #expect(second != first)
    try other.rename(number, to: "theirs")
    #expect(try store.changeCount() != second)
  }
}
