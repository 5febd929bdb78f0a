import Foundation
import Testing
import TerminalGraphics

import Pictures

@Suite("Pictures")
struct PictureTests {
  private func grid(_ draw: (inout CellGrid) -> Void) -> CellGrid {
    var grid = CellGrid(size: Size(24, 6))
    draw(&grid)
    return grid
  }

  /// A frame, a selected row, a heatmap, a curve in braille and letters beyond ASCII.
  private var sample: CellGrid {
    grid { grid in
      let inside = grid.box(grid.bounds, title: "∂L/∂W <&>", isFocused: true)
      grid.write("weights ─ σ", at: inside.origin, ink: .text, attributes: .bold)
      grid.highlight(inside.row(0))
      Heatmap(values: [-1, 0, 0.5, 1], rows: 2, columns: 2, scale: .diverging(limit: 1)).draw(
        in: Rect(1, 2, 6, 3), on: &grid)
      grid.write("⣿⡇░▒▓█▄", at: Point(10, 3), ink: .series(1))
    }
  }

  @Test(
    "the same frame gives the same bytes, in either theme other ones",
    arguments: Picture.Format.allCases)
  func deterministic(format: Picture.Format) throws {
    let dark = try Picture(sample, theme: Theme.dark).bytes(as: format)
    #expect(try Picture(sample, theme: Theme.dark).bytes(as: format) == dark)
    let light = try Picture(sample, theme: .light).bytes(as: format)
    #expect((light == dark) == (format == .txt))
  }

  @Test("a PNG has ten by twenty pixels a cell")
  func size() throws {
    let bytes = try Picture(sample, theme: Theme.dark).png()
    #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
    func number(_ start: Int) -> Int { bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
    #expect(number(16) == 240)
    #expect(number(20) == 120)
  }

  @Test("an SVG is well formed and has letters as text, areas and lines as shapes")
  func vectors() throws {
    let svg = Picture(sample, theme: Theme.dark).svg
    let parser = XMLCheck()
    #expect(parser.accepts(svg))
    #expect(svg.contains(">∂L/∂W &lt;&amp;&gt;</text>"))
    #expect(svg.contains("font-weight=\"bold\""))
    #expect(svg.contains("fill=\"#38a8ff\""), "the strongest positive value")
    #expect(svg.contains("<circle"))
    #expect(svg.contains("<path"))
    for drawn in "─│╭█▄⣿░" { #expect(!svg.contains(drawn), "\(drawn) is a shape") }
    #expect(svg.contains("fill=\"#2a3550\""), "the chosen row")
  }

  @Test("a text is the characters")
  func text() {
    let grid = grid { $0.write("ab ─ é", at: Point(1, 1), ink: .text) }
    #expect(Picture(grid, theme: Theme.dark).text == "\n ab ─ é\n\n\n\n\n")
  }

  @Test("frames close: neighbors of a frame touch at the edges of their cells")
  func closed() {
    let grid = grid { _ = $0.box(Rect(0, 0, 4, 3)) }
    let svg = Picture(grid, theme: Theme.dark).svg
    // The upper side runs from the corner's end at 10 to the other corner's at 30, half way down.
    #expect(svg.contains("<rect x=\"14\" y=\"10\" width=\"6\" height=\"1\""))
    #expect(svg.contains("<rect x=\"10\" y=\"10\" width=\"7\" height=\"1\""))
    #expect(svg.contains("M10 10.5 Q5.5 10.5 5.5 15 V20"))
  }
}

/// Whether a text is well-formed XML of one element: tags that close, no bare `<` or `&`.
private final class XMLCheck {
  func accepts(_ text: String) -> Bool {
    var open: [Substring] = []
    var rest = text[...]
    while let start = rest.firstIndex(of: "<") {
      let words = rest[..<start]
      guard !words.contains(">"), !words.contains("&") || words.contains("&lt;") else {
        return false
      }
      guard let end = rest[start...].firstIndex(of: ">") else { return false }
      let tag = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      if tag.hasSuffix("/") { continue }
      if tag.hasPrefix("/") {
        guard open.popLast() == tag.dropFirst() else { return false }
      } else {
        open.append(tag.prefix { $0 != " " })
      }
    }
    return open.isEmpty
  }

  @Test("a mark over a letter is drawn in every format", arguments: Picture.Format.allCases)
  func marks(format: Picture.Format) throws {
    func picture(_ text: String) -> Picture {
      var grid = CellGrid(size: Size(4, 1))
      grid.write(text, at: Point(0, 0), ink: .text)
      return Picture(grid, theme: Theme.dark)
    }
    let (plain, marked) = (picture("m"), picture("m\u{302}"))
    let bytes = try marked.bytes(as: format)
    #expect(bytes != (try plain.bytes(as: format)))
    if format != .png { #expect(String(decoding: bytes, as: UTF8.self).contains("m\u{302}")) }
  }
}
