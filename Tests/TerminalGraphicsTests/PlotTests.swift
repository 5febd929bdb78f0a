import Testing

import TerminalGraphics

@Suite("Plots")
struct PlotTests {
  static let abilities = Ability.Depth.allCases.flatMap { depth in
    Ability.Glyphs.allCases.map { Ability(depth: depth, glyphs: $0) }
  }

  private func drawn(
    _ width: Int, _ height: Int, _ ability: Ability = .full, _ draw: (inout CellGrid) -> Void
  ) -> CellGrid {
    var grid = CellGrid(size: Size(width, height), ability: ability)
    draw(&grid)
    return grid
  }

  @Test("a heatmap takes the same cells on every terminal", arguments: abilities)
  func heatmapCells(ability: Ability) {
    let map = Heatmap(
      values: [-1, 1, 1, -1, -1, 1, 1, -1], rows: 4, columns: 2, scale: .diverging(limit: 1),
      largestZoom: 1)
    #expect(map.size(in: Rect(0, 0, 10, 5)) == Size(2, 2))
    let grid = drawn(4, 3, ability) { map.draw(in: $0.bounds, on: &$0) }
    if ability.hasHalfBlocks {
      #expect(grid.text == ["▀▀", "▀▀", ""])
      #expect(grid[Point(0, 0)]?.foreground == .diverging(-1))
      #expect(grid[Point(0, 0)]?.background == .diverging(1))
    } else {
      // The mean of -1 and 1 is nothing to see.
      #expect(grid.text == ["", "", ""])
    }
  }

  @Test("shades tell signs apart without colors")
  func shades() {
    let map = Heatmap(
      values: [-1, -0.5, 0, 0.5, 1], rows: 1, columns: 5, scale: .diverging(limit: 1),
      largestZoom: 1)
    func text(_ depth: Ability.Depth, _ glyphs: Ability.Glyphs) -> String {
      drawn(5, 1, Ability(depth: depth, glyphs: glyphs)) { map.draw(in: $0.bounds, on: &$0) }.text[
        0]
    }
    #expect(text(.none, .full) == "#: ▒█")
    #expect(text(.none, .ascii) == "#: =@")
    #expect(text(.ansi, .full) == "█▒ ▒█")
  }

  @Test(
    "a pen's line that ends half way down a cell is drawn as its edge where cells have no halves")
  func pen() {
    let map = Heatmap(
      values: [1, 0, 1, 0.5, 0, 1, 1, 0.5], rows: 2, columns: 4, scale: .ink(0, 1), largestZoom: 1)
    func text(_ depth: Ability.Depth, _ glyphs: Ability.Glyphs) -> String {
      drawn(4, 1, Ability(depth: depth, glyphs: glyphs)) { map.draw(in: $0.bounds, on: &$0) }
        .text[0]
    }
    #expect(text(.none, .full) == "▀▄█▒")
    #expect(text(.ansi, .blocks) == "▀▄█▒")
    #expect(text(.indexed, .ascii) == "\"_@=" || text(.indexed, .ascii) == "\"_@+")
  }

  @Test("a heatmap larger than its area is sampled down, the strongest value kept if asked")
  func sampling() {
    var values = [Float](repeating: 0, count: 100 * 100)
    values[57 * 100 + 31] = -1
    let ability = Ability(depth: .none, glyphs: .full)
    let mean = Heatmap(values: values, rows: 100, columns: 100, scale: .diverging(limit: 1))
    var strongest = mean
    strongest.sampling = .strongest
    #expect(drawn(10, 5, ability) { mean.draw(in: $0.bounds, on: &$0) }.text.joined() == "")
    #expect(
      drawn(10, 5, ability) { strongest.draw(in: $0.bounds, on: &$0) }.text.joined().contains("#"))
    #expect(mean.position(at: Point(3, 2), in: Rect(0, 0, 10, 5))?.column == 30)
  }

  @Test("NaN shows as bad on every terminal", arguments: abilities)
  func sickHeatmap(ability: Ability) {
    let map = Heatmap(values: [.nan], rows: 1, columns: 1, scale: .sequential(0, 1), largestZoom: 1)
    let grid = drawn(1, 1, ability) { map.draw(in: $0.bounds, on: &$0) }
    #expect(grid[Point(0, 0)]?.foreground == .bad)
  }

  @Test("a matrix of numbers with its headings and its window")
  func numberMatrix() {
    let values = (0..<200).map { Float($0) / 100 - 1 }
    var matrix = NumberMatrix(
      values: values, rows: 20, columns: 10, scale: .diverging(limit: 1),
      chosen: .init(row: 12, column: 7), cellWidth: 8)
    let area = Rect(0, 0, 19, 4)
    matrix.revealChosen(in: area)
    let grid = drawn(19, 4) { matrix.draw(in: area, on: &$0) }
    #expect(
      grid.text == [
        "          6       7", "10   0.0600  0.0700", "11   0.1600  0.1700",
        "12   0.2600▶ 0.2700",
      ])
    #expect(matrix.note(in: area) == "10–12 of 20, 6–7 of 10")
    let long = NumberMatrix(
      values: [Float](repeating: 1, count: 20_000), rows: 20_000, columns: 1, scale: matrix.scale)
    #expect(long.note(in: area).hasSuffix(" of 20,000"))
    #expect(matrix.place(at: Point(12, 3), in: area) == .init(row: 12, column: 7))
    #expect(matrix.place(at: Point(0, 0), in: area) == nil)
  }

  @Test("a curve is joined from column to column, in braille")
  func line() {
    let plot = LinePlot(
      series: [.init(name: "y", y: [0, 1, 2, 3, 4, 5, 6, 7], ink: .series(0))])
    let grid = drawn(4, 2) { plot.draw(in: $0.bounds, on: &$0) }
    #expect(grid.text == ["⠄ ⡠⠊", "⡠⠊"])
  }

  @Test("every plot is taken on every terminal and every size", arguments: abilities)
  func anySize(ability: Ability) {
    let sick: [Float] = [1, .nan, 3, -.infinity, 0, -2, 1e30, 5]
    for (width, height) in [(0, 0), (1, 1), (3, 2), (40, 10), (17, 1)] {
      let grid = drawn(width, height, ability) { grid in
        let area = grid.bounds
        for isLogarithmic in [false, true] {
          LinePlot(
            series: [
              .init(name: "a", y: sick, ink: .series(0)), .init(name: "b", y: [], ink: .series(1)),
            ], isLogarithmic: isLogarithmic, xLabel: "step", cursor: 3
          ).draw(in: area, on: &grid)
        }
        Histogram(values: sick, bins: 12).draw(in: area, on: &grid)
        Histogram(values: [], bins: 0).draw(in: area, on: &grid)
        Sparkline(values: sick).draw(in: area, on: &grid)
        Heatmap(values: sick, rows: 4, columns: 4, scale: .diverging(fitting: sick))
          .draw(in: area, on: &grid)
        NumberMatrix(values: sick, rows: 4, columns: 4, scale: .sequential(fitting: sick))
          .draw(in: area, on: &grid)
        ScatterPlot(dots: sick.map { .init(x: $0, y: $0, group: -7) }).draw(in: area, on: &grid)
        StackedBar(parts: [.init(.nan, .good), .init(2, .bad)]).draw(in: area, on: &grid)
        ProgressBar(.infinity).draw(in: area, on: &grid)
        grid.drawLegend(of: .diverging(limit: 0), at: Point(0, 0))
      }
      if ability.glyphs == .ascii { #expect(grid.cells.allSatisfy { $0.scalar.value < 0x7F }) }
    }
  }

  @Test(
    "ticks are round, within the axis, and no more than asked",
    arguments: [
      (0.0, 1.0, false, 5), (0, 2000, false, 5), (-3.7, 12.9, false, 4), (0.02, 1.3, true, 8),
      (1e-8, 1e3, true, 4), (0.31, 0.34, true, 3), (5, 5, false, 3),
    ])
  func ticks(low: Double, high: Double, isLogarithmic: Bool, most: Int) {
    let axis = Axis(low: low, high: high, isLogarithmic: isLogarithmic)
    let ticks = axis.ticks(atMost: most)
    #expect(!ticks.isEmpty && ticks.count <= most)
    for tick in ticks {
      let place = axis.place(of: tick) ?? -1
      #expect(place >= -1e-6 && place <= 1 + 1e-6)
      #expect(!Axis.label(tick).isEmpty)
    }
  }

  @Test(
    "labels of ticks are short",
    arguments: [
      (0.5, "0.5"), (0.3, "0.3"), (1000, "1,000"), (0.001, "0.001"), (1e-4, "1e-4"),
      (1e-7, "1e-7"), (2e6, "2e6"), (0, "0"),
    ])
  func labels(tick: Double, expected: String) {
    #expect(Axis.label(tick) == expected)
  }

  @Test("a curve of a tick's value goes through the dots of that tick", arguments: 3...14)
  func trueHeights(height: Int) {
    for axis in [
      Axis(low: 1e-4, high: 5, isLogarithmic: true), Axis(low: 0, high: 1),
      Axis(low: -1.5, high: 3),
    ] {
      var empty = LinePlot(series: [], xAxis: Axis(low: 0, high: 1), yAxis: axis)
      empty.labelWidth = 0
      let dots = drawn(20, height) { empty.draw(in: $0.bounds, on: &$0) }
      for tick in axis.ticks(atMost: max(2, (height - 1) / 2)) {
        var plot = empty
        plot.series = [
          .init(
            name: "y", x: (0...99).map { Float($0) / 99 },
            y: Array(repeating: Float(tick), count: 100),
            ink: .text)
        ]
        let curve = drawn(20, height) { plot.draw(in: $0.bounds, on: &$0) }
        let row = (0..<height - 1).first { curve[Point(5, $0)]?.foreground == .text } ?? 0
        let pattern = (curve[Point(5, row)]?.scalar.value ?? 0) & 0b0100_0111
        let dot = dots[Point(4, row)]
        #expect(dot.map(LinePlot.isTick) == true, "\(tick)")
        #expect(dot?.scalar.value == 0x2800 + pattern, "\(tick) of \(axis)")
      }
    }
  }

  @Test("a logarithmic axis of less than two decades has ticks low and high")
  func shortDecades() {
    let ticks = Axis(low: 0.2, high: 5, isLogarithmic: true).ticks(atMost: 4)
    #expect(ticks == [0.2, 1, 5])
  }

  @Test("the column of a value and the value of a column agree")
  func cursor() {
    let plot = LinePlot(
      series: [.init(name: "y", y: (0..<500).map { Float($0) }, ink: .series(0))])
    let area = Rect(2, 1, 60, 12)
    for column in plot.plotArea(in: area).x..<plot.plotArea(in: area).right {
      #expect(plot.column(of: plot.x(atColumn: column, in: area), in: area) == column)
    }
  }

  @Test("sparklines, progress and stacked bars as text")
  func smallOnes() {
    #expect(Sparkline(values: [0, 1, 2, 3, 4, 5, 6, 7]).text(width: 8) == "▁▂▃▄▅▆▇█")
    #expect(Sparkline(values: [0, 0, 7, 7]).text(width: 2) == "▁█")
    #expect(Sparkline(values: [1, .nan]).text(width: 2) == "▁!")
    #expect(ProgressBar(0.5).styled(width: 6).plain == "━━━───")
    #expect(ProgressBar(0.999).styled(width: 6).plain == "━━━━━─")
    #expect(ProgressBar(0.001).styled(width: 6).plain == "━─────")
    #expect(ProgressBar(2).styled(width: 3).plain == "━━━")
    let bar = StackedBar(parts: [.init(1, .forward), .init(1, .loss), .init(2, .backward)])
    let grid = drawn(8, 1) { bar.draw(in: $0.bounds, on: &$0) }
    #expect(grid.inks == ["0 0+2 forward", "0 2+2 loss", "0 4+4 backward"])
  }

  @Test("a histogram counts every finite value once")
  func histogram() {
    let histogram = Histogram(values: [0, 0.1, 0.9, 1, 5, .nan], bins: 2, limits: 0...1)
    #expect(histogram.counts == [2, 3])
    #expect(histogram.sickCount == 1)
    let grid = drawn(2, 2) { histogram.draw(in: $0.bounds, on: &$0) }
    #expect(grid.text == ["▂█", "██"])
  }
}

@Suite("Lists and tables")
struct TableTests {
  @Test("the chosen line is always among those shown")
  func selection() {
    var selection = ListSelection()
    var random = SplitMix(state: 5)
    let keys: [Key] = [.up, .down, .pageUp, .pageDown, .home, .end, .character("j")]
    for _ in 0..<500 {
      let count = Int.random(in: 0...30, using: &random)
      let shown = Int.random(in: 0...9, using: &random)
      let key = keys[Int.random(in: 0..<keys.count, using: &random)]
      let isTaken = selection.handle(key, count: count, shown: shown)
      #expect(isTaken)
      #expect(selection.index >= 0 && selection.index < max(1, count))
      if shown > 0 {
        #expect(selection.index >= selection.first && selection.index < selection.first + shown)
      }
    }
    let takesEnter = selection.handle(.enter, count: 3, shown: 3)
    #expect(!takesEnter)
  }

  @Test("a table shows headings, the rows around the chosen one, and marks it")
  func table() {
    let table = Table(
      columns: [
        .init("#", .cells(2), .trailing), .init("name"), .init("loss", .cells(5), .trailing),
      ],
      rows: (0..<9).map { ["\($0)", "run \($0)", .good("0.\($0)")] },
      selection: ListSelection(index: 8))
    var grid = CellGrid(size: Size(20, 4))
    table.draw(in: grid.bounds, on: &grid)
    #expect(
      grid.text == [
        "  #  name      loss", "  6  run 6      0.6", "  7  run 7      0.7",
        "  8  run 8      0.8",
      ])
    #expect(grid[Point(0, 3)]?.background == .selection)
    #expect(table.row(at: Point(4, 2), in: grid.bounds) == 7)
    #expect(table.row(at: Point(4, 0), in: grid.bounds) == nil)
  }
}
