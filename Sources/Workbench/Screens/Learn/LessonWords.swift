import Lessons
import TerminalGraphics

// The words that lessons explain: in the text, in their own panel, and all of them.

extension AppState {
  /// The words of the lesson that come on this page; where none does, those of the course.
  var wordsHere: [GlossaryEntry] {
    guard let lesson = learn.lesson else { return [] }
    let lines = LessonTextPanel.lines(self, width: 400)
    func here(_ entries: [GlossaryEntry]) -> [GlossaryEntry] {
      let found = Set(TermMarks(lines, terms: entries.map(\.term)).places.map(\.term))
      var seen: Set<String> = []
      return entries.filter { found.contains($0.term) && seen.insert($0.term).inserted }
    }
    let own = here(lesson.glossary)
    return own.isEmpty ? here(learn.lessons.flatMap(\.glossary)) : own
  }

  /// What the list of words has: those of the page, else those of the lesson.
  var wordsOfPage: [GlossaryEntry] {
    let here = wordsHere
    return here.isEmpty ? learn.lesson?.glossary ?? [] : here
  }

  /// What a word means, in letters that the terminal has.
  func meaning(of entry: GlossaryEntry) -> String {
    Spelling.text(entry.meaning, for: ability.glyphs)
  }

  /// The word in the text that the cursor is on.
  var chosenTerm: String? {
    guard learn.term != nil, let area = panels.first(where: { $0.id == "text" })?.area else {
      return nil
    }
    return LessonTextPanel.marked(self, width: area.width - 5).chosenPlace?.term
  }

  /// To the next word of the text that has a meaning, or the one before; scrolls to it.
  mutating func moveTerm(by places: Int) -> [Effect] {
    guard let area = panels.first(where: { $0.id == "text" })?.area else { return [] }
    let marked = LessonTextPanel.marked(self, width: area.width - 5)
    let shown = LessonTextPanel.shown(area)
    guard !marked.places.isEmpty else {
      say("no word of this page is in the list of words")
      return []
    }
    let seen = marked.places.firstIndex { $0.line >= learn.scroll } ?? 0
    let next = learn.term.map { $0 + places } ?? seen
    learn.term = max(0, min(next, marked.places.count - 1))
    let line = marked.places[learn.term ?? 0].line
    if line < learn.scroll || line >= learn.scroll + shown {
      learn.scroll = max(0, min(line - shown / 3, marked.lines.count - shown))
    }
    return []
  }

  /// Says what a word means, and which lessons explain it.
  mutating func explain(_ term: String) {
    let named = learn.lessons.filter { lesson in
      lesson.glossary.contains { $0.term.lowercased() == term.lowercased() }
    }
    let entries = (learn.lesson.map { [$0] } ?? []) + named
    guard
      let entry = entries.lazy.flatMap(\.glossary).first(where: {
        $0.term.lowercased() == term.lowercased()
      })
    else { return }
    let width = max(20, min(64, size.width - 10))
    var lines = StyledText.text(meaning(of: entry)).wrapped(to: width).map(\.plain)
    let others = named.map { "\($0.number) \($0.title)" }
    if !others.isEmpty {
      lines += [""]
      lines += StyledText.text("in lesson " + others.joined(separator: ", ")).wrapped(to: width)
        .map(\.plain)
    }
    overlay = .reader(Reader(entry.term, lines))
  }

  /// Every word that lessons explain, in the order of the alphabet.
  var allWords: Reader {
    let entries = learn.lessons.flatMap(\.glossary)
    let column = min(28, entries.map { TextWidth.columns($0.term) }.max() ?? 0)
    let room = max(20, min(70, size.width - column - 10))
    var seen: Set<String> = []
    let sorted = entries.filter { seen.insert($0.term.lowercased() + $0.meaning).inserted }
      .sorted { $0.term.lowercased() < $1.term.lowercased() }
    let lines = sorted.flatMap { entry -> [String] in
      let meaning = StyledText.text(meaning(of: entry)).wrapped(to: room).map(\.plain)
      return meaning.enumerated().map { row, line in
        let term = row == 0 ? entry.term : ""
        let blanks = max(0, column - TextWidth.columns(term)) + 2
        return term + String(repeating: " ", count: blanks) + line
      }
    }
    return Reader("Words of the lessons", lines)
  }
}

/// What the words of the page mean.
enum GlossaryPanel {
  /// A word and its meaning, each in the lines of its column.
  private struct Entry {
    let term: [StyledText]
    let meaning: [StyledText]
    var height: Int { max(term.count, meaning.count) }
  }

  /// Columns of a panel's words; a longer one goes on in a second line.
  private static func termWidth(_ entries: [GlossaryEntry]) -> Int {
    min(16, entries.map { TextWidth.columns($0.term) }.max() ?? 0)
  }

  /// All words as they stand in a panel of a width.
  private static func entries(_ state: AppState, width: Int) -> [Entry] {
    let entries = state.wordsOfPage
    let column = termWidth(entries)
    return entries.map { entry in
      Entry(
        term: StyledText(entry.term, .series(0)).wrapped(to: column),
        meaning: StyledText.secondary(state.meaning(of: entry))
          .wrapped(to: max(8, width - 4 - column - 2)))
    }
  }

  /// The rows that all words take, with the frame; 0 where there are none.
  static func height(_ state: AppState, width: Int) -> Int {
    let entries = entries(state, width: width)
    return entries.isEmpty ? 0 : entries.reduce(2) { $0 + $1.height }
  }

  /// Those that show in some rows: whole, and the chosen one among them.
  private static func shown(_ entries: [Entry], _ chosen: Int, rows: Int) -> Range<Int> {
    var first = 0
    while first < chosen,
      entries[first...min(chosen, entries.count - 1)].reduce(0, { $0 + $1.height }) > rows
    {
      first += 1
    }
    var (end, left) = (first, rows)
    while end < entries.count, entries[end].height <= left {
      left -= entries[end].height
      end += 1
    }
    return first..<max(end, min(first + 1, entries.count))
  }

  static func draw(_ state: AppState, _ area: Rect, _ isFocused: Bool, on grid: inout CellGrid) {
    let entries = entries(state, width: area.width)
    let chosen = max(0, min(state.learn.word.index, entries.count - 1))
    let shown = shown(entries, chosen, rows: max(1, area.height - 2))
    let inside = grid.box(
      area, title: state.wordsHere.isEmpty ? "Words of this lesson" : "Words on this page",
      detail: isFocused
        ? .accent("Enter") + .secondary(" more") : .accent("W") + .secondary(" all"),
      isFocused: isFocused,
      scroll: ScrollPosition(first: shown.lowerBound, shown: shown.count, total: entries.count)
    ).inset(columns: 1, rows: 0)
    let column = termWidth(state.wordsOfPage)
    var y = inside.y
    for place in shown {
      if isFocused, place == chosen {
        let row = Rect(inside.x - 1, y, inside.width + 2, 1)
        grid.highlight(row)
        grid.point(at: row)
      }
      let entry = entries[place]
      for row in 0..<entry.height where y < inside.bottom {
        if row < entry.term.count { grid.write(entry.term[row], at: Point(inside.x, y)) }
        if row < entry.meaning.count {
          grid.write(entry.meaning[row], at: Point(inside.x + column + 2, y))
        }
        y += 1
      }
    }
  }
}
