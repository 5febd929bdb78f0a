import TerminalGraphics

/// Lines along rows and columns that join where they meet.
struct LineCanvas {
  private struct Sides: OptionSet {
    let rawValue: UInt8
    static let up = Sides(rawValue: 1)
    static let down = Sides(rawValue: 2)
    static let left = Sides(rawValue: 4)
    static let right = Sides(rawValue: 8)
  }

  private var cells: [Point: (sides: Sides, ink: Ink)] = [:]

  private mutating func add(_ sides: Sides, _ point: Point, _ ink: Ink) {
    let known = cells[point]
    // What is chosen stays visible where lines cross.
    let shown = known?.ink == .accent ? Ink.accent : ink
    cells[point] = (sides.union(known?.sides ?? []), shown)
  }

  /// From one column to another, both ends included.
  mutating func across(_ y: Int, from: Int, to: Int, ink: Ink) {
    guard from <= to else { return }
    for x in from...to {
      var sides: Sides = []
      if x > from { sides.insert(.left) }
      if x < to { sides.insert(.right) }
      if from == to { sides = [.left, .right] }
      add(sides, Point(x, y), ink)
    }
  }

  /// From one row to another, both ends included.
  mutating func down(_ x: Int, from: Int, to: Int, ink: Ink) {
    guard from != to else { return }
    for y in min(from, to)...max(from, to) {
      var sides: Sides = []
      if y > min(from, to) { sides.insert(.up) }
      if y < max(from, to) { sides.insert(.down) }
      add(sides, Point(x, y), ink)
    }
  }

  /// Lets a line leave a cell to the left or right, where it meets a box.
  mutating func open(_ point: Point, left: Bool, ink: Ink) {
    add(left ? .left : .right, point, ink)
  }

  func draw(on grid: inout CellGrid) {
    for (point, cell) in cells { grid.put(Self.glyph(cell.sides), at: point, ink: cell.ink) }
  }

  private static func glyph(_ sides: Sides) -> Unicode.Scalar {
    switch sides {
    case [.left, .right], [.left], [.right]: "─"
    case [.up, .down], [.up], [.down]: "│"
    case [.down, .right]: "╭"
    case [.down, .left]: "╮"
    case [.up, .right]: "╰"
    case [.up, .left]: "╯"
    case [.up, .down, .right]: "├"
    case [.up, .down, .left]: "┤"
    case [.left, .right, .down]: "┬"
    case [.left, .right, .up]: "┴"
    default: "┼"
    }
  }
}
