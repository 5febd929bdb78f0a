import TerminalGraphics

/// The kept runs, the newest on top.
enum RunsPanel {
  static func draw(
    _ state: AppState, _ area: Rect, _ isFocused: Bool, on grid: inout CellGrid
  ) {
    let runs = state.home.contents.runs
    let table = table(state, area.inset(), isFocused: isFocused)
    let content = tableArea(state, area.inset())
    let inside = grid.box(
      area, title: "Recent runs",
      detail: .secondary(runs.count == 1 ? "1 kept" : "\(runs.count) kept"), isFocused: isFocused,
      scroll: runs.isEmpty ? nil : table.scroll(in: content))
    guard !runs.isEmpty else {
      let text: StyledText =
        state.home.contents.isRecording
        ? .secondary("No run is kept yet. ") + .hint("t", "trains the network at hand;")
          + .secondary(" its numbers are kept here from then on.")
        : .secondary("Runs are not recorded in this session: no record could be opened.")
      grid.writeWrapped(text, in: inside.inset(columns: 1, rows: inside.height > 3 ? 1 : 0))
      return
    }
    table.draw(in: content, on: &grid)
    if content.height < inside.height {
      let hint = StyledText.hint("Enter", "opens where it stopped")
      let full = .secondary("newest on top · ") + hint
      grid.write(
        full.width <= inside.width - 2 ? full : hint,
        at: Point(inside.x + 1, inside.bottom - 1), width: inside.width - 2)
    }
  }

  /// The part of the panel that the table has; the rest is its footnote.
  static func tableArea(_ state: AppState, _ inside: Rect) -> Rect {
    inside.height >= 5
      ? inside.inset(columns: 1, rows: 0).trimmed(bottom: 1) : inside.inset(columns: 1, rows: 0)
  }

  static func table(_ state: AppState, _ inside: Rect, isFocused: Bool) -> Table {
    let isWide = inside.width >= 70
    let hasHeadings = inside.height >= 4
    func title(_ text: String) -> String { hasHeadings ? text : "" }
    var columns = [
      Table.Column(title("run"), .cells(5)), Table.Column(title("data"), .cells(9)),
    ]
    if isWide { columns.append(Table.Column(title("network"), .share(1))) }
    let line = isWide ? 20 : max(6, inside.width - 5 - 9 - 7 - 7 - 10)
    columns += [
      Table.Column(title("loss"), .cells(line)),
      Table.Column(title("val acc"), .cells(7), .trailing),
      Table.Column(title("when"), .cells(7)),
    ]
    let rows = state.home.contents.runs.map { run -> [StyledText] in
      [StyledText("r\(run.number)", .series(0)), .text(run.data)]
        + (isWide ? [.secondary(run.name ?? run.model)] : [])
        + [
          Sparkline(values: run.losses).styled(width: line), accuracy(run.validationAccuracy),
          .secondary(PassedTime.words(state.age(of: run))),
        ]
    }
    return Table(columns: columns, rows: rows, selection: state.home.runs, isFocused: isFocused)
  }

  private static func accuracy(_ value: Double?) -> StyledText {
    guard let value else { return .secondary("—") }
    guard value.isFinite else { return .bad("NaN") }
    return StyledText(NumberFormat.percent(value), value >= 0.95 ? .good : .text)
  }
}
