import Datasets
import KerasCode
import Lessons
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
      lab.handle(.open(settings))
      isOther = true
      made.withLock { $0 = Made(lesson: lesson.name, line: withModel.line, labRun: lab.runNumber) }
    }
    guard let setup = lesson.setup(forPage: page) else { return isOther }
    if let position = setup.position { lab.handle(.go(position)) }
    if let pace = setup.pace { lab.handle(.pace(pace)) }
    for command in setup.commands { _ = lab.ask(command, atOnce: true) }
    return isOther
  }
}
