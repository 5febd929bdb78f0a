import TerminalGraphics

extension Picture {
  /// As vectors: areas and lines as shapes, letters as text that can be searched and copied.
  package var svg: String {
    let width = grid.size.width * PixelFont.width
    let height = grid.size.height * PixelFont.height
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" "
        + "viewBox=\"0 0 \(width) \(height)\">",
      "<rect width=\"\(width)\" height=\"\(height)\" fill=\"\(Self.color(theme.paper.background))\"/>",
      "<g shape-rendering=\"crispEdges\">",
    ]
    let rows = (0..<grid.size.height).map { y in (0..<grid.size.width).map { cell($0, y) } }
    for (y, row) in rows.enumerated() { lines += backgrounds(row, y) }
    for (y, row) in rows.enumerated() { lines += shapes(row, y) }
    lines.append("</g>")
    lines.append(
      "<g font-family=\"'JetBrains Mono','DejaVu Sans Mono','Cascadia Mono',Menlo,Consolas,"
        + "'Liberation Mono',monospace\" font-size=\"16.6\" xml:space=\"preserve\">")
    for (y, row) in rows.enumerated() { lines += letters(row, y) }
    lines += ["</g>", "</svg>", ""]
    return lines.joined(separator: "\n")
  }

  private static func color(_ rgb: Int) -> String {
    let digits = String(rgb, radix: 16)
    return "#" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }

  /// Neighbors of one color as one area; the paper's own color is there already.
  private func backgrounds(_ row: [PaintedCell], _ y: Int) -> [String] {
    var lines: [String] = []
    var start = 0
    for x in 1...max(1, row.count)
    where x == row.count || row[x].background != row[start].background {
      if start < row.count, row[start].background != theme.paper.background {
        lines.append(
          area(start * 10, y * 20, (x - start) * 10, 20, Self.color(row[start].background)))
      }
      start = x
    }
    return lines
  }

  private func area(_ x: Int, _ y: Int, _ width: Int, _ height: Int, _ color: String) -> String {
    "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"\(height)\" fill=\"\(color)\"/>"
  }

  private func shapes(_ row: [PaintedCell], _ y: Int) -> [String] {
    row.enumerated().flatMap { x, cell in
      (CellShape.shapes(of: cell.scalar) ?? []).map { shape in
        let (left, top) = (x * PixelFont.width, y * PixelFont.height)
        switch shape {
        case .rectangle(let x, let y, let width, let height, let share):
          let mixed = PaintedCell.mixed(cell.foreground, cell.background, share: share)
          return area(left + x, top + y, width, height, Self.color(mixed))
        case .dot(let x, let y):
          return "<circle cx=\"\(left + x).5\" cy=\"\(top + y).5\" r=\"1.6\" "
            + "fill=\"\(Self.color(cell.foreground))\" shape-rendering=\"auto\"/>"
        case .corner(let right, let down):
          return corner(left, top, right, down, Self.color(cell.foreground))
        }
      }
    }
  }

  /// From the middle of a side around the cell's middle to the middle of another.
  private func corner(_ x: Int, _ y: Int, _ right: Bool, _ down: Bool, _ color: String) -> String {
    let side = right ? x + 10 : x
    let end = down ? y + 20 : y
    let bend = down ? y + 15 : y + 6
    return "<path d=\"M\(side) \(y + 10).5 Q\(x + 5).5 \(y + 10).5 \(x + 5).5 \(bend) V\(end)\" "
      + "fill=\"none\" stroke=\"\(color)\" shape-rendering=\"auto\"/>"
  }

  /// Neighbors of one style as one text, at most one blank between words, so that a font of another
  /// width shifts nothing far.
  private func letters(_ row: [PaintedCell], _ y: Int) -> [String] {
    func isLetter(_ x: Int) -> Bool {
      !row[x].isBlank && CellShape.shapes(of: row[x].scalar) == nil
    }
    var lines: [String] = []
    var x = 0
    while x < row.count {
      guard isLetter(x) else {
        x += 1
        continue
      }
      var end = x + 1
      var next = end
      while next < row.count, row[next].foreground == row[x].foreground,
        row[next].attributes == row[x].attributes, row[next].isBlank || isLetter(next)
      {
        next += 1
        if isLetter(next - 1) { end = next } else if next - end > 1 { break }
      }
      lines.append(text(row[x..<end], x, y))
      x = end
    }
    return lines
  }

  private func text(_ cells: ArraySlice<PaintedCell>, _ x: Int, _ y: Int) -> String {
    guard let first = cells.first else { return "" }
    var style = ""
    if first.attributes.contains(.bold) { style += " font-weight=\"bold\"" }
    if first.attributes.contains(.italic) { style += " font-style=\"italic\"" }
    if first.attributes.contains(.underline) { style += " text-decoration=\"underline\"" }
    let words = cells.filter { $0.scalar != Cell.continuation }.map { cell in
      cell.marks.scalars.reduce(Self.escaped(cell.scalar)) { $0 + String($1) }
    }
    return "<text x=\"\(x * 10)\" y=\"\(y * 20 + 15)\" textLength=\"\(cells.count * 10)\" "
      + "lengthAdjust=\"spacingAndGlyphs\" fill=\"\(Self.color(first.foreground))\"\(style)>"
      + words.joined() + "</text>"
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "&": "&amp;"
    case "<": "&lt;"
    case ">": "&gt;"
    default: String(Character(scalar))
    }
  }
}
