/// The SHA-256 of bytes that come piece by piece (FIPS 180-4).
package struct SHA256: Sendable {
  private var state: [UInt32] = [
    0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB,
    0x5BE0_CD19,
  ]
  /// What does not fill a block of 64 bytes yet.
  private var rest: [UInt8] = []
  private var byteCount: UInt64 = 0
  private var schedule = [UInt32](repeating: 0, count: 64)

  package init() {}

  package mutating func add(_ bytes: ArraySlice<UInt8>) {
    byteCount += UInt64(bytes.count)
    var bytes = bytes
    if !rest.isEmpty {
      let needed = 64 - rest.count
      rest += bytes.prefix(needed)
      bytes = bytes.dropFirst(needed)
      guard rest.count == 64 else { return }
      mix(rest[...])
      rest = []
    }
    while bytes.count >= 64 {
      mix(bytes.prefix(64))
      bytes = bytes.dropFirst(64)
    }
    rest = Array(bytes)
  }

  /// The hash of all bytes so far, as 64 digits.
  package var hexadecimal: String {
    var last = self
    let bits = byteCount * 8
    // A one, zeros up to 8 bytes before the end of a block, and the number of bits.
    let zeros = (119 - rest.count) % 64
    let length = (0..<8).map { UInt8(truncatingIfNeeded: bits >> UInt64(56 - 8 * $0)) }
    last.add(([0x80] + [UInt8](repeating: 0, count: zeros) + length)[...])
    return last.state.map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }

  private mutating func mix(_ block: ArraySlice<UInt8>) {
    for t in 0..<16 {
      let at = block.startIndex + 4 * t
      schedule[t] =
        UInt32(block[at]) << 24 | UInt32(block[at + 1]) << 16 | UInt32(block[at + 2]) << 8
        | UInt32(block[at + 3])
    }
    for t in 16..<64 {
      let (w15, w2) = (schedule[t - 15], schedule[t - 2])
      let s0 = turned(w15, 7) ^ turned(w15, 18) ^ w15 >> 3
      let s1 = turned(w2, 17) ^ turned(w2, 19) ^ w2 >> 10
      schedule[t] = schedule[t - 16] &+ s0 &+ schedule[t - 7] &+ s1
    }
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for t in 0..<64 {
      let s1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)
      let choice = e & f ^ ~e & g
      let t1 = h &+ s1 &+ choice &+ Self.constants[t] &+ schedule[t]
      let s0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)
      let majority = a & b ^ a & c ^ b & c
      (h, g, f, e, d, c, b, a) = (g, f, e, d &+ t1, c, b, a, t1 &+ s0 &+ majority)
    }
    for (i, word) in [a, b, c, d, e, f, g, h].enumerated() { state[i] &+= word }
  }

  private func turned(_ word: UInt32, _ bits: UInt32) -> UInt32 {
    word >> bits | word << (32 - bits)
  }

  /// The first 32 bits of the fractions of the cube roots of the first 64 primes, worked out in whole
  /// numbers: ⌊∛(p · 2⁹⁶)⌋ less its whole part.
  private static let constants: [UInt32] = {
    var primes: [UInt64] = []
    var candidate: UInt64 = 2
    while primes.count < 64 {
      if primes.allSatisfy({ candidate % $0 != 0 }) { primes.append(candidate) }
      candidate += 1
    }
    return primes.map(fractionOfCubeRoot)
  }()

  /// The largest x with x³ ≤ p · 2⁹⁶, bit by bit; x has 35 bits at most.
  private static func fractionOfCubeRoot(_ prime: UInt64) -> UInt32 {
    let goal = UInt128(prime) << 96
    var root: UInt128 = 0
    for bit in stride(from: 34, through: 0, by: -1) {
      let next = root | UInt128(1) << UInt128(bit)
      if next * next * next <= goal { root = next }
    }
    return UInt32(truncatingIfNeeded: root)
  }
}
