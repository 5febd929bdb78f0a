import Lessons
import TerminalGraphics
import Training

/// Learn: a page of a lesson beside the run it speaks of; the list of lessons when none is open.
package enum LearnScreen: Screen {
  package static let name = ScreenName.learn

  package static func panels(_ state: AppState, in area: Rect) -> [Panel] {
    guard state.learn.page != nil else { return list(state, area) }
    guard !state.isCompact else {
      guard state.learn.task != nil else { return reading(state, area) }
      return stacked(state, area)
    }
    let columns = area.columns(.share(62), .share(58))
    let hasViews = !SeeItPanel.views(state).isEmpty
    let words = GlossaryPanel.height(state, width: columns[1].width)
    let hasWords = words > 0
    // A page to read gives the place of its task to what there is to see, else to its words.
    if state.learn.task == nil, hasViews {
      let right = columns[1].rows(.share(1), .cells(min(words, area.height * 3 / 5)))
      return [Panel("text", columns[0]), Panel("see", right[0])]
        + (hasWords ? [Panel("words", right[1])] : [])
    }
    if state.learn.task == nil, hasWords {
      return [Panel("text", columns[0]), Panel("words", columns[1])]
    }
    let views = hasViews ? min(SeeItPanel.height(state), area.height / 3) : 0
    let tryIt = TryItPanel.height(state, width: columns[1].width)
    let right = columns[1].rows(
      .share(1), .cells(views), .cells(min(words, max(9, area.height - views - tryIt))))
    return [Panel("text", columns[0]), Panel("try", right[0])]
      + (hasViews ? [Panel("see", right[1])] : []) + (hasWords ? [Panel("words", right[2])] : [])
  }

  /// In a small window the text stands above what is to be done: each has the lines it needs, and
  /// where that is more than there are, what is to be done gives way at a half.
  private static func stacked(_ state: AppState, _ area: Rect) -> [Panel] {
    let text = 2 + LessonTextPanel.lines(state, width: area.width - 5).count
    let needed = TryItPanel.height(state, width: area.width)
    // What was said to what one did is read to its end.
    let most = TryItPanel.saysSomething(state) ? area.height * 2 / 3 : area.height / 2
    let least = min(TryItPanel.height(state, width: area.width, isTight: true), most)
    let tryIt =
      text + needed <= area.height
      ? needed + min(2, area.height - text - needed)
      : min(needed, max(least, area.height - text))
    let rows = area.rows(.share(1), .cells(tryIt))
    return [Panel("text", rows[0]), Panel("try", rows[1])]
  }

  /// The course, and beside or below it what the chosen lesson teaches.
  private static func list(_ state: AppState, _ area: Rect) -> [Panel] {
    let count = state.learn.lessons.count
    guard count > 0 else { return [Panel("course", area)] }
    guard state.isCompact else {
      let columns = area.columns(.share(62), .share(58))
      return [Panel("course", columns[0]), Panel("lesson", columns[1])]
    }
    let list = min(count + (count > 5 ? 3 : 2), max(4, area.height * 2 / 5))
    let rows = area.rows(.cells(list), .share(1))
    return [Panel("course", rows[0]), Panel("lesson", rows[1])]
  }

  /// A page without a task in a small window: its text, and below it what the text speaks of.
  private static func reading(_ state: AppState, _ area: Rect) -> [Panel] {
    guard area.height >= 20, !SeeItPanel.views(state).isEmpty else { return [Panel("text", area)] }
    let rows = area.rows(.share(1), .cells(7))
    return [Panel("text", rows[0]), Panel("see", rows[1])]
  }

  package static func draw(_ state: AppState, _ panels: [Panel], on grid: inout CellGrid) {
    for panel in panels {
      let isFocused = state.focusedPanel == panel.id
      switch panel.id {
      case "course":
        guard !state.learn.lessons.isEmpty else { return drawNone(panel.area, on: &grid) }
        CoursePanel.draw(state, panel.area, isFocused, on: &grid)
      case "lesson": LessonCardPanel.draw(state, panel.area, isFocused, on: &grid)
      case "text": LessonTextPanel.draw(state, panel.area, isFocused, on: &grid)
      case "try": TryItPanel.draw(state, panel.area, isFocused, on: &grid)
      case "see": SeeItPanel.draw(state, panel.area, isFocused, on: &grid)
      default: GlossaryPanel.draw(state, panel.area, isFocused, on: &grid)
      }
    }
  }

  private static func drawNone(_ area: Rect, on grid: inout CellGrid) {
    let inside = grid.box(area, title: "Learn", isFocused: true)
    grid.writeWrapped(
      .secondary("This installation has no lessons."), in: inside.inset(columns: 2, rows: 1))
  }

  package static func status(_ state: AppState, isCompact: Bool) -> StyledText {
    guard let lesson = state.learn.lesson, let place = state.learn.place else {
      return StyledText()
    }
    if state.size.width < 70 { return .text("page \(place.page + 1)/\(lesson.pages.count)") }
    if state.learn.isFree {
      return .warning("sandbox") + .secondary(" · lesson \(lesson.number)")
    }
    // The page's own panel has the lesson's number.
    if isCompact { return .text("page \(place.page + 1) of \(lesson.pages.count)") }
    return .secondary("lesson \(lesson.number) · ")
      + .text("page \(place.page + 1) of \(lesson.pages.count)")
  }

  package static func handle(_ stroke: KeyStroke, _ state: inout AppState) -> [Effect]? {
    if let effects = state.beginAnswer(with: stroke) { return effects }
    switch state.focusedPanel {
    case "course":
      let height = state.panels.first { $0.id == "course" }?.area.height ?? 14
      guard CoursePanel.handle(stroke.key, shown: max(1, height - 3), &state) else { return nil }
      state.learn.overview = nil
      return []
    case "lesson": return LessonCardPanel.handle(stroke.key, &state) ? [] : nil
    case "text":
      // Arrows choose where a choice is open; j and k still scroll.
      if state.learn.isTaskOpen, [.up, .down].contains(stroke.key),
        let effects = choose(stroke.key, &state)
      {
        return effects
      }
      return handleText(stroke, &state)
    case "words":
      let count = state.wordsOfPage.count
      return state.learn.word.handle(stroke.key, count: count, shown: count) ? [] : nil
    case "try":
      if let effects = choose(stroke.key, &state) { return effects }
      return handleText(stroke, &state)
    default: return nil
    }
  }

  /// The choices of a question; nil for another key, and where nothing is to be chosen.
  private static func choose(_ key: Key, _ state: inout AppState) -> [Effect]? {
    guard state.learn.isTaskOpen, case .ask(let ask)? = state.learn.task,
      case .choice(let choices) = ask.answer
    else { return nil }
    return state.learn.choice.handle(key, count: choices.count, shown: choices.count) ? [] : nil
  }

  /// Up and down scroll the text, the arrows to the sides go from word to word of those explained.
  static func handleText(_ stroke: KeyStroke, _ state: inout AppState) -> [Effect]? {
    switch stroke.key {
    case .right: return state.moveTerm(by: 1)
    case .left: return state.moveTerm(by: -1)
    case .escape where state.learn.term != nil:
      state.learn.term = nil
      return []
    default: break
    }
    guard let area = state.panels.first(where: { $0.id == "text" })?.area else { return nil }
    return scroll(stroke.key, area, &state)
  }

  package static func click(
    _ point: Point, _ panel: Panel, _ state: inout AppState
  ) -> [Effect] {
    if panel.id == "course" {
      CoursePanel.click(point, panel.area, &state)
      state.learn.overview = nil
    }
    return []
  }

  package static func arrive(_ state: inout AppState) -> [Effect] {
    if state.home.contents.lessons.isEmpty { state.home.contents.lessons = state.learn.summaries }
    return state.arriveAtLesson()
  }

  private static func scroll(_ key: Key, _ area: Rect, _ state: inout AppState) -> [Effect]? {
    let lines = LessonTextPanel.lines(state, width: area.width - 5).count
    let last = max(0, lines - LessonTextPanel.shown(area))
    switch key {
    case .up, .character("k"): state.learn.scroll -= 1
    case .down, .character("j"): state.learn.scroll += 1
    case .home: state.learn.scroll = 0
    case .end: state.learn.scroll = last
    default: return nil
    }
    state.learn.scroll = max(0, min(state.learn.scroll, last))
    return []
  }
}
