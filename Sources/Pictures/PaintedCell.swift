import TerminalGraphics

/// A cell with its colors settled: what a picture paints.
struct PaintedCell {
  let scalar: Unicode.Scalar
  let marks: CombiningMarks
  /// 0xRRGGBB.
  let foreground: Int
  let background: Int
  let attributes: Attributes

  init(_ cell: Cell, theme: Theme) {
    let look = theme.appearance(of: cell, depth: .direct)
    let paper = theme.paper
    let isReversed = look.attributes.contains(.reverse)
    let front = look.foreground ?? paper.foreground
    let back = look.background ?? paper.background
    scalar = cell.scalar
    marks = cell.marks
    background = isReversed ? front : back
    let ink = isReversed ? back : front
    foreground = look.attributes.contains(.dim) ? Self.mixed(ink, background, share: 0.6) : ink
    attributes = look.attributes.subtracting([.dim, .reverse])
  }

  var isBlank: Bool { scalar == " " || scalar == Cell.continuation }

  /// `share` of the one color and the rest of the other.
  static func mixed(_ one: Int, _ other: Int, share: Double) -> Int {
    [16, 8, 0].reduce(0) { mix, shift in
      let parts = (Double(one >> shift & 255), Double(other >> shift & 255))
      return mix | Int((parts.0 * share + parts.1 * (1 - share)).rounded()) << shift
    }
  }
}
