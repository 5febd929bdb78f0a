/// Curves over a common x axis: for each column of dots the span from the least to the largest value,
/// joined to the one before, so that no peak is lost however many points there are.
package struct LinePlot: Sendable {
  /// One curve.
  package struct Series: Sendable {
    package var name: String
    /// Increasing; as many as `y`.
    package var x: [Float]
    package var y: [Float]
    package var ink: Ink
    /// What it is drawn with where neither color nor braille tells curves apart; `*` is braille
    /// wherever that is. Nil: by its place among the series, the first in braille.
    package var mark: Unicode.Scalar?
    /// Whether dots of curves drawn before stay in the cells that it takes.
    package var keepsDots = false

    /// - x: increasing; nil counts 0, 1, 2 …
    package init(
      name: String, x: [Float]? = nil, y: [Float], ink: Ink, mark: Unicode.Scalar? = nil
    ) {
      let x = x ?? y.indices.map { Float($0) }
      let count = min(x.count, y.count)
      self.name = name
      self.x = Array(x.prefix(count))
      self.y = Array(y.prefix(count))
      self.ink = ink
      self.mark = mark
    }
  }

  /// A dashed line up the plot with a word at its top.
  package struct Flag: Hashable, Sendable {
    package var x: Double
    package var label: String
    /// What stands there where the label has no room; nothing, where that has none either.
    package var shortLabel: String

    package init(x: Double, label: String, shortLabel: String? = nil) {
      self.x = x
      self.label = label
      self.shortLabel = shortLabel ?? label
    }
  }

  /// A dotted line across the plot with a word at its right end.
  package struct Guide: Hashable, Sendable {
    package var y: Double
    package var label: String

    package init(y: Double, label: String) {
      self.y = y
      self.label = label
    }
  }

  /// Later ones are drawn over earlier ones: the chosen one last.
  package var series: [Series]
  package var xAxis: Axis
  package var yAxis: Axis
  /// The word at the right end of the x axis.
  package var xLabel: String
  /// Where the vertical cursor stands, in x; nil for none.
  package var cursor: Double?
  package var flags: [Flag] = []
  package var guides: [Guide] = []
  /// The part that is being chosen, shown by its background and its two ends.
  package var span: ClosedRange<Double>?
  /// The columns of the labels of y and the gap beside them; nil: as many as they need.
  package var labelWidth: Int?
  /// Whether the last row has the labels of x.
  package var hasXLabels = true
  /// Whether x counts something, so that only whole numbers are labeled.
  package var hasWholeX: Bool

  /// Axes that are not given just hold the points.
  package init(
    series: [Series], xAxis: Axis? = nil, yAxis: Axis? = nil, isLogarithmic: Bool = false,
    xLabel: String = "", hasWholeX: Bool = false, cursor: Double? = nil
  ) {
    self.series = series
    self.xAxis = xAxis ?? Axis(fitting: series.flatMap(\.x))
    self.yAxis = yAxis ?? Axis(fitting: series.flatMap(\.y), isLogarithmic: isLogarithmic)
    self.xLabel = xLabel
    self.hasWholeX = hasWholeX
    self.cursor = cursor
  }

  /// `━ loss  ━ val_loss`, each in its ink and with the mark it is drawn with.
  package func legend(ability: Ability) -> StyledText {
    .joined(
      series.enumerated().map { index, series in
        StyledText(
          String(Character(mark(of: index, ability: ability) ?? "━")) + " " + series.name,
          series.ink)
      }, separator: "   ")
  }

  /// The character a series is drawn with where colors or braille cannot tell curves apart; nil is
  /// braille.
  private func mark(of index: Int, ability: Ability) -> Unicode.Scalar? {
    if let own = series[index].mark {
      let isBraille = ability.glyphs == .full && (ability.depth != .none || own == "*")
      return isBraille ? nil : own
    }
    let marks: [Unicode.Scalar] = ["*", "o", "+", "x"]
    if ability.glyphs == .full, ability.depth != .none || index == 0 { return nil }
    return marks[index % marks.count]
  }

  /// The part of `area` where the curves are: right of the labels of y, above those of x.
  package func plotArea(in area: Rect) -> Rect {
    area.trimmed(
      left: min(labelWidth ?? neededLabelWidth(in: area), area.width),
      bottom: hasXLabels && area.height > 2 ? 1 : 0)
  }

  private func yTicks(_ area: Rect) -> [Double] {
    let usual = max(2, (area.height - 1) / 2)
    let ticks = yAxis.ticks(atMost: usual)
    // One number is no scale: then there is one more, where that has rows of its own.
    return ticks.count > 1 || area.height < 5 ? ticks : yAxis.ticks(atMost: usual + 1)
  }

  /// The row of a value from the top, of so many: of cells, or of the dots within them.
  func row(of value: Double, of count: Int) -> Int? {
    yAxis.place(of: value).map { Self.row(at: $0, of: count) }
  }

  private static func row(at place: Double, of count: Int) -> Int {
    count - 1 - min(count - 1, Int(min(1, max(0, place)) * Double(count)))
  }

  /// The columns that the labels of y take with the gap beside them.
  package func neededLabelWidth(in area: Rect) -> Int {
    guard area.width > 16 else { return 0 }
    return (yTicks(area).map { Axis.label($0).utf8.count }.max() ?? 0) + 1
  }

  /// The value of x at a column of the screen, for a mouse or a cursor.
  package func x(atColumn column: Int, in area: Rect) -> Double {
    let plot = plotArea(in: area)
    return xAxis.value(at: (Double(column - plot.x) + 0.5) / Double(max(1, plot.width)))
  }

  /// The column of the screen where x is; nil outside.
  package func column(of x: Double, in area: Rect) -> Int? {
    let plot = plotArea(in: area)
    guard let place = xAxis.place(of: x), place >= -1e-6, place <= 1 + 1e-6 else { return nil }
    return plot.x + min(plot.width - 1, max(0, Int(place * Double(plot.width))))
  }

  /// Draws the axes, the curves and the cursor.
  package func draw(in area: Rect, on grid: inout CellGrid) {
    let plot = plotArea(in: area)
    guard !plot.isEmpty, !grid.says(words, in: area) else { return }
    drawYAxis(in: area, plot: plot, on: &grid)
    if hasXLabels, area.height > 2 { drawXAxis(in: area, plot: plot, on: &grid) }
    drawGuides(plot, on: &grid)
    drawSpan(in: area, plot: plot, on: &grid)
    drawFlags(in: area, plot: plot, on: &grid)
    if let cursor, let column = column(of: cursor, in: area) {
      for y in plot.y..<plot.bottom { grid.put("┊", at: Point(column, y), ink: .accent) }
    }
    grid.clipped(to: plot) { grid in
      for (index, series) in series.enumerated() {
        let mark = mark(of: index, ability: grid.ability)
        draw(series, mark: mark, in: plot, on: &grid)
      }
    }
    drawGuideLabels(plot, on: &grid)
    drawFlagLabels(in: area, plot: plot, on: &grid)
  }

  private func drawGuides(_ plot: Rect, on grid: inout CellGrid) {
    for guide in guides {
      guard let place = yAxis.place(of: guide.y), (0...1).contains(place) else { continue }
      let y = plot.y + Self.row(at: place, of: plot.height)
      for x in plot.x..<plot.right { grid.put("┄", at: Point(x, y), ink: .border) }
    }
  }

  /// At the right or the left end of the line, where no curve is.
  private func drawGuideLabels(_ plot: Rect, on grid: inout CellGrid) {
    for guide in guides {
      let width = guide.label.count + 2
      guard let place = yAxis.place(of: guide.y), (0...1).contains(place), width < plot.width
      else { continue }
      let y = plot.y + Self.row(at: place, of: plot.height)
      let line = GlyphFold.fold("┄", to: grid.ability.glyphs)
      let isFree = { (grid: CellGrid, start: Int) in
        (start..<start + width).allSatisfy { grid[Point($0, y)]?.scalar == line }
      }
      guard let start = [plot.right - width, plot.x].first(where: { isFree(grid, $0) }) else {
        continue
      }
      grid.write(.secondary(" \(guide.label) "), at: Point(start, y))
    }
  }

  private func drawSpan(in area: Rect, plot: Rect, on grid: inout CellGrid) {
    guard let span else { return }
    // What is shown may have moved on while the span was chosen.
    let (low, high) = (max(span.lowerBound, xAxis.low), min(span.upperBound, xAxis.high))
    guard low <= high, let from = column(of: low, in: area), let to = column(of: high, in: area)
    else { return }
    grid.highlight(Rect(from, plot.y, max(1, to - from + 1), plot.height))
    for x in Set([from, to]) {
      for y in plot.y..<plot.bottom { grid.put("│", at: Point(x, y), ink: .accent) }
    }
  }

  private func drawFlags(in area: Rect, plot: Rect, on grid: inout CellGrid) {
    for flag in flags {
      guard let x = column(of: flag.x, in: area) else { continue }
      for y in plot.y..<plot.bottom { grid.put("╎", at: Point(x, y), ink: .secondary) }
    }
  }

  /// Over the curves, at the side of the line where there is room; never over each other, the first
  /// flags first.
  private func drawFlagLabels(in area: Rect, plot: Rect, on grid: inout CellGrid) {
    let lines = flags.compactMap { column(of: $0.x, in: area) }
    var taken: [Range<Int>] = []
    for flag in flags {
      guard let x = column(of: flag.x, in: area) else { continue }
      let places = [flag.label, flag.shortLabel].flatMap { label in
        [x + 1, x - label.count].map { (label: label, columns: $0..<$0 + label.count) }
      }
      let free = places.first { place in
        place.columns.lowerBound >= plot.x && place.columns.upperBound <= plot.right
          && !taken.contains { $0.overlaps(place.columns) }
          && !lines.contains { $0 != x && place.columns.contains($0) }
      }
      guard let free else { continue }
      // A blank between two of them.
      taken.append(free.columns.lowerBound - 1..<free.columns.upperBound + 1)
      grid.write(.accent(free.label), at: Point(free.columns.lowerBound, plot.y))
      // A dot of the axis would be read on from it.
      let behind = Point(free.columns.upperBound, plot.y)
      if let cell = grid[behind], Self.isTick(cell) { grid.put(" ", at: behind) }
    }
  }

  /// Labels, and a row of faint dots at each, as high within its cells as a curve of that value is.
  private func drawYAxis(in area: Rect, plot: Rect, on grid: inout CellGrid) {
    let isFine = grid.ability.glyphs == .full && grid.ability.depth != .none
    for tick in yTicks(area) {
      guard let dots = row(of: tick, of: 4 * plot.height) else { continue }
      let y = plot.y + dots / 4
      let dot = isFine ? Self.tickDots[dots % 4] : "·"
      if plot.x > area.x {
        grid.write(
          .secondary(Axis.label(tick)), at: Point(area.x, y), width: plot.x - area.x - 1,
          alignment: .trailing)
      }
      for x in stride(from: plot.x, to: plot.right, by: 4) {
        grid.put(dot, at: Point(x, y), ink: .border)
      }
    }
  }

  /// What the rows at the ticks are made of, from the top of a cell to its bottom.
  private static let tickDots: [Unicode.Scalar] = ["⠁", "⠂", "⠄", "⡀"]

  /// Whether a cell has a dot of such a row, and not one of a curve.
  package static func isTick(_ cell: Cell) -> Bool {
    cell.foreground == .border && (cell.scalar == "·" || tickDots.contains(cell.scalar))
  }

  private func drawXAxis(in area: Rect, plot: Rect, on grid: inout CellGrid) {
    let y = plot.bottom
    let usual = max(2, plot.width / 10)
    // One number is no scale: where others give way to the name of the axis, there are more of them.
    let ways = (usual...usual + 3).map { labels(atMost: $0, in: area, plot: plot) }
    for (start, label) in ways.first(where: { $0.count > 1 }) ?? ways[0] {
      grid.write(.secondary(label), at: Point(start, y))
    }
    grid.write(
      .secondary(xLabel), at: Point(plot.x, y), width: plot.width, alignment: .trailing)
  }

  /// The numbers below the plot that have room beside each other and the name, and where they begin.
  private func labels(
    atMost most: Int, in area: Rect, plot: Rect
  ) -> [(start: Int, text: String)] {
    let end = plot.right - (xLabel.isEmpty ? 0 : TextWidth.columns(xLabel) + 1)
    var free = area.x
    var labels: [(start: Int, text: String)] = []
    for tick in xAxis.ticks(atMost: most) where !hasWholeX || tick == tick.rounded() {
      guard let column = column(of: tick, in: area) else { continue }
      let label = Axis.label(tick)
      let width = label.utf8.count
      let start = max(plot.x, column - width / 2)
      guard start >= free, start + width <= end else { continue }
      labels.append((start, label))
      free = start + width + 2
    }
    return labels
  }
}
