/// Reads a decimal number from text, exactly rounded.
enum DecimalNumber {
  // 10⁰ … 10²² are the powers of ten a Double holds exactly.
  private static let exactPowers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// The number that the text is, spaces around it aside, or nil when it is something else.
  ///
  /// Understood: a sign, digits with a point (or a comma, if told so), an exponent.
  static func parse(_ text: ArraySlice<UInt8>, acceptsComma: Bool = false) -> Double? {
    text.withUnsafeBufferPointer { parse($0, from: 0, to: $0.count, acceptsComma: acceptsComma) }
  }

  /// The number in bytes `start` ..< `end` of a text.
  static func parse(
    _ text: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int, acceptsComma: Bool = false
  ) -> Double? {
    var (start, end) = (start, end)
    while start < end && text[start] == UInt8(ascii: " ") { start += 1 }
    while start < end && text[end - 1] == UInt8(ascii: " ") { end -= 1 }
    guard
      start < end,
      let parts = Parts(text, from: start, to: end, acceptsComma: acceptsComma)
    else { return nil }
    return parts.exactValue ?? parts.dividedValue ?? slowValue(text, from: start, to: end)
  }

  /// sign · digits · 10^exponent
  private struct Parts {
    var isNegative = false
    var digits: UInt64 = 0
    var digitCount = 0
    var exponent = 0

    init?(
      _ text: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int, acceptsComma: Bool
    ) {
      var position = start
      passSign(text, &position, end, isNegative: &isNegative)
      var hasDigit = false
      var hasPoint = false
      while position < end {
        let byte = text[position]
        if byte >= 48 && byte <= 57 {
          hasDigit = true
          append(digit: UInt64(byte - 48))
          if hasPoint { exponent -= 1 }
        } else if !hasPoint
          && (byte == UInt8(ascii: ".") || acceptsComma && byte == Delimiter.comma)
        {
          hasPoint = true
        } else {
          break
        }
        position += 1
      }
      guard hasDigit else { return nil }
      guard position < end else { return }
      guard readExponent(text, from: position, to: end) else { return nil }
    }

    /// More than 19 digits overflow; then only the count matters, and the slow way is taken.
    private mutating func append(digit: UInt64) {
      if digitCount < 19 { digits = digits * 10 + digit }
      if digits > 0 { digitCount += 1 }
    }

    private mutating func readExponent(
      _ text: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int
    ) -> Bool {
      guard text[start] | 0x20 == UInt8(ascii: "e") else { return false }
      var position = start + 1
      var isNegative = false
      passSign(text, &position, end, isNegative: &isNegative)
      guard position < end else { return false }
      var value = 0
      while position < end {
        guard text[position] >= 48 && text[position] <= 57 else { return false }
        value = min(value * 10 + Int(text[position] - 48), 100_000)
        position += 1
      }
      exponent += isNegative ? -value : value
      return true
    }

    /// Digits and power are both exact below 2⁵³ and up to 10²², so one operation rounds once.
    var exactValue: Double? {
      guard digitCount <= 15 && abs(exponent) <= 22 else { return nil }
      let magnitude = Double(digits)
      let value =
        exponent < 0 ? magnitude / exactPowers[-exponent] : magnitude * exactPowers[exponent]
      return isNegative ? -value : value
    }

    /// digits / 10ᵏ for up to 19 digits and k: both are whole numbers of 64 bits.
    ///
    /// With both shifted up to their highest bit, digits · 2⁶³ / 10ᵏ has 63 or 64 bits and a
    /// remainder. The bits beyond the 53 of a Double, and whether the remainder is 0, decide the
    /// rounding: to the nearest, and to the even one of two that are equally near.
    var dividedValue: Double? {
      guard digitCount <= 19, digits > 0, exponent < 0, exponent >= -19 else { return nil }
      let power = wholePowers[-exponent]
      let (digitShift, powerShift) = (digits.leadingZeroBitCount, power.leadingZeroBitCount)
      let numerator = digits << UInt64(digitShift)
      // Halved, so that the quotient stays below 2⁶⁴.
      let (quotient, remainder) = (power << UInt64(powerShift)).dividingFullWidth(
        (numerator >> 1, numerator << 63))
      let extra = 11 - quotient.leadingZeroBitCount
      let kept = quotient >> UInt64(extra)
      let rest = quotient & ((1 << UInt64(extra)) - 1)
      let half: UInt64 = 1 << UInt64(extra - 1)
      let isUp = rest > half || rest == half && (remainder > 0 || kept & 1 == 1)
      let scale = powerShift - digitShift - 63 + extra
      let value = Double(sign: .plus, exponent: scale, significand: Double(kept + (isUp ? 1 : 0)))
      return isNegative ? -value : value
    }
  }

  // 10⁰ … 10¹⁹ fit into 64 bits.
  private static let wholePowers: [UInt64] = (0..<20).map { exponent in
    (0..<exponent).reduce(1) { power, _ in power * 10 }
  }

  private static func slowValue(
    _ text: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int
  ) -> Double? {
    let points = text[start..<end].map { $0 == Delimiter.comma ? UInt8(ascii: ".") : $0 }
    return Double(String(decoding: points, as: UTF8.self))
  }

  private static func passSign(
    _ text: UnsafeBufferPointer<UInt8>, _ position: inout Int, _ end: Int,
    isNegative: inout Bool
  ) {
    guard position < end else { return }
    let byte = text[position]
    guard byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") else { return }
    isNegative = byte == UInt8(ascii: "-")
    position += 1
  }
}
