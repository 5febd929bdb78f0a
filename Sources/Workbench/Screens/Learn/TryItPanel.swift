import Lessons
import Tensors
import TerminalGraphics
import Training

/// The question or exercise at hand: the place of the run it is about, the answer as it is typed, and
/// what is to be said of it.
enum TryItPanel {
  /// A part of the panel, from above.
  private enum Part {
    case line(StyledText)
    case matrix(LiveMatrix)
    /// What is asked for and what is typed.
    case answer(label: String, text: String, keys: StyledText)
  }

  /// Lines that an array takes at most.
  private static let mostRows = 7

  /// The rows that it takes now, with its frame, and one more for what is said of an answer; never so
  /// few that the page beside it jumps at the first word.
  static func height(_ state: AppState, width: Int) -> Int {
    let parts = parts(state, width: width - 6)
    return max(8, parts.reduce(4) { $0 + height(of: $1) })
  }

  private static func height(of part: Part) -> Int {
    if case .matrix(let matrix) = part { matrix.height(atMost: mostRows) } else { 1 }
  }

  static func draw(_ state: AppState, _ area: Rect, _ isFocused: Bool, on grid: inout CellGrid) {
    let inside = grid.box(
      area, title: "Try it", detail: detail(state), isFocused: isFocused
    ).inset(columns: 2, rows: 0)
    let all = parts(state, width: inside.width)
    let needed = all.reduce(0) { $0 + height(of: $1) }
    var y = inside.y + (inside.height > max(8, needed) ? 1 : 0)
    // Where there is no room for all, what was said last stays in sight.
    let isTight = needed > inside.height
    for part in isTight ? all.filter({ !isBlank($0) }) : all where y < inside.bottom {
      switch part {
      case .line(let line):
        grid.write(line, at: Point(inside.x, y), width: inside.width)
        y += 1
      case .matrix(let matrix):
        let room = Rect(
          inside.x, y, inside.width,
          min(inside.bottom - y, isTight ? min(4, mostRows) : mostRows))
        y += matrix.draw(in: room, on: &grid)
      case .answer(let label, let text, let keys):
        draw(label, text, keys, state, Rect(inside.x, y, inside.width, 1), on: &grid)
        y += 1
      }
    }
  }

  private static func isBlank(_ part: Part) -> Bool {
    if case .line(let line) = part { line.isEmpty } else { false }
  }

  /// `dense/sum[3,0] =  0.36▏      Enter check`.
  private static func draw(
    _ label: String, _ text: String, _ keys: StyledText, _ state: AppState, _ line: Rect,
    on grid: inout CellGrid
  ) {
    let label = StyledText.text(label + " = ").truncated(to: max(4, line.width / 2))
    grid.write(label, at: line.origin)
    let room = line.width - label.width
    let width = min(room, max(16, min(24, room - keys.width - 2)))
    let field = Rect(line.x + label.width, line.y, width, 1)
    grid.fill(field, background: .selection)
    grid.write(
      .accent(state.field?.line.shown(width: field.width - 2) ?? text),
      at: Point(field.x + 1, field.y), width: field.width - 1, background: .selection)
    if state.field == nil { grid.point(at: field) }
    let left = line.right - field.right - 2
    // Rather one key than a part of two.
    let fitting = keys.width <= left ? keys : StyledText(runs: Array(keys.runs.prefix(2)))
    if fitting.width <= left { grid.write(fitting, at: Point(field.right + 2, line.y)) }
  }

  private static func detail(_ state: AppState) -> StyledText {
    guard let task = state.learn.task, let place = state.learn.place else { return StyledText() }
    let tasks = state.learn.tasks
    let number = tasks.firstIndex { $0.id == task.id } ?? 0
    let count: StyledText =
      tasks.count > 1 ? .secondary("task \(number + 1) of \(tasks.count) · ") : StyledText()
    if place.done.contains(task.id) { return count + .good("● done") }
    if place.skipped.contains(task.id) { return count + .warning("◇ skipped") }
    switch task {
    case .ask(let ask):
      guard case .number = ask.answer else { return count + .secondary("choose one") }
      return count + .secondary("a number")
    case .exercise: return count + .secondary("the lab sees when it is done")
    }
  }

  // MARK: Its parts

  private static func parts(_ state: AppState, width: Int) -> [Part] {
    guard let task = state.learn.task, let place = state.learn.place else {
      return [
        .line(.secondary("Nothing to do on this page but to read it.")),
        .line(.hint("PgDn", "turns it")),
      ]
    }
    let text = LessonText(readings: state.readings, width: width, done: place.done)
    var parts: [Part] = []
    func add(_ text: StyledText) { parts += text.wrapped(to: width).map { .line($0) } }
    func blank() { parts.append(.line(StyledText())) }
    add(notice(state))
    switch task {
    case .ask(let ask):
      add(text.styled(ask.question))
      blank()
      let matrices = matrices(ask, state)
      for matrix in matrices { parts.append(.matrix(matrix)) }
      if !matrices.isEmpty { blank() }
      parts += answer(ask, state, text)
      if state.learn.waiting[ask.id] != nil {
        blank()
        add(.secondary("the lab works it out …"))
      } else if let said = state.learn.verdicts[ask.id] {
        blank()
        for line in verdict(said.given, said.verdict, ask, state, text) { add(line) }
      } else if place.done.contains(ask.id) {
        blank()
        add(.good("● your answer was right"))
      }
    case .exercise(let exercise):
      add(text.styled(exercise.task))
      blank()
      for line in exerciseState(exercise, state, place, text) { add(line) }
    }
    for line in hints(task, place, text) { add(line) }
    for line in solution(task, state, place) { add(line) }
    for line in afterwards(state, place, task) { add(line) }
    return parts
  }

  /// That the run is not what the page speaks of.
  private static func notice(_ state: AppState) -> StyledText {
    if state.learn.isFree {
      return .warning("▲ The run is your own for now. ") + .hint("r", "sets the page's run anew")
    }
    if state.isRunForeign {
      return .warning("▲ Another run is at hand. ") + .hint("r", "brings the page's run back")
    }
    return StyledText()
  }

  /// The array in which the number asked for lies; before it the weight whose gradient it is.
  private static func matrices(_ ask: Ask, _ state: AppState) -> [LiveMatrix] {
    guard let asked = AskedPlace(ask) else { return [] }
    let isOpen = !(state.learn.place?.done.contains(ask.id) ?? false)
    let hidden = state.hiddenNumbers
    func matrix(_ name: String, isAsked: Bool) -> LiveMatrix? {
      guard case .success(.tensor(let tensor))? = state.readings[name], tensor.count > 1,
        let place = asked.offset(in: tensor.shape)
      else { return nil }
      let shape = "  \(tensor.shape)"
      return LiveMatrix(
        .text(name) + .faint(shape), tensor, digits: ask.digits,
        asked: isAsked && isOpen ? place : nil, pointed: isAsked && isOpen ? nil : place,
        isHidden: { hidden.hides(name, at: $0) })
    }
    return [asked.weight.flatMap { matrix($0, isAsked: false) }, matrix(asked.name, isAsked: true)]
      .compactMap(\.self)
  }

  private static func answer(_ ask: Ask, _ state: AppState, _ text: LessonText) -> [Part] {
    let isDone = state.learn.place?.done.contains(ask.id) ?? false
    switch ask.answer {
    case .number:
      let label = AskedPlace(ask)?.text ?? "your answer"
      if state.field?.isInPanel ?? false {
        let keys: StyledText = .hint("Enter", "check") + "  " + .hint("h", "hint")
        return [.answer(label: label, text: "", keys: keys)]
      }
      let given = state.learn.place?.answers[ask.id] ?? ""
      let keys: StyledText = isDone ? StyledText() : .hint("Enter", "types")
      return [.answer(label: label, text: given, keys: keys)]
    case .choice(let choices):
      let given = isDone ? state.learn.place?.answers[ask.id] : nil
      let lines = choices.enumerated().flatMap { i, choice -> [StyledText] in
        let isHere = isDone ? given == "\(i + 1)" : i == state.learn.choice.index
        let mark: StyledText = !isHere ? "  " : isDone ? .good("● ") : .accent("▶ ")
        let words = text.styled(choice.text).wrapped(to: max(8, text.width - 5))
        return words.enumerated().map { row, line in
          row == 0 ? mark + .secondary("\(i + 1)  ") + line : "     " + line
        }
      }
      return lines.map { .line($0) }
        + (isDone ? [] : [.line(.hint("↑↓ Enter", "choose") + "   " + .hint("h", "hint"))])
    }
  }

  // MARK: What is said

  private static func verdict(
    _ given: String, _ verdict: Verdict, _ ask: Ask, _ state: AppState, _ text: LessonText
  ) -> [StyledText] {
    switch verdict {
    case .right: return [.good("● \(given) is right.") + .secondary(compared(ask, state))]
    case .wrong(let words):
      let said: StyledText =
        words.isEmpty
        ? .text("not so.") + (state.whyNoHelp == nil ? " " + .hint("h", "gives a hint") : "")
        : text.styled(words)
      return [.bad("× ") + .text("your \(given): ") + said, .secondary(tolerance(ask))]
    case .unreadable(let why), .cannotTell(let why): return [.warning("▲ \(why)")]
    }
  }

  /// With what an answer was compared: ` The lab has 0.8575.`
  private static func compared(_ ask: Ask, _ state: AppState) -> String {
    guard case .number(let expression) = ask.answer,
      let truth = try? state.judging(ask)?.number(expression)
    else { return "" }
    return " The lab has " + NumberFormat.compact(truth, digits: max(4, ask.digits + 2)) + "."
  }

  /// How near an answer has to come.
  private static func tolerance(_ ask: Ask) -> String {
    guard case .number = ask.answer else { return "" }
    guard ask.givenTolerance == nil else {
      return "right to ±\(NumberFormat.compact(ask.tolerance, digits: 2))"
    }
    let near = NumberFormat.fixed(ask.tolerance, decimals: ask.digits + 1)
    return "right to half a unit of the last digit: here ±\(near)"
  }

  private static func exerciseState(
    _ exercise: Exercise, _ state: AppState, _ place: LessonProgress, _ text: LessonText
  ) -> [StyledText] {
    if text.holds(exercise) { return [.good("● ") + text.styled(exercise.success)] }
    let progress = ExerciseProgress(exercise, state.readings).lines(width: text.width)
    let keys: StyledText =
      .hint("Space", "train, pause") + "  " + .hint("5", "step") + "  " + .hint(":", "set …")
    if place.done.contains(exercise.id) {
      return [.good("● done before") + .secondary("; the run is at another moment now.")] + progress
        + [.hint("r", "does it again from the page's start")]
    }
    let warning = exercise.warning(in: state.readings).map {
      [StyledText.warning("▲ ") + text.styled($0)]
    }
    return (progress.isEmpty ? [.secondary("○ not yet")] : progress) + [keys] + (warning ?? [])
  }

  private static func hints(
    _ task: LessonTask, _ place: LessonProgress, _ text: LessonText
  ) -> [StyledText] {
    guard !place.done.contains(task.id) else { return [] }
    let shown = place.hints[task.id] ?? 0
    return task.hints.prefix(shown).enumerated().flatMap { i, hint in
      [
        StyledText(),
        .accent("hint \(i + 1) of \(task.hints.count)  ") + text.styled(hint),
      ]
    }
  }

  /// How the lesson itself does it, once it is done.
  private static func solution(
    _ task: LessonTask, _ state: AppState, _ place: LessonProgress
  ) -> [StyledText] {
    let commands = state.solution(of: task)
    guard place.done.contains(task.id), !commands.isEmpty else { return [] }
    guard state.learn.solutions.contains(task.id) else {
      return [StyledText(), .hint("h", "shows how the solution does it")]
    }
    return [StyledText(), .secondary("The solution, at the prompt:")]
      + commands.map { StyledText("  :" + $0, .series(0)) }
  }

  /// What can be done next.
  private static func afterwards(
    _ state: AppState, _ place: LessonProgress, _ task: LessonTask
  ) -> [StyledText] {
    if state.offersDebugger {
      let keys: StyledText =
        state.field == nil ? .hint("5", "opens") : .hint("Esc", "") + .hint("5", "opens")
      return [
        StyledText(), .secondary("stuck? ") + keys + .secondary(" this number in the debugger"),
      ]
    }
    guard place.done.contains(task.id),
      !state.learn.tasks.contains(where: { !place.done.contains($0.id) }),
      let lesson = state.learn.lesson
    else { return [] }
    let isLast = place.page == lesson.pages.count - 1
    return [StyledText(), .hint("Enter", isLast ? "ends the lesson" : "goes on to the next page")]
  }
}
