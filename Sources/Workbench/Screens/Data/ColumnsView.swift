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

  private func blockHeight() -> Int { bars + 2 }

  /// How many inputs stand side by side, and how many have room in all.
  private func room(in area: Rect) -> (across: Int, shown: Int) {
    let across = max(1, (area.width + 2) / 26)
    let down = max(1, (area.height + 1) / (blockHeight() + 1))
    return (across, across * down)
  }

  private func first(in area: Rect) -> Int {
    let (across, shown) = room(in: area)
    let count = preview.summaries.count
    guard count > shown else { return 0 }
    let page = max(0, min(state.data.column, count - 1)) / shown * shown
    return page / across * across
  }

  func note(in area: Rect) -> String {
    let (_, shown) = room(in: area)
    let first = first(in: area)
    let count = preview.summaries.count
    let last = min(count, first + shown)
    let marked = state.data.marked.isEmpty ? "" : "\(state.data.marked.count) marked · "
    return marked + "inputs \(first + 1)–\(last) of \(NumberFormat.integer(count))"
  }

  func draw(in area: Rect, on grid: inout CellGrid) {
    let (across, shown) = room(in: area)
    let first = first(in: area)
    let width = (area.width + 2) / across - 2
    let height = blockHeight() + 1
    for (index, column) in (first..<preview.summaries.count).prefix(shown).enumerated() {
      let place = Rect(
        area.x + index % across * (width + 2), area.y + index / across * height, width,
        min(blockHeight(), area.bottom - area.y - index / across * height))
      if place.height > 0 { draw(column, in: place, on: &grid) }
    }
  }

  private func draw(_ column: Int, in area: Rect, on grid: inout CellGrid) {
    let summary = preview.summaries[column]
    let isChosen = state.focusedPanel == DataPart.picture.rawValue && state.data.column == column
    let isMarked = state.data.marked.contains(column)
    let range =
      "\(NumberFormat.compact(summary.minimum, digits: 3)) … "
      + NumberFormat.compact(summary.maximum, digits: 3)
    let mark: StyledText = isMarked ? .accent("◆ ") : ""
    let room = max(3, area.width - range.count - 1 - mark.width)
    let name: StyledText = isChosen ? .accent(summary.name) : .strong(summary.name)
    grid.write(
      mark + name.truncated(to: room) + .secondary(" " + range), at: area.origin,
      width: area.width)
    drawBars(column, summary, in: area.trimmed(top: 1, bottom: 1), on: &grid)
    var words: StyledText =
      .secondary("mean ") + .text(NumberFormat.compact(summary.mean, digits: 3))
      + .secondary(" σ ") + .text(NumberFormat.compact(summary.deviation, digits: 3))
    if summary.missing > 0 {
      words = .warning("▲ \(NumberFormat.integer(summary.missing)) missing ") + words
    }
    grid.write(words, at: Point(area.x, area.y + 1 + bars), width: area.width)
  }

  private func drawBars(
    _ column: Int, _ summary: ColumnSummary, in area: Rect, on grid: inout CellGrid
  ) {
    let hasClasses = bars > 1 && column < preview.histograms.count
    let counts = hasClasses ? preview.histograms[column] : [summary.histogram]
    // One scale for all classes, so that heights can be compared.
    let most = Float(counts.flatMap { $0 }.max() ?? 1)
    for (group, bins) in counts.enumerated() where group < area.height {
      let lead = hasClasses ? 2 : 0
      if hasClasses {
        grid.write(
          DotCloud.mark(of: group, ability: grid.ability), at: Point(area.x, area.y + group))
      }
      let width = area.width - lead
      let times = max(1, width / max(1, bins.count))
      Sparkline(
        values: bins.flatMap { [Float](repeating: Float($0), count: times) },
        ink: .series(group), limits: 0...max(1, most)
      ).draw(in: Rect(area.x + lead, area.y + group, width, 1), on: &grid)
    }
  }

  // MARK: Keys

  static func press(_ key: Key, _ area: Rect?, _ state: inout AppState) -> [Effect]? {
    guard let preview = state.data.preview, let area else { return nil }
    let (across, shown) = ColumnsView(preview: preview, state: state).room(in: area)
    var column = state.data.column
    switch key {
    case .left, .character("h"): column -= 1
    case .right, .character("l"): column += 1
    case .up, .character("k"): column -= across
    case .down, .character("j"): column += across
    case .pageUp: column -= shown
    case .pageDown: column += shown
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
