import TerminalGraphics
import Training

/// Two branches beside each other: the numbers of `compare N M`.
enum ComparePanel {
  static let id = "compare"

  static func height(_ state: AppState) -> Int { (state.lab.comparison?.rows.count ?? 5) + 4 }

  static func draw(
    _ state: AppState, _ area: Rect, _ isFocused: Bool, on grid: inout CellGrid
  ) {
    guard let found = state.lab.comparison else {
      let inside = grid.box(area, title: "Compare", isFocused: isFocused)
      grid.write(.faint("reading both …"), at: Point(inside.x + 1, inside.y))
      return
    }
    let title = "Branches \(found.a.number) and \(found.b.number)"
    let parting = "they part at step \(NumberFormat.integer(found.parting))"
    let inside = grid.box(
      area, title: title, detail: Fitting.detail([parting], beside: title, in: area),
      isFocused: isFocused
    ).inset(columns: 1, rows: 0)
    table(found, width: inside.width).draw(in: inside.trimmed(bottom: 1), on: &grid)
    grid.write(
      .secondary(sentence(found)), at: Point(inside.x, inside.bottom - 1), width: inside.width)
  }

  private static func table(_ found: BranchComparison, width: Int) -> Table {
    let longest = found.rows.map { TextWidth.columns($0.name) }.max() ?? 0
    let name = min(longest, width / 3)
    let heads = [found.a, found.b].map { branch in
      StyledText("\(branch.number)", branch.ink, .bold)
        + .secondary(branch.isCurrent ? " at hand" : "")
    }
    let columns = [
      Table.Column("", .cells(name)), Table.Column("", .share(1)), Table.Column("", .share(1)),
    ]
    let rows = found.rows.map { row in
      [.secondary(row.name), StyledText.text(row.a), .text(row.b)]
    }
    return Table(columns: columns, rows: [["", heads[0], heads[1]]] + rows)
  }

  private static func sentence(_ found: BranchComparison) -> String {
    found.firstDifference.map {
      "their losses differ from step \(NumberFormat.integer($0)) on"
    } ?? "their losses agree in all steps that both have"
  }
}
