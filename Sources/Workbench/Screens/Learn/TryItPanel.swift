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
    /// What is asked for and what is typed; the label is empty where it has a line of its own.
    case answer(label: String, text: String, keys: StyledText)
  }

  /// Lines that an array takes at most.
  private static let mostRows = 7

  /// The rows that it takes now, with its frame; beside the text one more for what is said of an answer,
  /// and never so few that the page beside it jumps at the first word.
  ///
  /// - Parameter isTight: without what parts its lines.
  static func height(_ state: AppState, width: Int, isTight: Bool = false) -> Int {
    let all = parts(state, width: width - 6)
    let parts = isTight ? all.filter { !isBlank($0) } : all
    let lines = parts.reduce(2) { $0 + height(of: $1) }
    return state.isCompact ? lines : max(8, lines + 2)
  }

  /// Whether something is said to what one did: of an answer, a usual wrong way, a hint, success.
  static func saysSomething(_ state: AppState) -> Bool {
    guard let task = state.learn.task, let place = state.learn.place else { return false }
    if state.learn.verdicts[task.id] != nil || place.done.contains(task.id) { return true }
    if place.hints[task.id] ?? 0 > 0 { return true }
    guard case .exercise(let exercise) = task else { return false }
    return exercise.warning(in: state.readings) != nil
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
    var y = inside.y + (inside.height > (state.isCompact ? needed + 2 : max(8, needed)) ? 1 : 0)
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
    let label: StyledText = label.isEmpty ? StyledText() : .text(label + " = ")
    grid.write(label, at: line.origin)
    let room = line.width - label.width
    let width = min(room, max(12, min(24, room - keys.width - 2)))
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
    // Those that a question still hides count too, so that their number does not jump.
    let tasks = state.learn.page?.tasks ?? []
    let number = tasks.firstIndex(of: task.id) ?? 0
    let count: StyledText =
      tasks.count > 1 ? .secondary("task \(number + 1) of \(tasks.count) · ") : StyledText()
    if place.done.contains(task.id) { return count + .good("● done") }
    if place.skipped.contains(task.id) { return count + .warning("◇ skipped") }
    switch task {
    case .ask(let ask):
      guard case .number = ask.answer else { return count + .secondary("choose one") }
      return count + .secondary(ask.digits == 0 ? "a whole number" : "a number")
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
    var text = state.lessonText(width: width)
    text.isStacked = false
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
        for line in verdict(said, ask, state, text.open) { add(line) }
      } else if place.done.contains(ask.id) {
        blank()
        add(.good("● your answer was right"))
      }
    case .exercise(let exercise):
      add(text.styled(exercise.task))
      blank()
      for line in exerciseState(exercise, state, place, text) { add(line) }
    }
    for line in hints(task, place, text.open) { add(line) }
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
    if case .exercise? = state.learn.task, state.learn.isTaskOpen, state.learn.own != nil,
      !state.isAwaitingRun, !state.runIsCurrent
    {
      return .warning("▲ The run has not what was changed on Build. ")
        + .hint("3", "goes there,") + " " + .hint("t", "takes it to the run")
    }
    return StyledText()
  }

  /// The array in which the number asked for lies; before it the weight whose gradient it is.
  private static func matrices(_ ask: Ask, _ state: AppState) -> [LiveMatrix] {
    guard let asked = AskedPlace(ask) else { return [] }
    // What it will be then is not in the lab now: the number that is there is only pointed at.
    let isLater = !ask.after.isEmpty
    let isOpen = !(state.learn.place?.done.contains(ask.id) ?? false) && !isLater
    let hidden = state.hiddenNumbers
    func matrix(_ name: String, isAsked: Bool) -> LiveMatrix? {
      guard case .success(.tensor(let tensor))? = state.readings[name], tensor.count > 1,
        let place = asked.offset(in: tensor.shape)
      else { return nil }
      let shape = "  \(tensor.shape)" + (isLater ? "  now" : "")
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
      var label = AskedPlace(ask)?.text ?? "your answer"
      var head: [Part] = []
      if TextWidth.columns(label) + 3 > text.width / 2 {
        // A long name has a line of its own.
        head = StyledText.text(label + " =").wrapped(to: text.width).map { .line($0) }
        label = ""
      }
      if state.field?.isInPanel ?? false {
        let keys: StyledText = .hint("Enter", "check") + "  " + .hint("h", "hint")
        return head + [.answer(label: label, text: "", keys: keys)]
      }
      let given = state.learn.place?.answers[ask.id] ?? ""
      let keys: StyledText = isDone ? StyledText() : .hint("Enter", "then type it")
      return head + [.answer(label: label, text: given, keys: keys)]
    case .choice(let choices):
      let given = isDone ? state.learn.place?.answers[ask.id] : nil
      let lines = choices.enumerated().flatMap { i, choice -> [StyledText] in
        let isHere = isDone ? given == "\(i + 1)" : i == state.learn.choice.index
        let mark: StyledText = !isHere ? "  " : isDone ? .good("● ") : .accent("▶ ")
        let words = text.styled(choice.text).wrapped(to: max(8, text.width - 5))
        return words.enumerated().map { row, line in
          row == 0 ? mark + .key(Ask.letter(i)) + "  " + line : "     " + line
        }
      }
      return lines.map { .line($0) }
        + (isDone ? [] : [.line(.hint("↑↓ Enter", "choose") + "   " + .hint("h", "hint"))])
    }
  }
}
