/// Numbers as bytes, least significant first unless told otherwise.
enum ByteNumber {
  /// The integer at `offset`; the caller has checked that its bytes lie within.
  static func read<Integer: FixedWidthInteger>(
    _ type: Integer.Type, _ bytes: [UInt8], at offset: Int, bigEndian: Bool = false
  ) -> Integer {
    let raw = bytes.withUnsafeBytes {
      $0.loadUnaligned(fromByteOffset: offset, as: Integer.self)
    }
    return bigEndian ? Integer(bigEndian: raw) : Integer(littleEndian: raw)
  }

  static func append<Integer: FixedWidthInteger>(_ value: Integer, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// An IEEE 754 half: sign 1, exponent 5, fraction 10 bits.
  static func half(_ bits: UInt16) -> Float {
    let magnitude = UInt32(bits & 0x7FFF)
    let sign = UInt32(bits & 0x8000) << 16
    switch magnitude {
    case 0x7C00...: return Float(bitPattern: sign | 0x7F80_0000 | (magnitude & 0x3FF) << 13)
    case 0x0400...: return Float(bitPattern: sign | (magnitude << 13) + (127 - 15) << 23)
    default:
      // Subnormal: fraction · 2⁻²⁴.
      let value = Float(magnitude) * 0x1p-24
      return sign == 0 ? value : -value
    }
  }
}
