import Testing

import TerminalGraphics

@Suite("Numbers as written")
struct NumberFormatTests {
  @Test(
    "three or four significant digits",
    arguments: [
      (0.0, "0"), (1, "1.000"), (0.12345, "0.1235"), (12.3456, "12.35"), (1234.5, "1,235"),
      (123_456, "123,456"), (-0.5, "-0.5000"), (0.001, "0.001000"), (0.000123, "1.2e-4"),
      (-0.00099994, "-1.0e-3"), (1_234_567, "1.2e+6"), (9.99999, "10.00"), (1e300, "1.0e+300"),
      (.leastNonzeroMagnitude, "5.0e-324"), (.nan, "NaN"), (.infinity, "inf"), (-.infinity, "-inf"),
    ])
  func compact(value: Double, expected: String) {
    #expect(NumberFormat.compact(value) == expected)
  }

  @Test("a Float is written as itself, not as its neighbor among doubles")
  func floats() {
    #expect(NumberFormat.compact(Float(0.1), digits: 9) == "0.100000000")
    #expect(NumberFormat.fixed(Float(0.125), decimals: 2) == "0.13")
  }

  @Test(
    "fixed decimals round halves away from zero and never write -0",
    arguments: [
      (2.5, 0, "3"), (-2.5, 0, "-3"), (0.045, 2, "0.05"), (1234.567, 1, "1,234.6"),
      (-0.0001, 2, "0.00"), (1e20, 0, "1.00e+20"),
    ])
  func fixed(value: Double, decimals: Int, expected: String) {
    #expect(NumberFormat.fixed(value, decimals: decimals) == expected)
  }

  @Test("a column is as wide as it was asked to be, and reads back near the value")
  func columns() {
    var random = SplitMix(state: 3)
    for _ in 0..<4000 {
      let value = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
      for width in [7, 9, 12] {
        let text = NumberFormat.column(value, width: width)
        #expect(text.count == width, "\(value) \(text)")
        guard value.isFinite, !text.contains("#") else { continue }
        let written = text.replacing(" ", with: "").replacing(",", with: "")
        let back = Double(written) ?? .nan
        // One digit at least is right.
        #expect(abs(back - Double(value)) <= 0.5 * abs(Double(value)) + 1e-45, "\(value) \(text)")
      }
    }
  }

  @Test(
    "columns of a matrix line up",
    arguments: [
      (Float(-0.0084), "  -0.0084"), (0, "   0.0000"), (12.5, "  12.5000"), (0.00002, "  2.000e-5"),
      (123456.78, "123,456.8"), (.nan, "      NaN"),
    ])
  func column(value: Float, expected: String) {
    let text = NumberFormat.column(value, width: 9)
    #expect(text == String(expected.suffix(9)))
  }

  @Test("whole numbers and percentages")
  func others() {
    #expect(NumberFormat.integer(1_234_567) == "1,234,567")
    #expect(NumberFormat.integer(-999) == "-999")
    #expect(NumberFormat.integer(Int.min) == "-9,223,372,036,854,775,808")
    #expect(NumberFormat.percent(0.975) == "97.5 %")
    #expect(NumberFormat.styled(.nan).runs.first?.ink == .bad)
  }

  @Test(
    "a share is rounded to the nearest, but is all only where it is all, and none only where none",
    arguments: [
      (0.9997, "99.9 %", 99, "0.999"), (0.99, "99.0 %", 99, "0.990"), (1, "100.0 %", 100, "1.000"),
      (0, "0.0 %", 0, "0.000"), (0.0002, "0.1 %", 1, "0.001"), (0.1268, "12.7 %", 13, "0.127"),
      (0.996, "99.6 %", 99, "0.996"), (0.875, "87.5 %", 88, "0.875"),
    ])
  func shares(share: Double, percent: String, whole: Int, fraction: String) {
    #expect(NumberFormat.percent(share) == percent)
    #expect(NumberFormat.wholePercent(share) == whole)
    #expect(NumberFormat.percent(share, decimals: 0) == "\(whole) %")
    #expect(NumberFormat.share(share) == fraction)
    #expect(NumberFormat.share(Float(share)) == fraction)
  }
}

@Suite("Arithmetic as written")
struct ShownArithmeticTests {
  /// A written number as an integer of so many decimals; nil for powers of ten.
  private func units(_ text: String, decimals: Int) -> Int? {
    let parts = text.replacing(",", with: "").split(separator: ".")
    let fraction = parts.count > 1 ? String(parts[1]) : ""
    guard fraction.count <= decimals else { return nil }
    return Int(parts[0] + fraction + String(repeating: "0", count: decimals - fraction.count))
  }

  @Test("written terms add up to the written sum, or the sum says about")
  func sums() throws {
    var random = SplitMix(state: 11)
    var exact = 0
    for _ in 0..<2000 {
      let terms = (0..<Int.random(in: 1...6, using: &random)).map { _ in
        Float.random(in: -2...2, using: &random)
      }
      let result = terms.reduce(0, +)
      let shown = ShownArithmetic.sum(terms, result: result)
      guard shown.isExact else {
        #expect(shown.result.hasPrefix("≈"))
        continue
      }
      exact += 1
      var total = 0
      for operand in shown.operands { total += try #require(units(operand, decimals: 9)) }
      let expected = try #require(units(shown.result, decimals: 9))
      // Right to the last digit shown: four decimals, so half of 0.0001.
      #expect(abs(total - expected) <= 50_000, "\(shown)")
    }
    #expect(exact > 1900)
  }

  @Test("written factors give the written product, or the product says about")
  func products() throws {
    var random = SplitMix(state: 12)
    var exact = 0
    for _ in 0..<2000 {
      let factors = [Float.random(in: -3...3, using: &random), .random(in: -3...3, using: &random)]
      let shown = ShownArithmetic.product(factors, result: factors[0] * factors[1])
      guard shown.isExact else {
        #expect(shown.result.hasPrefix("≈"))
        continue
      }
      exact += 1
      let result = try #require(Double(shown.result.replacing(",", with: "")))
      var product = 1.0
      for operand in shown.operands {
        product *= try #require(Double(operand.replacing(",", with: "")))
      }
      #expect(abs(product - result) <= abs(result) * 0.0005 + 1e-12, "\(shown)")
    }
    #expect(exact > 1950)
  }

  @Test("examples that can be checked by hand")
  func examples() {
    #expect(
      ShownArithmetic.product([-0.8, 0.45], result: -0.36)
        == ShownArithmetic(operands: ["-0.8", "0.45"], result: "-0.3600", isExact: true))
    #expect(
      ShownArithmetic.sum([0.1, 0.2], result: 0.3)
        == ShownArithmetic(operands: ["0.1000", "0.2000"], result: "0.3000", isExact: true))
    let wrong = ShownArithmetic.sum([1, 1], result: 3)
    #expect(wrong.result == "≈3.0000")
    #expect(!wrong.isExact)
    #expect(
      ShownArithmetic.function(of: [1, 3], result: 1 / 3) { $0[0] / $0[1] }
        == ShownArithmetic(operands: ["1.0", "3.0"], result: "0.3333", isExact: true))
  }

  @Test("what is not finite, and what is huge, is shown and not added up")
  func extremes() {
    for value: Float in [.nan, .infinity, -.infinity, 3e38, .leastNonzeroMagnitude] {
      #expect(!ShownArithmetic.sum([value, 1], result: value).operands.isEmpty)
      #expect(ShownArithmetic.product([value, 1], result: value).operands.count == 2)
    }
  }
}
