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

  /// - Parameters:
  ///   - first: how many of the largest terms are passed over.
  ///   - most: how many terms are listed at most.
  ///   - digits: those of the largest number.
  init(_ terms: [SumTerm], result: Float, from first: Int = 0, most: Int, digits: Int = 6) {
    let sorted = terms.sorted { abs($0.product) > abs($1.product) }
    let listed = sorted.dropFirst(first).prefix(max(0, most))
    let size = max(abs(Double(result)), sorted.first.map { abs($0.product) } ?? 0)
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
    let left = total - listed.reduce(0) { $0 + units(Self.product($1)) }
    let others = sorted[..<listed.startIndex] + sorted[listed.endIndex...]
    if others.isEmpty {
      rest = nil
      self.result = (left == 0 ? "" : "≈") + text(total)
    } else {
      let isSo = units(others.reduce(0) { $0 + Self.product($1) }) == left
      rest = (others.count, (isSo ? "" : "≈") + text(left))
      self.result = text(total)
    }
  }

  /// The product of the factors as they are written in full, with the fewest digits that name them.
  private static func product(_ term: SumTerm) -> Double {
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

  // MARK: Headings

  /// What the factors of all terms are called, the places that differ as letters: `h[n,40]`, or
  /// `x[12,r,c,0]` beside `K[r−2,c−2,0,7]`; nil where the terms are of several kinds.
  static func headings(_ terms: [SumTerm]) -> [String]? {
    guard let first = terms.first,
      terms.allSatisfy({ $0.factors.count == first.factors.count })
    else { return nil }
    let counts = terms.map { places(of: $0, among: terms) }
    let letters = letters(terms)
    let headings = first.factors.indices.map { place in
      heading(terms.map { $0.factors[place].name }, letters, counts)
    }
    return headings.contains(nil) ? nil : headings.compactMap(\.self)
  }

  /// What the numbers are called that tell the terms apart: `k`, or `r,c` of a window.
  static func key(of terms: [SumTerm]) -> String { letters(terms).joined(separator: ",") }

  /// A letter for each place of the first factors that differs.
  private static func letters(_ terms: [SumTerm]) -> [String] {
    guard let first = terms.first else { return [] }
    let count = places(of: first, among: terms).count
    let own = first.example == nil ? [] : ["n"]
    let others = count - own.count
    let more = others < 2 ? ["k"] : others == 2 ? ["r", "c"] : ["r", "c", "d", "e", "g"]
    return Array((own + more).prefix(max(1, count)))
  }

  /// - Parameters:
  ///   - letters: stand for what counts the terms.
  ///   - counts: those numbers of every term.
  private static func heading(
    _ names: [String], _ letters: [String], _ counts: [[String]]
  ) -> String? {
    guard let first = names.first else { return nil }
    if names.allSatisfy({ $0 == first }) { return first }
    let parts = names.map { split($0) }
    guard let model = parts.first,
      parts.allSatisfy({ $0.symbol == model.symbol && $0.places.count == model.places.count })
    else { return nil }
    var next = 0
    let places = model.places.indices.map { i in
      let own = parts.map { $0.places[i] }
      if own.allSatisfy({ $0 == model.places[i] }) { return model.places[i] }
      defer { next += 1 }
      return letter(own, letters, counts, next)
    }
    return model.symbol + "[" + places.joined(separator: ",") + "]"
  }

  /// The letter whose numbers a place has, or so many less or more: `r−2`; the one in the same order
  /// where several do, `·` where none does.
  private static func letter(
    _ own: [String], _ letters: [String], _ counts: [[String]], _ order: Int
  ) -> String {
    let order = min(order, letters.count - 1)
    let others = letters.indices.filter { $0 != order }
    for place in [order] + others where counts.allSatisfy({ place < $0.count }) {
      let steps = Set(
        zip(own, counts).map { own, counts in
          Int(own).flatMap { own in Int(counts[place]).map { own - $0 } }
        })
      guard steps.count == 1, let step = steps.first.flatMap(\.self) else { continue }
      return letters[place] + (step == 0 ? "" : step < 0 ? "−\(-step)" : "+\(step)")
    }
    return "·"
  }

  private static func split(_ name: String) -> (symbol: String, places: [String]) {
    guard let open = name.lastIndex(of: "["), name.hasSuffix("]") else { return (name, []) }
    let inside = name[name.index(after: open)...].dropLast()
    return (String(name[..<open]), inside.split(separator: ",").map(String.init))
  }

  /// What tells a term from the others: the places of its first factor that differ.
  static func place(of term: SumTerm, among terms: [SumTerm]) -> String {
    places(of: term, among: terms).joined(separator: ",")
  }

  private static func places(of term: SumTerm, among terms: [SumTerm]) -> [String] {
    guard let own = term.factors.first else { return [] }
    let all = terms.compactMap { $0.factors.first.map { split($0.name).places } }
    let places = split(own.name).places
    return places.indices.filter { i in
      all.contains { i < $0.count && $0[i] != places[i] }
    }.map { places[$0] }
  }
}
