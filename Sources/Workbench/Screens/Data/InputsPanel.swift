import Datasets
import TerminalGraphics

/// Each input's range, histogram, mean and spread.
enum InputsPanel {
  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    let summaries = view.state.data.preview?.summaries ?? []
    let shown = max(1, (view.area.height - 2) / 3)
    let first = max(0, min(view.state.data.firstInput, summaries.count - shown))
    let scroll = ScrollPosition(first: first, shown: shown, total: summaries.count)
    let isZoom = view.area.height > 18 && summaries.count > 1
    let inside = view.box(
      isZoom ? "Each input" : "Each input", scroll: scroll.isNeeded ? scroll : nil, on: &grid)
    for (index, summary) in summaries.dropFirst(first).prefix(shown).enumerated() {
      draw(summary, in: Rect(inside.x, inside.y + 3 * index, inside.width, 3), on: &grid)
    }
  }

  private static func draw(_ summary: ColumnSummary, in area: Rect, on grid: inout CellGrid) {
    let range =
      "\(NumberFormat.compact(summary.minimum, digits: 3)) … "
      + NumberFormat.compact(summary.maximum, digits: 3)
    // A long name has its line alone; the range then stands below, for the mean.
    let isLong = TextWidth.columns(summary.name) + range.count + 1 > area.width
    grid.write(
      .strong(summary.name) + .secondary(isLong ? "" : " " + range), at: area.origin,
      width: area.width)
    let total = summary.histogram.reduce(0, +)
    if total > 0 {
      // A bin that is not empty shows: its bar has a height of its own.
      let bars = bars(summary.histogram.map(Float.init), width: area.width)
      Sparkline(values: bars, limits: 0...(bars.max() ?? 1)).draw(in: area.row(1), on: &grid)
    }
    let first: StyledText =
      isLong
      ? .secondary(range)
      : .secondary("mean ") + .text(NumberFormat.fixed(summary.mean, decimals: 2))
    var words: StyledText =
      first + .secondary(" σ ") + .text(NumberFormat.fixed(summary.deviation, decimals: 2))
    if summary.missing > 0 { words += .warning(" ▲ \(summary.missing) missing") }
    grid.write(words, at: Point(area.x, area.y + 2), width: area.width)
  }

  /// Bins repeated so that they fill whole multiples of their count, never more than the width; where
  /// that is too small for them, as many together in each bar, so that bars can be compared.
  private static func bars(_ bins: [Float], width: Int) -> [Float] {
    let together = max(1, (bins.count + max(1, width) - 1) / max(1, width))
    let groups = stride(from: 0, to: bins.count, by: together).map {
      bins[$0..<min(bins.count, $0 + together)].reduce(0, +)
    }
    let times = max(1, width / max(1, groups.count))
    return groups.flatMap { [Float](repeating: $0, count: times) }
  }

  static func press(_ key: Key, _ state: inout AppState) -> [Effect]? {
    let count = state.data.preview?.summaries.count ?? 0
    var first = state.data.firstInput
    switch key {
    case .up, .character("k"): first -= 1
    case .down, .character("j"): first += 1
    case .pageUp: first -= 3
    case .pageDown: first += 3
    case .home: first = 0
    case .end: first = count - 1
    default: return nil
    }
    state.data.firstInput = max(0, min(first, count - 1))
    return []
  }
}
