import Lessons
import TerminalGraphics

/// The lessons there are, with how far each has come, and where there is room what the chosen one
/// teaches.
enum CoursePanel {
  static func draw(
    _ state: AppState, _ area: Rect, _ isFocused: Bool, on grid: inout CellGrid
  ) {
    let lessons = state.home.contents.lessons
    let parts = parts(state, area)
    let table = table(
      state, parts.list, hasHeadings: hasHeadings(state, area.inset()), isFocused: isFocused)
    let scroll = table.scroll(in: parts.list)
    let inside = grid.box(
      area,
      title: !state.isNewcomer || state.screen != .home
        ? "Course" : state.isCompact ? "Or learn it" : "Or learn it step by step",
      detail: .secondary(detail(lessons, isNew: state.isNewcomer && state.screen == .home)),
      isFocused: isFocused, scroll: parts.words.isEmpty ? scroll : nil)
    table.draw(in: parts.list, on: &grid)
    if table.rows.isEmpty {
      grid.write(
        .secondary("no lesson has this"), at: Point(inside.x + 2, inside.y + 1))
    }
    if parts.words.height > 2 { drawWords(state, parts.words, on: &grid) }
  }

  /// The list above, words about the chosen lesson below where the list leaves room.
  private static func parts(_ state: AppState, _ area: Rect) -> (list: Rect, words: Rect) {
    let inside = area.inset()
    let none = inside.trimmed(top: inside.height)
    let needed = state.home.contents.lessons.count + (hasHeadings(state, inside) ? 1 : 0)
    let isOnLearn = state.screen == .learn
    guard inside.height - needed >= (isOnLearn ? 9 : 4) else { return (inside, none) }
    return (Rect(inside.x, inside.y, inside.width, needed), inside.trimmed(top: needed))
  }

  private static func hasHeadings(_ state: AppState, _ inside: Rect) -> Bool {
    inside.height >= 8 && !(state.isNewcomer && state.screen == .home)
  }

  private static func drawWords(_ state: AppState, _ area: Rect, on grid: inout CellGrid) {
    if state.screen == .learn { return drawWays(area, on: &grid) }
    if state.isNewcomer {
      let about = state.learn.lessons.first?.summary ?? ""
      let room = Rect(area.x + 2, area.y + 1, area.width - 3, area.height - 2)
      if state.home.contents.lessons.count == 1 { grid.writeWrapped(.secondary(about), in: room) }
      grid.write(
        .hint("l", "begin lesson 1"), at: Point(area.x + 2, area.bottom - 1), width: area.width - 3)
      return
    }
    let lessons = state.home.contents.lessons
    guard lessons.indices.contains(state.home.lessons.index) else { return }
    let lesson = lessons[state.home.lessons.index]
    grid.rule(.text("\(lesson.number) · \(lesson.title)"), in: area)
    let inside = area.trimmed(left: 2, top: 1, right: 1)
    let lines = LessonCard(lesson, state).lines(width: inside.width, room: inside.height)
    for (row, line) in lines.prefix(inside.height).enumerated() {
      grid.write(line, at: Point(inside.x, inside.y + row), width: inside.width)
    }
  }

  /// How a lesson goes; the lesson itself has a panel of its own on Learn.
  private static func drawWays(_ area: Rect, on grid: inout CellGrid) {
    grid.rule(.text("How a lesson goes"), in: area)
    let width = area.width - 3
    let about = StyledText.secondary(
      "A page to read, a task beside it, and behind both a real run that goes forward and back."
    ).wrapped(to: width)
    let keys: [[StyledText]] = [
      [.hint("Enter", "types an answer, or takes a choice")],
      [.hint("PgDn PgUp", "turn the page"), .hint("h", "one more hint")],
      [.hint("Space", "lets the run train"), .hint(". ,", "one line forward, back")],
      [.hint("5", "the moment in the debugger"), .hint("2", "back to the lesson")],
    ]
    let hints = keys.flatMap { pair -> [StyledText] in
      let line = StyledText.joined(pair, separator: "    ")
      return line.width <= width ? [line] : pair
    }
    let isAiry = about.count + 1 + hints.count <= area.height - 2
    let lines = about + (isAiry ? [StyledText()] : []) + hints
    let top = area.y + (isAiry ? 2 : 1)
    for (row, line) in lines.prefix(area.height - 1).enumerated() {
      grid.write(line, at: Point(area.x + 2, top + row), width: width)
    }
  }

  private static func detail(_ lessons: [LessonSummary], isNew: Bool) -> String {
    if isNew { return lessons.count == 1 ? "1 lesson" : "\(lessons.count) lessons" }
    let done = lessons.count { $0.isDone }
    let begun = lessons.count { $0.isBegun }
    return "\(done) done · \(begun) begun · \(lessons.count - done - begun) to come"
  }

  private static func table(
    _ state: AppState, _ area: Rect, hasHeadings: Bool, isFocused: Bool
  ) -> Table {
    let lessons = state.home.contents.lessons
    // A title is whole before a bar has room, and before any lesson is begun all bars are empty.
    let isAnyBegun = lessons.contains { $0.isBegun || $0.isDone }
    let titles = lessons.map { TextWidth.columns($0.title) }.max() ?? 0
    let free = isAnyBegun ? min(18, area.width / 5, area.width - titles - 21) : 0
    let bar = free >= 6 ? free : 0
    var columns = [
      Table.Column("", .cells(1), .trailing),
      Table.Column(hasHeadings ? "#" : "", .cells(2), .trailing),
      Table.Column(hasHeadings ? "lesson" : ""),
    ]
    if bar > 0 { columns.append(Table.Column(hasHeadings ? "progress" : "", .cells(bar))) }
    columns.append(Table.Column(hasHeadings ? "time" : "", .cells(6), .trailing))
    let visible = state.narrowed(
      state.home.contents.lessons.count, state.screen, "course", lines: lines(state))
    return Table(
      columns: columns, rows: visible.map { row(lessons[$0], bar: bar) },
      // A newcomer has chosen nothing yet.
      selection: visible.isEmpty || (state.isNewcomer && !isFocused)
        ? nil : state.home.lessons.within(visible), isFocused: isFocused,
      gap: area.width < 40 ? 1 : 2)
  }

  private static func row(_ lesson: LessonSummary, bar: Int) -> [StyledText] {
    let title: StyledText =
      lesson.isDone || lesson.isBegun ? .text(lesson.title) : .secondary(lesson.title)
    return [lesson.mark, .secondary("\(lesson.number)"), title]
      + (bar > 0 ? [lesson.bar.styled(width: bar)] : [])
      + [.secondary("\(lesson.minutes) min")]
  }

  // MARK: Keys and clicks

  static func handle(_ key: Key, shown: Int, _ state: inout AppState) -> Bool {
    let visible = state.narrowed(
      state.home.contents.lessons.count, state.screen, "course", lines: lines(state))
    return state.home.lessons.handle(
      key, among: visible, count: state.home.contents.lessons.count, shown: shown)
  }

  static func click(_ point: Point, _ area: Rect, _ state: inout AppState) {
    let list = parts(state, area).list
    let visible = state.narrowed(
      state.home.contents.lessons.count, state.screen, "course", lines: lines(state))
    let table = table(
      state, list, hasHeadings: hasHeadings(state, area.inset()), isFocused: true)
    guard let row = table.row(at: point, in: list), visible.indices.contains(row) else { return }
    state.home.lessons.select(visible[row], count: state.home.contents.lessons.count)
  }
}

extension LessonSummary {
  /// Done, begun or to come.
  var mark: StyledText { isDone ? .good("●") : isBegun ? .accent("◆") : .secondary("○") }

  var bar: ProgressBar {
    ProgressBar(
      isDone ? 1 : Double(pagesDone) / Double(max(pages, 1)), ink: isDone ? .good : .accent)
  }
}
