import Autodiff
import Tensors
import TerminalGraphics
import Training

/// How a gate of a recurrent layer came about: its sum z term by term, then its function.
struct GateCellPanel {
  private let recurrent: RecurrentMoment
  private let sum: CellExplanation
  private let terms: [SumTerm]
  private let gate: CellExplanation
  private let area: Rect
  private var inside: Rect { area.inset(columns: 2, rows: 1) }

  /// Nil when the chosen number is not a gate's.
  init?(_ moment: StepMoment, _ area: Rect) {
    guard let recurrent = moment.recurrent, let sum = recurrent.weightedSum,
      case .sum(let terms) = sum.body, let gate = moment.explanation
    else { return nil }
    self.recurrent = recurrent
    self.sum = sum
    self.terms = terms
    self.gate = gate
    self.area = area
  }

  func draw(_ isFocused: Bool, on grid: inout CellGrid) {
    let unit = recurrent.unit.map { ", unit \($0)" } ?? ""
    grid.box(
      area, title: "Gate \(gate.symbol)\(unit), t = \(recurrent.time)",
      detail: .secondary("largest first"), isFocused: isFocused)
    let room = inside.height - 2
    guard room > 0 else { return }
    let most = terms.count <= room ? terms.count : room - 1
    let table = SumTable(terms, result: sum.result, most: most)
    let columns = Columns(table)
    var y = inside.y
    for row in table.rows {
      draw(row, columns, at: y, on: &grid)
      y += 1
    }
    if let rest = table.rest {
      grid.write(
        .secondary(
          rest.count == 1 ? "the other one" : "the other \(NumberFormat.integer(rest.count)), added"
        ),
        at: Point(inside.x, y))
      grid.writeTrailing(number(rest.text), in: Rect(inside.x, y, inside.width, 1))
      y += 1
    }
    line(.strong("z") + .secondary(" ="), .strong(table.result), at: y, on: &grid)
    drawFunction(at: y + 1, on: &grid)
  }

  /// `f = sigmoid(2.512) =`.
  private func drawFunction(at y: Int, on grid: inout CellGrid) {
    guard case .formula(let text, let operands) = gate.body else { return }
    let formula = CellFormula(text, operands, result: gate.result)
    let shown = formula.shown
    line(
      .text(gate.symbol + " = ") + StyledText(shown.numbers, .loss) + .secondary(" ="),
      StyledText(shown.result, .accent, .bold), at: y, on: &grid)
  }

  private func line(
    _ left: StyledText, _ right: StyledText, at y: Int, on grid: inout CellGrid
  ) {
    grid.write(left, at: Point(inside.x, y), width: inside.width - right.width - 1)
    grid.writeTrailing(right, in: Rect(inside.x, y, inside.width, 1))
  }

  private func number(_ text: String) -> StyledText {
    StyledText(text, text.hasPrefix("-") || text.hasPrefix("≈-") ? .negative : .positive)
  }

  private func draw(
    _ row: SumTable.Row, _ columns: Columns, at y: Int, on grid: inout CellGrid
  ) {
    grid.writeTrailing(number(row.product), in: Rect(inside.x, y, inside.width, 1))
    let numbers =
      row.factors.count < 2
      ? ""
      : zip(row.factors, columns.widths).map { NumberFormat.padded($0, to: $1) }
        .joined(separator: " × ")
    let end = inside.right - columns.product - 1
    let room = end - inside.x - TextWidth.columns(numbers)
    grid.write(.text(name(row.term, room - 1)), at: Point(inside.x, y), width: max(0, room - 1))
    if room > 0 {
      grid.write(.secondary(numbers), at: Point(inside.x + room, y), width: end - inside.x - room)
    }
  }

  /// `h[4][0,1] × U[1,6]`, or where that is too long, `h[4] × U[1,6]`.
  private func name(_ term: SumTerm, _ room: Int) -> String {
    let names = term.factors.map(\.name)
    let long = names.joined(separator: " × ")
    guard names.count > 1 else { return Fitting.text([long], width: room) }
    let first = names[0].lastIndex(of: "[").map { String(names[0][..<$0]) } ?? names[0]
    let short = ([first] + names.dropFirst()).joined(separator: " × ")
    return Fitting.text(
      [long, short, short.replacing(" × ", with: "·"), names[names.count - 1]], width: room)
  }

  /// How wide the numbers of the terms are.
  private struct Columns {
    let widths: [Int]
    let product: Int

    init(_ table: SumTable) {
      let rows = table.rows.filter { $0.factors.count > 1 }
      widths = (0..<2).map { place in rows.map { $0.factors[place].count }.max() ?? 0 }
      product = max(table.rows.map(\.product.count).max() ?? 0, table.result.count)
    }
  }
}
