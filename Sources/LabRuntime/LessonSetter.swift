import Datasets
import KerasCode
import Lessons
import Tensors
import Scripts
import Synchronization
import Training

/// Brings the lab where a lesson's page wants it: its run, the moment, the pace. On the lab's thread.
final class LessonSetter: Sendable {
  /// Which lesson's setup made which of the lab's runs.
  private struct Made: Equatable {
    let lesson: String
    let line: Int
    let labRun: Int
  }

  private let made = Mutex<Made?>(nil)
  /// Who works: a lesson may give each student numbers of their own.
  private let student: String?

  init(student: String? = nil) { self.student = student }

  /// Returns whether it opened another run.
  /// - Throws: why the lesson's model makes no run.
  func setUp(
    _ lesson: Lesson, page: Int, in lab: Lab, _ library: DatasetLibrary
  ) throws -> Bool {
    guard let withModel = lesson.setupWithModel(forPage: page) else { return false }
    var isOther = false
    let own = lesson.pages[page].setup
    let here = Made(lesson: lesson.name, line: withModel.line, labRun: lab.runNumber)
    // A page that names a model begins it anew; another goes on with the run there is.
    if own?.model != nil || made.withLock({ $0 != here }) {
      let settings = try withModel.settings(for: lesson) { source, file in
        var overrides = RunOverrides()
        overrides.data = withModel.data
        return try ModelLoader(library: library).settings(
          try ModelFile.read(source, file: file), overrides)
      }
      guard let settings else { return false }
      lab.handle(.open(seeded(settings, for: lesson)))
      isOther = true
      made.withLock { $0 = Made(lesson: lesson.name, line: withModel.line, labRun: lab.runNumber) }
    }
    defer { lab.beginJournal() }
    guard let setup = lesson.setup(forPage: page) else { return isOther }
    if let position = setup.position { lab.handle(.go(position)) }
    if let pace = setup.pace { lab.handle(.pace(pace)) }
    for command in setup.commands { _ = lab.ask(command) }
    return isOther
  }

  /// The seed that a student's run begins with, where the lesson wants one each: the lesson's own,
  /// mixed with the name.
  private func seeded(_ settings: RunSettings, for lesson: Lesson) -> RunSettings {
    guard let student, lesson.isSeededByStudent else { return settings }
    var own = settings
    // Small enough to be read out and typed.
    own.seed = CounterRandom(seed: settings.seed, name: student).bits(at: 0) % 1_000_000
    return own
  }
}

/// A lesson's pages without a screen: what tests and graders play on.
package struct LessonStage {
  private let lesson: Lesson
  private let library: DatasetLibrary
  private let setter: LessonSetter

  package init(_ lesson: Lesson, _ library: DatasetLibrary, student: String? = nil) {
    (self.lesson, self.library) = (lesson, library)
    setter = LessonSetter(student: student)
  }

  /// Sets a page up; returns whether it has a run of its own.
  /// - Throws: why the lesson's model makes no run.
  package func setUp(page: Int, in lab: Lab) throws -> Bool {
    try setter.setUp(lesson, page: page, in: lab, library)
  }
}
