import Datasets
import TerminalGraphics

/// Inputs against each other: histograms on the diagonal, points below it, r above it.
struct PairsView {
  let preview: DataPreview
  let state: AppState

  // So many points show as much as all, and are drawn at once.
  private static let mostPoints = 1000

  private var chosen: [Int] {
    let marked = state.data.marked.filter { preview.summaries.indices.contains($0) }
    return marked.count >= 2 ? marked : Array(preview.summaries.indices)
  }

  /// The inputs shown: as many as have a readable cell each.
  private func shown(in area: Rect) -> [Int] {
    let most = max(2, min(area.width / 10, (area.height - 1) / 4, 8))
    let all = chosen
    let first = max(0, min(state.data.firstPair, all.count - most))
    return Array(all.dropFirst(first).prefix(most))
  }

  func note(in area: Rect) -> String {
    let shown = shown(in: area).count
    let all = chosen.count
    guard shown < all else { return state.data.marked.count >= 2 ? "the marked inputs" : "" }
    let first = max(0, min(state.data.firstPair, all - shown))
    return "inputs \(first + 1)–\(first + shown) of \(NumberFormat.integer(all)) ← →"
  }

  func draw(in area: Rect, on grid: inout CellGrid) {
    let columns = shown(in: area)
    guard columns.count > 1 else {
      grid.writeWrapped(
        .secondary("This set has one input: there is no pair. ") + .accent("v")
          + .secondary(" goes on."), in: area)
      return
    }
    let width = area.width / columns.count
    let height = (area.height - 1) / columns.count
    let rows = preview.dataset.spreadRows(limit: Self.mostPoints)
    let correlations = correlations(of: columns)
    for (row, up) in columns.enumerated() {
      for (place, across) in columns.enumerated() {
        let cell = Rect(
          area.x + place * width, area.y + row * height, width - 1, max(1, height - 1))
        if row == place {
          drawSelf(across, in: cell, on: &grid)
        } else if place < row {
          drawPoints(across, up, rows, in: cell, on: &grid)
        } else if let correlations {
          drawCorrelation(correlations(row, place), in: cell, on: &grid)
        }
      }
    }
    let count = preview.dataset.count
    let some =
      rows.count < count
      ? "\(NumberFormat.integer(rows.count)) of \(NumberFormat.integer(count)) points" : ""
    let words = "r: how well a line fits" + (some.isEmpty ? "" : " · " + some)
    if words.count <= area.width {
      grid.write(.secondary(words), at: Point(area.x, area.bottom - 1), width: area.width)
    }
  }

  /// r of the inputs shown by their places, from all examples.
  private func correlations(of columns: [Int]) -> ((Int, Int) -> Double?)? {
    if let all = preview.correlations { return { all[columns[$0], columns[$1]] } }
    guard preview.dataset.count * columns.count <= 40_000 else { return nil }
    let found = preview.dataset.correlations(of: columns)
    return { found[$0, $1] }
  }

  private func drawSelf(_ column: Int, in cell: Rect, on grid: inout CellGrid) {
    let summary = preview.summaries[column]
    grid.write(
      StyledText.strong(summary.name).truncated(to: cell.width), at: cell.origin,
      width: cell.width)
    guard cell.height > 1 else { return }
    Sparkline(
      values: summary.histogram.map(Float.init),
      limits: 0...Float(max(1, summary.histogram.max() ?? 1))
    ).draw(in: cell.row(1), on: &grid)
    guard cell.height > 2 else { return }
    let range =
      "\(NumberFormat.compact(summary.minimum, digits: 2))…"
      + NumberFormat.compact(summary.maximum, digits: 2)
    if range.count <= cell.width {
      grid.write(.faint(range), at: Point(cell.x, cell.y + 2), width: cell.width)
    }
  }

  private func drawPoints(
    _ across: Int, _ up: Int, _ rows: [Int], in cell: Rect, on grid: inout CellGrid
  ) {
    let dots = rows.map {
      ScatterPlot.Dot(
        x: preview.input(across, of: $0), y: preview.input(up, of: $0),
        group: preview.group(of: $0))
    }
    DotCloud(
      dots: dots, xAxis: DataPreview.axis(dots.map(\.x)), yAxis: DataPreview.axis(dots.map(\.y)),
      groups: preview.groupCount
    ).draw(in: cell, on: &grid)
  }

  private func drawCorrelation(_ r: Double?, in cell: Rect, on grid: inout CellGrid) {
    guard let r else {
      let y = cell.y + max(0, cell.height / 2 - 1)
      grid.write(.secondary("r —"), at: Point(cell.x, y), width: cell.width)
      if cell.height > 1 {
        grid.write(.faint("constant"), at: Point(cell.x, y + 1), width: cell.width)
      }
      return
    }
    let text = NumberFormat.fixed(r, decimals: 2)
    let strength = abs(r) > 0.8 ? "strong" : abs(r) > 0.4 ? "some" : "little"
    let y = cell.y + max(0, cell.height / 2 - 1)
    grid.write(
      .secondary("r ") + StyledText(text, r < 0 ? .negative : .positive, .bold),
      at: Point(cell.x, y), width: cell.width)
    if cell.height > 1 {
      grid.write(.faint(strength), at: Point(cell.x, y + 1), width: cell.width)
    }
  }

  static func press(_ key: Key, _ state: inout AppState) -> [Effect]? {
    guard let preview = state.data.preview else { return nil }
    var first = state.data.firstPair
    switch key {
    case .left, .up, .character("h"), .character("k"): first -= 1
    case .right, .down, .character("l"), .character("j"): first += 1
    case .home: first = 0
    default: return nil
    }
    let marked = state.data.marked.count
    let count = marked >= 2 ? marked : preview.summaries.count
    state.data.firstPair = max(0, min(first, count - 2))
    return []
  }
}
