import Testing

@testable import Workbench

@Suite("Thinned series")
struct ThinnedTests {
  @Test("a short series stays as it is", arguments: [0, 1, 2048, 4096])
  func short(count: Int) {
    let values = (0..<count).map { Float($0 % 7) }
    let thinned = Thinned(values[...])
    #expect(thinned.y == values)
    #expect(thinned.x == values.indices.map { Float($0) })
  }

  @Test(
    "a long one keeps its extremes, its sick values and its order", arguments: [10_000, 300_001])
  func long(count: Int) throws {
    var values = (0..<count).map { Float(($0 * 7919) % 1009) }
    (values[4321], values[5432], values[count / 2]) = (-5, 9999, .nan)
    let thinned = Thinned(values[...])
    #expect(thinned.y.count <= 4096)
    #expect(thinned.y.contains(-5) && thinned.y.contains(9999))
    #expect(thinned.x.contains(Float(count / 2)))
    #expect(zip(thinned.x, thinned.x.dropFirst()).allSatisfy { $0 < $1 })
    for (x, y) in zip(thinned.x, thinned.y) where y.isFinite { #expect(values[Int(x)] == y) }
  }

  @Test("points stay where they are while a series grows")
  func stable() {
    let values = (0..<20_000).map { Float(($0 * 7919) % 1009) }
    let (before, after) = (Thinned(values[..<17_000]), Thinned(values[...]))
    let whole = before.x.prefix { $0 < 16_000 }
    #expect(Array(after.x.prefix(whole.count)) == Array(whole))
  }
}
