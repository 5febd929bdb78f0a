import TerminalGraphics

/// All maps of a layer small, as many as fit, the chosen one among them.
struct MapGrid {
  let count: Int
  /// Of each map.
  let rows, columns: Int
  let scale: ColorScale
  let chosen: Int
  /// A map's numbers, row by row.
  let numbers: (Int) -> [Float]

  init(
    count: Int, rows: Int, columns: Int, scale: ColorScale, chosen: Int,
    _ numbers: @escaping (Int) -> [Float]
  ) {
    (self.count, self.rows, self.columns) = (count, rows, columns)
    (self.scale, self.chosen, self.numbers) = (scale, chosen, numbers)
  }

  /// How the maps lie in an area: the cells of one, and how many go across and down.
  private func layout(in area: Rect) -> (cell: Size, across: Int, down: Int) {
    let pixels = min(columns, max(4, min(12, (area.width - 2) / 3)))
    let lines = max(1, min(area.height - 1, (rows * pixels / max(1, columns) + 1) / 2))
    return (
      Size(pixels, lines), max(1, (area.width + 1) / (pixels + 2)),
      max(1, area.height / (lines + 1))
    )
  }

  /// The lines that they take in an area.
  func height(in area: Rect) -> Int {
    let (cell, across, down) = layout(in: area)
    return min(down, (count + across - 1) / across) * (cell.height + 1)
  }

  func draw(in area: Rect, on grid: inout CellGrid) {
    guard area.height >= 3 else { return }
    let (cell, across, down) = layout(in: area)
    let (pixels, lines) = (cell.width, cell.height)
    let first = max(0, min(chosen / (across * down) * across * down, count - 1))
    let drawn = first..<min(count, first + across * down)
    for (place, map) in drawn.enumerated() {
      let x = area.x + 1 + place % across * (pixels + 2)
      let y = area.y + place / across * (lines + 1)
      let spot = Rect(x, y, pixels, lines)
      Heatmap(values: numbers(map), rows: rows, columns: columns, scale: scale)
        .drawFilling(spot, on: &grid)
      let isChosen = map == chosen
      let isCut = map == drawn.upperBound - 1 && drawn.count < count
      let of = isCut ? Fitting.text([" of \(count)"], width: pixels - "\(map)".count) : ""
      grid.write(
        (isChosen ? .accent("\(map)") : .secondary("\(map)")) + .secondary(of),
        at: Point(x, spot.bottom),
        width: pixels)
      guard isChosen else { continue }
      grid.bracket(spot)
    }
  }
}
