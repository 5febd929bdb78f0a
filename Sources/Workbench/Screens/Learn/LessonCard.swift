import Lessons
import TerminalGraphics

/// What a lesson teaches and how far one has come in it, in as many lines as there are.
struct LessonCard {
  private let summary: LessonSummary
  private let lesson: Lesson?
  private let progress: LessonProgress?
  /// The page the cursor is on.
  private let chosen: Int?
  private let finds: [LessonIndex.Find]
  private let glyphs: Ability.Glyphs

  init(_ summary: LessonSummary, _ state: AppState) {
    self.summary = summary
    chosen = state.learn.overview
    finds = state.finds(in: summary.id)
    glyphs = state.ability.glyphs
    lesson = state.learn.lessons.first { $0.name == summary.id }
    progress = state.learn.progress[summary.id]
  }

  /// The most telling first: where one stands, what it is about, its pages, its words.
  func lines(width: Int, room: Int) -> [StyledText] {
    if !finds.isEmpty, let lesson { return foundLines(lesson, width: width) }
    var lines = [standing(width: width)] + about.wrapped(to: width)
    guard let lesson else { return lines }
    lines.append(contents(lesson, width: width))
    let rest = room - lines.count
    let pages = pageLines(lesson, width: width)
    if rest >= pages.count + 1 { lines += [StyledText()] + pages }
    let words = wordLines(lesson, width: width)
    if room - lines.count >= 3, !words.isEmpty {
      let title: StyledText = .accent("Words it explains")
      lines += [StyledText(), title]
      // A word whose meaning does not fit is left to the lesson.
      for word in words where lines.count + word.count <= room { lines += word }
    } else if room > lines.count, !lesson.glossary.isEmpty {
      lines.append(
        (.secondary("words  ") + .text(lesson.glossary.map(\.term).joined(separator: ", ")))
          .truncated(to: width))
    }
    return lines
  }

  private func standing(width: Int) -> StyledText {
    if summary.isDone {
      return .good("● done") + .secondary("   ") + .hint("Enter", "reads it again")
    }
    guard let page = summary.page else {
      return .secondary("○ not begun   ") + .hint("Enter", "begins it")
    }
    let place: StyledText =
      .accent("◆ ") + .text("at page \(page + 1)") + .secondary(" of \(summary.pages)   ")
      + .hint("Enter", "goes on")
    let full = place + "   " + .hint("r", "starts over")
    return full.width <= width ? full : place
  }

  private var about: StyledText {
    .text(lesson.map(\.summary).flatMap { $0.isEmpty ? nil : $0 } ?? "\(summary.pages) pages.")
  }

  /// `4 pages · 3 questions · 2 exercises · 10 min`
  private func contents(_ lesson: Lesson, width: Int) -> StyledText {
    func count(_ number: Int, _ thing: String) -> String? {
      number == 0 ? nil : "\(number) \(thing)" + (number == 1 ? "" : "s")
    }
    let parts = [
      count(lesson.pages.count, "page"), count(lesson.asks.count, "question"),
      count(lesson.exercises.count, "exercise"), "\(lesson.minutes) min",
    ]
    let said = parts.compactMap { $0 }
    let ways = said.indices.reversed().map { said[...$0].joined(separator: " · ") }
    return .secondary(Fitting.text(ways, width: width))
  }

  private func pageLines(_ lesson: Lesson, width: Int) -> [StyledText] {
    lesson.pages.indices.map { pageLine($0, of: lesson, width: width) }
  }

  /// `● 3  From a sum to a decision   skipped`
  private func pageLine(_ place: Int, of lesson: Lesson, width: Int) -> StyledText {
    let page = lesson.pages[place]
    let isDone = progress?.isDone(page: place, of: lesson) ?? false
    let isSkipped = progress?.skippedPages(of: lesson).contains(place) ?? false
    let mark: StyledText =
      isDone
      ? .good("●")
      : isSkipped ? .warning("◇") : summary.page == place ? .accent("◆") : .secondary("○")
    let title = page.title.isEmpty ? "page \(place + 1)" : page.title
    let name: StyledText = chosen == place ? .accent("▶ " + title) : .text(title)
    let line = mark + .secondary(NumberFormat.padded("\(place + 1)", to: 3) + "  ") + name
    let words = isSkipped ? ["  a task was skipped", "  skipped"] : []
    return
      (line + .warning(Fitting.text(words, width: width - line.width))).truncated(to: width)
  }

  /// The pages that have what is searched for, each with the words around it.
  private func foundLines(_ lesson: Lesson, width: Int) -> [StyledText] {
    let count: StyledText =
      .secondary("found on \(Words.count(finds.count, "page")); ") + .hint("Enter", "opens it")
    return [count, StyledText()]
      + finds.flatMap { find in
        [
          pageLine(find.page, of: lesson, width: width),
          .secondary("     " + find.excerpt).truncated(to: width),
        ]
      }
  }

  private func wordLines(_ lesson: Lesson, width: Int) -> [[StyledText]] {
    let column = min(18, lesson.glossary.map { TextWidth.columns($0.term) }.max() ?? 0)
    return lesson.glossary.map { entry -> [StyledText] in
      let meaning = StyledText.secondary(Spelling.text(entry.meaning, for: glyphs)).wrapped(
        to: max(8, width - column - 2))
      return meaning.enumerated().map { row, line in
        let term = row == 0 ? entry.term : ""
        let blanks = String(repeating: " ", count: max(0, column - TextWidth.columns(term)) + 2)
        return StyledText(term, .series(0)) + StyledText(blanks) + line
      }
    }
  }
}

/// The chosen lesson beside the list of lessons.
enum LessonCardPanel {
  static func draw(_ state: AppState, _ area: Rect, _ isFocused: Bool, on grid: inout CellGrid) {
    guard let lesson = state.chosenLesson else { return }
    let inside = grid.box(
      area, title: "\(lesson.number) · \(lesson.title)",
      detail: lesson.mark + .secondary(" \(lesson.minutes) min"), isFocused: isFocused
    ).inset(columns: 2, rows: 0)
    let top = inside.height > 14 ? 1 : 0
    let room = inside.trimmed(top: top)
    let lines = LessonCard(lesson, state).lines(width: room.width, room: room.height)
    for (row, line) in lines.prefix(room.height).enumerated() {
      grid.write(line, at: Point(room.x, room.y + row), width: room.width)
    }
  }
}

extension LessonCardPanel {
  /// The cursor goes from page to page, or from find to find.
  static func handle(_ key: Key, _ state: inout AppState) -> Bool {
    guard let summary = state.chosenLesson else { return false }
    let finds = state.finds(in: summary.id).map(\.page)
    let pages = finds.isEmpty ? Array(0..<summary.pages) : finds
    let here = state.learn.overview.flatMap { pages.firstIndex(of: $0) }
    let next: Int
    switch key {
    case .down, .character("j"): next = here.map { $0 + 1 } ?? 0
    case .up, .character("k"): next = here.map { $0 - 1 } ?? 0
    case .home: next = 0
    case .end: next = pages.count - 1
    default: return false
    }
    guard !pages.isEmpty else { return true }
    state.learn.overview = pages[max(0, min(next, pages.count - 1))]
    return true
  }
}

extension AppState {
  /// The lesson that is chosen in the list.
  var chosenLesson: LessonSummary? {
    let lessons = home.contents.lessons
    return lessons.indices.contains(home.lessons.index) ? lessons[home.lessons.index] : nil
  }
}
