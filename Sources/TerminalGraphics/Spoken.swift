/// What a picture says in words, for a frame that is read instead of looked at.
package struct Spoken: Equatable, Sendable {
  /// Where the picture would be.
  package let area: Rect
  package let lines: [String]
  /// All its numbers, for those who ask.
  package let numbers: [String]
}

extension NumberFormat {
  /// Three digits of what is no whole number: `0.0412`, `45`.
  fileprivate static func said(_ value: Float) -> String {
    abs(value) < 1e6 && value == value.rounded()
      ? integer(Int(value)) : compact(value, digits: 3)
  }
}

extension Heatmap {
  /// Its size and its extremes, then the numbers of a small one.
  package var words: [String] {
    guard rows > 0, columns > 0 else { return [] }
    let shown = values.prefix(rows * columns)
    let finite = shown.indices.filter { shown[$0].isFinite }
    guard let low = finite.min(by: { values[$0] < values[$1] }),
      let high = finite.max(by: { values[$0] < values[$1] })
    else { return ["\(rows) by \(columns), no number"] }
    func place(_ index: Int) -> String {
      number(values[index]) + " at row \(index / columns), column \(index % columns)"
    }
    let sick = shown.count - finite.count
    let size = "\(rows) by \(columns), from \(place(low)) to \(place(high))"
    return [size + (sick == 0 ? "" : ", \(sick) not finite")]
  }

  /// Row by row; a picture of many has none.
  package var numbers: [String] {
    guard rows <= 16, columns <= 16 else { return [] }
    return (0..<rows).map { row in
      let line = (0..<columns).compactMap { column in
        row * columns + column < values.count ? number(values[row * columns + column]) : nil
      }
      return "row \(row): " + line.joined(separator: ", ")
    }
  }

  private func number(_ value: Float) -> String { NumberFormat.said(value) }
}

extension LinePlot {
  /// For each curve where it begins and ends, and its lowest point.
  package var words: [String] {
    series.compactMap { series in
      let points = zip(series.x, series.y).filter { $0.1.isFinite }
      guard let first = points.first, let last = points.last,
        let low = points.min(by: { $0.1 < $1.1 }), let high = points.max(by: { $0.1 < $1.1 })
      else { return nil }
      func number(_ value: Float) -> String { NumberFormat.said(value) }
      let axis = xLabel.isEmpty ? "" : xLabel + " "
      return "\(series.name): \(number(first.1)) at \(axis)\(number(first.0)), "
        + "\(number(last.1)) at \(number(last.0)), lowest \(number(low.1)) at \(number(low.0)), "
        + "highest \(number(high.1)) at \(number(high.0))"
    }
  }
}

extension ScatterPlot {
  /// How many dots each group has, and the middle of them.
  package var words: [String] {
    Dictionary(grouping: dots, by: \.group).sorted { $0.key < $1.key }.map { group, dots in
      let count = Float(dots.count)
      let x = NumberFormat.compact(dots.reduce(0) { $0 + $1.x } / count, digits: 2)
      let y = NumberFormat.compact(dots.reduce(0) { $0 + $1.y } / count, digits: 2)
      return "class \(group): \(dots.count) points around (\(x), \(y))"
    }
  }
}

extension Histogram {
  /// The numbers in each bin.
  package var words: [String] {
    let limits = [low, high].map { NumberFormat.compact($0, digits: 3) }
    return [
      "from \(limits[0]) to \(limits[1]), \(counts.count) bins: "
        + counts.map(String.init).joined(separator: ", ")
    ]
  }
}
