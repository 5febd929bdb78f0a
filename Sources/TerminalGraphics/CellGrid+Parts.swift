extension CellGrid {
  /// A part of the grid as a grid of its own.
  package func cropped(to area: Rect) -> CellGrid {
    let part = area.intersection(bounds)
    var result = CellGrid(size: Size(part.width, part.height), ability: ability)
    result.copy(from: self, part)
    return result
  }

  private mutating func copy(from other: CellGrid, _ part: Rect) {
    for y in 0..<part.height {
      for x in 0..<part.width {
        guard let cell = other[Point(part.x + x, part.y + y)] else { continue }
        restyle(Rect(x, y, 1, 1)) { $0 = cell }
      }
    }
  }
}
