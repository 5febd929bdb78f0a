import Lessons
import TerminalGraphics
import Training

// What is said below a question or exercise: of an answer, of how near the run is, in hints, and what
// comes next.

extension TryItPanel {
  static func verdict(
    _ said: Said, _ ask: Ask, _ state: AppState, _ text: LessonText
  ) -> [StyledText] {
    let given = said.given
    switch said.verdict {
    case .right: return [.good("● \(given) is right.") + .secondary(compared(said, ask))]
    case .wrong(let words):
      let precision = tolerance(ask, given, truth: said.truth)
      let reply: StyledText =
        words.isEmpty
        ? .text("not so.") + (state.whyNoHelp == nil ? " " + .hint("h", "gives a hint") : "")
        : text.styled(words)
      return [.bad("× ") + .text("your \(given): ") + reply, .secondary(precision)]
    case .unreadable(let why), .cannotTell(let why): return [.warning("▲ \(why)")]
    }
  }

  /// The same in one line of text: `0.86 is right. The lab has 0.8575.`
  static func rightWords(_ said: Said, _ ask: Ask) -> String {
    "\(said.given) is right." + compared(said, ask)
  }

  /// With what an answer was compared: ` The lab has 0.8575.`
  private static func compared(_ said: Said, _ ask: Ask) -> String {
    guard let truth = said.truth else { return "" }
    // What is counted has no decimals.
    let isWhole = truth == truth.rounded() && abs(truth) < 1e9 && ask.digits == 0
    return " The lab has "
      + (isWhole
        ? NumberFormat.integer(Int(truth))
        : NumberFormat.compact(truth, digits: max(4, ask.digits + 2))) + "."
  }

  /// How near an answer has to come, where it came near: of one that is far off that says nothing. Of
  /// one that counts, only where the answer is no whole number.
  static func tolerance(_ ask: Ask, _ given: String, truth: Double?) -> String {
    guard case .number = ask.answer else { return "" }
    if ask.isCount {
      let isWhole = AnswerCheck.number(given, to: ask).map { $0 == $0.rounded() } ?? false
      return isWhole ? "" : "a whole number is asked for"
    }
    if ask.tolerance == 0 { return "only the very number is right" }
    if let truth, let number = AnswerCheck.number(given, to: ask),
      abs(number - truth) > 10 * ask.tolerance
    {
      return ""
    }
    guard ask.givenTolerance == nil else {
      let near = ask.tolerance
      return "right to ±"
        + (near == near.rounded() && near < 1e9
          ? NumberFormat.integer(Int(near)) : NumberFormat.compact(near, digits: 2))
    }
    let near = NumberFormat.fixed(ask.tolerance, decimals: ask.digits + 1)
    return "right to half a unit of the last digit: here ±\(near)"
  }

  static func exerciseState(
    _ exercise: Exercise, _ state: AppState, _ place: LessonProgress, _ text: LessonText
  ) -> [StyledText] {
    if place.done.contains(exercise.id) {
      let again: StyledText = .hint("r", "does it again from the page's start")
      guard let said = text.success(of: exercise) else {
        return [.good("● done before") + .secondary("; the run is at another moment now."), again]
      }
      let isHere = (try? state.readings.holds(exercise.isDone)) ?? false
      return [.good("● ") + said]
        + (isHere ? [] : [.secondary("The run is at another moment now; ") + again])
    }
    let progress = ExerciseProgress(exercise, text).lines(width: text.width)
    let keys: StyledText =
      .hint("Space", "train, pause") + "  " + .hint("5", "step") + "  " + .hint(":", "set …")
    let warning = exercise.warning(in: state.readings).map {
      [StyledText.warning("▲ ") + text.styled($0)]
    }
    return (progress.isEmpty ? [.secondary("○ not yet")] : progress) + [keys] + (warning ?? [])
  }

  static func hints(
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
  static func solution(
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
  static func afterwards(
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
    return [StyledText(), .hint("Enter", isLast ? "ends the lesson" : "goes on")]
  }
}
