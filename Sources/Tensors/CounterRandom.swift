import Foundation

/// Random numbers without hidden state: each is a function of (seed, name, call, position).
///
/// Two runs with the same seed draw the same numbers in whatever order they ask, on any number of
/// threads. A key is mixed from seed, name and call; the number at position i is the SplitMix64
/// finalizer of key + (i+1)·γ, where γ = 2⁶⁴/φ (Steele, Lea & Flood, 2014). The dropout kernel
/// computes the same.
package struct CounterRandom: Hashable, Sendable {
  private let key: UInt64

  /// - call: which draw under this name it is: a step, an epoch, a counter.
  package init(seed: UInt64, name: String, call: Int = 0) {
    self.init(seed: seed, key: Self.key(for: name), call: call)
  }

  /// With a name's key at hand.
  package init(seed: UInt64, key: UInt64, call: Int = 0) {
    var mixed = Self.mix(seed &+ Self.gamma)
    mixed = Self.mix((mixed ^ key) &+ Self.gamma)
    self.key = Self.mix((mixed ^ UInt64(bitPattern: Int64(call))) &+ Self.gamma)
  }

  /// A name as a number: FNV-1a over its UTF-8 bytes (Fowler, Noll & Vo).
  package static func key(for name: String) -> UInt64 {
    name.utf8.reduce(0xcbf2_9ce4_8422_2325) { hash, byte in
      (hash ^ UInt64(byte)) &* 0x100_0000_01b3
    }
  }

  /// 64 random bits.
  package func bits(at index: Int) -> UInt64 {
    Self.mix(key &+ (UInt64(bitPattern: Int64(index)) &+ 1) &* Self.gamma)
  }

  /// A uniform number in [0, 1), from the top 53 bits.
  package func uniform(at index: Int) -> Double { Double(bits(at: index) >> 11) * 0x1p-53 }

  /// A uniform number in [0, 1), from the top 24 bits: what a Float32 holds exactly.
  package func uniform24(at index: Int) -> Float { Float(bits(at: index) >> 40) * 0x1p-24 }

  /// A normal number of mean 0 and deviation 1: √(-2 ln u)·cos(2π v), u in (0, 1] (Box & Muller,
  /// 1958). Positions 2i and 2i+1 of the uniform numbers serve position i here.
  package func normal(at index: Int) -> Double {
    let u = 1 - uniform(at: 2 * index)
    let v = uniform(at: 2 * index + 1)
    return (-2 * log(u)).squareRoot() * cos(2 * .pi * v)
  }

  /// 0 ..< count in random order (Fisher–Yates).
  package func permutation(count: Int) -> [Int] {
    var order = Array(0..<count)
    for i in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(i, Int(bits(at: i).multipliedFullWidth(by: UInt64(i + 1)).high))
    }
    return order
  }

  private static let gamma: UInt64 = 0x9e37_79b9_7f4a_7c15

  /// SplitMix64's finalizer.
  private static func mix(_ bits: UInt64) -> UInt64 {
    var z = bits
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
