import TerminalGraphics

/// A picture as it lies on the screen: each pixel a block of cells where there is room, else a part
/// of a heatmap.
struct PictureSheet {
  let picture: PictureDrawing
  let area: Rect

  private static let scale = ColorScale.ink(0, 1)

  /// The cells of one pixel; nil where a pixel is less than a cell high.
  private var block: Size? {
    let height = area.height / max(1, picture.rows)
    let width = min(area.width / max(1, picture.columns), 3 * height)
    return height > 0 && width > 1 ? Size(width, height) : nil
  }

  private var heatmap: Heatmap {
    Heatmap(
      values: picture.ink, rows: picture.rows, columns: picture.columns, scale: Self.scale,
      sampling: .strongest, largestZoom: 2)
  }

  /// The cells of the whole picture.
  var size: Size {
    block.map { Size($0.width * picture.columns, $0.height * picture.rows) }
      ?? heatmap.size(in: area)
  }

  private func place(_ row: Int, _ column: Int, _ block: Size) -> Rect {
    Rect(
      area.x + column * block.width, area.y + row * block.height, block.width, block.height)
  }

  func draw(on grid: inout CellGrid) {
    guard let block else { return heatmap.draw(in: area, on: &grid) }
    for row in 0..<picture.rows {
      for column in 0..<picture.columns {
        let ink = picture.ink[row * picture.columns + column]
        fill(place(row, column, block), ink, on: &grid)
      }
    }
  }

  private func fill(_ area: Rect, _ ink: Float, on grid: inout CellGrid) {
    guard !grid.ability.hasBackgrounds else {
      return grid.fill(area, background: Self.scale.ink(of: ink))
    }
    let shade = Self.scale.shade(of: ink, ability: grid.ability)
    for y in area.y..<area.bottom {
      for x in area.x..<area.right { grid.put(shade.scalar, at: Point(x, y), ink: shade.ink) }
    }
  }

  /// Brackets around the pixel of the cursor.
  func drawCursor(on grid: inout CellGrid) {
    guard let block else {
      let pixels = heatmap.pixels(in: area)
      guard pixels.rows > 0 else { return }
      let x = picture.column * pixels.columns / picture.columns
      let y = picture.row * pixels.rows / picture.rows / 2
      return grid.put("◆", at: Point(area.x + x, area.y + y), ink: .accent)
    }
    let pixel = place(picture.row, picture.column, block)
    let ink = picture.ink[picture.row * picture.columns + picture.column]
    let paper: Ink = grid.ability.hasBackgrounds ? Self.scale.ink(of: ink) : .plain
    // On full ink the accent alone would not be seen.
    let pen: Ink = ink > 0.6 && grid.ability.hasBackgrounds ? .contrast : .accent
    for y in pixel.y..<pixel.bottom {
      grid.put("[", at: Point(pixel.x, y), ink: pen, background: paper, attributes: .bold)
      grid.put("]", at: Point(pixel.right - 1, y), ink: pen, background: paper, attributes: .bold)
    }
  }

  /// The pixel under a cell; nil beside the picture.
  func pixel(at point: Point) -> (row: Int, column: Int)? {
    guard let block else { return heatmap.position(at: point, in: area) }
    let (row, column) = ((point.y - area.y) / block.height, (point.x - area.x) / block.width)
    guard point.x >= area.x, point.y >= area.y, row < picture.rows, column < picture.columns else {
      return nil
    }
    return (row, column)
  }
}
