/// Operands and a result as written, such that the written ones give the written result to its last
/// digit; where no number of digits does that, the result begins with `≈`.
package struct ShownArithmetic: Equatable, Sendable {
  package var operands: [String]
  package var result: String
  /// Whether the written operands give the written result.
  package var isExact: Bool

  package init(operands: [String], result: String, isExact: Bool) {
    self.operands = operands
    self.result = result
    self.isExact = isExact
  }

  /// A sum of terms, each with the same decimals: the fewest, from `decimals` up, at which they add
  /// up to the result as written with `decimals` decimals.
  package static func sum(
    _ terms: [Float], result: Float, decimals: Int = 4, upTo most: Int = 9
  ) -> ShownArithmetic {
    guard let shownResult = DecimalNumber(result)?.rounded(decimals: decimals) else {
      return approximate(terms, result)
    }
    for count in decimals...max(decimals, most) {
      let shown = terms.compactMap { DecimalNumber($0)?.rounded(decimals: count) }
      guard shown.count == terms.count else { return approximate(terms, result) }
      let zero = DecimalNumber(units: 0, decimals: count)
      let total = shown.reduce(Optional(zero)) { $0 + $1 }
      if total?.rounded(decimals: decimals) == shownResult {
        return ShownArithmetic(
          operands: shown.map(\.text), result: shownResult.text, isExact: true)
      }
    }
    let shown = terms.map { NumberFormat.fixed($0, decimals: max(decimals, most)) }
    return ShownArithmetic(operands: shown, result: "≈" + shownResult.text, isExact: false)
  }

  /// A product of factors: the fewest significant digits, from `digits` up, at which they give the
  /// result as written with `digits` significant digits.
  package static func product(
    _ factors: [Float], result: Float, digits: Int = 4, upTo most: Int = 9
  ) -> ShownArithmetic {
    relation(factors, result: result, digits: digits, upTo: most) { shown, decimals in
      let one = DecimalNumber(units: 1, decimals: 0)
      return shown.reduce(Optional(one)) { $0 * $1 }?.rounded(decimals: decimals)
    }
  }

  /// Any other function of the operands, as `exp`, a quotient or a mean.
  package static func function(
    of operands: [Float], result: Float, digits: Int = 4, upTo most: Int = 9,
    _ compute: ([Double]) -> Double
  ) -> ShownArithmetic {
    relation(operands, result: result, digits: digits, upTo: most) { shown, decimals in
      DecimalNumber(compute(shown.map(\.value)))?.rounded(decimals: decimals)
    }
  }

  /// `≈` before a result that holds only about.
  private static func relation(
    _ operands: [Float], result: Float, digits: Int, upTo most: Int,
    _ compute: ([DecimalNumber], Int) -> DecimalNumber?
  ) -> ShownArithmetic {
    let exact = operands.compactMap { DecimalNumber($0) }
    guard exact.count == operands.count,
      let number = DecimalNumber(result), let rounded = number.rounded(digits: digits),
      // Whole parts are not rounded: 10,536 is not written 10,540.
      let shownResult = rounded.decimals < 0 ? number.rounded(decimals: 0) : rounded
    else { return approximate(operands, result) }
    for count in digits...max(digits, most) {
      let shown = exact.compactMap { shortened($0, digits: count) }
      if shown.count == exact.count, compute(shown, shownResult.decimals) == shownResult {
        return ShownArithmetic(
          operands: shown.map(written), result: written(shownResult), isExact: true)
      }
    }
    let shown = exact.map { written(shortened($0, digits: most) ?? $0) }
    return ShownArithmetic(operands: shown, result: "≈" + written(shownResult), isExact: false)
  }

  /// A number that needs fewer digits keeps its own: 2 is not written 2.000.
  private static func shortened(_ number: DecimalNumber, digits: Int) -> DecimalNumber? {
    guard let rounded = number.rounded(digits: digits) else { return nil }
    if rounded.decimals < 0 { return rounded.rounded(decimals: 0) }
    return number.decimals >= 0 && rounded.decimals > number.decimals ? number : rounded
  }

  /// Small and large numbers in powers of ten, with all their digits.
  private static func written(_ number: DecimalNumber) -> String {
    guard number.units != 0, number.exponent < -4 || number.exponent > 8 else {
      return number.text
    }
    let exponent = number.exponent
    let mantissa = DecimalNumber(units: number.units, decimals: number.decimals + exponent)
    return mantissa.text + "e" + (exponent < 0 ? "-" : "+") + String(exponent.magnitude)
  }

  /// What is not finite, or too large to add up by hand.
  private static func approximate(_ operands: [Float], _ result: Float) -> ShownArithmetic {
    ShownArithmetic(
      operands: operands.map { NumberFormat.compact($0) },
      result: (result.isFinite ? "≈" : "") + NumberFormat.compact(result), isExact: false)
  }
}
