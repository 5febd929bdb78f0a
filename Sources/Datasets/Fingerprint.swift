/// A 64-bit hash of numbers that stays the same from run to run, unlike Swift's own.
///
/// FNV-1a (Fowler, Noll, Vo) over words of 32 bits: h ← (h ⊕ word) · 1099511628211.
struct Fingerprint {
  private var hash: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func add(_ numbers: [Float]) {
    for number in numbers { add(word: UInt64(number.bitPattern)) }
  }

  mutating func add(_ number: Int) { add(word: UInt64(bitPattern: Int64(number))) }

  private mutating func add(word: UInt64) { hash = (hash ^ word) &* 0x100_0000_01B3 }

  var hexadecimal: String {
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
