import TerminalGraphics

/// What a screen says, in words and numbers and in reading order: made of the same frames, so that
/// every screen has it without doing anything for it.
package enum PlainReading {
  /// A frame or a panel in lines.
  package struct Section: Equatable, Sendable {
    package var title: String
    package var lines: [String]

    /// The title as a sentence, then the lines.
    package var all: [String] { (title.isEmpty ? [] : [title + "."]) + lines }
  }

  /// The frame one reads is larger than any window, so that lists need no scrolling.
  static let size = Size(160, 60)
  private static let zoomedSize = Size(120, 160)

  /// A panel by its name, also one that has given way to another.
  ///
  /// - isFull: whether pictures say all their numbers.
  package static func panel(_ id: String, _ state: AppState, isFull: Bool = true) -> Section {
    var shown = bare(state)
    shown.focus[state.screen] = id
    shown.isZoomed = true
    shown.size = zoomedSize
    return section(in: shown.body, of: shown.frame(), isFull: isFull)
  }

  /// All panels of the screen, in the order of Tab.
  package static func screen(_ state: AppState) -> [Section] {
    let shown = bare(state)
    let grid = shown.frame()
    return shown.panels.map { panel in
      panel.area.isEmpty ? self.panel(panel.id, state) : section(in: panel.area, of: grid)
    }
  }

  /// What lies over the screen; nil when nothing does.
  package static func overlay(_ state: AppState) -> Section? {
    var shown = state
    shown.messages.hide()
    if state.overlay == nil {
      guard state.tour != nil else { return nil }
      return section(in: TourPanel.area(shown), of: shown.frame())
    }
    var grid = shown.frame()
    // The screen below is dimmed: only what is not belongs to the overlay.
    grid.restyle(shown.body) { cell in
      if cell.foreground == .faint, cell.attributes == .dim { cell = .blank }
    }
    let lines = lines(in: shown.body, of: grid)
    return Section(title: lines.first ?? "", lines: Array(lines.dropFirst()))
  }

  private static func bare(_ state: AppState) -> AppState {
    var shown = state
    shown.overlay = nil
    shown.messages.hide()
    shown.field = nil
    shown.tour = nil
    return shown
  }

  /// A framed area: its upper border holds the title, its lower one a note.
  private static func section(
    in area: Rect, of grid: CellGrid, isFull: Bool = false
  ) -> Section {
    let title = line(area.row(0), of: grid)
    let inside = area.trimmed(top: 1, bottom: 1)
    let note = line(area.row(-1), of: grid)
    return Section(
      title: title,
      lines: lines(in: inside, of: grid, isFull: isFull) + (note.isEmpty ? [] : [note]))
  }

  private static func lines(
    in area: Rect, of grid: CellGrid, isFull: Bool = false
  ) -> [String] {
    (0..<area.height).flatMap { row -> [String] in
      let said = grid.spoken.filter {
        $0.area.y == area.y + row && area.contains($0.area.origin)
      }
      let text = line(area.row(row), of: grid)
      return (text.isEmpty ? [] : [text]) + said.flatMap { $0.lines + (isFull ? $0.numbers : []) }
    }
  }
}

extension PlainReading {
  /// A row of cells in words: no frames, no shades; what stands apart is parted by commas.
  private static func line(_ row: Rect, of grid: CellGrid) -> String {
    let cells = (row.x..<row.right).compactMap { grid[Point($0, row.y)] }
    var text = ""
    var gap = 0
    for (place, cell) in cells.enumerated() {
      let next = cells.dropFirst(place + 1).prefix(6).first { $0.scalar != " " }?.scalar ?? " "
      let word = word(for: cell.scalar, isFirst: text.isEmpty, next: next)
      guard !word.isEmpty else {
        if cell.scalar != Cell.continuation { gap += 1 }
        continue
      }
      if !text.isEmpty, gap > 0 || word == chosen {
        text += isApart(text, gap, word) ? ", " : " "
      }
      gap = 0
      text += word
      for mark in cell.marks.scalars { text.unicodeScalars.append(mark) }
    }
    text = text.replacing(" · ", with: ", ")
    guard text.contains(where: { $0.isLetter || $0.isNumber }) else { return "" }
    let isChosen = 2 * cells.count(where: { $0.background == .selection }) > cells.count
    return isChosen && !text.hasPrefix(">") ? "> " + text : text
  }

  private static let chosen = "chosen "

  /// Two blanks part things, and one parts the numbers of a narrow column.
  private static func isApart(_ text: String, _ gap: Int, _ next: String) -> Bool {
    guard let last = text.last, last != ",", last != ">" else { return false }
    let isNegative = next == "-" && last.isNumber
    return gap > 1 || next == chosen || isNegative
  }

  /// What stands for a character; empty for what only draws.
  private static func word(
    for scalar: Unicode.Scalar, isFirst: Bool, next: Unicode.Scalar
  ) -> String {
    switch scalar {
    case " ", Cell.continuation: ""
    case "\u{2500}"..."\u{259F}", "\u{2800}"..."\u{28FF}": ""
    case "▶" where isFirst: ">"
    case "▶" where "-−.0123456789".unicodeScalars.contains(next): chosen
    case "●": "*"
    case "○": "o"
    case "▶", "◀", "▲", "▼", "◆", "■", "□", "◇": ""
    case "−": "-"
    default: String(Character(scalar))
    }
  }
}
