/// A message that stands above the last line for a while.
package struct Toast: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case news, good, warning, bad

    /// The sign before the words.
    package var sign: String {
      switch self {
      case .news: "◆"
      case .good: "●"
      case .warning: "▲"
      case .bad: "×"
      }
    }

    private var ink: Ink {
      switch self {
      case .news: .accent
      case .good: .good
      case .warning: .warning
      case .bad: .bad
      }
    }

    fileprivate var mark: StyledText { StyledText(sign, ink, self == .news ? .bold : []) }
  }

  package var text: String
  package var kind: Kind

  package init(_ text: String, _ kind: Kind = .news) {
    self.text = text
    self.kind = kind
  }

  /// Rows that it takes at most: what was found and what would be right have room in the smallest
  /// window.
  private static let mostRows = 6

  /// Draws it in the middle of `area`'s last row, of its last rows where it is long; the cursor stays
  /// where it is.
  package func draw(in area: Rect, on grid: inout CellGrid) {
    let all = StyledText(text).wrapped(to: area.width - 4)
    let lines = Array(all.prefix(max(1, min(Self.mostRows, area.height / 2))))
    guard area.height > 0, let widest = lines.map(\.width).max() else { return }
    let rows = Rect(area.x, area.bottom - lines.count, area.width, lines.count)
    let place = rows.centered(Size(widest + 4, lines.count))
    grid.fill(place)
    for (i, line) in lines.enumerated() {
      let end = i == lines.count - 1 && all.count > lines.count ? "…" : " "
      let padding = String(repeating: " ", count: widest - line.width)
      grid.write(
        " " + (i == 0 ? kind.mark : " ") + " " + line + StyledText(end + padding),
        at: Point(place.x, place.y + i), background: .selection)
    }
  }
}
