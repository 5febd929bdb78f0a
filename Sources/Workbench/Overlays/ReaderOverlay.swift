import TerminalGraphics

/// Lines to read, to scroll, to search and to copy.
package struct Reader: Sendable {
  package var title: String
  package var lines: [String]
  package var first = 0
  /// The lesson that Enter opens.
  var lesson: String?
  /// What is searched for; nil when nothing is.
  var search: LineEditor?
  var isTyping = false
  /// The line that was found last.
  var found: Int?

  /// The lines before any was wrapped.
  let text: [String]

  package init(_ title: String, _ lines: [String]) {
    self.title = title
    self.lines = lines
    text = lines
  }

  /// The same with every line whole in a width, in characters that the terminal has: a row of a matrix
  /// goes on below, indented.
  func wrapped(to width: Int, for glyphs: Ability.Glyphs) -> Reader {
    var reader = self
    reader.lines = text.flatMap { line -> [String] in
      let line = Spelling.text(line, for: glyphs)
      guard TextWidth.columns(line) > width else { return [line] }
      return StyledText(line).wrapped(to: max(8, width - 2)).enumerated().map {
        $0.offset == 0 ? $0.element.plain : "  " + $0.element.plain
      }
    }
    return reader
  }

  var matches: [Int] {
    guard let text = search?.text.lowercased(), !text.isEmpty else { return [] }
    return lines.indices.filter { lines[$0].lowercased().contains(text) }
  }

  var hints: StyledText {
    if isTyping {
      return .joined([.hint("Enter", "keep it"), .hint("↑↓", "previous, next")])
    }
    let search: StyledText = search == nil ? .hint("/", "search") : .hint("n N", "next, previous")
    let opening = lesson == nil ? [] : [StyledText.hint("Enter", "the lesson")]
    return .joined(opening + [.hint("↑↓", "scroll"), search, .hint("y", "copy")])
  }
}

/// A text over the screen.
enum ReaderOverlay {
  /// The text as wide as the window lets it be.
  private static func fitted(_ reader: Reader, _ state: AppState) -> Reader {
    reader.wrapped(to: state.size.width - 8, for: state.ability.glyphs)
  }

  private static func area(_ reader: Reader, _ state: AppState) -> Rect {
    let widest = reader.lines.map { TextWidth.columns($0) }.max() ?? 0
    let width = min(state.size.width - 4, max(widest + 4, reader.title.count + 8, 34))
    return state.body.centered(Size(width, min(state.body.height, reader.lines.count + 2)))
  }

  static func draw(_ reader: Reader, _ state: AppState, on grid: inout CellGrid) {
    let reader = fitted(reader, state)
    let area = area(reader, state)
    grid.fill(area, background: .bar)
    let shown = area.height - 2
    let inside = grid.box(
      area, title: reader.title, note: note(reader), isFocused: true,
      scroll: ScrollPosition(first: reader.first, shown: shown, total: reader.lines.count))
    for row in 0..<min(inside.height, reader.lines.count - reader.first) {
      grid.write(
        styled(reader.first + row, reader).truncated(to: inside.width - 2),
        at: Point(inside.x + 1, inside.y + row))
    }
    grid.mark(area, .inside)
    let current = reader.found.map { inside.y + $0 - reader.first }
    SearchMarks.mark(reader.search?.text ?? "", in: inside, current: current ?? -1, on: &grid)
  }

  /// A line in the colors that words and keys have elsewhere, where it says what one looks at.
  private static func styled(_ place: Int, _ reader: Reader) -> StyledText {
    let line = reader.lines[place]
    guard reader.lesson != nil, let heading = reader.lines.firstIndex(of: "Words") else {
      return reader.lesson == nil ? .text(line) : keyed(line)
    }
    let end = reader.lines[heading...].firstIndex(of: "") ?? reader.lines.count
    if place == heading { return .accent(line) }
    guard (heading..<end).contains(place) else { return keyed(line) }
    guard let colon = line.firstRange(of: ": ") else { return .secondary(line) }
    return StyledText(String(line[..<colon.lowerBound]), .series(0))
      + .secondary(String(line[colon.lowerBound...]))
  }

  /// A line with its keys in their color.
  private static func keyed(_ line: String) -> StyledText {
    for key in ["Enter", "Esc"] {
      guard let found = line.firstRange(of: key + " ") else { continue }
      return .text(String(line[..<found.lowerBound])) + .key(key)
        + .text(String(line[found.lowerBound...].dropFirst(key.count)))
    }
    return .text(line)
  }

  private static func note(_ reader: Reader) -> StyledText {
    guard let search = reader.search else { return StyledText() }
    let matches = reader.matches
    let place = reader.found.flatMap { matches.firstIndex(of: $0) }
    let count: StyledText =
      search.isEmpty
      ? StyledText()
      : matches.isEmpty
        ? .warning(" nothing has it") : .secondary(" \((place ?? 0) + 1) of \(matches.count)")
    return .accent("/") + .strong(reader.isTyping ? search.shown(width: 20) : search.text) + count
  }

  static func press(_ stroke: KeyStroke, _ reader: Reader, _ state: inout AppState) -> [Effect] {
    var reader = fitted(reader, state)
    let shown = max(1, area(reader, state).height - 2)
    let last = max(0, reader.lines.count - shown)
    if reader.isTyping {
      type(stroke, &reader)
    } else {
      switch stroke.key {
      case .character("/"): (reader.search, reader.isTyping) = (LineEditor(), true)
      case .character("n") where reader.search != nil: move(by: 1, &reader)
      case .character("N") where reader.search != nil: move(by: -1, &reader)
      case .character("y"): return [.copy(reader.text.joined(separator: "\n"))]
      case .enter where reader.lesson != nil:
        state.overlay = nil
        return reader.lesson.map { state.openLessonAside($0) } ?? []
      case .enter, .character("q"), .character("e"):
        state.overlay = nil
        return []
      // Nothing to be scrolled: the keys mean what they mean below.
      case _ where last == 0: return leave(stroke, &state)
      case .up, .character("k"): reader.first -= 1
      case .down, .character("j"): reader.first += 1
      case .pageUp: reader.first -= shown
      case .pageDown, .character(" "): reader.first += shown
      case .home: reader.first = 0
      case .end: reader.first = last
      default: return leave(stroke, &state)
      }
    }
    let isSearching = reader.isTyping || [.character("n"), .character("N")].contains(stroke.key)
    // What was found stands in sight.
    if isSearching, let found = reader.found, !(reader.first..<reader.first + shown).contains(found)
    {
      reader.first = found - shown / 3
    }
    reader.first = max(0, min(reader.first, last))
    state.overlay = .reader(reader)
    return []
  }

  /// A key that is not the text's own closes it, and does what it does.
  private static func leave(_ stroke: KeyStroke, _ state: inout AppState) -> [Effect] {
    state.overlay = nil
    return state.press(stroke)
  }

  private static func type(_ stroke: KeyStroke, _ reader: inout Reader) {
    switch stroke.key {
    case .enter:
      reader.isTyping = false
      if reader.search?.isEmpty ?? true { reader.search = nil }
    case .up: move(by: -1, &reader)
    case .down: move(by: 1, &reader)
    default:
      guard reader.search?.press(stroke) ?? false else { return }
      let matches = reader.matches
      reader.found = matches.first { $0 >= reader.first } ?? matches.first
    }
  }

  /// To the next or the previous line that has it, around the ends.
  private static func move(by places: Int, _ reader: inout Reader) {
    let matches = reader.matches
    let here = reader.found ?? reader.first
    reader.found =
      places > 0
      ? matches.first { $0 > here } ?? matches.first : matches.last { $0 < here } ?? matches.last
  }
}
