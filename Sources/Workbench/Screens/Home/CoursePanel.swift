import TerminalGraphics

/// The lessons there are, with how far each has come.
enum CoursePanel {
  static func draw(
    _ state: AppState, _ area: Rect, _ isFocused: Bool, on grid: inout CellGrid
  ) {
    let lessons = state.home.contents.lessons
    let table = table(state, area.inset(), isFocused: isFocused)
    let inside = grid.box(
      area,
      title: !state.isNewcomer || state.screen != .home
        ? "Course" : state.isCompact ? "Or learn it" : "Or learn it step by step",
      detail: .secondary(detail(lessons, isNew: state.isNewcomer)), isFocused: isFocused,
      scroll: table.scroll(in: area.inset()))
    table.draw(in: inside, on: &grid)
  }

  private static func detail(_ lessons: [LessonSummary], isNew: Bool) -> String {
    if isNew { return lessons.count == 1 ? "1 lesson" : "\(lessons.count) lessons" }
    let done = lessons.count { $0.isDone }
    let begun = lessons.count { $0.isBegun }
    return "\(done) done · \(begun) begun · \(lessons.count - done - begun) to come"
  }

  static func table(_ state: AppState, _ area: Rect, isFocused: Bool) -> Table {
    let hasHeadings = area.height > 10 && !state.isNewcomer
    let bar = area.width >= 52 ? min(18, area.width / 4) : 0
    var columns = [
      Table.Column("", .cells(2), .trailing),
      Table.Column(hasHeadings ? "#" : "", .cells(2), .trailing),
      Table.Column(hasHeadings ? "lesson" : ""),
    ]
    if bar > 0 { columns.append(Table.Column(hasHeadings ? "progress" : "", .cells(bar))) }
    columns.append(Table.Column(hasHeadings ? "time" : "", .cells(7), .trailing))
    let rows = state.home.contents.lessons.map { row($0, bar: bar) }
    return Table(
      columns: columns, rows: rows, selection: state.home.lessons, isFocused: isFocused)
  }

  private static func row(_ lesson: LessonSummary, bar: Int) -> [StyledText] {
    let mark: StyledText =
      lesson.isDone ? .good("●") : lesson.isBegun ? .accent("◆") : .secondary("○")
    let fraction =
      lesson.isDone ? 1 : Double(lesson.pagesDone) / Double(max(lesson.pages, 1))
    let title: StyledText =
      lesson.isDone || lesson.isBegun ? .text(lesson.title) : .secondary(lesson.title)
    let progress = ProgressBar(fraction, ink: lesson.isDone ? .good : .accent)
    return [mark, .secondary("\(lesson.number)"), title]
      + (bar > 0 ? [progress.styled(width: bar)] : [])
      + [.secondary("\(lesson.minutes) min")]
  }
}
