/// Reads bytes from front to back; past the end there is nothing.
struct ByteReader {
  let bytes: [UInt8]
  private(set) var offset = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var left: Int { bytes.count - offset }

  mutating func number<Integer: FixedWidthInteger>(
    _ type: Integer.Type, bigEndian: Bool = false
  ) -> Integer? {
    let size = Integer.bitWidth / 8
    guard left >= size else { return nil }
    defer { offset += size }
    return ByteNumber.read(type, bytes, at: offset, bigEndian: bigEndian)
  }

  /// The next bytes as letters.
  mutating func letters(_ count: Int) -> String? {
    guard left >= count else { return nil }
    defer { offset += count }
    return String(decoding: bytes[offset..<offset + count], as: UTF8.self)
  }

  mutating func skip(_ count: Int) { offset = min(bytes.count, offset + max(0, count)) }
}
