/// How often values fall between evenly spaced limits, as columns of eighths of a cell.
package struct Histogram: Sendable {
  package let counts: [Int]
  package let low: Float
  package let high: Float
  package var ink: Ink
  /// How many values were not finite; they are in no bin.
  package let sickCount: Int

  /// Counts finite values into `bins` bins between the least and the largest, or the limits given;
  /// what lies beyond the limits is counted in the outermost bins.
  package init(values: [Float], bins: Int, limits: ClosedRange<Float>? = nil, ink: Ink = .series(0))
  {
    let finite = values.filter(\.isFinite)
    var low = limits?.lowerBound ?? finite.min() ?? 0
    var high = limits?.upperBound ?? finite.max() ?? 1
    if low >= high { (low, high) = (low - 0.5, high + 0.5) }
    var counts = Array(repeating: 0, count: max(1, bins))
    for value in finite {
      let place = (value - low) / (high - low) * Float(counts.count)
      counts[min(counts.count - 1, max(0, Int(min(Float(counts.count), max(0, place)))))] += 1
    }
    self.counts = counts
    self.low = low
    self.high = high
    self.ink = ink
    sickCount = values.count - finite.count
  }

  /// Draws one column of cells a bin (as many bins as fit), the highest filling the area, with the
  /// limits in the last row when there are three rows or more.
  package func draw(in area: Rect, on grid: inout CellGrid) {
    guard !area.isEmpty, !grid.says(words, in: area) else { return }
    let bars = area.height >= 3 ? area.trimmed(bottom: 1) : area
    let columns = resampled(to: min(bars.width, counts.count))
    let most = max(1, columns.max() ?? 1)
    for (x, count) in columns.enumerated() {
      // A bin that is not empty shows.
      let eighths = count == 0 ? 0 : max(1, count * bars.height * 8 / most)
      for row in 0..<bars.height {
        let filled = min(8, eighths - row * 8)
        guard filled > 0 else { break }
        grid.put(
          Sparkline.levels[filled - 1], at: Point(bars.x + x, bars.bottom - 1 - row), ink: ink)
      }
    }
    guard area.height >= 3 else { return }
    let limits = area.row(-1)
    let span = Rect(limits.x, limits.y, columns.count, 1)
    let lowText = NumberFormat.compact(low, digits: 3)
    let highText = NumberFormat.compact(high, digits: 3)
    grid.write(.secondary(lowText), at: span.origin)
    if lowText.count + highText.count < span.width {
      grid.writeTrailing(.secondary(highText), in: span)
    }
  }

  /// Neighboring bins added together until they fit.
  private func resampled(to width: Int) -> [Int] {
    guard width > 0 else { return [] }
    return (0..<width).map { column in
      let start = column * counts.count / width
      let end = max(start + 1, (column + 1) * counts.count / width)
      return counts[start..<end].reduce(0, +)
    }
  }
}
