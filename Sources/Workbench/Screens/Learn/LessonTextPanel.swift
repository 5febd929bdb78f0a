import Lessons
import TerminalGraphics
import Training

/// The text of the page, with its pages below.
enum LessonTextPanel {
  static func lines(_ state: AppState, width: Int) -> [StyledText] {
    marked(state, width: width).lines
  }

  /// The lines, with the words that the lesson explains marked where they come first.
  static func marked(_ state: AppState, width: Int) -> TermMarks {
    guard let page = state.learn.page, let place = state.learn.place else {
      return TermMarks([], terms: [])
    }
    let text = state.lessonText(width: width)
    let blocks = place.visibleBlocks(of: page)
    let note: StyledText =
      text.keepsBack(blocks)
      ? .accent("?")
        + .secondary(" is a number that this page asks for: it shows once it is answered.")
      : StyledText()
    let lines =
      text.lines(page, blocks) + (note.isEmpty ? [] : note.wrapped(to: width))
      + whereToLook(state, width: width)
    return TermMarks(
      lines, terms: state.learn.lesson?.glossary.map(\.term) ?? [], chosen: state.learn.term)
  }

  /// Where the page's panel is, when it is lit elsewhere.
  private static func whereToLook(_ state: AppState, width: Int) -> [StyledText] {
    guard let lit = state.litPanel else { return [] }
    let key = KeyStroke(lit.screen.digit)
    let panel: StyledText =
      state.titleOfLitPanel.map { .secondary(", the panel ") + .accent("◆ " + $0) }
      ?? .secondary(", the panel with the mark ") + .accent("◆")
    return
      (StyledText.secondary("Look there: ")
      + StyledText.hint("\(lit.screen.digit)", lit.screen.title)
      .pressing(key) + panel + .secondary("; 2 comes back here.")).wrapped(to: width)
  }

  /// The lines that show at once.
  static func shown(_ area: Rect) -> Int { max(1, area.height - 2 - foot(area) - top(area)) }

  /// Air between the border and the page's title, where there is room for it.
  private static func top(_ area: Rect) -> Int { foot(area) > 0 ? 1 : 0 }

  /// The lines at the foot: a rule and the pages; more keys where there is room. A small panel has the
  /// pages in its border.
  private static func foot(_ area: Rect) -> Int {
    area.height >= 30 ? 3 : area.height >= 26 ? 2 : 0
  }

  static func draw(_ state: AppState, _ area: Rect, _ isFocused: Bool, on grid: inout CellGrid) {
    guard let lesson = state.learn.lesson, let place = state.learn.place else { return }
    let marked = marked(state, width: area.width - 5)
    let shown = shown(area)
    let first = max(0, min(state.learn.scroll, marked.lines.count - shown))
    let inside = grid.box(
      area, title: "\(lesson.number) · \(lesson.title)",
      detail: foot(area) == 0
        ? PageStrip.text(lesson, place)
        : .secondary("page \(place.page + 1) of \(lesson.pages.count)"),
      isFocused: isFocused,
      scroll: ScrollPosition(first: first, shown: shown, total: marked.lines.count))
    for (row, line) in marked.lines.dropFirst(first).prefix(shown).enumerated() {
      let point = Point(inside.x + 2, inside.y + top(area) + row)
      grid.write(line, at: point)
      if let chosen = marked.chosenPlace, chosen.line == first + row {
        grid.point(at: Rect(point.x + chosen.column, point.y, chosen.width, 1))
      }
    }
    guard foot(area) > 0 else { return }
    drawFoot(state, lesson, place, inside, height: foot(area), on: &grid)
  }

  private static func drawFoot(
    _ state: AppState, _ lesson: Lesson, _ place: LessonProgress, _ inside: Rect, height: Int,
    on grid: inout CellGrid
  ) {
    grid.rule(in: inside, row: inside.height - height)
    let width = inside.width - 3
    let keys: StyledText =
      .hint("PgUp", "back") + " " + .hint("PgDn", state.hasTextBelow ? "read on" : "next")
    let strip = .secondary("pages  ") + PageStrip.text(lesson, place)
    let isWide = strip.width + 4 + keys.width <= width
    let y = inside.bottom - height + 1
    grid.write(isWide ? strip + "    " + keys : strip, at: Point(inside.x + 2, y), width: width)
    guard height > 2 else { return }
    let ways: [StyledText] = [
      state.learn.isTaskOpen ? .hint("s", "skip this task") : StyledText(),
      state.learn.page?.sandbox == nil ? StyledText() : .hint("S", "sandbox"),
      .hint("r", "set the run anew"), .hint("W", "all words"),
    ]
    let line = ways.filter { !$0.isEmpty }.reduce(into: isWide ? StyledText() : keys) {
      if $0.width + $1.width + 3 <= width { $0 += ($0.isEmpty ? "" : "   ") + $1 }
    }
    grid.write(line, at: Point(inside.x + 2, y + 1), width: width)
  }
}

/// The pages of a lesson as marks: done, skipped, current, to come.
enum PageStrip {
  static func text(_ lesson: Lesson, _ place: LessonProgress) -> StyledText {
    let skipped = place.skippedPages(of: lesson)
    let marks = lesson.pages.indices.map { page -> StyledText in
      if page == place.page { return .accent("◆") }
      if place.isDone(page: page, of: lesson) { return .good("●") }
      return skipped.contains(page) ? .warning("◇") : .secondary("○")
    }
    return .joined(marks, separator: " ")
  }
}

/// The lines of a page with the words in them that have a meaning to be looked up.
struct TermMarks {
  /// A word in its line.
  struct Place: Hashable {
    let term: String
    let line: Int
    /// The first character and how many.
    let first: Int
    let count: Int
    /// The columns they take.
    let column: Int
    let width: Int
  }

  private(set) var lines: [StyledText]
  /// From above; each word once, where it comes first.
  private(set) var places: [Place] = []
  let chosenPlace: Place?

  init(_ lines: [StyledText], terms: [String], chosen: Int? = nil) {
    self.lines = lines
    var left = terms.sorted { $0.count > $1.count }
    for (row, line) in lines.enumerated() where !left.isEmpty {
      let plain = line.plain.lowercased()
      var found: [Place] = []
      left.removeAll { term in
        guard let place = Self.place(of: term, in: plain, row: row),
          !found.contains(where: {
            $0.column < place.column + place.width
              && place.column < $0.column + $0.width
          })
        else { return false }
        found.append(place)
        return true
      }
      places += found.sorted { $0.column < $1.column }
    }
    let all = places
    let number = chosen.map { max(0, min($0, all.count - 1)) }
    chosenPlace = number.flatMap { all.indices.contains($0) ? all[$0] : nil }
    for place in all {
      let isChosen = place == chosenPlace
      self.lines[place.line] = self.lines[place.line].restyled(place.first, place.count) { run in
        run.ink = isChosen ? .accent : .series(0)
        run.attributes.insert(.underline)
        if isChosen { run.attributes.formUnion([.bold, .reverse]) }
      }
    }
  }

  /// Where a word stands whole in a line; its plural counts.
  private static func place(of term: String, in line: String, row: Int) -> Place? {
    let wanted = Array(term.lowercased())
    let letters = Array(line)
    guard !wanted.isEmpty, letters.count >= wanted.count else { return nil }
    func isWord(_ place: Int) -> Bool {
      letters.indices.contains(place) && (letters[place].isLetter || letters[place].isNumber)
    }
    for start in 0...(letters.count - wanted.count)
    where letters[start..<start + wanted.count].elementsEqual(wanted) {
      let end = start + wanted.count
      let isPlural = letters.indices.contains(end) && letters[end] == "s" && !isWord(end + 1)
      guard !isWord(start - 1), !isWord(end) || isPlural else { continue }
      let before = TextWidth.columns(String(letters[..<start]))
      return Place(
        term: term, line: row, first: start, count: wanted.count, column: before,
        width: TextWidth.columns(String(letters[start..<end])))
    }
    return nil
  }
}

extension StyledText {
  /// The same text with some of its characters otherwise.
  fileprivate func restyled(
    _ start: Int, _ count: Int, _ change: (inout Run) -> Void
  ) -> StyledText {
    var place = 0
    var parts: [Run] = []
    for run in runs {
      let letters = Array(run.text)
      let cuts = [0, start - place, start + count - place, letters.count].map {
        max(0, min(letters.count, $0))
      }
      for (from, to) in zip(cuts, cuts.dropFirst()) where from < to {
        var part = run
        part.text = String(letters[from..<to])
        if place + from >= start, place + from < start + count { change(&part) }
        parts.append(part)
      }
      place += letters.count
    }
    return StyledText(runs: parts)
  }
}
