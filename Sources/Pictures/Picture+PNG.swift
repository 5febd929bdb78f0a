import CPng
import TerminalGraphics

extension Picture {
  /// As pixels, 10 × 20 a cell.
  package func png() throws(Failure) -> [UInt8] {
    var canvas = PixelCanvas(columns: grid.size.width, rows: grid.size.height)
    for y in 0..<grid.size.height {
      for x in 0..<grid.size.width { canvas.paint(cell(x, y), x, y) }
    }
    return try Self.encoded(canvas)
  }

  private static func encoded(_ canvas: PixelCanvas) throws(Failure) -> [UInt8] {
    var image = png_image()
    image.version = png_uint_32(PNG_IMAGE_VERSION)
    image.width = png_uint_32(canvas.width)
    image.height = png_uint_32(canvas.height)
    image.format = png_uint_32(PNG_FORMAT_FLAG_COLOR)
    defer { png_image_free(&image) }
    var size = png_alloc_size_t(0)
    guard png_image_write_to_memory(&image, nil, &size, 0, canvas.bytes, 0, nil) != 0 else {
      throw Failure(description: "a PNG of \(canvas.width) × \(canvas.height) cannot be made")
    }
    var file = [UInt8](repeating: 0, count: Int(size))
    guard png_image_write_to_memory(&image, &file, &size, 0, canvas.bytes, 0, nil) != 0 else {
      throw Failure(description: "a PNG of \(canvas.width) × \(canvas.height) cannot be made")
    }
    return Array(file.prefix(Int(size)))
  }
}

/// Pixels, three bytes each, red first.
private struct PixelCanvas {
  let width: Int
  let height: Int
  private(set) var bytes: [UInt8]

  init(columns: Int, rows: Int) {
    width = max(1, columns) * PixelFont.width
    height = max(1, rows) * PixelFont.height
    bytes = Array(repeating: 0, count: 3 * width * height)
  }

  mutating func paint(_ cell: PaintedCell, _ column: Int, _ row: Int) {
    let x = column * PixelFont.width
    let y = row * PixelFont.height
    fill(x, y, PixelFont.width, PixelFont.height, cell.background)
    if let shapes = CellShape.shapes(of: cell.scalar) {
      for shape in shapes { paint(shape, cell, x, y) }
    } else if !cell.isBlank {
      paintLetter(cell, x, y)
      paintMarks(cell, x, y)
    }
    if cell.attributes.contains(.underline) {
      fill(x, y + 18, PixelFont.width, 1, cell.foreground)
    }
  }

  private mutating func paint(_ shape: CellShape, _ cell: PaintedCell, _ x: Int, _ y: Int) {
    switch shape {
    case .rectangle(let left, let top, let width, let height, let share):
      let color = PaintedCell.mixed(cell.foreground, cell.background, share: share)
      fill(x + left, y + top, width, height, color)
    case .dot(let left, let top):
      fill(x + left - 1, y + top - 1, 3, 3, cell.foreground)
    case .corner(let right, let down):
      for (dx, dy) in Self.corner {
        set(x + 5 + (right ? dx : -dx), y + 10 + (down ? dy : -dy), cell.foreground)
      }
    }
  }

  /// From the middle of the right side to the middle of the lower one, around the cell's middle.
  private static let corner: [(Int, Int)] =
    [(4, 0), (3, 0), (2, 1), (1, 2), (0, 3)] + [(5, 0)]
    + (4...10).map { (0, $0) }

  /// The marks over a letter, the first nearest to it.
  private mutating func paintMarks(_ cell: PaintedCell, _ x: Int, _ y: Int) {
    guard !cell.marks.isEmpty else { return }
    let top = PixelFont.shipped.rows(of: cell.scalar).firstIndex { $0 != 0 } ?? 6
    for (place, mark) in cell.marks.scalars.enumerated() {
      let first = max(0, top - 4 * (place + 1))
      for (dx, dy) in MarkShape.pixels(of: mark) { set(x + dx, y + first + dy, cell.foreground) }
    }
  }

  /// Bold letters are a pixel wider.
  private mutating func paintLetter(_ cell: PaintedCell, _ x: Int, _ y: Int) {
    for (line, bits) in PixelFont.shipped.rows(of: cell.scalar).enumerated() {
      let pattern = cell.attributes.contains(.bold) ? bits | bits >> 1 : bits
      for pixel in 0..<PixelFont.width where pattern & 1 << (11 - pixel) != 0 {
        set(x + pixel, y + line, cell.foreground)
      }
    }
  }

  private mutating func fill(_ x: Int, _ y: Int, _ width: Int, _ height: Int, _ color: Int) {
    for line in y..<y + height {
      for pixel in x..<x + width { set(pixel, line, color) }
    }
  }

  private mutating func set(_ x: Int, _ y: Int, _ color: Int) {
    guard x >= 0, y >= 0, x < width, y < height else { return }
    let place = 3 * (y * width + x)
    bytes[place] = UInt8(color >> 16 & 255)
    bytes[place + 1] = UInt8(color >> 8 & 255)
    bytes[place + 2] = UInt8(color & 255)
  }
}
