import Autodiff
import Foundation
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// A formula with numbers in it: written with names, with numbers, and evaluated, so that what
/// stands there can be checked with a pocket calculator.
struct CellFormula {
  /// With a `{}` for each operand, in order.
  let text: String
  let operands: [Operand]
  let result: Float

  init(_ text: String, _ operands: [Operand], result: Float) {
    self.text = text
    self.operands = operands
    self.result = result
  }

  /// A short sum as a formula: `{} × {} + {}`.
  init(sum terms: [SumTerm], result: Float) {
    var text = ""
    var operands: [Operand] = []
    for term in terms {
      // A factor −1 is the sign of its term.
      let isNegative = term.factors.count > 1 && term.factors.first?.name == "−1"
      let factors = isNegative ? Array(term.factors.dropFirst()) : term.factors
      text += isNegative ? (text.isEmpty ? "−" : " − ") : (text.isEmpty ? "" : " + ")
      text += factors.map { _ in "{}" }.joined(separator: " × ")
      operands += factors
    }
    self.text = text
    self.operands = operands
    self.result = result
  }

  var named: String {
    // A condition counts as 1 or 0 and stands in brackets.
    filled(operands.map { $0.name.contains(" = ") ? "[\($0.name)]" : $0.name }, bracketed: false)
  }

  /// The formula with numbers in, and the result: they agree to the last digit, or it begins with ≈.
  var shown: (numbers: String, result: String) { shown(digits: 4) }

  func shown(digits: Int) -> (numbers: String, result: String) {
    guard evaluate(operands.map { Double($0.value) }) != nil else {
      return (
        filled(operands.map { NumberFormat.compact($0.value) }, bracketed: true),
        NumberFormat.compact(result)
      )
    }
    let arithmetic = ShownArithmetic.function(
      of: operands.map(\.value), result: result, digits: digits
    ) {
      evaluate($0) ?? .nan
    }
    let operands = arithmetic.operands.map { $0.hasSuffix(".0") ? String($0.dropLast(2)) : $0 }
    return (filled(operands, bracketed: true), arithmetic.result)
  }

  private func filled(_ texts: [String], bracketed: Bool) -> String {
    var filled = ""
    var rest = text[...]
    for item in texts {
      guard let place = rest.firstRange(of: "{}") else { break }
      filled += rest[..<place.lowerBound]
      rest = rest[place.upperBound...]
      let isSquared = bracketed && rest.first == "²"
      let needsBrackets =
        isSquared
        || bracketed && item.hasPrefix("-") && !filled.isEmpty
          && (filled.last == " " || filled.last == "−" || rest.first == "²" || rest.first == "^")
          && !filled.hasSuffix(", ")
          && !filled.hasSuffix("because ")
      filled += needsBrackets ? "(\(item))" : item
    }
    return filled + rest
  }

  /// What the formula gives for these operands; nil when it is words rather than arithmetic.
  func evaluate(_ numbers: [Double]) -> Double? {
    let formula = text.firstRange(of: ", because").map { text[..<$0.lowerBound] } ?? text[...]
    var reader = FormulaReader(formula, numbers)
    return reader.whole()
  }
}

/// Evaluates `{} − {} × {} / (√ …)` as it is written: sums of products of factors, products also
/// without a sign between them, `²`, `^`, `√`, `|x|`, `e^`, and functions by name.
private struct FormulaReader {
  private var rest: Substring
  private var numbers: ArraySlice<Double>

  init(_ text: Substring, _ numbers: [Double]) {
    rest = text
    self.numbers = numbers[...]
  }

  mutating func whole() -> Double? {
    let value = sum()
    return rest.isEmpty ? value : nil
  }

  private mutating func take(_ text: String) -> Bool {
    rest = rest.drop { $0 == " " }
    guard rest.hasPrefix(text) else { return false }
    rest = rest.dropFirst(text.count)
    return true
  }

  private mutating func sum() -> Double? {
    guard var value = product() else { return nil }
    while true {
      if take("+") {
        guard let next = product() else { return nil }
        value += next
      } else if take("−") {
        guard let next = product() else { return nil }
        value -= next
      } else {
        return value
      }
    }
  }

  private mutating func product() -> Double? {
    guard var value = factor() else { return nil }
    while true {
      if take("×") {
        guard let next = factor() else { return nil }
        value *= next
      } else if take("/") {
        guard let next = factor() else { return nil }
        value /= next
      } else if beginsFactor {
        guard let next = factor() else { return nil }
        value *= next
      } else {
        return value
      }
    }
  }

  private var beginsFactor: Bool {
    guard let next = rest.first(where: { $0 != " " }) else { return false }
    return next == "{" || next == "(" || next == "√" || next.isLetter
      || next.isNumber && next != "²"
  }

  private mutating func factor() -> Double? {
    if take("−") { return factor().map { -$0 } }
    guard let value = atom() else { return nil }
    if take("²") { return value * value }
    return take("^") ? atom().map { pow(value, $0) } : value
  }

  private mutating func atom() -> Double? {
    if take("{}") { return numbers.popFirst() }
    if take("(") {
      let value = sum()
      return take(")") ? value : nil
    }
    if take("e^") { return factor().map(exp) }
    if take("√") { return atom().map { $0.squareRoot() } }
    if take("|") {
      let value = sum()
      return take("|") ? value.map { abs($0) } : nil
    }
    if take("max(") { return list().flatMap { $0.max() } }
    if take("min(") { return list().flatMap { $0.min() } }
    for (name, function) in Self.functions where take(name) { return atom().map(function) }
    let digits = rest.prefix { $0.isNumber && $0 != "²" || $0 == "." }
    rest = rest.dropFirst(digits.count)
    return Double(digits)
  }

  private mutating func list() -> [Double]? {
    var values: [Double] = []
    repeat {
      guard let value = sum() else { return nil }
      values.append(value)
    } while take(",")
    return take(")") ? values : nil
  }

  private static let functions: [(String, @Sendable (Double) -> Double)] = [
    ("linear", { $0 }), ("relu", { max(0, $0) }), ("sigmoid", { 1 / (1 + exp(-$0)) }),
    ("tanh", tanh), ("exp", exp), ("log", log), ("erf", erf), ("arsinh", asinh),
    ("arcosh", acosh), ("artanh", atanh), ("sinh", sinh), ("cosh", cosh), ("arcsin", asin),
    ("arccos", acos), ("arctan", atan), ("sin", sin), ("cos", cos), ("tan", tan),
  ]
}
