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

  /// A setup of a lesson, and the seed it is made with.
  private struct Key: Hashable {
    let lesson: Lesson
    let line: Int
    let seed: UInt64?
  }

  private let made = Mutex<Made?>(nil)
  /// What setups asked for, so that a page that opens again reads no program again.
  private let read = Mutex<[Key: RunSettings]>([:])

  /// Whatever run there is, the next page has one of its own.
  func forget() { made.withLock { $0 = nil } }

  /// Returns whether it opened another run.
  ///
  /// - Parameter seed: in place of the setup's own.
  /// - Throws: why the lesson's model makes no run, or which of its commands cannot be carried out.
  func setUp(
    _ lesson: Lesson, page: Int, in lab: Lab, _ library: DatasetLibrary, seed: UInt64? = nil
  ) throws -> Bool {
    guard let withModel = lesson.setupWithModel(forPage: page) else { return false }
    var isOther = false
    let own = lesson.pages[page].setup
    let here = Made(lesson: lesson.name, line: withModel.line, labRun: lab.runNumber)
    // A page that names a model begins it anew; another goes on with the run there is.
    if own?.model != nil || seed != nil || made.withLock({ $0 != here }) {
      guard let settings = try settings(withModel, lesson, library, seed) else { return false }
      lab.handle(.open(settings))
      lab.workshop = .lesson(lesson, library)
      isOther = true
      made.withLock { $0 = Made(lesson: lesson.name, line: withModel.line, labRun: lab.runNumber) }
    }
    guard let setup = lesson.setup(forPage: page) else { return isOther }
    if let position = setup.position { lab.handle(.go(position)) }
    if let goal = setup.goal, let position = lab.session?.position(of: goal) {
      lab.handle(.go(position))
    }
    if let pace = setup.pace { lab.handle(.pace(pace)) }
    for command in setup.commands {
      do { _ = try lab.carryOut(command) } catch {
        throw LessonFailure(
          "\(lesson.name)/lesson.md", setup.line, "the command ‘\(command)’: \(error)",
          right: "one that the lab understands here")
      }
    }
    return isOther
  }

  private func settings(
    _ setup: Setup, _ lesson: Lesson, _ library: DatasetLibrary, _ seed: UInt64?
  ) throws -> RunSettings? {
    let key = Key(lesson: lesson, line: setup.line, seed: seed)
    if let known = read.withLock({ $0[key] }) { return known }
    let reader = LessonReader(lesson, library)
    var settings = try setup.settings(for: lesson) { source, file in
      try reader.settings(source, file: file, data: setup.data)
    }
    if let seed { settings?.seed = seed }
    read.withLock { known in
      if known.count > 32 { known = [:] }
      known[key] = settings
    }
    return settings
  }
}

extension Session {
  /// Where a setup's words lie in this run.
  fileprivate func position(of goal: Setup.Goal) -> Position {
    switch goal {
    case .epoch(let epoch): Position(step: min(epoch, settings.epochs) * stepsPerEpoch)
    case .end: Position(step: settings.totalSteps)
    }
  }
}
