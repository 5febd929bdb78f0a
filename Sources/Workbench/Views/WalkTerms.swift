import Autodiff
import TerminalGraphics
import Training

/// The terms of the difference of two scores, a line each: the number that comes in, what it is
/// multiplied by, and what that makes; in the longest form that has room.
struct WalkTerms {
  let table: SumTable
  let lines: [TermLines.Line]

  /// How a term is called.
  private enum Name: CaseIterable { case full, short, index }

  /// `8.2279 × 0.34227 =`, `8.228 × 0.342 ≈`, the same without the sign, or neither.
  private enum Factors { case equation, rounded, product, none }

  /// - Parameters:
  ///   - first: how many of the largest are passed over.
  ///   - most: how many are listed at most.
  init(outcome: ForwardOutcome, first: Int, most: Int, width: Int) {
    let counted = outcome.counted
    // The bias is no number × weight: among the many small ones it would not be found.
    let biases = Set(counted.filter { $0.number == nil }.map(\.name))
    let ordered = SumTable.Ordered(
      counted.map { term in
        guard let number = term.number, let weight = term.weight else {
          return SumTerm([Operand(term.name, Float(term.amount))])
        }
        return SumTerm([Operand(term.name, number), Operand("weight", Float(weight))])
      }, leads: { $0.factors.count == 1 && biases.contains($0.factors[0].name) })
    let known = Dictionary(
      counted.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    func table(_ digits: Int) -> SumTable {
      SumTable(
        ordered, result: Float(outcome.difference), from: first, most: most, digits: digits)
    }
    let hasFactors = counted.contains { $0.weight != nil }
    var ways: [(name: Name, digits: Int, factors: Factors)] = []
    if hasFactors {
      // The names of layers go before the factors do.
      ways += Name.allCases.flatMap { name in [5, 4].map { (name, $0, .equation) } }
      ways += [(.index, 4, .rounded), (.index, 3, .rounded), (.index, 3, .product)]
    }
    ways += [(.full, 6, .none), (.short, 6, .none)]
    let laidOut = ways.lazy.map { way in
      let table = table(way.digits)
      return (table, Self.lines(table, known, way.name, way.factors, width: width))
    }
    let found = laidOut.first { table, lines in
      lines.allSatisfy { $0.left.width + $0.right.width + 1 <= width }
    }
    (self.table, lines) = found ?? laidOut.last ?? (table(6), [])
  }

  private static func lines(
    _ table: SumTable, _ known: [String: ForwardOutcome.Term], _ form: Name,
    _ written: Factors, width: Int
  ) -> [TermLines.Line] {
    let names = table.rows.map { row in
      name(row.term.factors.first?.name ?? "", known, form)
    }
    let products = table.rows.map { row in
      TermLines.signed(row.product.first?.isNumber ?? false ? "+" + row.product : row.product)
    }
    guard written != .none else {
      let values = table.rows.map { row in
        known[row.term.factors.first?.name ?? ""].flatMap(\.number).map {
          " = " + NumberFormat.compact($0, digits: 4)
        } ?? ""
      }
      let own = names.indices.map { StyledText.text(names[$0]) + .secondary(values[$0]) }
      let fits = own.indices.allSatisfy { own[$0].width + products[$0].width + 1 <= width }
      return names.indices.map {
        TermLines.Line(left: fits ? own[$0] : .text(names[$0]), right: products[$0])
      }
    }
    let factors = table.rows.map { row in
      written == .equation
        ? row.factors
        : zip(row.term.factors, [4, 3]).map { NumberFormat.compact($0.value, digits: $1) }
    }
    let isProduct = table.rows.map { $0.term.factors.count == 2 }
    let sign = written == .equation ? " =" : written == .rounded ? " ≈" : ""
    let widest = names.map { TextWidth.columns($0) }.max() ?? 0
    let columns = (0..<2).map { place in
      zip(factors, isProduct).filter(\.1).map { $0.0[place].count }.max() ?? 0
    }
    return names.indices.map { i in
      let gap = String(
        repeating: " ", count: widest - TextWidth.columns(names[i]) + (form == .index ? 1 : 2))
      guard isProduct[i] else {
        return TermLines.Line(left: .secondary(names[i]), right: products[i])
      }
      let product = zip(factors[i], columns).map { NumberFormat.padded($0, to: $1) }
        .joined(separator: " × ")
      return TermLines.Line(
        left: .secondary(names[i] + gap) + .text(product) + .secondary(sign), right: products[i])
    }
  }

  /// `max_pooling2d[0,2,3]`: where a number stood before it was put in another order.
  private static func name(
    _ term: String, _ known: [String: ForwardOutcome.Term], _ form: Name
  ) -> String {
    let name = (known[term]?.origin ?? term).replacing("/output", with: "")
    let open = name.firstIndex(of: "[") ?? name.endIndex
    let (layer, index) = (String(name[..<open]), String(name[open...]))
    switch form {
    case .full: return name
    case .short: return LayerNames.fitted(layer, width: 1) + index
    case .index:
      return index.isEmpty ? layer.split(separator: "/").last.map(String.init) ?? layer : index
    }
  }
}
