import Datasets
import Tensors
import TerminalGraphics
import Training

/// A kept run, as Home lists it.
package struct RunSummary: Hashable, Sendable {
  package let number: Int
  /// A name the student gave it.
  package let name: String?
  package let data: String
  /// In short: `64-64-32-10 relu`.
  package let model: String
  /// The loss over time, the first first; not all of it.
  package let losses: [Float]
  /// Nil where accuracy means nothing, or no epoch is through.
  package let validationAccuracy: Double?
  package let steps: Int
  /// Nil when no epoch is through and none can be counted.
  package let totalSteps: Int?
  /// How long ago it was last written to.
  package let ageSeconds: Double
  /// Whether all its epochs are done; a run that is not, and is not at hand, was stopped.
  package let isFinished: Bool
  /// The last loss, and that on unseen examples.
  package let loss: Double?
  package let validationLoss: Double?
  /// The Keras class: `Adam`.
  package var optimizer = ""
  package var learningRate = Double.nan
  /// Another number after anything was written of it.
  package var revision = 0
  /// Whether it trains now, in whatever process, and whether another process has it open.
  package var isRunning = false
  package var isOpenElsewhere = false

  package init(
    number: Int, name: String? = nil, data: String, model: String, losses: [Float],
    validationAccuracy: Double?, steps: Int, totalSteps: Int?, ageSeconds: Double,
    isFinished: Bool = false, loss: Double? = nil, validationLoss: Double? = nil
  ) {
    self.isFinished = isFinished
    self.loss = loss
    self.validationLoss = validationLoss
    self.number = number
    self.name = name
    self.data = data
    self.model = model
    self.losses = losses
    self.validationAccuracy = validationAccuracy
    self.steps = steps
    self.totalSteps = totalSteps
    self.ageSeconds = ageSeconds
  }
}

/// A lesson, as Home lists it.
package struct LessonSummary: Hashable, Sendable {
  /// The name of its folder: `01-one-neuron`.
  package let id: String
  package let number: Int
  package let title: String
  package let minutes: Int
  package let pages: Int
  package let pagesDone: Int
  /// The page one stopped at, from 0; nil when it was never opened.
  package let page: Int?
  package let isDone: Bool
  /// The title of the page one stopped at.
  package var pageTitle: String?
  /// How many tasks were passed over.
  package var skipped = 0
  /// Whether it is the one that was opened last.
  package var isLatest = false

  package init(
    id: String, number: Int, title: String, minutes: Int, pages: Int, pagesDone: Int = 0,
    page: Int? = nil, isDone: Bool = false
  ) {
    self.id = id
    self.number = number
    self.title = title
    self.minutes = minutes
    self.pages = pages
    self.pagesDone = pagesDone
    self.page = page
    self.isDone = isDone
  }

  package var isBegun: Bool { page != nil && !isDone }
}

/// What Home knows from outside the lab: the record, the course, the machine.
package struct HomeContents: Sendable {
  /// All that are kept, the newest first.
  package var runs: [RunSummary]
  package var lessons: [LessonSummary]
  /// Whether runs are being recorded.
  package var isRecording: Bool
  /// The machine's cores; nil when nobody said.
  package var processors: Int?
  /// The number under which the run at hand is kept, nil while it is not.
  package var openRun: Int?

  package init(
    runs: [RunSummary] = [], lessons: [LessonSummary] = [], isRecording: Bool = false,
    processors: Int? = nil, openRun: Int? = nil
  ) {
    self.runs = runs
    self.lessons = lessons
    self.isRecording = isRecording
    self.processors = processors
    self.openRun = openRun
  }
}

extension HomeContents {
  /// Those that Home lists; 7 lists all.
  var latest: ArraySlice<RunSummary> { runs.prefix(60) }
}

/// What the Home screen remembers.
package struct HomeState: Sendable {
  package var contents = HomeContents()
  /// When the contents came, on the clock of `AppState.now`: ages go on from there.
  package var received: Double = 0
  package var runs = ListSelection()
  package var lessons = ListSelection()
  /// The chosen one of the things to begin.
  var beginning = ListSelection()
  /// Whether the mouse was ever heard of.
  var hasPointed = false
  /// The number under which the run at hand is kept, nil while it is not.
  package var openRun: Int?
  /// One picture of each digit, row by row, and how many the tour learns from.
  private(set) var digits: [[Float]] = []
  private(set) var digitCount = 0
  /// The data sets that have names.
  private(set) var dataSetCount = 0

  package init() {}

  /// Takes the pictures that a newcomer sees from the digits, when the lab opens with them.
  init(showing workpiece: Workpiece, of library: DatasetLibrary) {
    dataSetCount = library.names.count
    guard workpiece.dataset.name == "digits", let labels = workpiece.dataset.classNumbers,
      let settings = try? workpiece.settings()
    else { return }
    digits = (0..<10).compactMap { label in
      labels.firstIndex(of: label).map { workpiece.dataset.inputs.rows([$0]).scalars }
    }
    digitCount = settings.data.training.count
  }

  /// The lesson to go on with: the one opened last if it is begun, else the last one that is.
  package var lessonAtHand: LessonSummary? {
    contents.lessons.first { $0.isBegun && $0.isLatest } ?? contents.lessons.last { $0.isBegun }
  }

  /// The lesson that comes after those that are done, where none is begun.
  package var nextLesson: LessonSummary? {
    let lessons = contents.lessons
    guard lessonAtHand == nil, let last = lessons.lastIndex(where: \.isDone) else { return nil }
    let latest = lessons.firstIndex { $0.isLatest && $0.isDone } ?? last
    return lessons[latest...].first { $0.page == nil } ?? lessons.first { $0.page == nil }
  }
}

extension AppState {
  /// Whether there is nothing yet to come back to: no run kept or open, no lesson begun.
  package var isNewcomer: Bool {
    home.contents.runs.isEmpty && lab.history.steps.isEmpty
      && !home.contents.lessons.contains { $0.page != nil || $0.isDone }
  }

  /// The list of lessons begins at the one to go on with.
  mutating func chooseLessonAtHand() {
    let lessons = home.contents.lessons
    guard
      let place = lessons.firstIndex(where: {
        $0.id == (home.lessonAtHand ?? home.nextLesson)?.id
      })
    else { return }
    home.lessons.select(place, count: lessons.count)
  }

  /// Seconds since a kept run was written to, as of now.
  func age(of run: RunSummary) -> Double {
    max(0, run.ageSeconds + now - home.received)
  }
}

/// Time that has passed, in words: `now`, `2 min`, `3 h`, `1 day`, `2 days`.
enum PassedTime {
  static func words(_ seconds: Double) -> String {
    switch seconds {
    case ..<60: return "now"
    case ..<3600: return "\(Int(seconds / 60)) min"
    case ..<86400: return "\(Int(seconds / 3600)) h"
    default:
      let days = Int(seconds / 86400)
      return days == 1 ? "1 day" : "\(days) days"
    }
  }
}
