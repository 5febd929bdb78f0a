import Lessons
import TerminalGraphics
import Training

/// What the Learn screen remembers.
package struct LearnState: Sendable {
  /// The lessons there are, in order.
  package var lessons: [Lesson] = []
  /// How far each opened lesson has come, by its folder name.
  package var progress: [String: LessonProgress] = [:]
  /// The folder name of the lesson that is open.
  package var open: String?
  /// The first line of the text that shows.
  var scroll = 0
  /// The choice the cursor is on.
  var choice = ListSelection()
  /// What was said of the last answer to each question, and what was answered.
  var verdicts: [String: (given: String, verdict: Verdict)] = [:]

  /// How far lessons were before they were started over, the last one at the end.
  var past: [LessonProgress] = []

  package init() {}

  package init(lessons: [Lesson], progress: [String: LessonProgress]) {
    self.lessons = lessons
    self.progress = progress
  }

  package var lesson: Lesson? { open.flatMap { name in lessons.first { $0.name == name } } }

  /// How far the open lesson has come.
  package var place: LessonProgress? { open.map { progress[$0] ?? LessonProgress(lesson: $0) } }

  package var page: Page? {
    guard let lesson, let place, lesson.pages.indices.contains(place.page) else { return nil }
    return lesson.pages[place.page]
  }

  /// The question or exercise at hand: the first one that is not done, else the last one shown.
  var task: LessonTask? {
    guard let page, let place else { return nil }
    let tasks = place.visibleBlocks(of: page).compactMap(LessonTask.init)
    return tasks.first { !place.done.contains($0.id) } ?? tasks.last
  }

  /// The lessons as lists show them.
  var summaries: [LessonSummary] {
    lessons.map { lesson in
      let place = progress[lesson.name]
      return LessonSummary(
        id: lesson.name, number: lesson.number, title: lesson.title, minutes: lesson.minutes,
        pages: lesson.pages.count, pagesDone: place?.donePages(of: lesson).count ?? 0,
        page: place?.page, isDone: place?.isFinished(lesson) ?? false)
    }
  }
}

/// Something to do on a page.
enum LessonTask {
  case ask(Ask)
  case exercise(Exercise)

  init?(_ block: Block) {
    switch block {
    case .ask(let ask): self = .ask(ask)
    case .exercise(let exercise): self = .exercise(exercise)
    default: return nil
    }
  }

  var id: String {
    switch self {
    case .ask(let ask): ask.id
    case .exercise(let exercise): exercise.id
    }
  }

  var hints: [[InlineRun]] {
    switch self {
    case .ask(let ask): ask.hints
    case .exercise(let exercise): exercise.hints
    }
  }
}

// MARK: - Moving through lessons

extension AppState {
  /// The values of the run that the open page needs, as of the last news.
  var readings: Readings { lab.readings ?? Readings() }

  /// Opens a lesson at the page where it was left.
  package mutating func openLesson(_ name: String) -> [Effect] {
    guard let lesson = learn.lessons.first(where: { $0.name == name }) else { return [] }
    learn.open = name
    learn.scroll = 0
    let page = learn.progress[name]?.page ?? 0
    return openPage(page, of: lesson) + go(to: .learn)
  }

  /// Opens a page of the open lesson; the lab gets what the page asks for.
  mutating func turn(by pages: Int) -> [Effect] {
    guard let lesson = learn.lesson, let place = learn.place else { return [] }
    let wanted = place.page + pages
    guard lesson.pages.indices.contains(wanted) else {
      say(pages > 0 ? "this is the last page" : "this is the first page")
      return []
    }
    return openPage(wanted, of: lesson) + [.lab(.look(interest))]
  }

  private mutating func openPage(_ page: Int, of lesson: Lesson) -> [Effect] {
    let place = (learn.progress[lesson.name] ?? LessonProgress(lesson: lesson.name))
      .opening(page: page, of: lesson)
    learn.scroll = 0
    learn.choice = ListSelection()
    return [.setUpLesson(lesson, page: place.page)] + keep(place, of: lesson)
  }

  /// Takes a lesson's new progress and has it kept.
  mutating func keep(_ place: LessonProgress, of lesson: Lesson) -> [Effect] {
    learn.progress[lesson.name] = place
    home.contents.lessons = learn.summaries
    return [
      .keepProgress(
        place, donePages: place.donePages(of: lesson), isFinished: place.isFinished(lesson))
    ]
  }

  /// Judges an answer with the numbers of the run.
  mutating func answer(_ ask: Ask, _ given: GivenAnswer) -> [Effect] {
    guard let lesson = learn.lesson, let place = learn.place else { return [] }
    let verdict = AnswerCheck.judge(given, to: ask, in: readings)
    let text =
      switch given {
      case .typed(let text): text
      case .chosen(let place): "choice \(place + 1)"
      }
    learn.verdicts[ask.id] = (text, verdict)
    let next = place.answering(ask, given, verdict)
    let deed = LessonDeed.tried(answer: next.answers[ask.id] ?? text, isRight: verdict == .right)
    return keep(next, of: lesson)
      + [.keepWork(lesson: lesson.name, task: ask.id, page: place.page, deed)]
  }

  /// Shows one more hint of the task at hand.
  mutating func showHint() -> [Effect] {
    guard let lesson = learn.lesson, let place = learn.place, let task = learn.task else {
      return []
    }
    return keep(place.showingHint(of: task.id, count: task.hints.count), of: lesson)
      + [.keepWork(lesson: lesson.name, task: task.id, page: place.page, .hinted)]
  }

  /// Exercises that the run's new state fulfills are done.
  mutating func lessonNews() -> [Effect] {
    guard let lesson = learn.lesson, var place = learn.place, let page = learn.page else {
      return []
    }
    var done: [Exercise] = []
    for exercise in page.exercises where !place.done.contains(exercise.id) {
      guard (try? readings.holds(exercise.isDone)) == true else { continue }
      place = place.finishing(exercise)
      done.append(exercise)
    }
    guard !done.isEmpty else { return [] }
    say(screen == .learn ? "exercise done" : "exercise done: 2 goes back to the lesson", .good)
    let deed = LessonDeed.finished(at: lab.position)
    return keep(place, of: lesson)
      + done.map { .keepWork(lesson: lesson.name, task: $0.id, page: place.page, deed) }
  }
}
