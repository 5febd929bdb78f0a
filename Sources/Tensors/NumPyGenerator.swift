import Foundation

/// NumPy's present generator, `np.random.default_rng(s)`, bit for bit: PCG64, in the variant XSL-RR
/// (O'Neill, 2014), seeded through `SeedSequence`.
package struct NumPyGenerator: Sendable {
  private var state: UInt128 = 0
  private let increment: UInt128
  /// The upper half of a 64-bit draw, kept for the next 32-bit one.
  private var kept: UInt32?

  package init(seed: UInt64) {
    let words = seedWords(of: seed)
    increment = (UInt128(words[2]) << 64 | UInt128(words[3])) << 1 | 1
    step()
    state &+= UInt128(words[0]) << 64 | UInt128(words[1])
    step()
  }

  /// `random`: uniform in [0, 1) with 53 bits.
  package mutating func random() -> Double { Double(next64() >> 11) * 0x1p-53 }

  /// `random(dtype=float32)`: 24 bits.
  package mutating func randomSingle() -> Double { Double(next32() >> 8) * 0x1p-24 }

  /// `choice(population, size, replace=False)`: Floyd's algorithm and a shuffle, or the tail of a
  /// shuffle when many of many are wanted.
  package mutating func choice(_ population: Int, size: Int) -> [Int] {
    if population > 10_000 && size > population / 50 {
      var all = Array(0..<population)
      for i in stride(from: population - 1, through: max(population - size, 1), by: -1) {
        all.swapAt(i, Int(interval(upTo: UInt64(i))))
      }
      return Array(all[(population - size)...])
    }
    var known = Set<Int>()
    var chosen = (population - size..<population).map { j -> Int in
      let value = Int(interval(upTo: UInt64(j)))
      let taken = known.insert(value).inserted ? value : j
      known.insert(taken)
      return taken
    }
    for i in stride(from: size - 1, through: 1, by: -1) {
      chosen.swapAt(i, Int(interval(upTo: UInt64(i))))
    }
    return chosen
  }

  /// `integers(low, low + largest + 1, dtype=uint8)`: four numbers from 32 bits.
  package mutating func bytes(upTo largest: UInt8, count: Int) -> [UInt8] {
    guard largest > 0 else { return [UInt8](repeating: 0, count: count) }
    var buffer = ByteBuffer()
    guard largest < 255 else { return (0..<count).map { _ in buffer.next { next32() } } }
    let span = UInt16(largest) + 1
    let threshold = UInt16(255 - largest) % span
    return (0..<count).map { _ in
      while true {
        let product = UInt16(buffer.next { next32() }) * span
        if product & 0xff >= threshold { return UInt8(product >> 8) }
      }
    }
  }

  /// `uniform(low, high)`.
  package mutating func uniform(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * random()
  }

  /// `integers(low, high)`: an integer in low ..< high, which must not be empty.
  package mutating func integers(_ low: Int, _ high: Int) -> Int {
    precondition(low < high, "integers draws from low ..< high, which is empty: \(low) ..< \(high)")
    let span = UInt64(bitPattern: Int64(high - 1)) &- UInt64(bitPattern: Int64(low))
    return low &+ Int(truncatingIfNeeded: interval(upTo: span))
  }

  /// `shuffle(array)`.
  package mutating func shuffle<Element>(_ array: inout [Element]) {
    for i in stride(from: array.count - 1, to: 0, by: -1) {
      array.swapAt(i, Int(maskedInterval(upTo: UInt64(i))))
    }
  }

  /// `permutation(count)`.
  package mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    shuffle(&order)
    return order
  }

  /// `normal(mean, deviation)`.
  package mutating func normal(_ mean: Double, _ deviation: Double) -> Double {
    mean + deviation * standardNormal()
  }

  /// `standard_normal`: the ziggurat of Marsaglia & Tsang (2000). The density is covered by 256
  /// layers of equal area; a point of a random layer is kept if it lies under the density.
  package mutating func standardNormal() -> Double {
    while true {
      let bits = next64()
      let layer = Int(bits & 0xff)
      let place = (bits >> 9) & 0xf_ffff_ffff_ffff
      let size = Double(place) * (zigguratEdges[layer] * 0x1p-52)
      let x = bits & 0x100 == 0 ? size : -size
      if place < Ziggurat.surelyInside[layer] { return x }
      if layer == 0 { return tail(isNegative: place & 0x100 != 0) }
      let (top, bottom) = (Ziggurat.densities[layer - 1], Ziggurat.densities[layer])
      if (top - bottom) * random() + bottom < exp(-0.5 * x * x) { return x }
    }
  }

  /// A normal number beyond the last edge r (Marsaglia, 1964).
  private mutating func tail(isNegative: Bool) -> Double {
    let r = zigguratEdges[255]
    while true {
      let x = -0.27366123732975827203338247596 * log1p(-random())
      let y = -log1p(-random())
      if y + y > x * x { return isNegative ? -(r + x) : r + x }
    }
  }

  /// A number in 0 ... largest by multiplication (Lemire, 2019).
  private mutating func interval(upTo largest: UInt64) -> UInt64 {
    guard largest > 0 else { return 0 }
    if largest < UInt64(UInt32.max) { return UInt64(interval32(upTo: UInt32(largest))) }
    if largest == UInt64(UInt32.max) { return UInt64(next32()) }
    if largest == UInt64.max { return next64() }
    let count = largest + 1
    var product = next64().multipliedFullWidth(by: count)
    if product.low < count {
      let threshold = (UInt64.max - largest) % count
      while product.low < threshold { product = next64().multipliedFullWidth(by: count) }
    }
    return product.high
  }

  private mutating func interval32(upTo largest: UInt32) -> UInt32 {
    let count = largest + 1
    var product = next32().multipliedFullWidth(by: count)
    if product.low < count {
      let threshold = (UInt32.max - largest) % count
      while product.low < threshold { product = next32().multipliedFullWidth(by: count) }
    }
    return product.high
  }

  /// A number in 0 ... largest as shuffling draws it: bits under a mask, until they fit.
  private mutating func maskedInterval(upTo largest: UInt64) -> UInt64 {
    let mask = UInt64.max >> UInt64(largest.leadingZeroBitCount)
    while true {
      let value = (largest <= UInt64(UInt32.max) ? UInt64(next32()) : next64()) & mask
      if value <= largest { return value }
    }
  }

  private mutating func next32() -> UInt32 {
    if let kept {
      self.kept = nil
      return kept
    }
    let bits = next64()
    kept = UInt32(bits >> 32)
    return UInt32(truncatingIfNeeded: bits)
  }

  private mutating func next64() -> UInt64 {
    step()
    let folded = UInt64(truncatingIfNeeded: state >> 64) ^ UInt64(truncatingIfNeeded: state)
    let turn = UInt64(truncatingIfNeeded: state >> 122)
    return folded >> turn | folded << ((64 - turn) & 63)
  }

  private mutating func step() {
    state = state &* 0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645 &+ increment
  }
}

/// What follows from the edges of the ziggurat's layers.
private enum Ziggurat {
  /// The density exp(-x²/2) at each edge; 1 in the middle.
  static let densities = [1] + zigguratEdges.dropFirst().map { exp(-0.5 * $0 * $0) }

  /// The places of a layer, of 2⁵², that lie below the narrower layer above it, so surely inside.
  static let surelyInside: [UInt64] = (0..<256).map { layer in
    let narrower = layer == 0 ? zigguratEdges[255] : layer == 1 ? 0 : zigguratEdges[layer - 1]
    return UInt64(narrower / zigguratEdges[layer] * 0x1p52)
  }
}

/// `SeedSequence(seed).generate_state(4, uint64)`: the seed spread over 256 bits by O'Neill's
/// `seed_seq_fe` (2015).
private func seedWords(of seed: UInt64) -> [UInt64] {
  let entropy = [UInt32(truncatingIfNeeded: seed), UInt32(seed >> 32)]
  var constant: UInt32 = 0x43b0_d7e5
  func hash(_ word: UInt32) -> UInt32 {
    var value = word ^ constant
    constant = constant &* 0x931e_8875
    value = value &* constant
    return value ^ (value >> 16)
  }
  var pool = [hash(entropy[0]), hash(entropy[1]), hash(0), hash(0)]
  for source in 0..<4 {
    for target in 0..<4 where target != source {
      let mixed = 0xca01_f9dd &* pool[target] &- 0x4973_f715 &* hash(pool[source])
      pool[target] = mixed ^ (mixed >> 16)
    }
  }
  var output: UInt32 = 0x8b51_f9dd
  let halves = (0..<8).map { i in
    var value = pool[i % 4] ^ output
    output = output &* 0x58f3_8ded
    value = value &* output
    return UInt64(value ^ (value >> 16))
  }
  return (0..<4).map { halves[2 * $0] | halves[2 * $0 + 1] << 32 }
}
