import Autodiff
import Lessons
import TerminalGraphics
import Training

// Answering, hints, solutions, passing over.

/// A wrong number for a number of the run.
package struct WrongAnswer: Hashable, Sendable {
  /// The question's id, and the answer as it was typed.
  package let ask: String
  package let given: String
  package let number: Double
  /// The value that it is a number of, and which, row by row.
  package let name: String
  package let offset: Int
  /// How near the answer has to come.
  package let tolerance: Double
}

extension AppState {
  /// Opens the field for a number, or takes the choice under the cursor.
  mutating func beginAnswer() -> [Effect] {
    guard case .ask(let ask)? = learn.task else { return [] }
    switch ask.answer {
    case .choice: return answer(ask, .chosen(learn.choice.index))
    case .number:
      focus[.learn] = "try"
      learn.term = nil
      var open = TextField("your answer") { text, state in
        text.isEmpty ? [] : state.answer(ask, .typed(text))
      }
      open.isInPanel = true
      field = open
      return []
    }
  }

  /// The number that the question at hand asks for, while it is open.
  private var openNumberAsk: Ask? {
    guard screen == .learn, learn.isTaskOpen, case .ask(let ask)? = learn.task,
      case .number = ask.answer
    else { return nil }
    return ask
  }

  /// Begins an answer with a sign or a digit that is no screen's; nil for another key.
  mutating func beginAnswer(with stroke: KeyStroke) -> [Effect]? {
    guard openNumberAsk != nil, stroke.modifiers.isEmpty, case .character(let typed) = stroke.key,
      "-089".contains(typed)
    else { return nil }
    return beginAnswer() + type(stroke)
  }

  /// Goes to a screen by its digit. One who meant to type an answer is told, once for a question.
  mutating func goByDigit(to name: ScreenName) -> [Effect] {
    let ask = name == .learn ? nil : openNumberAsk
    let effects = go(to: name)
    if let ask, learn.place?.answers[ask.id] == nil, learn.toldOfDigits != ask.id {
      learn.toldOfDigits = ask.id
      say(
        "\(name.digit) is \(name.title). An answer is typed after Enter: 2 goes back to the question"
      )
    }
    return effects
  }

  /// Keys that go on with the lesson while an answer is typed; nil for those that are typed.
  mutating func pressWhileAnswering(_ stroke: KeyStroke) -> [Effect]? {
    guard screen == .learn, let open = field, open.isInPanel else { return nil }
    switch stroke.key {
    case .pageDown, .pageUp:
      // What is typed stays while one reads on.
      let isReading = stroke.key == .pageDown ? hasTextBelow : hasTextAbove
      if !isReading { field = nil }
      return stroke.key == .pageDown ? readOn() : readBack()
    case .tab:
      field = nil
      return moveFocus(by: stroke.modifiers.contains(.shift) ? -1 : 1)
    case .character("h") where !isWithinWord(open): return moreHelp()
    default: return nil
    }
  }

  /// Whether a letter goes on with a word, as in `tanh(0.5)`.
  private func isWithinWord(_ field: TextField) -> Bool {
    let before = field.text.prefix(field.line.cursor).last
    return before?.isLetter ?? false
  }

  /// Judges an answer with the numbers of the run; a prediction with those that the lab works out.
  mutating func answer(_ ask: Ask, _ given: GivenAnswer) -> [Effect] {
    guard let lesson = learn.lesson, let place = learn.place else { return [] }
    guard ask.after.isEmpty else { return answer(prediction: ask, given) }
    guard !isRunForeign else {
      say("another run is at hand than the page's: r brings that back, then answer", .warning)
      return []
    }
    // Right after a page was turned its run and its numbers are still on the way.
    guard !isAwaitingRun, ask.judged.allSatisfy({ readings[$0] != nil }) else {
      learn.waiting[ask.id] = given
      return []
    }
    return judge(ask, given, AnswerCheck.judge(given, to: ask, in: readings), lesson, place)
  }

  /// Judges answers that came before the page's numbers did.
  mutating func judgeWaiting() -> [Effect] {
    guard !learn.waiting.isEmpty, !isAwaitingRun, let page = learn.page else { return [] }
    var effects: [Effect] = []
    for ask in page.asks where ask.after.isEmpty {
      guard let given = learn.waiting.removeValue(forKey: ask.id) else { continue }
      effects += answer(ask, given)
    }
    return effects
  }

  private mutating func judge(
    _ ask: Ask, _ given: GivenAnswer, _ verdict: Verdict, _ lesson: Lesson,
    _ place: LessonProgress
  ) -> [Effect] {
    var said = Said(given: Self.text(given, to: ask), verdict: verdict)
    if case .number(let expression) = ask.answer {
      said.truth = try? judging(ask)?.number(expression)
    }
    learn.verdicts[ask.id] = said
    // What was said of another answer does not stand beside this one.
    if verdict != .right { messages.hide() }
    if verdict == .right, ask.hidesTheRest,
      let area = panels.first(where: { $0.id == "text" })?.area
    {
      // What was hidden comes into sight.
      learn.scroll = max(0, LessonTextPanel.lines(self, width: area.width - 5).count - 2)
    }
    let next = place.answering(ask, given, verdict)
    let deed = LessonDeed.tried(answer: next.answers[ask.id] ?? "", isRight: verdict == .right)
    let effects = keep(next, of: lesson)
    // Where the next task takes its place, what is said of the answer is seen above it.
    if verdict == .right, learn.task?.id != ask.id {
      say(TryItPanel.rightWords(said, ask), .good)
    }
    return effects
      + [.keepWork(lesson: lesson.name, task: ask.id, page: place.page, deed)]
      + diagnosing(ask, given, verdict)
  }

  private static func text(_ given: GivenAnswer, to ask: Ask) -> String {
    switch given {
    case .typed(let text): ask.choice(named: text).map { Ask.letter($0) } ?? text
    case .chosen(let place): Ask.letter(place)
    }
  }

  // MARK: Predictions

  /// The values by which an answer is judged.
  func judging(_ ask: Ask) -> Readings? {
    guard !ask.after.isEmpty else { return readings }
    guard let lesson = learn.open,
      case .success(let then)? = learn.predictions[lesson + "/" + ask.id]
    else { return nil }
    return then
  }

  private mutating func answer(prediction ask: Ask, _ given: GivenAnswer) -> [Effect] {
    guard let lesson = learn.lesson, let place = learn.place else { return [] }
    switch learn.predictions[lesson.name + "/" + ask.id] {
    case .success(let then)?:
      return judge(ask, given, AnswerCheck.judge(given, to: ask, in: then), lesson, place)
    case .failure(let failure)?:
      return judge(ask, given, .cannotTell("\(failure)"), lesson, place)
    case nil:
      learn.waiting[ask.id] = given
      return [.predict(lesson, page: place.page)]
    }
  }

  /// What the lab says of a prediction is there; an answer may have waited for it.
  mutating func receive(
    prediction: Result<Readings, LessonFailure>, of id: String, in lesson: String
  ) -> [Effect] {
    learn.predictions[lesson + "/" + id] = prediction
    guard learn.open == lesson, let given = learn.waiting.removeValue(forKey: id),
      let ask = learn.page?.asks.first(where: { $0.id == id })
    else { return [] }
    return answer(ask, given)
  }

  // MARK: Diagnosis

  /// Asks the catalog of usual mistakes about a wrong answer that the lesson itself knows nothing of.
  private func diagnosing(_ ask: Ask, _ given: GivenAnswer, _ verdict: Verdict) -> [Effect] {
    guard case .wrong(let words) = verdict, words.isEmpty, case .typed(let text) = given,
      ask.after.isEmpty || ask.givenPlace != nil,
      let asked = AskedPlace(ask), let number = AnswerCheck.number(text, to: ask),
      let value = lab.moment?.plan.value(named: asked.name),
      let offset = asked.offset(in: value.shape)
    else { return [] }
    return [
      .diagnose(
        WrongAnswer(
          ask: ask.id, given: text, number: number, name: asked.name, offset: offset,
          tolerance: ask.tolerance))
    ]
  }

  mutating func receive(diagnosis words: String, of answer: WrongAnswer) {
    guard let said = learn.verdicts[answer.ask], said.given == answer.given,
      said.verdict == .wrong([])
    else { return }
    let sentence = words.prefix(1).uppercased() + words.dropFirst() + "."
    learn.verdicts[answer.ask] = Said(
      given: said.given, verdict: .wrong([.text(sentence, .plain)]), truth: said.truth)
  }

  /// Shows one more hint of the task at hand; when it is done, how the solution does it.
  mutating func moreHelp() -> [Effect] {
    guard let lesson = learn.lesson, let place = learn.place, let task = learn.task else {
      return []
    }
    if place.done.contains(task.id) {
      if learn.solutions.remove(task.id) == nil { learn.solutions.insert(task.id) }
      return []
    }
    return keep(place.showingHint(of: task.id, count: task.hints.count), of: lesson)
      + [.keepWork(lesson: lesson.name, task: task.id, page: place.page, .hinted)]
  }

  /// Why there is no more help with the task at hand; nil when there is.
  var whyNoHelp: String? {
    guard let task = learn.task, let place = learn.place else {
      return "nothing is asked on this page"
    }
    if place.done.contains(task.id) {
      return solution(of: task).isEmpty ? "it is done; there is no other solution to show" : nil
    }
    return place.hints[task.id] ?? 0 < task.hints.count
      ? nil : task.hints.isEmpty ? "there are no hints for this" : "all hints are shown"
  }

  /// The commands with which the lesson itself does a task; none for a question.
  func solution(of task: LessonTask) -> [String] {
    guard case .exercise(let exercise) = task, let lesson = learn.lesson else { return [] }
    return lesson.commands(solving: exercise)
  }

  /// Leaves the task at hand open and goes on: the next task of the page, or the next page.
  mutating func skipTask() -> [Effect] {
    guard let lesson = learn.lesson, let place = learn.place, let task = learn.task else {
      return []
    }
    let effects = keep(place.skipping(task.id), of: lesson)
    learn.term = nil
    let isMore = learn.tasks.contains { next in
      learn.place.map { !$0.done.contains(next.id) && !$0.skipped.contains(next.id) } ?? false
    }
    say("skipped: the overview of the lesson keeps it open")
    return effects + (isMore || place.page == lesson.pages.count - 1 ? [] : turn(by: 1))
  }

  /// Exercises that the run's new state fulfills are done.
  mutating func lessonNews() -> [Effect] {
    guard let lesson = learn.lesson, var place = learn.place, let page = learn.page,
      !learn.isFree, isPageRunAtHand
    else { return [] }
    var done: [Exercise] = []
    for exercise in page.exercises where !place.done.contains(exercise.id) {
      guard (try? readings.holds(exercise.isDone)) == true else { continue }
      place = place.finishing(exercise)
        .keeping(SuccessNumbers.text(of: exercise, in: readings), ofSuccess: exercise.id)
      done.append(exercise)
    }
    guard let last = done.last else { return [] }
    let words = LessonText(readings: readings, width: 200)
      .styled(last.success).plain.split(separator: "\n").joined(separator: " ")
    say(
      screen == .learn ? "done: \(words)" : "exercise done: \(words) 2 goes back to the lesson",
      .good)
    let deed = LessonDeed.finished(at: lab.position)
    return keep(place, of: lesson)
      + done.map { .keepWork(lesson: lesson.name, task: $0.id, page: place.page, deed) }
  }
}
