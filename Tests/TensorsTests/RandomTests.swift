import Foundation
import Tensors
import Testing

@Suite("Counter-based random numbers")
struct CounterRandomTests {
  @Test("depend on seed, name, call and position, and on nothing else")
  func keys() {
    let random = CounterRandom(seed: 1, name: "dense", call: 2)
    #expect(random.uniform(at: 5) == CounterRandom(seed: 1, name: "dense", call: 2).uniform(at: 5))
    let others = [
      CounterRandom(seed: 2, name: "dense", call: 2),
      CounterRandom(seed: 1, name: "other", call: 2),
      CounterRandom(seed: 1, name: "dense", call: 3),
    ]
    for other in others { #expect(other.bits(at: 5) != random.bits(at: 5)) }
    #expect(random.bits(at: 6) != random.bits(at: 5))
  }

  @Test("a name's key is FNV-1a")
  func names() {
    #expect(CounterRandom.key(for: "") == 0xcbf2_9ce4_8422_2325)
    #expect(CounterRandom.key(for: "a") == 0xaf63_dc4c_8601_ec8c)
    #expect(CounterRandom.key(for: "foobar") == 0x8594_4171_f739_67e8)
  }

  @Test("have the moments of their distributions")
  func moments() {
    let random = CounterRandom(seed: 9, name: "moments")
    let count = 20_000
    let uniform = (0..<count).map { random.uniform(at: $0) }
    #expect(uniform.allSatisfy { $0 >= 0 && $0 < 1 })
    #expect(abs(uniform.reduce(0, +) / Double(count) - 0.5) < 0.01)
    let normal = (0..<count).map { random.normal(at: $0) }
    #expect(abs(normal.reduce(0, +) / Double(count)) < 0.03)
    #expect(abs(normal.map { $0 * $0 }.reduce(0, +) / Double(count) - 1) < 0.05)
  }

  @Test("a permutation has every number once, and all orders of three come equally often")
  func permutations() {
    #expect(CounterRandom(seed: 1, name: "p").permutation(count: 100).sorted() == Array(0..<100))
    #expect(CounterRandom(seed: 1, name: "p").permutation(count: 0) == [])
    let orders = (0..<6000).map {
      CounterRandom(seed: 3, name: "p", call: $0).permutation(count: 3)
    }
    let counts = Dictionary(grouping: orders, by: { $0 }).mapValues(\.count)
    #expect(counts.count == 6)
    #expect(counts.values.allSatisfy { abs($0 - 1000) < 150 })
  }
}

/// What NumPy drew, by `Tests/Reference/numpy_random.py`.
private struct Drawn: Decodable {
  struct Values: Decodable {
    let seed: UInt64
    let random, normal, scaled, uniform, after: [Double]
    let small, middle, large, full, permutation: [Int]
    let choice, without: [Int]?
    let normal_bits: String?
  }

  let legacy, modern: [Values]

  static func read() throws -> Drawn {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Reference/numpy_random.json")
    return try JSONDecoder().decode(Drawn.self, from: Data(contentsOf: file))
  }
}

@Suite("NumPy's generators")
struct NumPyRandomTests {
  @Test("RandomState draws what NumPy draws")
  func legacy() throws {
    for drawn in try Drawn.read().legacy {
      var random = NumPyRandomState(seed: try #require(UInt32(exactly: drawn.seed)))
      #expect((0..<5).map { _ in random.random() } == drawn.random)
      #expect((0..<7).map { _ in random.standardNormal() } == drawn.normal)
      #expect((0..<2).map { _ in random.normal(2, 3) } == drawn.scaled)
      #expect((0..<3).map { _ in random.uniform(-1.5, 2.5) } == drawn.uniform)
      #expect((0..<12).map { _ in random.randint(0, 2) } == drawn.small)
      #expect((0..<8).map { _ in random.randint(-5, 100) } == drawn.middle)
      #expect((0..<3).map { _ in random.randint(0, 1 << 40) } == drawn.large)
      #expect((0..<2).map { _ in random.randint(0, 1 << 32) } == drawn.full)
      #expect(random.permutation(11) == drawn.permutation)
      #expect(random.choice(7, size: 6) == drawn.choice)
      #expect(random.choice(9, size: 4, replacing: false) == drawn.without)
      #expect([random.random()] == drawn.after)
    }
  }

  @Test("default_rng draws what NumPy draws")
  func modern() throws {
    for drawn in try Drawn.read().modern {
      var random = NumPyGenerator(seed: drawn.seed)
      #expect((0..<5).map { _ in random.random() } == drawn.random)
      #expect((0..<3).map { _ in random.uniform(-1.5, 2.5) } == drawn.uniform)
      #expect((0..<11).map { _ in random.integers(0, 2) } == drawn.small)
      #expect((0..<8).map { _ in random.integers(-5, 100) } == drawn.middle)
      #expect((0..<3).map { _ in random.integers(0, 1 << 40) } == drawn.large)
      #expect((0..<2).map { _ in random.integers(0, 1 << 32) } == drawn.full)
      #expect((0..<6).map { _ in random.standardNormal() } == drawn.normal)
      #expect((0..<2).map { _ in random.normal(2, 3) } == drawn.scaled)
      #expect(random.permutation(11) == drawn.permutation)
      #expect([random.random()] == drawn.after)
      let bits = (0..<50_000).reduce(UInt64(0)) { bits, _ in
        bits ^ random.standardNormal().bitPattern
      }
      #expect(String(bits) == drawn.normal_bits)
    }
  }
}
