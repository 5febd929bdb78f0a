import Autodiff
import Foundation
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// A sum of many terms as a table: the largest first, the rest added, digits that add up.
///
/// The products have so many decimals as the result. What is left of the result after the listed
/// products is the rest as written; where the true rest would be written otherwise it carries `≈`.
struct SumTable {
  struct Row {
    let term: SumTerm
    let factors: [String]
    let product: String
  }

  let rows: [Row]
  /// How many terms are not listed, and what they add up to as written.
  let rest: (count: Int, text: String)?
  let result: String
  let decimals: Int

  /// The terms in the order of a table, the largest first, and their products.
  ///
  /// Made once for all the tables that are tried: a sum over a batch of pictures has ten thousands.
  struct Ordered {
    let terms: [SumTerm]
    /// The products of the factors as they are written in full.
    fileprivate let products: [Double]
    fileprivate let largest: Double

    /// - Parameter leads: which terms come first, however small.
    init(_ terms: [SumTerm], leads: (SumTerm) -> Bool = { _ in false }) {
      let sizes = terms.map { leads($0) || $0.product.isNaN ? .infinity : abs($0.product) }
      largest = terms.map { abs($0.product) }.max() ?? 0
      self.terms = terms.indices.sorted { sizes[$0] > sizes[$1] }.map { terms[$0] }
      products = self.terms.map { SumTable.product($0) }
    }
  }

  init(_ terms: [SumTerm], result: Float, most: Int) {
    self.init(Ordered(terms), result: result, most: most)
  }

  /// - Parameters:
  ///   - first: how many of the largest terms are passed over.
  ///   - most: how many terms are listed at most.
  ///   - digits: those of the largest number.
  init(_ ordered: Ordered, result: Float, from first: Int = 0, most: Int, digits: Int = 6) {
    let sorted = ordered.terms
    let listed = sorted.dropFirst(first).prefix(max(0, most))
    let size = max(abs(Double(result)), ordered.largest)
    decimals = Self.decimals(for: size, digits: digits)
    let scale = pow(10, Double(decimals))
    func units(_ value: Double) -> Double { (value * scale).rounded() }
    func text(_ units: Double) -> String {
      NumberFormat.fixed(units / scale, decimals: decimals)
    }
    let decimals = decimals
    let factors = Self.factors(Array(listed), decimals: decimals)
    rows = zip(listed, factors).map { term, factors in
      Row(term: term, factors: factors, product: text(units(Self.product(term))))
    }
    let total = units(Double(result))
    let products = ordered.products
    let left = total - products[listed.indices].reduce(0) { $0 + units($1) }
    let others = products[..<listed.startIndex] + products[listed.endIndex...]
    if others.isEmpty {
      rest = nil
      self.result = (left == 0 ? "" : "≈") + text(total)
    } else {
      let isSo = units(others.reduce(0, +)) == left
      rest = (others.count, (isSo ? "" : "≈") + text(left))
      self.result = text(total)
    }
  }

  /// The product of the factors as they are written in full, with the fewest digits that name them.
  fileprivate static func product(_ term: SumTerm) -> Double {
    term.factors.reduce(1) { $0 * (Double($1.value.description) ?? Double($1.value)) }
  }

  /// So many digits of the largest number, at least two decimals and at most nine.
  private static func decimals(for size: Double, digits: Int) -> Int {
    guard size.isFinite, size > 0 else { return 4 }
    return min(9, max(2, digits - 1 - Int(log10(size).rounded(.down))))
  }

  /// The factors of each term, with the fewest digits at which every product of written factors
  /// rounds to the product as written; columns share their decimals where that can be.
  private static func factors(_ terms: [SumTerm], decimals: Int) -> [[String]] {
    let scale = pow(10, Double(decimals))
    func agrees(_ term: SumTerm, _ shown: [(text: String, value: Double)]) -> Bool {
      (shown.reduce(1) { $0 * $1.value } * scale).rounded()
        == (Self.product(term) * scale).rounded()
    }
    let count = terms.first?.factors.count ?? 0
    if terms.allSatisfy({ $0.factors.count == count }) {
      for digits in 4...9 {
        let places = (0..<count).map { column in
          Self.places(terms.map { $0.factors[column].value }, digits: digits)
        }
        let shown = terms.map { term in
          zip(term.factors, places).map { written($0.value, decimals: $1) }
        }
        if zip(terms, shown).allSatisfy({ agrees($0, $1) }) {
          return shown.map { $0.map(\.text) }
        }
      }
    }
    return terms.map { term in
      var shown: [(text: String, value: Double)] = []
      for digits in 4...12 {
        shown = term.factors.map {
          written($0.value, decimals: places([$0.value], digits: digits))
        }
        if agrees(term, shown) { break }
      }
      return shown.map(\.text)
    }
  }

  /// The decimals at which the largest of some numbers has so many digits, none when all are whole.
  private static func places(_ values: [Float], digits: Int) -> Int {
    let most = values.reduce(Float(0)) { $1.isFinite ? max($0, abs($1)) : $0 }
    guard most > 0, !values.allSatisfy({ $0 == $0.rounded() && abs($0) < 1e6 }) else { return 0 }
    let needed = max(0, digits - 1 - Int(log10(Double(most)).rounded(.down)))
    // A number of few decimals, as 1/32, is not written with more.
    return (0..<needed).first { places in
      values.allSatisfy { Float(NumberFormat.fixed($0, decimals: places)) == $0 }
    } ?? needed
  }

  /// A number with so many decimals, and what is then written there.
  private static func written(_ value: Float, decimals: Int) -> (text: String, value: Double) {
    guard value.isFinite else { return (NumberFormat.compact(value), Double(value)) }
    var text = NumberFormat.fixed(value, decimals: decimals)
    if decimals > 10, value != 0 {
      // As many digits, with the zeros in front as a power of ten.
      let exponent = Int(log10(abs(Double(value))).rounded(.down))
      text = NumberFormat.scientific(Double(value), digits: max(2, decimals + 1 + exponent))
    }
    return (text, Double(text.replacing(",", with: "")) ?? Double(value))
  }
}
