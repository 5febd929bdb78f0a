import TerminalGraphics
import Training

/// Every breakpoint: what it stops at, how often it did, where last.
struct BreakpointPanel {
  static let id = "breakpoints"

  private let state: AppState
  private let area: Rect

  init(_ state: AppState, _ area: Rect) { (self.state, self.area) = (state, area) }

  private var rows: [BreakpointRow] { state.lab.breakpoints }
  private var isWide: Bool { area.width >= 50 }
  private var inside: Rect { area.inset(columns: 2, rows: 1) }
  /// A line of examples stands below the list where there is room.
  private var listArea: Rect {
    inside.trimmed(bottom: inside.height > rows.count + 2 ? 2 : 0)
  }

  private var keys: [StyledText] {
    let short: [StyledText] = [.hint("B", "add"), .hint("x", "delete"), .hint("Space", "on/off")]
    return [.joined(short, separator: .secondary(" · ")), .hint("B", "add")]
  }

  func draw(_ isFocused: Bool, on grid: inout CellGrid) {
    let title = "Breakpoints"
    let table = table(isFocused)
    grid.box(
      area, title: title, detail: Fitting.detail(keys, beside: title, in: area),
      isFocused: isFocused, scroll: rows.isEmpty ? nil : table.scroll(in: listArea))
    guard !rows.isEmpty else {
      grid.writeWrapped(
        .strong("None yet. ") + .hint("B", "adds one: ")
          + .secondary(
            "if loss > 1 and epoch > 2, backward dense, nan, dead-relu, exploding 10, flips 17. "),
        in: inside)
      return
    }
    table.draw(in: listArea, on: &grid)
    guard listArea.height < inside.height else { return }
    let examples = "or: exploding 10 · flips 17 · if loss > 1 and epoch > 2"
    let shown = Fitting.text(
      [examples, "or: exploding 10 · if loss > 1", ""], width: inside.width)
    grid.write(.secondary(shown), at: Point(inside.x, inside.bottom - 1))
  }

  private func table(_ isFocused: Bool) -> Table {
    var columns = [
      Table.Column("", .cells(4)), Table.Column("what", .share(1)),
      Table.Column("hits", .cells(5), .trailing),
    ]
    // What stops comes first: where it was seen last has a column when all of that is whole.
    let longest = rows.map { TextWidth.columns(Self.bare($0.what)) }.max() ?? 0
    let hasSeen = isWide && longest + 24 <= listArea.width
    if hasSeen { columns.append(Table.Column("seen at", .cells(10))) }
    // The table keeps a column free at both sides.
    let room = listArea.width - 13 - (hasSeen ? 11 : 0)
    let lines = rows.map { row -> [StyledText] in
      let mark: StyledText = row.isEnabled ? .bad("●") : .secondary("○")
      var line: [StyledText] = [
        mark + .secondary(" \(row.number)"),
        row.isEnabled
          ? .text(Self.shown(row.what, width: room))
          : .secondary(Self.shown(row.what, width: room)),
        row.isEnabled ? .text(NumberFormat.integer(row.hits)) : .secondary("off"),
      ]
      if hasSeen {
        line.append(
          row.seen.map { .accent("step \(NumberFormat.integer($0.step))") } ?? StyledText())
      }
      return line
    }
    return Table(
      columns: columns, rows: lines, selection: ListSelection(index: state.step.breakpointRow),
      isFocused: isFocused, gap: 1)
  }

  /// What stops, as long as it fits: first its word goes, then what stands before its last number; what
  /// it is compared with stays.
  static func shown(_ what: String, width: Int) -> String {
    let bare = bare(what)
    if let whole = Fitting.first([what, bare], width: width) { return whole }
    let words = bare.split(separator: " ")
    let compared = bare.lastIndex { "<>=≤≥".contains($0) }.map { place in
      let start = bare[..<place].lastIndex { !"<>=!≤≥ ".contains($0) }
      return String(bare[(start.map { bare.index(after: $0) } ?? place)...])
    }
    let tail = compared ?? words.suffix(2).map { " " + $0 }.joined()
    let room = width - 1 - TextWidth.columns(tail)
    guard room >= 4 else { return bare }
    // No word is cut.
    let head = bare.prefix(room)
    let whole = head.lastIndex { !$0.isLetter }.map { head[...$0] } ?? head
    return whole + "…" + tail
  }

  /// Without the word of the command.
  private static func bare(_ what: String) -> String {
    ["break ", "tbreak ", "watch "].first { what.hasPrefix($0) }
      .map { String(what.dropFirst($0.count)) } ?? what
  }

  func row(at point: Point) -> Int? { table(true).row(at: point, in: listArea) }
}
