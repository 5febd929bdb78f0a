import Lessons
import Tensors
import TerminalGraphics
import Training

/// The text of the page, with its pages below.
enum LessonTextPanel {
  static func lines(_ state: AppState, width: Int) -> [StyledText] {
    guard let page = state.learn.page, let place = state.learn.place else { return [] }
    let text = LessonText(readings: state.readings, width: width, done: place.done)
    return text.lines(page, place.visibleBlocks(of: page))
  }

  /// The lines that show at once.
  static func shown(_ area: Rect) -> Int { max(1, area.height - 4 - top(area)) }

  /// Air between the border and the page's title, where there is room for it.
  private static func top(_ area: Rect) -> Int { area.height >= 12 ? 1 : 0 }

  static func draw(_ state: AppState, _ area: Rect, _ isFocused: Bool, on grid: inout CellGrid) {
    guard let lesson = state.learn.lesson, let place = state.learn.place else { return }
    let lines = lines(state, width: area.width - 5)
    let shown = shown(area)
    let first = max(0, min(state.learn.scroll, lines.count - shown))
    let inside = grid.box(
      area, title: "\(lesson.number) · \(lesson.title)",
      detail: .secondary("page \(place.page + 1) of \(lesson.pages.count)"),
      isFocused: isFocused,
      scroll: ScrollPosition(first: first, shown: shown, total: lines.count))
    for (row, line) in lines.dropFirst(first).prefix(shown).enumerated() {
      grid.write(line, at: Point(inside.x + 2, inside.y + top(area) + row))
    }
    grid.rule(in: inside, row: inside.height - 2)
    let marks = lesson.pages.indices.map { page -> StyledText in
      if page == place.page { return .accent("◆") }
      return place.isDone(page: page, of: lesson) ? .good("●") : .secondary("○")
    }
    grid.write(
      .secondary("pages  ") + .joined(marks, separator: " ") + "    "
        + .hint("PgUp", "back") + " " + .hint("PgDn", "next"),
      at: Point(inside.x + 2, inside.bottom - 1), width: inside.width - 2)
  }
}

/// The question or exercise at hand, what was answered, and what is to be said of it.
enum TryItPanel {
  /// The rows that it takes now, with its frame, and one more for what is said of an answer; never so
  /// few that the page beside it jumps at the first word.
  static func height(_ state: AppState, width: Int) -> Int {
    max(8, lines(state, width: width - 6).count + 4)
  }

  static func draw(_ state: AppState, _ area: Rect, _ isFocused: Bool, on grid: inout CellGrid) {
    let inside = grid.box(
      area, title: "Try it", detail: detail(state), isFocused: isFocused
    ).inset(columns: 2, rows: 0)
    var y = inside.y + (inside.height > 8 ? 1 : 0)
    for line in lines(state, width: inside.width) where y < inside.bottom {
      grid.write(line, at: Point(inside.x, y), width: inside.width)
      y += 1
    }
  }

  private static func detail(_ state: AppState) -> StyledText {
    guard let task = state.learn.task, let place = state.learn.place else { return StyledText() }
    if place.done.contains(task.id) { return .good("● done") }
    switch task {
    case .ask(let ask):
      guard case .number = ask.answer else { return .secondary("choose one") }
      return .secondary("right to ±\(NumberFormat.compact(ask.tolerance, digits: 1))")
    case .exercise: return .secondary("the lab sees when it is done")
    }
  }

  private static func lines(_ state: AppState, width: Int) -> [StyledText] {
    guard let task = state.learn.task, let place = state.learn.place else {
      return StyledText.secondary("Nothing to do on this page but to read it: PgDn turns it.")
        .wrapped(to: width)
    }
    let text = LessonText(readings: state.readings, width: width, done: place.done)
    var lines: [StyledText] = []
    switch task {
    case .ask(let ask):
      lines += text.styled(ask.question).wrapped(to: width) + [StyledText()]
      lines += answer(ask, state, text)
    case .exercise(let exercise):
      lines += text.styled(exercise.task).wrapped(to: width) + [StyledText()]
      lines += exerciseState(exercise, place, text)
    }
    return lines + hints(task, place, text)
  }

  private static func exerciseState(
    _ exercise: Exercise, _ place: LessonProgress, _ text: LessonText
  ) -> [StyledText] {
    let keys: StyledText =
      .hint("Space", "train, pause") + "  " + .hint("5", "step") + "  " + .hint(":", "set …")
    let line: StyledText
    if text.holds(exercise) {
      line = .good("● ") + text.styled(exercise.success)
    } else if place.done.contains(exercise.id) {
      line = .good("● done before") + .secondary("; the run is at another moment now.   ") + keys
    } else {
      line = .secondary("○ not yet   ") + keys
    }
    return line.wrapped(to: text.width)
  }

  private static func answer(_ ask: Ask, _ state: AppState, _ text: LessonText) -> [StyledText] {
    var lines: [StyledText] = []
    switch ask.answer {
    case .number:
      if let field = state.field {
        lines.append(
          .secondary("your answer  ") + .accent(field.shown) + "   "
            + .hint("Enter", "check"))
      } else {
        lines.append(.hint("Enter", "type your answer") + "   " + .hint("h", "hint"))
      }
    case .choice(let choices):
      for (i, choice) in choices.enumerated() {
        let isHere = i == state.learn.choice.index
        lines.append(
          (isHere ? .accent("▶ ") : "  ") + .secondary("\(i + 1)  ") + text.styled(choice.text))
      }
      lines.append(.hint("↑↓ Enter", "choose") + "   " + .hint("h", "hint"))
    }
    if let said = state.learn.verdicts[ask.id] {
      lines += [StyledText()] + verdict(said.given, said.verdict, text)
    }
    return lines
  }

  private static func verdict(
    _ given: String, _ verdict: Verdict, _ text: LessonText
  ) -> [StyledText] {
    let line: StyledText =
      switch verdict {
      case .right: .good("● \(given) is right.")
      case .wrong(let words):
        .bad("× ") + .text("your \(given): ")
          + (words.isEmpty ? .text("not so. h gives a hint.") : text.styled(words))
      case .unreadable(let why): .warning("▲ \(why)")
      case .cannotTell(let why): .warning("▲ \(why)")
      }
    return line.wrapped(to: text.width)
  }

  private static func hints(
    _ task: LessonTask, _ place: LessonProgress, _ text: LessonText
  ) -> [StyledText] {
    let shown = place.hints[task.id] ?? 0
    return task.hints.prefix(shown).enumerated().flatMap { i, hint in
      [StyledText()]
        + (.accent("hint \(i + 1) of \(task.hints.count)  ") + text.styled(hint))
        .wrapped(to: text.width)
    }
  }
}

/// Arrays of the run that the page shows beside its text.
enum SeeItPanel {
  static func views(_ state: AppState) -> [LiveView] {
    guard let page = state.learn.page, let place = state.learn.place else { return [] }
    return place.visibleBlocks(of: page).compactMap {
      if case .live(let view) = $0 { view } else { nil }
    }
  }

  static func draw(_ state: AppState, _ area: Rect, _ isFocused: Bool, on grid: inout CellGrid) {
    let inside = grid.box(area, title: "See it", detail: .secondary("live"), isFocused: isFocused)
      .inset(columns: 2, rows: 0)
    var y = inside.y + (inside.height > 8 ? 1 : 0)
    for view in views(state) where y < inside.bottom {
      grid.write(.secondary(view.title), at: Point(inside.x, y), width: inside.width)
      y += 1
      let room = Rect(inside.x, y, inside.width, max(0, inside.bottom - y))
      y += draw(view, state, room, on: &grid) + 1
    }
  }

  /// Draws a value and returns the lines it took.
  private static func draw(
    _ view: LiveView, _ state: AppState, _ area: Rect, on grid: inout CellGrid
  ) -> Int {
    guard area.height > 0 else { return 0 }
    switch state.readings[view.value] {
    case .success(.tensor(let tensor)) where tensor.count > 1:
      let columns = tensor.shape.rank > 1 ? tensor.shape.last : tensor.count
      return matrix(tensor.scalars, columns: columns, digits: view.digits, area, on: &grid)
    case .success(let value):
      grid.write(.accent(LessonText.text(value, digits: view.digits)), at: area.origin)
    case .failure(let failure) where failure.isNotYet:
      grid.write(.secondary("not computed yet at this moment"), at: area.origin, width: area.width)
    case .failure(let failure):
      grid.write(.warning(failure.problem), at: area.origin, width: area.width)
    case nil: grid.write(.secondary("…"), at: area.origin)
    }
    return 1
  }

  private static func matrix(
    _ numbers: [Float], columns: Int, digits: Int, _ area: Rect, on grid: inout CellGrid
  ) -> Int {
    let scale = ColorScale.diverging(fitting: numbers)
    let cell = digits + 5
    let shown = max(1, min(columns, area.width / cell))
    let rows = min((numbers.count + columns - 1) / max(columns, 1), area.height)
    for row in 0..<rows {
      for column in 0..<shown where row * columns + column < numbers.count {
        let value = numbers[row * columns + column]
        let text = NumberFormat.padded(
          NumberFormat.fixed(value, decimals: digits), to: cell - 1)
        let at = Point(area.x + column * cell, area.y + row)
        if grid.ability.hasBackgrounds, value != 0 {
          grid.write(
            text, at: at, ink: .contrast, width: cell - 1, background: scale.ink(of: value))
        } else {
          grid.write(text, at: at, ink: .text, width: cell - 1)
        }
      }
      if shown < columns {
        grid.write("…", at: Point(area.x + shown * cell, area.y + row), ink: .secondary)
      }
    }
    return rows
  }
}

/// What the words of the lesson mean.
enum GlossaryPanel {
  private static func termWidth(_ state: AppState) -> Int {
    let entries = state.learn.lesson?.glossary ?? []
    return min(16, entries.map { TextWidth.columns($0.term) }.max() ?? 0)
  }

  /// The rows that all words take, with the frame; 0 where there are none.
  static func height(_ state: AppState, width: Int) -> Int {
    let entries = state.learn.lesson?.glossary ?? []
    let room = max(8, width - 4 - termWidth(state) - 2)
    let lines = entries.reduce(0) { $0 + StyledText.text($1.meaning).wrapped(to: room).count }
    return entries.isEmpty ? 0 : lines + 2
  }

  static func draw(_ state: AppState, _ area: Rect, _ isFocused: Bool, on grid: inout CellGrid) {
    let entries = state.learn.lesson?.glossary ?? []
    let inside = grid.box(area, title: "Words of this lesson", isFocused: isFocused)
      .inset(columns: 1, rows: 0)
    let width = termWidth(state)
    var y = inside.y
    for entry in entries {
      let lines = StyledText.secondary(entry.meaning).wrapped(
        to: max(8, inside.width - width - 2))
      guard y + lines.count <= inside.bottom else { break }
      grid.write(StyledText(entry.term, .series(0)), at: Point(inside.x, y), width: width)
      for line in lines {
        grid.write(line, at: Point(inside.x + width + 2, y))
        y += 1
      }
    }
  }
}
