import Datasets
import Lessons
import TerminalGraphics
import Training

// Moving through lessons: opening, turning pages, setting a page's run anew.

extension AppState {
  /// The values of the run that the open page needs, as of the last news.
  /// Of another run than the page's there are none: the page does not speak of it.
  var readings: Readings { isRunForeign && !learn.isFree ? Readings() : lab.readings ?? Readings() }

  /// Opens a lesson at the page where it was left, or at another one.
  package mutating func openLesson(_ name: String, page: Int? = nil) -> [Effect] {
    guard let lesson = learn.lessons.first(where: { $0.name == name }) else { return [] }
    if learn.open != name { learn.isFree = false }
    learn.open = name
    learn.overview = nil
    search = nil
    focus[.learn] = nil
    if let place = learn.lessons.firstIndex(of: lesson) {
      home.lessons.select(place, count: learn.lessons.count)
    }
    let page = page ?? learn.progress[name]?.page ?? 0
    return openPage(page, of: lesson) + go(to: .learn)
  }

  /// Opens a page of the open lesson; the lab gets what the page asks for. Beyond the last page is
  /// the course, with what comes next.
  mutating func turn(by pages: Int) -> [Effect] {
    guard let lesson = learn.lesson, let place = learn.place else { return [] }
    let wanted = place.page + pages
    guard lesson.pages.indices.contains(wanted) else {
      guard pages > 0 else {
        say("this is the first page")
        return []
      }
      return leaveLastPage(of: lesson, place)
    }
    return openPage(wanted, of: lesson) + [.lab(.look(interest))]
  }

  /// The text that shows and all there is, in lines; nil where no page is open.
  private var textScroll: (shown: Int, total: Int)? {
    guard learn.page != nil,
      let area = panels.first(where: { $0.id == "text" })?.area
    else { return nil }
    return (
      LessonTextPanel.shown(area), LessonTextPanel.lines(self, width: area.width - 5).count
    )
  }

  /// Whether the page has text below what shows of it.
  var hasTextBelow: Bool {
    guard screen == .learn, let text = textScroll else { return false }
    return learn.scroll + text.shown < text.total
  }

  /// The text below what shows, or the next page.
  mutating func readOn() -> [Effect] {
    guard hasTextBelow, let text = textScroll else { return turn(by: 1) }
    // The last line stays in sight: one finds one's place by it.
    learn.scroll = min(learn.scroll + max(1, text.shown - 1), text.total - text.shown)
    return []
  }

  /// Whether the page has text above what shows of it.
  var hasTextAbove: Bool {
    guard screen == .learn, let text = textScroll else { return false }
    return min(learn.scroll, text.total - text.shown) > 0
  }

  /// The text above what shows, or the page before.
  mutating func readBack() -> [Effect] {
    guard hasTextAbove, let text = textScroll else { return turn(by: -1) }
    learn.scroll = max(0, min(learn.scroll, text.total - text.shown) - max(1, text.shown - 1))
    return []
  }

  /// The lesson's end: what was passed over comes back here, then the next lesson.
  private mutating func leaveLastPage(of lesson: Lesson, _ place: LessonProgress) -> [Effect] {
    let left = lesson.pages.indices.filter { !place.isDone(page: $0, of: lesson) }
    closeLesson()
    let place = learn.lessons.firstIndex { $0.name == lesson.name } ?? 0
    guard left.isEmpty else {
      home.lessons.select(place, count: learn.lessons.count)
      learn.overview = left.first
      focus[.learn] = "lesson"
      let pages = left.map { "\($0 + 1)" }.joined(separator: ", ")
      say("this was the last page; still open: page \(pages). Enter goes there")
      return [.lab(.look(interest))]
    }
    if learn.lessons.indices.contains(place + 1) {
      let next = learn.lessons[place + 1]
      home.lessons.select(place + 1, count: learn.lessons.count)
      say("\(lesson.title) is done. Next: \(next.title); Enter begins it", .good)
    } else {
      say("\(lesson.title) is done, and it was the last lesson", .good)
    }
    return [.lab(.look(interest))]
  }

  /// Back to the list of lessons.
  mutating func closeLesson() {
    learn.open = nil
    learn.overview = nil
    learn.term = nil
    learn.isFree = false
    focus[.learn] = nil
  }

  private mutating func openPage(_ page: Int, of lesson: Lesson) -> [Effect] {
    let place = (learn.progress[lesson.name] ?? LessonProgress(lesson: lesson.name))
      .opening(page: page, of: lesson)
    messages.turnPage()
    learn.scroll = 0
    learn.choice = ListSelection()
    (learn.term, learn.departure) = (nil, nil)
    learn.latest = lesson.name
    // Away from one's own sandbox, a page begins where it is meant to.
    let isAnew = learn.isFree || isRunForeign
    learn.isFree = false
    learn.awaitedRuns += 1
    learn.heldEvents = []
    let setting: Effect =
      isAnew ? .resetLesson(lesson, page: place.page) : .setUpLesson(lesson, page: place.page)
    learn.waiting = [:]
    let isPrediction = lesson.pages[place.page].asks.contains { ask in
      !ask.after.isEmpty && learn.predictions[lesson.name + "/" + ask.id] == nil
    }
    let predicting: [Effect] = isPrediction ? [.predict(lesson, page: place.page)] : []
    let remembering = Effect.remember(key: Self.latestLesson, value: lesson.name)
    putOutLight()
    let keeping = keep(place, of: lesson)
    light()
    return [setting] + predicting + [remembering] + keeping
  }

  /// The setting that keeps which lesson was opened last.
  package static let latestLesson = "lesson/latest"

  /// Whether the run at hand is another one than the page was given.
  var isRunForeign: Bool {
    guard learn.page != nil, !isAwaitingRun, lab.settings != nil else { return false }
    return lab.runNumber != learn.runNumber
  }

  /// Sets the page's run anew: its start state, whatever was done with it. What is done stays done.
  mutating func resetPage() -> [Effect] {
    guard let lesson = learn.lesson, let place = learn.place else { return [] }
    learn.isFree = false
    learn.departure = nil
    for task in learn.tasks where !place.done.contains(task.id) { learn.verdicts[task.id] = nil }
    learn.awaitedRuns += 1
    say("the run is as the page wants it at its start", .good)
    return [.resetLesson(lesson, page: place.page)]
  }

  /// Takes a lesson's new progress and has it kept.
  mutating func keep(_ place: LessonProgress, of lesson: Lesson) -> [Effect] {
    let task = learn.task?.id
    learn.progress[lesson.name] = place
    // Another question has other choices.
    if learn.task?.id != task { learn.choice = ListSelection() }
    home.contents.lessons = learn.summaries
    return [
      .keepProgress(
        place, donePages: place.donePages(of: lesson), pages: lesson.pages.count)
    ]
  }

  /// One comes to Learn: a number that was opened in the debugger is left as the page knew it.
  mutating func arriveAtLesson() -> [Effect] {
    guard learn.page != nil else { return [] }
    let effects = takeLessonWorkpiece()
    guard let departure = learn.departure else { return effects }
    learn.departure = nil
    return effects + (lab.position == departure.to ? [.lab(.go(departure.from))] : [])
  }
}

// MARK: - The lesson's network

/// The run that a page was given, and its network as one that can be worked on.
package struct LessonRun: Sendable {
  package let lesson: String
  package let runNumber: Int
  /// Nil where the page goes on with the run there was.
  package let model: OpenedModel?
  package let seed: UInt64
  /// Rises with every page that is set up.
  package let pageNumber: Int
  /// Whether the screen asked for it: a run that was brought back at the start was not.
  package let isAsked: Bool
  /// How much of what was set in it before the lab was left can be taken back.
  package let takeBacks: Int

  package init(
    lesson: String, runNumber: Int, model: OpenedModel?, seed: UInt64 = 0, pageNumber: Int = 0,
    isAsked: Bool = true, takeBacks: Int = 0
  ) {
    self.lesson = lesson
    self.runNumber = runNumber
    self.model = model
    self.seed = seed
    self.pageNumber = pageNumber
    self.isAsked = isAsked
    self.takeBacks = takeBacks
  }
}

extension AppState {
  /// A page has its run: while the lesson is open, Build and Train work on its network.
  mutating func receive(_ run: LessonRun) {
    if run.isAsked { learn.awaitedRuns = max(0, learn.awaitedRuns - 1) }
    guard learn.open == run.lesson else { return }
    (learn.runNumber, learn.pageNumber) = (run.runNumber, run.pageNumber)
    defer { for _ in 0..<run.takeBacks { edits.add(earlierEdit) } }
    guard let model = run.model, let data = model.data else { return }
    var piece = workpiece
    piece.model = model.model
    piece.dataset = Dataset(of: data, in: model)
    piece.preparation = DataPreparation()
    piece.preparation.unseenShare = 0
    piece.fileName = model.path
    piece.source = model.source
    piece.isSaved = true
    piece.epochs = model.epochs ?? piece.epochs
    piece.batchSize = model.batchSize ?? piece.batchSize
    (piece.seed, piece.shuffles) = (run.seed, model.shuffles)
    (piece.callbacks, piece.initialWeights) = (model.callbacks, model.initialWeights)
    if learn.own == nil { learn.own = workpiece }
    learn.aside = nil
    workpiece = piece
    train.opened = piece
    if screen == .home { giveWorkpieceBack() }
  }

  /// Something that was set on the page before the lab was left: the run knows what.
  private var earlierEdit: Edit {
    Edit(
      name: EditName("what was set here earlier"), screen: screen, before: Editable(self),
      after: Editable(self), isOfRun: true, time: now)
  }

  /// The lab made another run of the lesson's network: a command may have changed the network too.
  mutating func takeLessonRun(_ snapshot: LabSnapshot) {
    learn.runNumber = snapshot.runNumber
    guard let settings = snapshot.settings, settings.model != workpiece.model else { return }
    workpiece.model = settings.model
    takeProgram(of: settings)
    (workpiece.batchSize, workpiece.epochs) = (settings.batchSize, settings.epochs)
    (workpiece.seed, workpiece.shuffles) = (settings.seed, settings.shuffles)
    train.opened = workpiece
  }

  /// What one works on beside lessons is on the table again: Home is about that.
  mutating func giveWorkpieceBack() {
    guard let own = learn.own else { return }
    learn.aside = workpiece
    learn.own = nil
    workpiece = own
  }

  /// The lesson's network is on the table again.
  private mutating func takeLessonWorkpiece() -> [Effect] {
    guard let piece = learn.aside else { return [] }
    learn.own = workpiece
    learn.aside = nil
    workpiece = piece
    return []
  }

  /// Something else was opened: that is what one works on from now on.
  mutating func forgetLessonWorkpiece() {
    (learn.own, learn.aside, learn.left) = (nil, nil, nil)
  }
}
