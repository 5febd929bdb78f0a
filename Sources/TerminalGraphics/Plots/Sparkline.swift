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
    let finite = values.filter(\.isFinite)
    let low = limits?.lowerBound ?? finite.min() ?? 0
    let high = limits?.upperBound ?? finite.max() ?? 0
    let count = min(max(0, width), values.count)
    return (0..<count).reduce(into: "") { line, column in
      let start = column * values.count / count
      let end = max(start + 1, (column + 1) * values.count / count)
      let mean = values[start..<end].reduce(0, +) / Float(end - start)
      guard mean.isFinite else { return line.append("!") }
      let place = high > low ? min(1, max(0, (mean - low) / (high - low))) : 0
      line.unicodeScalars.append(Self.levels[Int((place * 7).rounded())])
    }
  }

  package func styled(width: Int) -> StyledText { StyledText(text(width: width), ink) }

  /// Draws the line in `area`'s first row.
  package func draw(in area: Rect, on grid: inout CellGrid) {
    guard area.height > 0 else { return }
    grid.write(styled(width: area.width), at: area.origin)
  }
}
