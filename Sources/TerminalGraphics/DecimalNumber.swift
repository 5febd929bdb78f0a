/// A number as it is written: an integer of so many decimals, exact.
///
/// Made from the shortest text that names a floating-point value, so 0.1 is one tenth.
struct DecimalNumber: Equatable, Sendable {
  /// The value is `units / 10^decimals`; decimals may be negative.
  var units: Int128
  var decimals: Int

  init(units: Int128, decimals: Int) {
    self.units = units
    self.decimals = decimals
  }

  /// Nil for what is not finite.
  init?(_ value: Double) {
    guard value.isFinite else { return nil }
    self.init(text: value.description)
  }

  /// Nil for what is not finite.
  init?(_ value: Float) {
    guard value.isFinite else { return nil }
    self.init(text: value.description)
  }

  /// Reads `-12.5e-7`, as Swift describes numbers.
  private init?(text: String) {
    var units: Int128 = 0
    var decimals = 0
    var isNegative = false
    var isFraction = false
    var bytes = Array(text.utf8)[...]
    while let byte = bytes.first, byte != UInt8(ascii: "e") {
      bytes = bytes.dropFirst()
      switch byte {
      case UInt8(ascii: "-"): isNegative = true
      case UInt8(ascii: "."): isFraction = true
      default:
        units = units * 10 + Int128(byte - UInt8(ascii: "0"))
        if isFraction { decimals += 1 }
      }
    }
    if !bytes.isEmpty {
      guard let exponent = Int(String(decoding: bytes.dropFirst(), as: UTF8.self)) else {
        return nil
      }
      decimals -= exponent
    }
    self.init(units: isNegative ? -units : units, decimals: decimals)
  }

  /// The power of ten of the first digit: 0 for 1…9, -1 for 0.1…; 0 for zero.
  var exponent: Int { units == 0 ? 0 : Self.digitCount(units) - 1 - decimals }

  /// Rounded, halves away from zero, to `count` decimals; nil when too large to write.
  func rounded(decimals count: Int) -> DecimalNumber? {
    if count >= decimals {
      guard let factor = Self.power(count - decimals) else {
        return units == 0 ? DecimalNumber(units: 0, decimals: count) : nil
      }
      let (scaled, overflow) = units.multipliedReportingOverflow(by: factor)
      return overflow ? nil : DecimalNumber(units: scaled, decimals: count)
    }
    guard let divisor = Self.power(decimals - count) else {
      return DecimalNumber(units: 0, decimals: count)
    }
    let (quotient, remainder) = units.quotientAndRemainder(dividingBy: divisor)
    let isUp = remainder.magnitude >= divisor.magnitude - remainder.magnitude
    let step: Int128 = isUp ? (units < 0 ? -1 : 1) : 0
    return DecimalNumber(units: quotient + step, decimals: count)
  }

  /// Rounded to so many significant digits; nil when too large to write.
  func rounded(digits: Int) -> DecimalNumber? {
    guard let first = rounded(decimals: digits - 1 - exponent) else { return nil }
    // 9.996 to three digits is 10.0, which has one digit too many.
    return Self.digitCount(first.units) > digits && first.decimals > 0
      ? first.rounded(decimals: first.decimals - 1) : first
  }

  /// The exact sum; nil when it overflows.
  static func + (left: DecimalNumber?, right: DecimalNumber) -> DecimalNumber? {
    guard let left else { return nil }
    let decimals = max(left.decimals, right.decimals)
    guard let first = left.rounded(decimals: decimals),
      let second = right.rounded(decimals: decimals)
    else { return nil }
    let (sum, overflow) = first.units.addingReportingOverflow(second.units)
    return overflow ? nil : DecimalNumber(units: sum, decimals: decimals)
  }

  /// The exact product; nil when it overflows.
  static func * (left: DecimalNumber?, right: DecimalNumber) -> DecimalNumber? {
    guard let left else { return nil }
    let (product, overflow) = left.units.multipliedReportingOverflow(by: right.units)
    return overflow ? nil : DecimalNumber(units: product, decimals: left.decimals + right.decimals)
  }

  /// The nearest floating-point value.
  var value: Double { Double("\(units)e\(-decimals)") ?? 0 }

  /// `-1,234.50`: all decimals, the whole part in groups of three; a zero has no sign.
  var text: String {
    guard decimals > 0 else {
      let scaled = Self.power(-decimals).map { units * $0 } ?? units
      return (units < 0 ? "-" : "") + Self.grouped(String(scaled.magnitude))
    }
    var digits = String(units.magnitude)
    if digits.count <= decimals {
      digits = String(repeating: "0", count: decimals + 1 - digits.count) + digits
    }
    let split = digits.index(digits.endIndex, offsetBy: -decimals)
    return (units < 0 ? "-" : "") + Self.grouped(String(digits[..<split])) + "." + digits[split...]
  }

  static func grouped(_ digits: String) -> String {
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { result.append(",") }
      result.append(digit)
    }
    return result
  }

  private static func digitCount(_ value: Int128) -> Int { String(value.magnitude).count }

  private static func power(_ exponent: Int) -> Int128? {
    guard exponent >= 0, exponent <= 38 else { return nil }
    var result: Int128 = 1
    for _ in 0..<exponent { result *= 10 }
    return result
  }
}
