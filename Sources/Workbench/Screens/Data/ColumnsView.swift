import Datasets
import TerminalGraphics

/// Each input with its range, mean and spread, and a histogram for each class.
struct ColumnsView {
  let preview: DataPreview
  let state: AppState

  // Beyond these one histogram of all examples says more.
  private static let mostRows = 4

  private var bars: Int {
    let classes = preview.dataset.task.classes?.count ?? 1
    return classes <= Self.mostRows ? max(1, classes) : 1
  }

  /// How inputs are laid out: how many side by side and in all, and the rows of each bar.
  private struct Arrangement {
    let across: Int
    let shown: Int
    let barHeight: Int
    let blockHeight: Int
  }

  private func room(in area: Rect) -> Arrangement {
    let count = preview.summaries.count
    let across = min(max(1, count), max(1, (area.width + 2) / 26))
    let most = max(1, (area.height + 1) / (bars + 3))
    let down = min(most, (count + across - 1) / across)
    // Few inputs get taller bars.
    let height = (area.height + 1) / max(1, down) - 3
    let barHeight = max(1, min(4, height / bars))
    return Arrangement(
      across: across, shown: across * max(1, down), barHeight: barHeight,
      blockHeight: bars * barHeight + 2)
  }

  private func first(in area: Rect) -> Int {
    let shown = room(in: area).shown
    let count = preview.summaries.count
    guard count > shown else { return 0 }
    return max(0, min(state.data.column, count - 1)) / shown * shown
  }

  func note(in area: Rect) -> String {
    let shown = room(in: area).shown
    let first = first(in: area)
    let count = preview.summaries.count
    let last = min(count, first + shown)
    let marked = state.data.marked.isEmpty ? "" : "\(state.data.marked.count) marked · "
    return marked + "inputs \(first + 1)–\(last) of \(NumberFormat.integer(count))"
  }

  func draw(in area: Rect, on grid: inout CellGrid) {
    let room = room(in: area)
    let first = first(in: area)
    let width = (area.width + 2) / room.across - 2
    for (index, column) in (first..<preview.summaries.count).prefix(room.shown).enumerated() {
      let y = index / room.across * (room.blockHeight + 1)
      let place = Rect(
        area.x + index % room.across * (width + 2), area.y + y, width,
        min(room.blockHeight, area.height - y))
      if place.height > 0 { draw(column, room.barHeight, in: place, on: &grid) }
    }
  }

  private func draw(
    _ column: Int, _ barHeight: Int, in area: Rect, on grid: inout CellGrid
  ) {
    let summary = preview.summaries[column]
    let isChosen = state.focusedPanel == DataPart.picture.rawValue && state.data.column == column
    let isMarked = state.data.marked.contains(column)
    let range =
      "\(NumberFormat.compact(summary.minimum, digits: 3)) … "
      + NumberFormat.compact(summary.maximum, digits: 3)
    let mark: StyledText = isMarked ? .accent("◆ ") : ""
    let hasRange = mark.width + summary.name.count + 1 + range.count <= area.width
    let name: StyledText = isChosen ? .accent(summary.name) : .strong(summary.name)
    grid.write(
      (mark + name + .secondary(hasRange ? " " + range : "")).truncated(to: area.width),
      at: area.origin, width: area.width)
    drawBars(column, summary, barHeight, in: area.trimmed(top: 1, bottom: 1), on: &grid)
    var words: StyledText =
      .secondary("mean ") + .text(NumberFormat.compact(summary.mean, digits: 3))
      + .secondary(" σ ") + .text(NumberFormat.compact(summary.deviation, digits: 3))
    if summary.missing > 0 {
      words = .warning("▲ \(NumberFormat.integer(summary.missing)) missing ") + words
    }
    // A name that takes the line of the range leaves it here.
    let full = words + .secondary(" in " + range)
    grid.write(
      !hasRange && full.width <= area.width ? full : words, at: Point(area.x, area.bottom - 1),
      width: area.width)
  }

  private func drawBars(
    _ column: Int, _ summary: ColumnSummary, _ height: Int, in area: Rect,
    on grid: inout CellGrid
  ) {
    let hasClasses = bars > 1 && column < preview.histograms.count
    let counts = hasClasses ? preview.histograms[column] : [summary.histogram]
    // One scale for all classes, so that heights can be compared.
    let most = max(1, counts.flatMap { $0 }.max() ?? 1)
    for (group, bins) in counts.enumerated() where (group + 1) * height <= area.height {
      let rows = Rect(area.x, area.y + group * height, area.width, height)
      if hasClasses {
        grid.write(
          DotCloud.mark(of: group, among: counts.count, ability: grid.ability),
          at: Point(area.x, rows.bottom - 1))
      }
      draw(
        bins, most, ink: .series(group), in: rows.trimmed(left: hasClasses ? 2 : 0), on: &grid)
    }
  }

  private static let eighths: [Unicode.Scalar] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  /// A histogram several rows high, in eighths of a row; a bin that is not empty is seen.
  private func draw(
    _ bins: [Int], _ most: Int, ink: Ink, in area: Rect, on grid: inout CellGrid
  ) {
    let times = max(1, area.width / max(1, bins.count))
    for (bin, count) in bins.enumerated() {
      let exact = Double(count) / Double(most) * Double(area.height * 8)
      let level = count == 0 ? 0 : max(1, Int(exact.rounded()))
      for row in 0..<area.height {
        let part = min(8, level - row * 8)
        // The lowest line shows where the axis is, where its color tells it from a low bar.
        guard part > 0 || row == 0 && grid.ability.depth != .none else { continue }
        for side in 0..<times {
          let point = Point(area.x + bin * times + side, area.bottom - 1 - row)
          grid.put(
            part > 0 ? Self.eighths[part - 1] : "▁", at: point, ink: part > 0 ? ink : .border)
        }
      }
    }
  }

  // MARK: Keys

  static func press(_ key: Key, _ area: Rect?, _ state: inout AppState) -> [Effect]? {
    guard let preview = state.data.preview, let area else { return nil }
    let room = ColumnsView(preview: preview, state: state).room(in: area)
    var column = state.data.column
    switch key {
    case .left, .character("h"): column -= 1
    case .right, .character("l"): column += 1
    case .up, .character("k"): column -= room.across
    case .down, .character("j"): column += room.across
    case .pageUp: column -= room.shown
    case .pageDown: column += room.shown
    case .home: column = 0
    case .end: column = preview.summaries.count - 1
    default: return nil
    }
    state.data.column = max(0, min(column, preview.summaries.count - 1))
    return []
  }

  /// Marks the chosen input for the pairs, or no longer.
  @Sendable static func mark(_ state: inout AppState) -> [Effect] {
    guard let preview = state.data.preview,
      preview.summaries.indices.contains(state.data.column)
    else { return [] }
    if let place = state.data.marked.firstIndex(of: state.data.column) {
      state.data.marked.remove(at: place)
    } else {
      state.data.marked = (state.data.marked + [state.data.column]).sorted()
    }
    let count = state.data.marked.count
    state.say(
      count < 2
        ? "the pairs show all inputs until two are marked"
        : "the pairs show the \(count) marked inputs")
    return []
  }
}
