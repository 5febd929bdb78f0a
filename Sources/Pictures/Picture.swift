import TerminalGraphics

/// A frame of the lab, or a part of one, as a file for a page or a slide. The same frame gives the
/// same bytes on every machine.
package struct Picture: Sendable {
  /// What a picture can be written as, by the ending of its file's name.
  package enum Format: String, Hashable, Sendable, CaseIterable {
    case png, svg, txt
  }

  package let grid: CellGrid
  package let theme: Theme

  package init(_ grid: CellGrid, theme: Theme) {
    self.grid = grid
    self.theme = theme
  }

  /// - Throws: `Failure` when a PNG cannot be made, for want of memory.
  package func bytes(as format: Format) throws(Failure) -> [UInt8] {
    switch format {
    case .png: try png()
    case .svg: Array(svg.utf8)
    case .txt: Array(text.utf8)
    }
  }

  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  /// The characters alone, lines without blanks at their ends.
  package var text: String { grid.text.map { $0 + "\n" }.joined() }

  func cell(_ x: Int, _ y: Int) -> PaintedCell {
    PaintedCell(grid[Point(x, y)] ?? .blank, theme: theme)
  }
}
