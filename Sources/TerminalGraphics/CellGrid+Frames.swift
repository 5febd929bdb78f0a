/// Which part of a long content a panel shows.
package struct ScrollPosition: Hashable, Sendable {
  /// The first line shown.
  package var first: Int
  /// How many lines are shown.
  package var shown: Int
  /// How many there are.
  package var total: Int

  package init(first: Int, shown: Int, total: Int) {
    self.first = first
    self.shown = shown
    self.total = total
  }

  package var isNeeded: Bool { total > shown && shown > 0 }

  /// `1–15 of 30 ↓`: counted from 1, with an arrow at each side that has more; empty when all shows.
  package var note: StyledText {
    guard isNeeded else { return StyledText() }
    let last = min(total, first + shown)
    let arrows = (first > 0 ? "↑" : "") + (last < total ? "↓" : "")
    return .secondary("\(first + 1)–\(last) of \(total) \(arrows)")
  }

  /// Where the thumb of a scroll bar of `length` cells begins and how long it is.
  package func thumb(in length: Int) -> (start: Int, length: Int) {
    guard isNeeded, length > 0 else { return (0, length) }
    let thumb = min(length, max(1, length * shown / total))
    let hidden = max(1, total - shown)
    let start = ((length - thumb) * min(max(0, first), hidden) + hidden / 2) / hidden
    return (start, thumb)
  }
}

extension CellGrid {
  /// Draws a frame with round corners and returns the area inside it.
  ///
  /// - title: left in the upper border, bold and accented when focused.
  /// - detail: right in the upper border; left out when it has no room besides the title.
  /// - note: right in the lower border.
  /// - scroll: a scroll bar on the right border; its note stands in the lower border unless `note`
  ///   says something else.
  @discardableResult
  package mutating func box(
    _ area: Rect, title: String = "", detail: StyledText = StyledText(),
    note: StyledText = StyledText(), isFocused: Bool = false, scroll: ScrollPosition? = nil
  ) -> Rect {
    guard area.width >= 2, area.height >= 2 else { return Rect(area.x, area.y, 0, 0) }
    let ink: Ink = isFocused ? .accent : .border
    drawFrame(area, ink: ink)
    let titleText = StyledText(title, isFocused ? .accent : .text, isFocused ? .bold : [])
    let titleEnd = writeTitle(titleText, area: area)
    writeOnBorder(detail, y: area.y, from: titleEnd, area: area)
    let scrollNote = scroll?.note ?? StyledText()
    writeOnBorder(
      note.isEmpty ? scrollNote : note, y: area.bottom - 1, from: area.x + 1, area: area)
    if let scroll {
      drawScrollBar(scroll, x: area.right - 1, y: area.y + 1, height: area.height - 2)
    }
    return area.inset()
  }

  /// Draws the four sides and corners alone.
  package mutating func drawFrame(_ area: Rect, ink: Ink) {
    guard area.width >= 2, area.height >= 2 else { return }
    for x in area.x + 1..<area.right - 1 {
      put("─", at: Point(x, area.y), ink: ink)
      put("─", at: Point(x, area.bottom - 1), ink: ink)
    }
    for y in area.y + 1..<area.bottom - 1 {
      put("│", at: Point(area.x, y), ink: ink)
      put("│", at: Point(area.right - 1, y), ink: ink)
    }
    put("╭", at: Point(area.x, area.y), ink: ink)
    put("╮", at: Point(area.right - 1, area.y), ink: ink)
    put("╰", at: Point(area.x, area.bottom - 1), ink: ink)
    put("╯", at: Point(area.right - 1, area.bottom - 1), ink: ink)
  }

  /// Returns the first column after the title.
  private mutating func writeTitle(_ title: StyledText, area: Rect) -> Int {
    let room = area.width - 6
    guard !title.isEmpty, room > 0 else { return area.x + 1 }
    let padded = " " + title.spelled(for: ability.glyphs).truncated(to: room) + " "
    return area.x + 2 + write(padded, at: Point(area.x + 2, area.y))
  }

  /// Writes at the right end of a border, when there is room from column `start` on.
  private mutating func writeOnBorder(_ text: StyledText, y: Int, from start: Int, area: Rect) {
    let room = area.right - 2 - start - 3
    let text = text.spelled(for: ability.glyphs)
    guard !text.isEmpty, room >= min(text.width, 6) else { return }
    let padded = " " + text.inkedWherePlain(.secondary).truncated(to: room) + " "
    write(padded, at: Point(area.right - 2 - padded.width, y))
  }

  /// Draws a scroll bar down from (`x`, `y`), over the border; nothing when all shows.
  package mutating func drawScrollBar(_ scroll: ScrollPosition, x: Int, y: Int, height: Int) {
    guard scroll.isNeeded else { return }
    let thumb = scroll.thumb(in: height)
    for row in thumb.start..<thumb.start + thumb.length {
      put("█", at: Point(x, y + row), ink: .thumb)
    }
  }

  /// Draws `── title ─────` across `area`'s row `row`.
  package mutating func rule(_ title: StyledText = StyledText(), in area: Rect, row: Int = 0) {
    guard row >= 0, row < area.height else { return }
    let y = area.y + row
    for x in area.x..<area.right { put("─", at: Point(x, y), ink: .border) }
    guard !title.isEmpty, area.width > 6 else { return }
    let padded = " " + title.inkedWherePlain(.secondary).truncated(to: area.width - 5) + " "
    write(padded, at: Point(area.x + 2, y))
  }
}

extension StyledText {
  /// Runs in `.text` without attributes, as plain literals are, in another ink.
  package func inkedWherePlain(_ ink: Ink) -> StyledText {
    StyledText(
      runs: runs.map { run in
        run.ink == .text && run.attributes.isEmpty ? run.with { $0.ink = ink } : run
      })
  }
}
