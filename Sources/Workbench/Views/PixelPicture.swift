import TerminalGraphics

/// A matrix with two columns and a line of the screen for each number, or a multiple of that where
/// there is room, so that some of them can be framed; of a large one the part around the frame.
struct PixelPicture {
  let rows, columns: Int
  let scale: ColorScale
  /// What is framed; it may lie partly outside, where zeros are read.
  var frameRows: ClosedRange<Int>?
  var frameColumns: ClosedRange<Int>?
  /// As far as the frame goes when it moves: there is room for all of it, so that the picture stays
  /// where it is.
  private let reachedRows, reachedColumns: ClosedRange<Int>?
  let number: (Int, Int) -> Float?

  /// - Parameter reach: the rows and columns that the frame can come to, where it may leave the picture.
  init(
    rows: Int, columns: Int, scale: ColorScale, frame: (ClosedRange<Int>, ClosedRange<Int>)?,
    reach: (rows: ClosedRange<Int>, columns: ClosedRange<Int>)? = nil,
    _ number: @escaping (Int, Int) -> Float?
  ) {
    self.rows = rows
    self.columns = columns
    self.scale = scale
    frameRows = frame?.0
    frameColumns = frame?.1
    (reachedRows, reachedColumns) = (reach?.rows ?? frame?.0, reach?.columns ?? frame?.1)
    self.number = number
  }

  /// The columns that it takes with what is framed outside, and the lines.
  func size(zoom: Int) -> Size { Size(2 * zoom * columnRange.count + 2, zoom * rowRange.count) }

  /// How many times as large as the least it is drawn in an area: at most three times.
  func zoom(in area: Rect) -> Int {
    [3, 2].first {
      let size = size(zoom: $0)
      return size.width <= area.width && size.height <= area.height
    } ?? 1
  }

  private var rowRange: Range<Int> {
    min(0, reachedRows?.lowerBound ?? 0)..<max(rows, (reachedRows?.upperBound ?? 0) + 1)
  }
  private var columnRange: Range<Int> {
    min(0, reachedColumns?.lowerBound ?? 0)..<max(columns, (reachedColumns?.upperBound ?? 0) + 1)
  }

  /// The rows and columns that an area shows: as many as fit around the frame.
  func visible(in area: Rect) -> (rows: Range<Int>, columns: Range<Int>) {
    let zoom = zoom(in: area)
    return (
      Self.window(rowRange, around: frameRows, fitting: area.height / zoom),
      Self.window(columnRange, around: frameColumns, fitting: max(0, area.width - 2) / (2 * zoom))
    )
  }

  /// `rows 0–12 of 32`, where not all of it has room.
  func cutWords(in area: Rect) -> String? {
    let shown = visible(in: area)
    func words(_ name: String, _ shown: Range<Int>, _ all: Range<Int>, _ count: Int) -> String? {
      guard shown.count < all.count, !shown.isEmpty else { return nil }
      return "\(name) \(max(0, shown.lowerBound))–\(min(count, shown.upperBound) - 1) of \(count)"
    }
    let parts = [
      words("rows", shown.rows, rowRange, rows),
      words("columns", shown.columns, columnRange, columns),
    ].compactMap(\.self)
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  /// The lines that it takes in an area.
  func height(in area: Rect) -> Int { visible(in: area).rows.count * zoom(in: area) }

  private static func window(
    _ all: Range<Int>, around frame: ClosedRange<Int>?, fitting: Int
  ) -> Range<Int> {
    let count = min(all.count, max(0, fitting))
    let middle = frame.map { ($0.lowerBound + $0.upperBound + 1) / 2 } ?? all.lowerBound
    let first = max(all.lowerBound, min(middle - count / 2, all.upperBound - count))
    return first..<first + count
  }

  func draw(in area: Rect, on grid: inout CellGrid) {
    let values = (0..<rows).flatMap { row in (0..<columns).map { number(row, $0) ?? 0 } }
    let picture = Heatmap(values: values, rows: rows, columns: columns, scale: scale)
    guard !grid.says(picture.words, numbers: picture.numbers, in: area) else { return }
    let shown = visible(in: area)
    let zoom = zoom(in: area)
    for (line, row) in shown.rows.enumerated() {
      for (place, column) in shown.columns.enumerated() {
        let spot = Rect(
          area.x + 1 + 2 * zoom * place, area.y + zoom * line, 2 * zoom, zoom)
        draw(number(row, column), in: spot, on: &grid)
      }
    }
    drawFrame(shown.rows, shown.columns, zoom, area, on: &grid)
  }

  private func draw(_ value: Float?, in spot: Rect, on grid: inout CellGrid) {
    for y in spot.y..<spot.bottom {
      for x in spot.x..<spot.right {
        if let value {
          grid.drawSwatch(value, scale: scale, at: Point(x, y))
        } else if x == spot.x {
          grid.put("·", at: Point(x, y), ink: .faint)
        }
      }
    }
  }

  /// Bars at both sides of the rows that are framed.
  private func drawFrame(
    _ rows: Range<Int>, _ columns: Range<Int>, _ zoom: Int, _ area: Rect, on grid: inout CellGrid
  ) {
    guard let frameRows, let frameColumns, !columns.isEmpty else { return }
    let bars = grid.brackets
    let left = area.x + 2 * zoom * (frameColumns.lowerBound - columns.lowerBound)
    let right = area.x + 1 + 2 * zoom * (frameColumns.upperBound + 1 - columns.lowerBound)
    for row in frameRows where rows.contains(row) {
      for line in 0..<zoom {
        let y = area.y + zoom * (row - rows.lowerBound) + line
        if left >= area.x { put(bars.left, at: Point(left, y), on: &grid) }
        if right < area.right { put(bars.right, at: Point(right, y), on: &grid) }
      }
    }
    if frameRows.count == 1, frameColumns.count == 1, rows.contains(frameRows.lowerBound) {
      let y = area.y + zoom * (frameRows.lowerBound - rows.lowerBound)
      grid.point(at: Rect(left + 1, y, 2 * zoom, 1))
    }
  }

  /// A bar keeps the color of the pixel that it stands on.
  private func put(_ scalar: Unicode.Scalar, at point: Point, on grid: inout CellGrid) {
    let below = grid[point].flatMap { $0.scalar == "█" ? $0.foreground : nil }
    grid.put(
      scalar, at: point, ink: .accent, background: below ?? .plain, attributes: .bold)
  }
}

extension CellGrid {
  /// The bars at the left and the right of what is chosen.
  var brackets: (left: Unicode.Scalar, right: Unicode.Scalar) {
    ability.glyphs == .ascii ? ("[", "]") : ("▐", "▌")
  }

  /// Marks a picture as chosen, by bars in the columns beside it.
  mutating func bracket(_ area: Rect) {
    for y in area.y..<area.bottom {
      put(brackets.left, at: Point(area.x - 1, y), ink: .accent)
      put(brackets.right, at: Point(area.right, y), ink: .accent)
    }
  }
}
