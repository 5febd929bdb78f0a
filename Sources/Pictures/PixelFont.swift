import Foundation

/// The characters of a bitmap font that comes with the lab, so that a picture looks the same on every
/// machine.
struct PixelFont: Sendable {
  /// The pixels of a cell.
  static let width = 10
  static let height = 20

  /// Twenty rows from the top; bit 11 is the leftmost pixel.
  private let glyphs: [UInt32: [UInt16]]

  static let shipped = PixelFont(
    text: Bundle.module.url(forResource: "fixed-10x20", withExtension: "txt", subdirectory: "Font")
      .flatMap { try? String(contentsOf: $0, encoding: .utf8) } ?? "")

  /// A line a character: code, space, 20 rows of 3 hexadecimal digits.
  init(text: String) {
    var glyphs: [UInt32: [UInt16]] = [:]
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
      let parts = line.split(separator: UInt8(ascii: " "))
      guard parts.count == 2, parts[1].count == 3 * Self.height,
        let code = Self.number(parts[0])
      else { continue }
      let digits = Array(parts[1])
      glyphs[code] = stride(from: 0, to: digits.count, by: 3).map { start in
        UInt16(truncatingIfNeeded: Self.number(digits[start..<start + 3]) ?? 0)
      }
    }
    self.glyphs = glyphs
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> UInt32? {
    UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
  }

  private static func number(_ digits: Substring.UTF8View.SubSequence) -> UInt32? {
    UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
  }

  var count: Int { glyphs.count }

  /// The rows of a character; those of `�` for one that the font lacks.
  func rows(of scalar: Unicode.Scalar) -> [UInt16] {
    glyphs[scalar.value] ?? glyphs[0xFFFD] ?? Array(repeating: 0, count: Self.height)
  }

  func has(_ scalar: Unicode.Scalar) -> Bool { glyphs[scalar.value] != nil }
}
