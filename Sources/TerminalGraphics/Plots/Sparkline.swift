/// A curve in one line of text: `▁▂▃▄▅▆▇█`.
package struct Sparkline: Sendable {
  static let levels: [Unicode.Scalar] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  package var values: [Float]
  package var ink: Ink
  /// The values of the lowest and the highest level; nil: those of the values.
  package var limits: ClosedRange<Float>?

  package init(values: [Float], ink: Ink = .series(0), limits: ClosedRange<Float>? = nil) {
    self.values = values
    self.ink = ink
    self.limits = limits
  }

  /// At most `width` characters, each the mean of the values it stands for; `!` where one is not
  /// finite.
  package func text(width: Int) -> String {
    columns(width: width).reduce(into: "") { line, place in
      guard let place else { return line.append("!") }
      line.unicodeScalars.append(Self.levels[Int((place * 7).rounded())])
    }
  }

  package func styled(width: Int) -> StyledText { StyledText(text(width: width), ink) }

  /// Draws the line in all rows of `area`, eight levels a row.
  package func draw(in area: Rect, on grid: inout CellGrid) {
    guard area.height > 1 else {
      if area.height > 0 { grid.write(styled(width: area.width), at: area.origin) }
      return
    }
    for (column, level) in levels(width: area.width, height: area.height).enumerated() {
      let x = area.x + column
      guard let level else {
        grid.put("!", at: Point(x, area.bottom - 1), ink: ink)
        continue
      }
      for row in 0..<area.height {
        let part = min(8, level - 8 * row)
        guard part > 0 else { break }
        grid.put(Self.levels[part - 1], at: Point(x, area.bottom - 1 - row), ink: ink)
      }
    }
  }

  /// How many eighths of a row each column is high, from 1 to eight times the rows; nil where a value
  /// is not finite.
  private func levels(width: Int, height: Int) -> [Int?] {
    let most = Float(8 * height - 1)
    return columns(width: width).map { place in place.map { 1 + Int(($0 * most).rounded()) } }
  }

  /// The place of each column between the limits, 0 to 1; nil where a value is not finite.
  private func columns(width: Int) -> [Float?] {
    let finite = values.filter(\.isFinite)
    let low = limits?.lowerBound ?? finite.min() ?? 0
    let high = limits?.upperBound ?? finite.max() ?? 0
    let count = min(max(0, width), values.count)
    return (0..<count).map { column in
      let start = column * values.count / count
      let end = max(start + 1, (column + 1) * values.count / count)
      let mean = values[start..<end].reduce(0, +) / Float(end - start)
      guard mean.isFinite else { return nil }
      return high > low ? min(1, max(0, (mean - low) / (high - low))) : 0
    }
  }
}
