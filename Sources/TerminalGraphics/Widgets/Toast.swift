/// A message that stands above the last line for a while.
package struct Toast: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case news, good, warning, bad
  }

  package var text: String
  package var kind: Kind

  package init(_ text: String, _ kind: Kind = .news) {
    self.text = text
    self.kind = kind
  }

  /// Draws it in the middle of `area`'s last row.
  package func draw(in area: Rect, on grid: inout CellGrid) {
    let mark: StyledText
    switch kind {
    case .news: mark = .accent("◆")
    case .good: mark = .good("●")
    case .warning: mark = .warning("▲")
    case .bad: mark = .bad("×")
    }
    let line = (" " + mark + " " + StyledText(text)).truncated(to: area.width - 1) + " "
    let row = area.row(-1)
    guard row.height > 0 else { return }
    let place = row.centered(Size(line.width, 1))
    grid.fill(place, background: .selection)
    grid.write(line, at: place.origin)
  }
}
