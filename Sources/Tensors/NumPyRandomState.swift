import Foundation

/// NumPy's legacy generator, `np.random.seed(s)` and `RandomState(s)`, bit for bit: the Mersenne
/// Twister MT19937 (Matsumoto & Nishimura, 1998).
package struct NumPyRandomState: Sendable {
  private var state: [UInt32] = []
  private var position = 624
  /// The second of a pair of normal numbers, kept for the next call.
  private var kept: Double?

  /// NumPy accepts seeds from 0 to 2³² - 1.
  package init(seed: UInt32) {
    var value = seed
    for i in 0..<624 {
      state.append(value)
      value = 1_812_433_253 &* (value ^ (value >> 30)) &+ UInt32(i) &+ 1
    }
  }

  /// Python's `randrange(count)`: as many bits as the count has, drawn again until they fit.
  package mutating func below(_ count: Int) -> Int {
    let bits = Int.bitWidth - max(1, count).leadingZeroBitCount
    while true {
      let value: Int
      if bits <= 32 {
        value = Int(next32() >> UInt32(32 - bits))
      } else {
        let low = Int(next32())
        value = Int(next32() >> UInt32(64 - bits)) << 32 | low
      }
      if value < count { return value }
    }
  }

  /// `rand`, `random_sample`: uniform in [0, 1) with 53 bits.
  package mutating func random() -> Double {
    let high = Double(next32() >> 5)
    let low = Double(next32() >> 6)
    return (high * 67_108_864 + low) / 9_007_199_254_740_992
  }

  /// `uniform(low, high)`.
  package mutating func uniform(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * random()
  }

  /// `randn`, `standard_normal`: the polar method of Marsaglia & Bray (1964), two at a time.
  package mutating func standardNormal() -> Double {
    if let kept {
      self.kept = nil
      return kept
    }
    while true {
      let x = 2 * random() - 1
      let y = 2 * random() - 1
      let r2 = x * x + y * y
      guard r2 < 1 && r2 != 0 else { continue }
      let scale = (-2 * log(r2) / r2).squareRoot()
      kept = scale * x
      return scale * y
    }
  }

  /// `normal(mean, deviation)`.
  package mutating func normal(_ mean: Double, _ deviation: Double) -> Double {
    mean + deviation * standardNormal()
  }

  /// `randint(low, high)`: an integer in low ..< high, which must not be empty.
  package mutating func randint(_ low: Int, _ high: Int) -> Int {
    precondition(low < high, "randint draws from low ..< high, which is empty: \(low) ..< \(high)")
    let span = UInt64(bitPattern: Int64(high - 1)) &- UInt64(bitPattern: Int64(low))
    return low &+ Int(truncatingIfNeeded: interval(upTo: span))
  }

  /// `shuffle(array)`; for an array of several axes, NumPy shuffles its rows by the same draws.
  package mutating func shuffle<Element>(_ array: inout [Element]) {
    for i in stride(from: array.count - 1, to: 0, by: -1) {
      array.swapAt(i, Int(interval(upTo: UInt64(i))))
    }
  }

  /// `permutation(count)`.
  package mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    shuffle(&order)
    return order
  }

  /// `choice(population, size, replace=replacing)` without probabilities, as positions. Without
  /// replacing at most `population` are drawn.
  package mutating func choice(_ population: Int, size: Int, replacing: Bool = true) -> [Int] {
    guard replacing else { return Array(permutation(population).prefix(size)) }
    return (0..<size).map { _ in randint(0, population) }
  }

  /// A number in 0 ... largest: bits under a mask, drawn again until they fit.
  private mutating func interval(upTo largest: UInt64) -> UInt64 {
    guard largest > 0 else { return 0 }
    let mask = UInt64.max >> UInt64(largest.leadingZeroBitCount)
    while true {
      let value = (largest <= UInt64(UInt32.max) ? UInt64(next32()) : next64()) & mask
      if value <= largest { return value }
    }
  }

  /// `randint(low, low + largest + 1, dtype=uint8)`: four numbers from 32 bits.
  package mutating func bytes(upTo largest: UInt8, count: Int) -> [UInt8] {
    let mask = largest == 0 ? 0 : UInt8.max >> UInt8(largest.leadingZeroBitCount)
    guard largest > 0 else { return [UInt8](repeating: 0, count: count) }
    var buffer = ByteBuffer()
    return (0..<count).map { _ in
      while true {
        let value = buffer.next { next32() } & mask
        if value <= largest { return value }
      }
    }
  }

  private mutating func next64() -> UInt64 {
    let high = UInt64(next32())
    return high << 32 | UInt64(next32())
  }

  private mutating func next32() -> UInt32 {
    if position == 624 { twist() }
    var y = state[position]
    position += 1
    y ^= y >> 11
    y ^= (y << 7) & 0x9d2c_5680
    y ^= (y << 15) & 0xefc6_0000
    return y ^ (y >> 18)
  }

  private mutating func twist() {
    for i in 0..<624 {
      let y = (state[i] & 0x8000_0000) | (state[(i + 1) % 624] & 0x7fff_ffff)
      state[i] = state[(i + 397) % 624] ^ (y >> 1) ^ (y & 1 == 0 ? 0 : 0x9908_b0df)
    }
    position = 0
  }
}

/// Bytes of 32-bit draws, the lowest first.
struct ByteBuffer {
  private var bits: UInt32 = 0
  private var left = 0

  mutating func next(_ draw: () -> UInt32) -> UInt8 {
    if left == 0 {
      bits = draw()
      left = 3
    } else {
      bits >>= 8
      left -= 1
    }
    return UInt8(truncatingIfNeeded: bits)
  }
}
