import Autodiff
import TerminalGraphics

/// How a number came about, a line for each term: what stands at the left, and its number.
struct TermLines {
  struct Line {
    let left: StyledText
    let right: StyledText
  }

  let explanation: CellExplanation
  /// What the total is called.
  let name: String

  /// How many lines it takes in full.
  var fullHeight: Int {
    switch explanation.body {
    case .sum(let terms) where terms.count > 2: terms.count + 1
    case .formula(_, let operands) where operands.count > 2: operands.count + 1
    default: 1
    }
  }

  /// At most so many lines, the last of them the total.
  ///
  /// - Parameter heading: what stands over the factors where there is room for all terms.
  func lines(atMost height: Int, width: Int, heading: String? = nil) -> [Line] {
    guard height > 0 else { return [] }
    switch explanation.body {
    case .sum(let terms) where terms.count > 2:
      guard let heading, height > terms.count + 1 else { return sum(terms, height, width, nil) }
      return sum(terms, height - 1, width, heading)
    case .formula(let text, let operands) where operands.count > 2:
      return list(text, operands, height)
    case .sum(let terms):
      return [formula(CellFormula(sum: terms, result: explanation.result), width)]
    case .formula(let text, let operands):
      return [formula(CellFormula(text, operands, result: explanation.result), width)]
    }
  }

  private func formula(_ formula: CellFormula, _ width: Int) -> Line {
    let shown = formula.shown
    let numbers = StyledText(shown.numbers, .loss)
    let result = StyledText(shown.result, .accent, .bold)
    let long = StyledText.strong(name) + .secondary(" = ") + numbers + .secondary(" =")
    let short = StyledText.strong(name) + .secondary(" =")
    return Line(left: long.width + result.width + 1 <= width ? long : short, right: result)
  }

  private func sum(
    _ terms: [SumTerm], _ height: Int, _ width: Int, _ heading: String?
  ) -> [Line] {
    let room = height - 1
    let most = terms.count <= room ? terms.count : max(0, room - 1)
    let table = SumTable(terms, result: explanation.result, most: most)
    let names = TermNames(terms)
    let keys = table.rows.map { names.place(of: $0.term) }
    // With the gap behind what tells terms apart.
    let keyWidth = max(names.widest, names.key.count) + 2
    let widths = (0..<2).map { place in
      table.rows.map { $0.factors.indices.contains(place) ? $0.factors[place].count : 0 }.max() ?? 0
    }
    let factors = table.rows.map { row in
      zip(row.factors, widths).map { NumberFormat.padded($0, to: $1) }.joined(separator: " × ")
    }
    // All terms say what they are, or none does.
    let hasKeys = zip(table.rows, factors).allSatisfy {
      keyWidth + TextWidth.columns($1) + $0.product.count + 1 <= width
    }
    func key(_ text: String) -> String {
      hasKeys ? NumberFormat.padded(text, to: keyWidth - 2) + "  " : ""
    }
    var lines = table.rows.indices.map { i in
      Line(
        left: .secondary(key(keys[i])) + .text(factors[i]),
        right: Self.signed(table.rows[i].product))
    }
    if let heading {
      let left = StyledText.secondary(key(names.key) + heading)
      lines.insert(Line(left: left, right: .secondary("product")), at: 0)
    }
    if let rest = table.rest, room > 0 {
      let words =
        rest.count == 1 ? "the other one" : "the other \(NumberFormat.integer(rest.count)), added"
      lines.append(Line(left: .secondary(words), right: Self.signed(rest.text)))
    }
    return lines + [
      Line(
        left: .strong(name) + .secondary(" ="), right: StyledText(table.result, .accent, .bold))
    ]
  }

  /// What a maximum is chosen from, the largest first.
  private func list(_ text: String, _ operands: [Operand], _ height: Int) -> [Line] {
    let sorted = operands.sorted { $0.value > $1.value }
    let shown = sorted.prefix(height - 1)
    let word = text.prefix { $0 != "(" }
    return shown.map {
      Line(left: .secondary($0.name), right: .text(NumberFormat.compact($0.value, digits: 5)))
    } + [
      Line(
        left: .strong(name) + .secondary(" = \(word) of \(operands.count) ="),
        right: StyledText(NumberFormat.compact(explanation.result, digits: 5), .accent, .bold))
    ]
  }

  /// A number in the color of its sign.
  static func signed(_ number: String) -> StyledText {
    guard number.contains(where: { ("1"..."9").contains($0) }) else { return .secondary(number) }
    let isNegative = number.hasPrefix("-") || number.hasPrefix("≈-")
    return StyledText(number, isNegative ? .negative : .positive)
  }

  /// Draws lines one below the other.
  static func draw(_ lines: [Line], in area: Rect, on grid: inout CellGrid) {
    for (row, line) in lines.prefix(max(0, area.height)).enumerated() {
      let y = area.y + row
      grid.write(
        line.left, at: Point(area.x, y), width: max(0, area.width - line.right.width - 1))
      grid.writeTrailing(line.right, in: Rect(area.x, y, area.width, 1))
    }
  }
}
