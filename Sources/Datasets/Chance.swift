import Tensors

/// Random numbers one after the other, from a stream that is a function of its seed and name.
///
/// What it draws is made of whole numbers, sums and products alone, so it is the same on every
/// machine: no library's logarithm or sine has a say in it.
package struct Chance: Sendable {
  private let random: CounterRandom
  private var position = 0

  package init(_ random: CounterRandom) { self.random = random }

  /// A number in 0 ..< 1.
  package mutating func uniform() -> Double {
    defer { position += 1 }
    return random.uniform(at: position)
  }

  /// A number from `low` to below `high`.
  package mutating func uniform(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * uniform()
  }

  /// A whole number in 0 ..< bound.
  package mutating func whole(below bound: Int) -> Int {
    defer { position += 1 }
    return Int(random.bits(at: position).multipliedFullWidth(by: UInt64(max(1, bound))).high)
  }

  /// Whether something happens that happens with this probability.
  package mutating func happens(_ probability: Double) -> Bool { uniform() < probability }

  package mutating func choice<Element>(of elements: [Element]) -> Element {
    elements[whole(below: elements.count)]
  }

  /// 0 ..< count in random order (Fisher–Yates).
  package mutating func permutation(count: Int) -> [Int] {
    var order = Array(0..<count)
    for i in stride(from: count - 1, to: 0, by: -1) { order.swapAt(i, whole(below: i + 1)) }
    return order
  }

  /// A number shaped like a bell, of mean 0 and deviation 1: the sum of twelve uniform ones less 6.
  package mutating func bell() -> Double {
    (0..<12).reduce(-6) { sum, _ in sum + uniform() }
  }
}
