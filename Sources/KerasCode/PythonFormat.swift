import Foundation

/// How Python writes values: `str`, `repr`, and the format specifications of f-strings.
package enum PythonFormat {
  /// A float as `repr` writes it: the fewest digits that read back to the same.
  package static func number(_ x: Double) -> String {
    if x.isNaN { return "nan" }
    if x.isInfinite { return x < 0 ? "-inf" : "inf" }
    return shortest(x.description, x)
  }

  static func number(_ x: Float) -> String {
    if !x.isFinite { return number(Double(x)) }
    return shortest(x.description, Double(x))
  }

  /// Python writes exponents below 1e-4 and from 1e16; Swift keeps to other bounds.
  private static func shortest(_ text: String, _ x: Double) -> String {
    let magnitude = abs(x)
    let wantsExponent = magnitude != 0 && (magnitude < 1e-4 || magnitude >= 1e16)
    let (digits, exponent, sign) = parts(text)
    if wantsExponent {
      let power = (exponent < 0 ? "-" : "+") + (abs(exponent) < 10 ? "0" : "") + "\(abs(exponent))"
      let rest = String(digits.dropFirst())
      return sign + digits.prefix(1) + (rest.isEmpty ? "" : "." + rest) + "e" + power
    }
    return sign + positional(digits, exponent)
  }

  /// The significant digits, the power of ten of the first, and the sign of a decimal text.
  static func parts(_ text: String) -> (digits: String, exponent: Int, sign: String) {
    var body = text
    let sign = body.hasPrefix("-") ? "-" : ""
    if !sign.isEmpty { body.removeFirst() }
    let halves = body.split(separator: "e", maxSplits: 1)
    var exponent = halves.count > 1 ? Int(halves[1]) ?? 0 : 0
    let mantissa = halves[0].split(separator: ".", omittingEmptySubsequences: false)
    let whole = String(mantissa[0])
    var digits = whole + (mantissa.count > 1 ? String(mantissa[1]) : "")
    exponent += whole.count - 1
    while digits.count > 1, digits.hasPrefix("0") {
      digits.removeFirst()
      exponent -= 1
    }
    while digits.count > 1, digits.hasSuffix("0") { digits.removeLast() }
    return (digits, digits == "0" ? 0 : exponent, sign)
  }

  private static func positional(_ digits: String, _ exponent: Int) -> String {
    if exponent < 0 { return "0." + String(repeating: "0", count: -exponent - 1) + digits }
    if digits.count <= exponent + 1 {
      return digits + String(repeating: "0", count: exponent + 1 - digits.count) + ".0"
    }
    return digits.prefix(exponent + 1) + "." + digits.dropFirst(exponent + 1)
  }

  /// A string as `repr` writes it.
  static func quoted(_ text: String) -> String {
    let quote: Unicode.Scalar = text.contains("'") && !text.contains("\"") ? "\"" : "'"
    return quoted(text, quote)
  }

  static func quoted(_ text: String, _ quote: Unicode.Scalar) -> String {
    var result = String(quote)
    for scalar in text.unicodeScalars {
      switch scalar {
      case quote, "\\": result += "\\" + String(scalar)
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default:
        if scalar.value < 32 || scalar.value == 127 {
          result += "\\x" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + String(quote)
  }

  /// `{value:spec}`: fill, alignment, sign, width, commas, precision and type.
  static func formatted(_ value: PythonValue, spec text: String) throws(Complaint) -> String {
    if text.isEmpty { return value.str }
    let spec = try FormatSpec(text)
    return spec.padded(try spec.body(of: value), isNumber: value.anyNumber != nil)
  }
}

/// The specification after the colon of an f-string's field.
struct FormatSpec {
  private var fill: Character = " "
  private var alignment: Character?
  private var sign: Character = "-"
  private var width = 0
  private var separator = ""
  private var precision: Int?
  private var type: Character?
  private let text: String

  init(_ text: String) throws(Complaint) {
    self.text = text
    var rest = Substring(text)
    let second = rest.dropFirst().first
    if let second, "<>^=".contains(second) {
      fill = rest.removeFirst()
      alignment = rest.removeFirst()
    } else if let first = rest.first, "<>^=".contains(first) {
      alignment = rest.removeFirst()
    }
    if let c = rest.first, "+- ".contains(c) { sign = rest.removeFirst() }
    if rest.first == "0", alignment == nil {
      fill = "0"
      alignment = "="
      rest.removeFirst()
    }
    width = try Self.digits(&rest, text) ?? 0
    if let c = rest.first, c == "," || c == "_" { separator = String(rest.removeFirst()) }
    if rest.first == "." {
      rest.removeFirst()
      guard let digits = try Self.digits(&rest, text) else { throw Self.unreadable(text) }
      precision = digits
    }
    if let c = rest.first, "bcdeEfFgGnosxX%".contains(c) { type = rest.removeFirst() }
    guard rest.isEmpty else { throw Self.unreadable(text) }
  }

  private static func digits(_ rest: inout Substring, _ text: String) throws(Complaint) -> Int? {
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    guard !digits.isEmpty else { return nil }
    guard let n = Int(digits), n <= 1000 else { throw unreadable(text) }
    rest = rest.dropFirst(digits.count)
    return n
  }

  private static func unreadable(_ text: String) -> Complaint {
    Complaint(
      "the format \"\(text)\" cannot be read", remedy: "formats look like .4f, >8, 5.1%, d, .2e")
  }

  func body(of value: PythonValue) throws(Complaint) -> String {
    if case .text(let string) = value {
      guard type == nil || type == "s" else {
        throw Complaint("the format \"\(text)\" does not fit a string")
      }
      return precision.map { String(string.prefix($0)) } ?? string
    }
    if let i = value.wholeNumber, type.map({ "dbxXon".contains($0) }) ?? (precision == nil) {
      if case .boolean = value, type == nil { return value.str }
      let radix = type == "b" ? 2 : type == "o" ? 8 : type == "x" || type == "X" ? 16 : 10
      let digits = String(i.magnitude, radix: radix, uppercase: type == "X")
      return signed(i < 0, grouped(digits))
    }
    guard let x = value.anyNumber else {
      guard type == nil, precision == nil else {
        throw Complaint(
          "the format \"\(text)\" does not fit \(value.described)", remedy: "it fits a number")
      }
      return value.str
    }
    guard type != "d" && type != "s" && type != "x" else {
      throw Complaint("the format \"\(text)\" does not fit the float \(value.str)")
    }
    return number(x, value)
  }

  private func number(_ x: Double, _ value: PythonValue) -> String {
    if !x.isFinite { return signed(x < 0, x.isNaN ? "nan" : "inf") + (type == "%" ? "%" : "") }
    let negative = x.sign == .minus
    let magnitude = abs(x)
    switch type {
    case "f", "F":
      return signed(negative, grouped(String(format: "%.\(precision ?? 6)f", magnitude)))
    case "%":
      return signed(negative, grouped(String(format: "%.\(precision ?? 6)f", magnitude * 100)))
        + "%"
    case "e": return signed(negative, String(format: "%.\(precision ?? 6)e", magnitude))
    case "E": return signed(negative, String(format: "%.\(precision ?? 6)E", magnitude))
    case "g", "n":
      return signed(negative, grouped(String(format: "%.\(precision ?? 6)g", magnitude)))
    case "G": return signed(negative, grouped(String(format: "%.\(precision ?? 6)G", magnitude)))
    default:
      guard let precision else {
        let plain = value.str
        return signed(negative, grouped(plain.hasPrefix("-") ? String(plain.dropFirst()) : plain))
      }
      let short = String(format: "%.\(precision)g", magnitude)
      return signed(negative, short.contains(where: { ".en".contains($0) }) ? short : short + ".0")
    }
  }

  private func signed(_ negative: Bool, _ digits: String) -> String {
    negative ? "-" + digits : sign == "-" ? digits : String(sign) + digits
  }

  private func grouped(_ digits: String) -> String {
    guard !separator.isEmpty else { return digits }
    let whole = digits.prefix { $0.isNumber }
    var result = ""
    for (i, c) in whole.enumerated() {
      if i > 0 && (whole.count - i) % 3 == 0 { result += separator }
      result.append(c)
    }
    return result + digits.dropFirst(whole.count)
  }

  func padded(_ body: String, isNumber: Bool) -> String {
    let missing = width - body.count
    guard missing > 0 else { return body }
    func run(_ n: Int) -> String { String(repeating: fill, count: n) }
    switch alignment ?? (isNumber ? ">" : "<") {
    case "<": return body + run(missing)
    case "^": return run(missing / 2) + body + run(missing - missing / 2)
    case "=":
      let sign = body.prefix { "+- ".contains($0) }
      return sign + run(missing) + body.dropFirst(sign.count)
    default: return run(missing) + body
    }
  }
}
