import Datasets
import KerasCode
import Lessons
import Scripts
import Synchronization
import Tensors
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
  private let ways = LessonWays()
  /// Who works: a lesson may give each student numbers of their own.
  private let student: String?

  init(student: String? = nil) { self.student = student }

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
      lab.handle(.open(seeded(settings, for: lesson)))
      lab.workshop = .lesson(lesson, library)
      lab.clearBreakpoints()
      isOther = true
      made.withLock { $0 = Made(lesson: lesson.name, line: withModel.line, labRun: lab.runNumber) }
    }
    defer { lab.beginJournal() }
    guard let setup = lesson.setup(forPage: page) else { return isOther }
    let allowance = LessonBudget.allowance()
    try carryOut("the position", setup, lesson, in: lab, allowance) {
      let goal = setup.goal.flatMap { lab.session?.position(of: $0) }
      guard let position = setup.position ?? goal else { return }
      ways.go(
        to: position,
        LessonWays.Goal(
          lesson: lesson.name, line: withModel.line, seed: seed, step: position.step), in: lab)
    }
    if let pace = setup.pace { lab.handle(.pace(pace)) }
    for command in setup.commands {
      try carryOut("the command ‘\(command)’", setup, lesson, in: lab, allowance) {
        _ = try lab.carryOut(command, atOnce: true)
      }
    }
    lab.beginPage()
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

  /// Does a part of a setup; what goes wrong is said with its place.
  private func carryOut(
    _ what: String, _ setup: Setup, _ lesson: Lesson, in lab: Lab, _ allowance: Allowance,
    _ body: () throws -> Void
  ) throws {
    do { try lab.within(allowance, body) } catch {
      throw LessonFailure(
        "\(lesson.name)/lesson.md", setup.line, "\(what): \(error)",
        right: "one that the lab can take up here")
    }
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

/// Opens the pages of a lesson in labs, one after the other or again.
package struct LessonPages {
  private let lesson: Lesson
  private let library: DatasetLibrary
  private let setter: LessonSetter

  /// - Parameter student: who works: a lesson may give each student numbers of their own.
  package init(
    _ lesson: Lesson, library: DatasetLibrary = DatasetLibrary(), student: String? = nil
  ) {
    (self.lesson, self.library) = (lesson, library)
    setter = LessonSetter(student: student)
  }

  /// - Returns: whether the page has a run.
  /// - Throws: why it has none.
  @discardableResult
  package func open(_ page: Int, in lab: Lab) throws -> Bool {
    try setter.setUp(lesson, page: page, in: lab, library)
  }
}
