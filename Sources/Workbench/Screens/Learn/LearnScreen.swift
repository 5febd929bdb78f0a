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
      // What is to be done takes the room it needs, the page the rest.
      let tryIt = min(area.height / 2, TryItPanel.height(state, width: area.width))
      let rows = area.rows(.share(1), .cells(tryIt))
      return [Panel("text", rows[0]), Panel("try", rows[1])]
    }
    let columns = area.columns(.share(62), .share(58))
    let hasViews = !SeeItPanel.views(state).isEmpty
    let words = GlossaryPanel.height(state, width: columns[1].width)
    let hasWords = words > 0
    // A page to read gives the place of its task to what there is to see.
    if state.learn.task == nil, hasViews {
      let right = columns[1].rows(.share(1), .cells(min(words, area.height * 3 / 5)))
      return [Panel("text", columns[0]), Panel("see", right[0])]
        + (hasWords ? [Panel("words", right[1])] : [])
    }
    let views = hasViews ? 9 : 0
    let tryIt = TryItPanel.height(state, width: columns[1].width)
    let right = columns[1].rows(
      .share(1), .cells(views), .cells(min(words, max(9, area.height - views - tryIt))))
    return [Panel("text", columns[0]), Panel("try", right[0])]
      + (hasViews ? [Panel("see", right[1])] : []) + (hasWords ? [Panel("words", right[2])] : [])
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
    let page = "page \(place.page + 1)" + (isCompact ? "/" : " of ") + "\(lesson.pages.count)"
    return .secondary("lesson \(lesson.number) · ") + .text(page)
  }

  package static func handle(_ stroke: KeyStroke, _ state: inout AppState) -> [Effect]? {
    switch state.focusedPanel {
    case "course":
      let height = state.panels.first { $0.id == "course" }?.area.height ?? 14
      return CoursePanel.handle(stroke.key, shown: max(1, height - 3), &state) ? [] : nil
    case "text":
      guard let area = state.panels.first(where: { $0.id == "text" })?.area else { return nil }
      return scroll(stroke.key, area, &state)
    case "try":
      guard case .ask(let ask)? = state.learn.task, case .choice(let choices) = ask.answer else {
        return nil
      }
      return state.learn.choice.handle(stroke.key, count: choices.count, shown: 9) ? [] : nil
    default: return nil
    }
  }

  package static func click(
    _ point: Point, _ panel: Panel, _ state: inout AppState
  ) -> [Effect] {
    if panel.id == "course" { CoursePanel.click(point, panel.area, &state) }
    return []
  }

  package static func arrive(_ state: inout AppState) -> [Effect] {
    if state.home.contents.lessons.isEmpty { state.home.contents.lessons = state.learn.summaries }
    return []
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

// MARK: - What can be done

extension LearnScreen {
  package static func bindings(_ state: AppState) -> [Binding] {
    guard state.learn.page != nil else {
      return [
        Binding(
          [KeyStroke(.enter)], "open lesson", hint: "open", help: "open the chosen lesson",
          whyNot: { $0.learn.lessons.isEmpty ? "there are no lessons here" : nil }
        ) { state in
          let lessons = state.learn.lessons
          guard lessons.indices.contains(state.home.lessons.index) else { return [] }
          return state.openLesson(lessons[state.home.lessons.index].name)
        }
      ] + lessonEdits(state)
    }
    // First what this page is for: an answer, the run, or the next page.
    switch state.learn.task {
    case .ask?: return tasks(state) + pages + run + lessonEdits(state)
    case .exercise?: return run + pages + tasks(state) + lessonEdits(state)
    case nil: return pages + run + tasks(state) + lessonEdits(state)
    }
  }

  private static func tasks(_ state: AppState) -> [Binding] {
    guard state.focusedPanel == "words" else { return answering }
    return [
      Binding(
        [KeyStroke(.enter)], "all words", hint: "all words", help: "all words of the lessons"
      ) {
        $0.overlay = .reader($0.allWords)
        return []
      }
    ] + answering.dropFirst()
  }

  /// Starting over, and taking that back.
  private static func lessonEdits(_ state: AppState) -> [Binding] {
    // Where none was started over, u takes back edits as everywhere.
    startingOver.filter { !state.learn.past.isEmpty || $0.name == "start over" }
  }

  private static let startingOver: [Binding] = [
    Binding(
      [KeyStroke("r")], "start over", help: "begin the lesson again; u brings back how far it was",
      whyNot: { state in
        guard let name = state.learn.open ?? state.chosenLesson?.id else { return "no lesson" }
        return state.learn.progress[name] == nil ? "this lesson is not begun" : nil
      }
    ) { state in
      (state.learn.open ?? state.chosenLesson?.id).map { state.startLessonOver($0) } ?? []
    },
    Binding(
      [KeyStroke("u")], "undo starting over", help: "bring back how far the lesson was",
      whyNot: { $0.learn.past.isEmpty ? "no lesson was started over" : nil }
    ) { $0.undoStartingOver() },
  ]

  private static let answering: [Binding] = [
    Binding(
      [KeyStroke(.enter)], "answer", hint: "answer", help: "type an answer, or take the choice",
      whyNot: { state in
        guard case .ask? = state.learn.task else { return "nothing is asked on this page" }
        return nil
      }, perform: { $0.beginAnswer() }),
    Binding(
      [KeyStroke("h")], "hint", hint: "hint", help: "one more hint",
      whyNot: { state in
        guard let task = state.learn.task else { return "nothing is asked on this page" }
        return (state.learn.place?.hints[task.id] ?? 0) < task.hints.count
          ? nil : task.hints.isEmpty ? "there are no hints for this" : "all hints are shown"
      }, perform: { $0.showHint() }),
  ]

  private static let pages: [Binding] = [
    Binding([KeyStroke(.pageDown)], "next page", hint: "next page", help: "the next page") {
      $0.turn(by: 1)
    },
    Binding([KeyStroke(.pageUp)], "previous page", hint: "back", help: "the page before") {
      $0.turn(by: -1)
    },
    Binding([KeyStroke("L")], "all lessons", hint: "lessons", help: "the list of lessons") {
      $0.learn.open = nil
      return []
    },
  ]

  private static let run: [Binding] = [
    Binding([KeyStroke(" ")], "train", hint: "train", help: "let the run train, or pause it") {
      [.lab($0.lab.activity == .training ? .pause : .play)]
    },
    Binding([KeyStroke(".")], "forward", help: "one line of the training step forward") { _ in
      [.lab(.move(1, .line))]
    },
    Binding([KeyStroke(",")], "backward", help: "one line back; every number is as it was") { _ in
      [.lab(.move(-1, .line))]
    },
    Binding(
      [KeyStroke("e")], "engine code", help: "the code of the engine that the run stands at",
      whyNot: { $0.lab.moment?.instruction == nil ? "the run stands before its first line" : nil }
    ) { state in
      StepScreen.bindings(state).first { $0.keys.contains(KeyStroke("e")) }?.run(&state) ?? []
    },
  ]
}

extension AppState {
  /// Opens the field for a number, or takes the choice under the cursor.
  mutating func beginAnswer() -> [Effect] {
    guard case .ask(let ask)? = learn.task else { return [] }
    switch ask.answer {
    case .choice: return answer(ask, .chosen(learn.choice.index))
    case .number:
      focus[.learn] = "try"
      field = TextField("your answer") { text, state in
        text.isEmpty ? [] : state.answer(ask, .typed(text))
      }
      return []
    }
  }
}
