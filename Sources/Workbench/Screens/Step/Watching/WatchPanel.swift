import Autodiff
import Tensors
import TerminalGraphics
import Training

/// Everything that is watched: its value, the one before, when it changes, its past.
struct WatchPanel: StepView {
  let scene: StepScene

  private var lines: [WatchLine] { moment.watches.map { WatchLine($0, moment) } }
  private var list: Rect {
    let inside = area.inset(columns: 2, rows: 1).trimmed(top: 1, bottom: 2)
    guard let plot else { return inside }
    return inside.trimmed(bottom: inside.bottom - plot.y + 1)
  }

  /// Where the chosen one's past is drawn large: what the list leaves free, at least half of it.
  private var plot: Rect? {
    let inside = area.inset(columns: 2, rows: 1).trimmed(top: 1, bottom: 2)
    let rows = min(moment.watches.count, inside.height / 2)
    let room = inside.trimmed(top: rows + 1)
    return room.height >= 6 && !moment.watches.isEmpty ? room : nil
  }

  /// The first row shown.
  private var first: Int {
    max(0, min(state.step.watchRow - list.height / 2, moment.watches.count - list.height))
  }

  func row(at point: Point) -> Int? {
    let row = first + point.y - list.y
    return list.contains(point) && moment.watches.indices.contains(row) ? row : nil
  }

  func draw(_ isFocused: Bool, on grid: inout CellGrid) {
    grid.box(
      area, title: "Watched", detail: .hint("W", "closes"), isFocused: isFocused,
      scroll: ScrollPosition(first: first, shown: list.height, total: moment.watches.count))
    guard !moment.watches.isEmpty else {
      grid.writeWrapped(
        .strong("Nothing is watched yet.\n\n") + .hint("w", "watches the chosen number, ")
          + .secondary(
            "or whatever is typed: loss, dense/kernel[0,0], norm(dense/kernel.grad). Its value "
              + "then stands in the timeline, wherever one goes in the run."),
        in: area.inset(columns: 3, rows: 2))
      return
    }
    let columns = Columns(lines, list.width)
    columns.drawHeads(at: Point(list.x, list.y - 1), on: &grid)
    for (place, line) in lines.enumerated().dropFirst(first).prefix(list.height) {
      let y = list.y + place - first
      if place == state.step.watchRow {
        grid.highlight(Rect(area.x + 1, y, area.width - 2, 1))
        grid.put("›", at: Point(area.x + 1, y), ink: .accent, attributes: .bold)
      }
      columns.draw(line, at: Point(list.x, y), on: &grid)
    }
    if let plot { drawPast(in: plot, on: &grid) }
    grid.write(.secondary(explanation), at: Point(list.x, area.bottom - 2), width: list.width)
  }

  /// The chosen one over the latest steps.
  private func drawPast(in area: Rect, on grid: inout CellGrid) {
    guard moment.watches.indices.contains(state.step.watchRow) else { return }
    let reading = moment.watches[state.step.watchRow]
    let points = reading.past.points
    let isComing = WatchLine(reading, moment).isComing
    let most = reading.largestChange
    let change = most.map { most -> StyledText in
      .secondary(" · ") + .hint("m", "largest change")
        + .secondary(
          " \(NumberFormat.compact(most.change, digits: 3)) by \(moment.unit) "
            + NumberFormat.integer(most.step))
    }
    let title = StyledText.secondary("the past of \(reading.expression)")
    let whole = title + (change ?? "")
    grid.rule(whole.width + 6 <= area.width ? whole : title, in: area)
    guard points.count > 1 else {
      grid.write(
        .secondary(
          isComing
            ? "going through the latest \(moment.units) again …"
            : reading.past.isPending
              ? "the run goes on at full speed: it is drawn when the run rests"
              : "there is none to draw: it takes two \(moment.units), and one number at each"),
        at: Point(area.x, area.y + 1), width: area.width)
      return
    }
    var plot = LinePlot(
      series: [
        LinePlot.Series(
          name: reading.expression, x: points.map { Float($0.step) }, y: points.map(\.value),
          ink: .series(0))
      ], xLabel: moment.unit, hasWholeX: true)
    plot.flags = most.map { [LinePlot.Flag(x: Double($0.step), label: "largest change")] } ?? []
    plot.draw(in: area.trimmed(top: 1), on: &grid)
  }

  /// Why the chosen one has no value, else what the columns mean.
  private var explanation: String {
    let row = state.step.watchRow
    if moment.watches.indices.contains(row), case .failure(let failure) = moment.watches[row].now {
      return failure.description
    }
    let (unit, units) = (moment.unit, moment.units)
    guard longest > 1 else { return "before: one \(unit) earlier; past: the \(units) before it" }
    return area.width >= 90
      ? "before: one \(unit) earlier; past: at the ends of the latest \(longest) \(units), each "
        + "line on its own scale"
      : "before: one \(unit) earlier; each past on its own scale"
  }

  private var longest: Int { moment.watches.map(\.past.points.count).max() ?? 0 }

  /// How wide the columns are.
  private struct Columns {
    private let width: Int
    private let name: Int
    private let until: Int
    private let number = 13

    init(_ lines: [WatchLine], _ width: Int) {
      self.width = width
      let longest = lines.map { TextWidth.columns($0.reading.expression) }.max() ?? 0
      name = min(max(longest, 8), max(12, width - 2 * 14 - 2))
      let free = width - name - 2 * (number + 1) - 2
      let wanted = lines.map { TextWidth.columns($0.until) }.max() ?? 0
      until = free >= wanted + 2 ? max(wanted, 12) : 0
    }

    private var history: Int { width - name - 2 * (number + 1) - until - (until > 0 ? 4 : 2) }

    func drawHeads(at point: Point, on grid: inout CellGrid) {
      grid.write(.secondary("expression"), at: point)
      grid.writeTrailing(.secondary("now"), in: Rect(point.x + name + 1, point.y, number, 1))
      grid.writeTrailing(
        .secondary("before"), in: Rect(point.x + name + number + 2, point.y, number, 1))
      var x = point.x + name + 2 * (number + 1) + 2
      if until > 0 {
        grid.write(.secondary("changes next"), at: Point(x, point.y), width: until)
        x += until + 2
      }
      if history >= 6 { grid.write(.secondary("past"), at: Point(x, point.y)) }
    }

    func draw(_ line: WatchLine, at point: Point, on grid: inout CellGrid) {
      grid.write(
        StyledText.text(line.reading.expression).truncated(to: name), at: point, width: name)
      let isLong = line.value.width > number
      // An array's range takes the column of the value before as well.
      grid.writeTrailing(
        line.value(width: isLong ? 2 * number + 1 : number),
        in: Rect(point.x + name + 1, point.y, isLong ? 2 * number + 1 : number, 1))
      if !isLong {
        grid.writeTrailing(
          line.before, in: Rect(point.x + name + number + 2, point.y, number, 1))
      }
      var x = point.x + name + 2 * (number + 1) + 2
      if until > 0 {
        grid.write(.secondary(line.until), at: Point(x, point.y), width: until)
        x += until + 2
      }
      if history >= 6 {
        grid.write(line.history(width: min(40, history)), at: Point(x, point.y), width: history)
      }
    }
  }
}
