/// A matrix as a picture: a cell shows two values, one above the other; where the terminal cannot,
/// the mean of the two as a shade. It takes the same cells on every terminal.
package struct Heatmap: Sendable {
  /// What one pixel shows when several values fall on it.
  package enum Sampling: Hashable, Sendable {
    case mean
    /// The value of the largest size, so that single large values stay visible.
    case strongest
  }

  /// [rows, columns], row after row.
  package let values: [Float]
  package let rows: Int
  package let columns: Int
  package var scale: ColorScale
  package var sampling = Sampling.mean
  /// How many pixels wide and high a value is at most; nil: as many as fit.
  package var largestZoom: Int? = nil

  /// - values: [rows, columns], row after row; what is missing is not drawn.
  package init(
    values: [Float], rows: Int, columns: Int, scale: ColorScale, sampling: Sampling = .mean,
    largestZoom: Int? = nil
  ) {
    self.rows = max(0, rows)
    self.columns = max(0, columns)
    self.values = values
    self.scale = scale
    self.sampling = sampling
    self.largestZoom = largestZoom
  }

  /// The pixels an area has: one a column, two a row.
  package static func resolution(of area: Rect) -> (rows: Int, columns: Int) {
    (area.height * 2, area.width)
  }

  /// The pixels the picture takes in an area, never more than it has.
  package func pixels(in area: Rect) -> (rows: Int, columns: Int) {
    guard rows > 0, columns > 0, !area.isEmpty else { return (0, 0) }
    let most = Self.resolution(of: area)
    let zoom = zoom(in: area)
    return (min(most.rows, rows * zoom), min(most.columns, columns * zoom))
  }

  /// The cells the picture takes in an area.
  package func size(in area: Rect) -> Size {
    let pixels = pixels(in: area)
    return Size(pixels.columns, (pixels.rows + 1) / 2)
  }

  private func zoom(in area: Rect) -> Int {
    let most = Self.resolution(of: area)
    let fitting = max(1, min(most.rows / max(1, rows), most.columns / max(1, columns)))
    return min(fitting, max(1, largestZoom ?? fitting))
  }

  /// Draws the picture in the upper left of `area`, sampled down when it is too large.
  package func draw(in area: Rect, on grid: inout CellGrid) {
    guard !grid.says(words, numbers: numbers, in: area) else { return }
    let pixels = pixels(in: area)
    for y in 0..<(pixels.rows + 1) / 2 {
      for x in 0..<pixels.columns {
        let upper = value(atRow: 2 * y, column: x, of: pixels)
        let hasLower = 2 * y + 1 < pixels.rows
        let lower = hasLower ? value(atRow: 2 * y + 1, column: x, of: pixels) : nil
        draw(upper, lower, at: Point(area.x + x, area.y + y), on: &grid)
      }
    }
  }

  private func draw(_ upper: Float?, _ lower: Float?, at point: Point, on grid: inout CellGrid) {
    guard let upper else { return }
    if grid.ability.hasHalfBlocks {
      grid.put(
        "▀", at: point, ink: scale.ink(of: upper),
        background: lower.map { scale.ink(of: $0) } ?? .plain)
    } else {
      if let lower, drawPen(upper, lower, at: point, on: &grid) { return }
      let shade = scale.shade(of: joined(upper, lower), ability: grid.ability)
      grid.put(shade.scalar, at: point, ink: shade.ink)
    }
  }

  /// Where a pen's line ends between the two halves of a cell, its edge is drawn instead of the mean:
  /// shapes of few pixels can be read by that without any background.
  /// - Returns: false when there is no such edge.
  private func drawPen(
    _ upper: Float, _ lower: Float, at point: Point, on grid: inout CellGrid
  ) -> Bool {
    let (above, below) = (scale.place(of: upper), scale.place(of: lower))
    guard scale.ramp == .ink, abs(above - below) >= 0.4 else { return false }
    let edges: [Unicode.Scalar] = grid.ability.glyphs == .ascii ? ["\"", "_"] : ["▀", "▄"]
    grid.put(edges[above > below ? 0 : 1], at: point, ink: .text)
    return true
  }

  /// Two values one above the other as the one a cell without halves shows.
  private func joined(_ upper: Float, _ lower: Float?) -> Float {
    guard let lower, !upper.isNaN else { return upper }
    if sampling == .mean || lower.isNaN { return (upper + lower) / 2 }
    return abs(upper) < abs(lower) ? lower : upper
  }

  /// The values that fall on a pixel, as one.
  private func value(
    atRow row: Int, column: Int, of pixels: (rows: Int, columns: Int)
  ) -> Float? {
    let rowSpan = span(of: row, among: pixels.rows, values: rows)
    let columnSpan = span(of: column, among: pixels.columns, values: columns)
    var total: Float = 0
    var strongest: Float = 0
    var count = 0
    for valueRow in rowSpan {
      for valueColumn in columnSpan {
        let index = valueRow * columns + valueColumn
        guard index < values.count else { continue }
        let value = values[index]
        if value.isNaN { return value }
        total += value
        if abs(value) > abs(strongest) { strongest = value }
        count += 1
      }
    }
    guard count > 0 else { return nil }
    return sampling == .mean ? total / Float(count) : strongest
  }

  /// The values under one pixel: at least one.
  private func span(of pixel: Int, among pixels: Int, values: Int) -> Range<Int> {
    let start = pixel * values / pixels
    return start..<max(start + 1, (pixel + 1) * values / pixels)
  }

  /// The value under a cell of `area`, as a mouse would ask; nil outside the picture.
  package func position(at point: Point, in area: Rect) -> (row: Int, column: Int)? {
    let pixels = pixels(in: area)
    let x = point.x - area.x
    let y = (point.y - area.y) * 2
    guard x >= 0, y >= 0, x < pixels.columns, y < pixels.rows else { return nil }
    return (y * rows / pixels.rows, x * columns / pixels.columns)
  }
}
