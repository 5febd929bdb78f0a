import Lessons
import TerminalGraphics
import Training

/// What the Learn screen remembers.
package struct LearnState: Sendable {
  /// The lessons there are, in order.
  package var lessons: [Lesson] = [] { didSet { index = CourseIndex(lessons) } }
  /// How far each opened lesson has come, by its folder name.
  package var progress: [String: LessonProgress] = [:]
  /// The folder name of the lesson that is open.
  package var open: String?
  /// The folder name of the lesson that was opened last, in whatever session.
  package var latest: String?
  /// The first line of the text that shows.
  var scroll = 0
  /// The choice the cursor is on.
  var choice = ListSelection()
  /// What was said of the last answer to each question, and what was answered.
  var verdicts: [String: Said] = [:]
  /// What the lab says of predictions, by question, and answers that wait for that.
  var predictions: [String: Result<Readings, LessonFailure>] = [:]
  var waiting: [String: GivenAnswer] = [:]
  /// The question at which one was told last that digits are screens.
  var toldOfDigits: String?
  /// The word in the page's text that the cursor is on, counted among its words; nil: on none.
  var term: Int?
  /// The word the cursor is on in the list of words.
  var word = ListSelection()
  /// The page the cursor is on in the overview of a lesson; nil: the one to go on with.
  var overview: Int?
  /// Tasks whose solution one wanted to see.
  var solutions: Set<String> = []
  /// Whether the run is one's own for now: nothing hidden, nothing fixed, nothing judged.
  package internal(set) var isFree = false
  /// The lab's number of the run that the open page was given, and of the set-up of that page.
  package internal(set) var runNumber: Int?
  package internal(set) var pageNumber = 0
  /// Pages whose runs are on the way, and what was pressed for them meanwhile.
  package internal(set) var awaitedRuns = 0
  package internal(set) var heldEvents: [Event] = []
  /// Where the run stood when a number of the page was opened in the debugger, and where that is.
  var departure: (from: Position, to: Position)?
  /// What one works on beside lessons, while a lesson's network lies on the table; and the lesson's,
  /// while it does not.
  package internal(set) var own: Workpiece?
  var aside: Workpiece?

  /// Where one left a run of one's own for a lesson, and whether it was that of the network one works
  /// on; nil where none waits.
  var left: (screen: ScreenName, isOfWorkpiece: Bool)?

  /// How far lessons were before they were started over, the last one at the end; and when that was.
  var past: [LessonProgress] = []
  var startedOver = -Double.infinity

  package init() {}

  package init(lessons: [Lesson], progress: [String: LessonProgress], latest: String? = nil) {
    self.lessons = lessons
    self.progress = progress
    self.latest = latest
    index = CourseIndex(lessons)
  }

  /// What a search looks through.
  private(set) var index = CourseIndex([])

  package var lesson: Lesson? { open.flatMap { name in lessons.first { $0.name == name } } }

  /// How far the open lesson has come.
  package var place: LessonProgress? { open.map { progress[$0] ?? LessonProgress(lesson: $0) } }

  package var page: Page? {
    guard let lesson, let place, lesson.pages.indices.contains(place.page) else { return nil }
    return lesson.pages[place.page]
  }

  /// The open page as edits name it.
  var pageName: String? { page == nil ? nil : place.map { "\($0.lesson) \($0.page)" } }

  /// What the open page asks the lab for.
  var setup: Setup? { place.flatMap { lesson?.setup(forPage: $0.page) } }

  /// The tasks of the page that may be seen, in order.
  var tasks: [LessonTask] {
    guard let page, let place else { return [] }
    return place.visibleBlocks(of: page).compactMap(LessonTask.init)
  }

  /// The question or exercise at hand: the first one that is open, else one that was passed over,
  /// else the last one shown.
  var task: LessonTask? {
    guard let place else { return nil }
    let tasks = tasks
    let open = tasks.filter { !place.done.contains($0.id) }
    return open.first { !place.skipped.contains($0.id) } ?? open.first ?? tasks.last
  }

  /// Whether the task at hand is still to be done.
  var isTaskOpen: Bool {
    guard let task, let place else { return false }
    return !place.done.contains(task.id)
  }

  /// The lessons as lists show them.
  var summaries: [LessonSummary] {
    lessons.map { lesson in
      let place = progress[lesson.name]
      var summary = LessonSummary(
        id: lesson.name, number: lesson.number, title: lesson.title, minutes: lesson.minutes,
        pages: lesson.pages.count, pagesDone: place?.donePages(of: lesson).count ?? 0,
        page: place?.page, isDone: place?.isFinished(lesson) ?? false)
      if let place, lesson.pages.indices.contains(place.page) {
        summary.pageTitle = lesson.pages[place.page].title
      }
      summary.skipped = place?.skipped.count ?? 0
      summary.isLatest = lesson.name == latest
      return summary
    }
  }
}

/// What was said of an answer.
struct Said: Hashable, Sendable {
  /// As it is named: `0.36`, `b`.
  let given: String
  let verdict: Verdict
  /// What the lab had then.
  var truth: Double?
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
