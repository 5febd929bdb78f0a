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

  /// Draws it in the middle of `area`'s last row; the cursor stays where it is.
  package func draw(in area: Rect, on grid: inout CellGrid) {
    let line = (" " + kind.mark + " " + StyledText(text)).truncated(to: area.width - 1) + " "
    let row = area.row(-1)
    guard row.height > 0 else { return }
    let place = row.centered(Size(line.width, 1))
    grid.fill(place)
    grid.write(line, at: place.origin, background: .selection)
  }
}
