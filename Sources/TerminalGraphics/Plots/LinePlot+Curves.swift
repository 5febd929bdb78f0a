extension LinePlot {
  /// What falls on one column of dots, in rows of dots from the top.
  private struct Span {
    var top = Int.max
    var bottom = Int.min
    /// The last row, where the next column joins.
    var last = 0
    /// Whether a value there was not finite.
    var hasSickness = false

    var isEmpty: Bool { top > bottom }

    mutating func extend(to row: Int) {
      top = min(top, row)
      bottom = max(bottom, row)
    }

    mutating func add(_ row: Int) {
      extend(to: row)
      last = row
    }
  }

  func draw(
    _ series: Series, mark: Unicode.Scalar?, in plot: Rect, on grid: inout CellGrid
  ) {
    let isBraille = mark == nil
    defer { drawPoints(of: series, mark: mark, in: plot, on: &grid) }
    let width = plot.width * (isBraille ? 2 : 1)
    let height = plot.height * (isBraille ? 4 : 1)
    var columns = spans(of: series, width: width, height: height)
    Self.join(&columns)
    for (x, column) in columns.enumerated() where column.hasSickness {
      grid.put("×", at: Point(plot.x + x * plot.width / width, plot.y), ink: .bad)
    }
    guard isBraille else {
      for (x, column) in columns.enumerated() where !column.isEmpty {
        for y in column.top...column.bottom {
          grid.put(mark ?? "*", at: Point(plot.x + x, plot.y + y), ink: series.ink)
        }
      }
      return
    }
    Self.drawBraille(
      columns, in: plot, ink: series.ink, keepsDots: series.keepsDots, on: &grid)
  }

  /// Where points lie far apart, each shows beside the line that joins them.
  private func drawPoints(
    of series: Series, mark: Unicode.Scalar?, in plot: Rect, on grid: inout CellGrid
  ) {
    var seen: [Int] = []
    for index in series.x.indices where series.y[index].isFinite {
      guard let place = xAxis.place(of: Double(series.x[index])), place >= -1e-9, place <= 1 + 1e-9
      else { continue }
      seen.append(index)
      if seen.count * 4 > plot.width { return }
    }
    for index in seen {
      let across = xAxis.place(of: Double(series.x[index])) ?? 0
      let point = Point(
        plot.x + min(plot.width - 1, max(0, Int(across * Double(plot.width)))),
        plot.y + (row(of: Double(series.y[index]), of: plot.height) ?? plot.height - 1))
      grid.put(mark ?? "•", at: point, ink: series.ink)
    }
  }

  private func spans(of series: Series, width: Int, height: Int) -> [Span] {
    var columns = Array(repeating: Span(), count: width)
    for (x, y) in zip(series.x, series.y) {
      guard let across = xAxis.place(of: Double(x)), across >= -1e-9, across <= 1 + 1e-9 else {
        continue
      }
      let column = min(width - 1, max(0, Int(across * Double(width))))
      guard y.isFinite else {
        columns[column].hasSickness = true
        continue
      }
      // A logarithmic axis has no place for 0 and less: they lie at its lower end.
      columns[column].add(row(of: Double(y), of: height) ?? height - 1)
    }
    return columns
  }

  /// Extends each span to where the one before ended, and fills columns that no point fell on; a
  /// value that is not finite breaks the curve.
  private static func join(_ columns: inout [Span]) {
    var previous: (column: Int, row: Int)?
    for column in columns.indices {
      if columns[column].hasSickness, columns[column].isEmpty { previous = nil }
      guard !columns[column].isEmpty else { continue }
      if let (from, row) = previous {
        // The straight line from the last row of one to the nearest row of the other.
        let rise = nearest(row, in: columns[column]) - row
        var before = row
        for step in 1...(column - from) {
          let here = row + rise * step / (column - from)
          columns[from + step].extend(to: here)
          if abs(here - before) > 1 {
            columns[from + step].extend(to: before + (here > before ? 1 : -1))
          }
          before = here
        }
      }
      previous = (column, columns[column].last)
    }
  }

  private static func nearest(_ row: Int, in span: Span) -> Int {
    min(max(row, span.top), span.bottom)
  }

  /// Two columns and four rows of dots in a cell; in a cell that another curve has, this one wins.
  private static func drawBraille(
    _ columns: [Span], in plot: Rect, ink: Ink, keepsDots: Bool, on grid: inout CellGrid
  ) {
    // Bits of U+2800 + n, from the top: left 1 2 4 64, right 8 16 32 128.
    let bits: [[UInt32]] = [[1, 2, 4, 64], [8, 16, 32, 128]]
    for x in 0..<plot.width {
      for y in 0..<plot.height {
        var pattern: UInt32 = 0
        for side in 0..<2 {
          let span = columns[2 * x + side]
          for dot in 0..<4 where 4 * y + dot >= span.top && 4 * y + dot <= span.bottom {
            pattern |= bits[side][dot]
          }
        }
        if pattern != 0, keepsDots, let there = grid[Point(plot.x + x, plot.y + y)],
          (0x2801...0x28FF).contains(there.scalar.value), !isTick(there)
        {
          pattern |= there.scalar.value - 0x2800
        }
        if pattern != 0, let scalar = Unicode.Scalar(0x2800 + pattern) {
          grid.put(scalar, at: Point(plot.x + x, plot.y + y), ink: ink)
        }
      }
    }
  }
}
