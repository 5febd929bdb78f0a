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
    let all = balanced(StyledText(text), width: area.width - 4)
    let lines = Array(all.prefix(max(1, min(Self.mostRows, area.height / 2))))
    guard area.height > 0, let widest = lines.map(\.width).max() else { return }
    let rows = Rect(area.x, area.bottom - lines.count, area.width, lines.count)
    let place = rows.centered(Size(widest + 4, lines.count))
    grid.fill(place)
    for y in place.y..<place.bottom { Self.clearRests(ofRow: y, beside: place, on: &grid) }
    for (i, line) in lines.enumerated() {
      let end = i == lines.count - 1 && all.count > lines.count ? "…" : " "
      let padding = String(repeating: " ", count: widest - line.width)
      grid.write(
        " " + (i == 0 ? kind.mark : " ") + " " + line + StyledText(end + padding),
        at: Point(place.x, place.y + i), background: .selection)
    }
  }

  /// In as few lines as a width has room for, all about as long: none has a single word.
  private func balanced(_ text: StyledText, width: Int) -> [StyledText] {
    let widest = text.wrapped(to: width)
    guard widest.count > 1, widest.count <= Self.mostRows else { return widest }
    let least = max(1, text.width / widest.count)
    return (least..<max(least + 1, width)).lazy.map { text.wrapped(to: $0) }
      .first { $0.count == widest.count } ?? widest
  }

  /// What the message leaves of a word beside it, or of a text in a border, goes too: it would be read
  /// on from the message.
  private static func clearRests(ofRow y: Int, beside place: Rect, on grid: inout CellGrid) {
    for (start, step) in [(place.x - 1, -1), (place.right, 1)] {
      func cell(_ x: Int) -> Cell? { grid[Point(x, y)] }
      func isLine(_ x: Int) -> Bool {
        cell(x).map { "─╰╯╭╮-".unicodeScalars.contains($0.scalar) } ?? false
      }
      var end = start
      while cell(end) != nil, abs(end - start) < longestNote, !isLine(end) { end += step }
      if isLine(end), isLine(end + step) || cell(end + step) == nil,
        let line = cell(end + step) ?? cell(end)
      {
        let scalar: Unicode.Scalar = grid.ability.glyphs == .ascii ? "-" : "─"
        for x in stride(from: start, to: end, by: step) {
          grid.put(scalar, at: Point(x, y), ink: line.foreground, background: line.background)
        }
      } else {
        var x = start
        while let rest = cell(x), rest.scalar != " ", !"│|".unicodeScalars.contains(rest.scalar) {
          grid.put(" ", at: Point(x, y), background: rest.background)
          x += step
        }
      }
    }
  }

  /// Cells that a text in a border takes at most.
  private static let longestNote = 40
}
