/// How numbers are written, everywhere: three or four significant digits, thousands with a comma,
/// `1.2e-4` below 0.001, `NaN` and `inf` by name.
package enum NumberFormat {
  /// `1,234,567`.
  package static func integer(_ value: Int) -> String {
    (value < 0 ? "-" : "") + DecimalNumber.grouped(String(value.magnitude))
  }

  /// So many significant digits: `0.1235`, `12.35`, `1,235`, `1.2e-4`, `1.2e+7`; trailing zeros stay,
  /// so that widths do; 0 is `0`.
  package static func compact(_ value: Double, digits: Int = 4) -> String {
    compact(DecimalNumber(value), of: value, digits: digits)
  }

  package static func compact(_ value: Float, digits: Int = 4) -> String {
    compact(DecimalNumber(value), of: Double(value), digits: digits)
  }

  /// So many decimals, whatever the size; beyond a million in powers of ten.
  package static func fixed(_ value: Double, decimals: Int) -> String {
    fixed(DecimalNumber(value), of: value, decimals: decimals)
  }

  package static func fixed(_ value: Float, decimals: Int) -> String {
    fixed(DecimalNumber(value), of: Double(value), decimals: decimals)
  }

  /// Exactly `width` columns, right-aligned, for columns of numbers: `decimals` decimals where they
  /// fit and show something, else in powers of ten with the digits that fit; `#` where nothing fits.
  package static func column(_ value: Float, width: Int, decimals: Int = 4) -> String {
    guard value.isFinite else { return padded(special(Double(value)), to: width) }
    guard let number = DecimalNumber(value) else { return padded("#", to: width) }
    if abs(value) < 1e9 {
      for count in stride(from: decimals, through: 0, by: -1) {
        // The first digit must be among those written: 0.00006 is not 0.0001.
        guard value == 0 || number.exponent >= -count else { break }
        let text = fixed(value, decimals: count)
        if text.count <= width { return padded(text, to: width) }
      }
    }
    for count in stride(from: 4, through: 1, by: -1) {
      let text = scientific(number, digits: count)
      if text.count <= width { return padded(text, to: width) }
    }
    return String(repeating: "#", count: max(0, width))
  }

  /// `97.5 %` from 0.975: the nearest, but 100 % only for all and 0 % only for none.
  package static func percent(_ fraction: Double, decimals: Int = 1) -> String {
    guard fraction.isFinite else { return special(fraction) }
    return fixed(100 * partly(fraction, decimals: decimals + 2), decimals: decimals) + " %"
  }

  /// `98` from 0.975, by the same rule.
  package static func wholePercent(_ fraction: Double) -> Int {
    Int((100 * partly(fraction, decimals: 2)).rounded())
  }

  /// `0.975` of a share, by the same rule: 1 only for all, 0 only for none.
  package static func share(_ fraction: Double, decimals: Int = 3) -> String {
    fixed(partly(fraction, decimals: decimals), decimals: decimals)
  }

  package static func share(_ fraction: Float, decimals: Int = 3) -> String {
    let shown = partly(Double(fraction), decimals: decimals)
    return shown == Double(fraction)
      ? fixed(fraction, decimals: decimals) : fixed(shown, decimals: decimals)
  }

  /// A share of some as what is still written as one with so many decimals.
  private static func partly(_ fraction: Double, decimals: Int) -> Double {
    guard fraction > 0, fraction < 1 else { return fraction }
    let unit = (0..<decimals).reduce(1.0) { least, _ in least / 10 }
    return min(1 - unit, max(unit, fraction))
  }

  /// `1.2e-4`, so many digits before the exponent.
  package static func scientific(_ value: Double, digits: Int = 2) -> String {
    guard let number = DecimalNumber(value) else { return special(value) }
    return scientific(number, digits: digits)
  }

  /// A number as text in `.text`, or in `.bad` when it is not finite.
  package static func styled(_ value: Double, digits: Int = 4) -> StyledText {
    StyledText(compact(value, digits: digits), value.isFinite ? .text : .bad)
  }

  /// `NaN`, `inf` or `-inf`, as NumPy writes them.
  package static func special(_ value: Double) -> String {
    value.isNaN ? "NaN" : value < 0 ? "-inf" : "inf"
  }

  /// A text with blanks in front, to `width` columns.
  package static func padded(_ text: String, to width: Int) -> String {
    String(repeating: " ", count: max(0, width - TextWidth.columns(text))) + text
  }
}

extension NumberFormat {
  static func compact(_ number: DecimalNumber?, of value: Double, digits: Int) -> String {
    guard let number else { return special(value) }
    if number.units == 0 { return "0" }
    guard let shown = number.rounded(digits: digits) else {
      return scientific(number, digits: 2)
    }
    switch shown.exponent {
    case ..<(-3): return scientific(number, digits: max(2, digits - 2))
    case 6...: return scientific(number, digits: max(2, digits - 2))
    default:
      // 1,234.5 to three digits is written 1,235: whole parts are not rounded.
      return (shown.decimals < 0 ? number.rounded(decimals: 0) ?? shown : shown).text
    }
  }

  private static func fixed(
    _ number: DecimalNumber?, of value: Double, decimals: Int
  ) -> String {
    guard let number else { return special(value) }
    guard number.exponent < 15, let shown = number.rounded(decimals: max(0, decimals)) else {
      return scientific(number, digits: 3)
    }
    return shown.text
  }

  private static func scientific(_ number: DecimalNumber, digits: Int) -> String {
    guard number.units != 0, let shown = number.rounded(decimals: digits - 1 - number.exponent)
    else { return "0" }
    // The rounded number may have gained a digit: 9.99 becomes 1.0e+1.
    let exponent = shown.exponent
    let mantissa = DecimalNumber(units: shown.units, decimals: shown.decimals + exponent)
    let text = (mantissa.rounded(decimals: digits - 1) ?? mantissa).text
    return text + "e" + (exponent < 0 ? "-" : "+") + String(exponent.magnitude)
  }
}
