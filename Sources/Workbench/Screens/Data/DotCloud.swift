import TerminalGraphics

/// Points of groups as dots of braille, eight to a cell; a cell has the color of the group with most
/// points in it. Without braille or colors, and where groups are many: a mark a group.
struct DotCloud {
  let dots: [ScatterPlot.Dot]
  let xAxis: Axis
  let yAxis: Axis
  /// How many groups there are, also those without a point.
  let groups: Int

  /// Whether groups are told by their marks: colors alone are not told apart by all eyes, of more than
  /// three.
  private static func hasMarks(_ groups: Int, _ ability: Ability) -> Bool {
    ability.glyphs != .full || ability.depth == .none || groups > 3
  }

  /// The mark of a group in words beside the cloud.
  static func mark(of group: Int, among groups: Int, ability: Ability) -> StyledText {
    let mark =
      hasMarks(groups, ability)
      ? String(Character(ScatterPlot.mark(of: group, ability: ability))) : "●"
    return StyledText(mark, .series(group))
  }

  func draw(in area: Rect, on grid: inout CellGrid) {
    guard !Self.hasMarks(groups, grid.ability) else {
      ScatterPlot(dots: dots, xAxis: xAxis, yAxis: yAxis).draw(in: area, on: &grid)
      return
    }
    var patterns: [Point: UInt32] = [:]
    var counts: [Point: [Int: Int]] = [:]
    for dot in dots {
      guard let (point, bit) = place(of: dot, in: area) else { continue }
      patterns[point, default: 0] |= bit
      counts[point, default: [:]][dot.group, default: 0] += 1
    }
    for (point, pattern) in patterns {
      let most = counts[point]?.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key ?? 0
      guard let scalar = Unicode.Scalar(0x2800 + pattern) else { continue }
      grid.put(scalar, at: point, ink: .series(most))
    }
  }

  /// The cell of a point and its bit there; nil outside the axes.
  private func place(of dot: ScatterPlot.Dot, in area: Rect) -> (Point, UInt32)? {
    guard let across = xAxis.place(of: Double(dot.x)), let up = yAxis.place(of: Double(dot.y)),
      (0...1).contains(across), (0...1).contains(up), !area.isEmpty
    else { return nil }
    let column = min(area.width * 2 - 1, Int(across * Double(area.width * 2)))
    let row = area.height * 4 - 1 - min(area.height * 4 - 1, Int(up * Double(area.height * 4)))
    // Bits of U+2800 + n, from the top: left 1 2 4 64, right 8 16 32 128.
    let bits: [[UInt32]] = [[1, 2, 4, 64], [8, 16, 32, 128]]
    return (Point(area.x + column / 2, area.y + row / 4), bits[column % 2][row % 4])
  }
}
