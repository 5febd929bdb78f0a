import Datasets
import Tensors
import TerminalGraphics
import Training

/// How often each answer occurs: a bar for each class, or a histogram of numbers.
struct ClassesView {
  let preview: DataPreview
  let state: AppState

  func draw(in area: Rect, on grid: inout CellGrid) {
    guard area.height > 2 else { return }
    if let classes = preview.dataset.task.classes {
      drawClasses(classes, in: area, on: &grid)
    } else {
      drawTarget(in: area, on: &grid)
    }
  }

  // MARK: Classes

  private func drawClasses(_ classes: [String], in area: Rect, on grid: inout CellGrid) {
    let counts = preview.dataset.classCounts
    let unseen = unseenCounts(classes.count)
    let most = max(1, counts.max() ?? 1)
    let total = max(1, counts.reduce(0, +))
    let words = words(classes, counts, unseen).flatMap { $0.wrapped(to: area.width) }
    let rows = area.trimmed(top: 1, bottom: words.count)
    let shown = min(classes.count, max(1, rows.height))
    let isNarrow = area.width < 36
    let names = min(
      max(6, (classes.map(\.count).max() ?? 1) + 3), isNarrow ? area.width / 2 : area.width / 3)
    let numbers = isNarrow ? 7 : area.width >= 40 ? 20 : 14
    for group in 0..<shown {
      let y = rows.y + group
      let name =
        DotCloud.mark(of: group, among: classes.count, ability: grid.ability)
        + .text(" " + classes[group])
      grid.write(name.truncated(to: names - 1), at: Point(rows.x, y), width: names)
      let bar = Rect(rows.x + names, y, max(3, rows.width - names - numbers), 1)
      StackedBar(Double(counts[group]) / Double(most), ink: .series(group)).draw(in: bar, on: &grid)
      let share = NumberFormat.percent(Double(counts[group]) / Double(total))
      grid.writeTrailing(
        .text(NumberFormat.padded(NumberFormat.integer(counts[group]), to: 6))
          + .secondary(isNarrow ? "" : NumberFormat.padded(share, to: 8)),
        in: Rect(bar.right, y, area.right - bar.right, 1))
    }
    let title =
      shown < classes.count
      ? "the first \(shown) of \(classes.count) classes" : "examples of each class"
    grid.write(.secondary(title), at: area.origin, width: area.width)
    if title.count + 17 <= area.width, !isNarrow {
      grid.writeTrailing(.secondary("count   share"), in: area.row(0))
    }
    for (row, line) in words.enumerated() {
      grid.write(line, at: Point(area.x, area.bottom - words.count + row), width: area.width)
    }
  }

  /// How often one would be right without learning, and what is held back.
  private func words(
    _ classes: [String], _ counts: [Int], _ unseen: [Int]
  ) -> [StyledText] {
    let total = max(1, counts.reduce(0, +))
    guard let large = counts.indices.max(by: { counts[$0] < counts[$1] }) else { return [] }
    let share = NumberFormat.percent(Double(counts[large]) / Double(total))
    let isEven = Set(counts).count == 1
    var words: [StyledText] = [
      isEven
        ? .secondary("balanced: guessing is right ") + .text(share)
        : .secondary("always “\(classes[large])” is right ") + .text(share)
    ]
    let held = unseen.reduce(0, +)
    guard held > 0 else { return words }
    let (least, most) = (unseen.min() ?? 0, unseen.max() ?? 0)
    let each = least == most ? "\(least)" : "\(least) to \(most)"
    words.append(
      .secondary("unseen: ") + .text(NumberFormat.integer(held)) + .secondary(", of each class ")
        + .text(each))
    return words
  }

  private func unseenCounts(_ count: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: count)
    if let part = preview.dataset.validation {
      for target in part.targets.scalars where target >= 0 && target < Float(count) {
        counts[Int(target)] += 1
      }
      return counts
    }
    for row in preview.isUnseen.indices where preview.isUnseen[row] && count > 0 {
      counts[min(count - 1, preview.group(of: row))] += 1
    }
    return counts
  }

  // MARK: Numbers

  private func drawTarget(in area: Rect, on grid: inout CellGrid) {
    guard let target = preview.target else { return }
    let targets = preview.dataset.targets
    let width = max(1, targets.count / max(1, preview.dataset.count))
    grid.write(
      .strong(target.name) + .secondary(width > 1 ? "  the first of \(width) numbers" : ""),
      at: area.origin, width: area.width)
    let most = Double(max(1, target.histogram.max() ?? 1))
    // A row for each bin, or for several of them.
    let rows = max(1, min(target.histogram.count, area.height - 3))
    let share = (target.histogram.count + rows - 1) / rows
    let bins = stride(from: 0, to: target.histogram.count, by: share).map {
      target.histogram[$0..<min(target.histogram.count, $0 + share)].reduce(0, +)
    }
    let step = (Double(target.maximum) - Double(target.minimum)) / Double(target.histogram.count)
    let high = Double(max(1, bins.max() ?? 1))
    for (index, count) in bins.enumerated() where most > 0 {
      let y = area.y + 1 + index
      let from = Double(target.minimum) + step * Double(index * share)
      grid.write(
        .secondary(NumberFormat.column(Float(from), width: 9, decimals: 2)), at: Point(area.x, y))
      StackedBar(Double(count) / high, ink: .series(0)).draw(
        in: Rect(area.x + 10, y, max(3, area.width - 18), 1), on: &grid)
      grid.writeTrailing(
        .text(NumberFormat.integer(count)), in: Rect(area.x, y, area.width, 1))
    }
    let variance = target.deviation * target.deviation
    grid.write(
      .secondary("mean ") + .text(NumberFormat.compact(target.mean)) + .secondary("  σ ")
        + .text(NumberFormat.compact(target.deviation)),
      at: Point(area.x, area.bottom - 2), width: area.width)
    grid.write(
      .secondary("always the mean: squared error ≈ ")
        + .text(NumberFormat.compact(variance)),
      at: Point(area.x, area.bottom - 1), width: area.width)
  }
}
