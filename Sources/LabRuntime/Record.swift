import Datasets
import Dispatch
import FileFormats
import Foundation
import Lessons
import RunStore
import Synchronization
import TerminalGraphics
import Training
import Workbench

/// The record of runs as the lab uses it: every call returns at once, the disk is waited for on a
/// queue. What is asked first is written first.
package final class Record: Sendable {
  private struct Known {
    /// The kept number of each of the lab's runs.
    var numbers: [Int: RunNumber] = [:]
    var openRun: Int?
    var hasFailed = false
    /// What was read of the record when the runs were last listed, so that nothing is read twice.
    var listed = ListedRuns()
    /// What was last kept for the next start.
    var workpiece: Workpiece?
    var labText: String?
  }

  /// Nil when it could not be opened: the lab then goes on unrecorded.
  package let store: RunStore?
  private let queue = DispatchQueue(label: "record")
  private let known = Mutex(Known())
  private let listener = Mutex<Listener?>(nil)

  /// A structure, for a function that lies in a mutex by itself is wrapped once more whenever it is read.
  private struct Listener {
    let tell: @Sendable ([News]) -> Void
  }

  package init(store: RunStore?) { self.store = store }

  /// Says who hears what the record has to say.
  package func listen(_ tell: @escaping @Sendable ([News]) -> Void) {
    listener.withLock { $0 = Listener(tell: tell) }
  }

  func tell(_ news: News) { listener.withLock { $0 }?.tell([news]) }

  /// Whether all was written so far.
  package var isSound: Bool { store != nil && known.withLock { !$0.hasFailed } }

  /// Waits until all is written.
  package func flush() { queue.sync {} }

  /// Does something with the store on the queue; the first failure is said, later ones are not.
  func write(
    _ body: @escaping @Sendable (RunStore) throws -> Void,
    then: @escaping @Sendable () -> Void = {}
  ) {
    guard let store else { return then() }
    queue.async { [self] in
      defer { then() }
      do { try body(store) } catch {
        let isFirst = known.withLock { known in
          defer { known.hasFailed = true }
          return !known.hasFailed
        }
        if isFirst { tell(.said("not recorded: \(error)", .warning)) }
      }
    }
  }

  /// The kept number of one of the lab's runs.
  package func number(_ labRun: Int) -> RunNumber? { known.withLock { $0.numbers[labRun] } }

  // MARK: For the next start

  /// Where one was at the end; nil when nothing is kept.
  /// - Throws: when it is damaged: it is set aside by then.
  package func keptLab() throws -> KeptLab? {
    guard let store else { return nil }
    do { return try KeptLab.restore(from: store) } catch {
      KeptLab.setAside(in: store)
      throw error
    }
  }

  /// Keeps what was worked on and where one was; what has not changed is not written again.
  func keep(_ workpiece: Workpiece, _ lab: KeptLab) {
    write { [self] store in
      if known.withLock({ !($0.workpiece?.isSame(as: workpiece) ?? false) }) {
        try KeptWorkpiece.keep(workpiece, in: store)
        known.withLock { $0.workpiece = workpiece }
      }
      guard let text = lab.text, known.withLock({ $0.labText != text }) else { return }
      try KeptLab.keep(text: text, in: store)
      known.withLock { $0.labText = text }
    }
  }

  // MARK: Lessons

  /// Keeps how far a lesson has come, beside what other labs kept of it.
  func keep(_ place: LessonProgress, donePages: Set<Int>, pages: Int) {
    write { store in
      let now = Date()
      let record = LessonRecord(
        lesson: place.lesson, page: place.page, donePages: donePages, done: place.done,
        answers: place.answers, skipped: place.skipped, hints: place.hints, misses: place.misses,
        started: now)
      try store.add(record, at: now) { $0.donePages.count >= pages }
    }
  }

  /// Forgets how far a lesson has come, or only what was done of some questions and exercises.
  func forget(lesson: String, tasks: Set<String>?) {
    write { store in
      if let tasks { try store.forget(tasks, of: lesson) } else { try store.forgetLesson(lesson) }
    }
  }

  /// Changes what is kept of the work on a question or exercise.
  func update(
    _ lesson: String, _ task: String, _ page: Int,
    _ change: @escaping @Sendable (inout LessonWork) -> Void
  ) {
    write { try $0.update(lesson: lesson, task: task, page: page, at: Date(), change) }
  }

  /// How far each lesson has come that was ever opened.
  package func lessonProgress() -> [String: LessonProgress] {
    guard let records = try? store?.lessonRecords() else { return [:] }
    return records.mapValues {
      LessonProgress(
        lesson: $0.lesson, page: $0.page, opened: $0.donePages, done: $0.done,
        answers: $0.answers, hints: $0.hints, skipped: $0.skipped, misses: $0.misses)
    }
  }

  // MARK: A run of the lab

  /// Records that a run begins, with all that makes it again.
  /// - Parameter start: its first state where its weights were given, else nil.
  package func begin(
    _ entry: RunRecord, _ settings: RunSettings, start: StateCopy?, program: KeptProgram?,
    as labRun: Int
  ) {
    write { [self] store in
      var note = ReplayNote(settings, program: program)
      note.examples = try ExamplesCopy(store).keep(of: settings)
      note.dataPath = Self.path(of: settings.data)
      let number = try store.begin(entry, needs: note.json)
      known.withLock {
        $0.numbers[labRun] = number
        $0.openRun = number.value
      }
      guard let start else { return }
      try store.saveCheckpoint(start, of: number, isPinned: true, at: Date())
    }
  }

  /// The file that data was read from; nil for other data.
  private static func path(of data: TrainingData) -> String? {
    let name = (try? DataSpecification(parsing: data.name))?.name ?? data.name
    guard !ExamplesCopy.isNamed(data), FileManager.default.fileExists(atPath: name) else {
      return nil
    }
    return URL(fileURLWithPath: name).path
  }

  func adopt(_ number: RunNumber, as labRun: Int) {
    goOn(number, as: labRun)
    refresh()
  }

  /// Says which kept run a branch is that may be taken up again.
  func know(_ number: RunNumber, as labRun: Int) {
    known.withLock { $0.numbers[labRun] = number }
  }

  /// Says that a run of this process is a kept one, which is written on.
  package func goOn(_ number: RunNumber, as labRun: Int) {
    known.withLock {
      $0.numbers[labRun] = number
      $0.openRun = number.value
    }
    write { try $0.own(number) }
  }

  /// Says that the run at hand is none of those kept.
  func close() {
    leave()
    refresh()
  }

  /// Says that this process writes on no run any more.
  package func leave() {
    let last = known.withLock { known in
      defer { known.openRun = nil }
      return known.openRun
    }
    if let last { write { try $0.disown(RunNumber(last)) } }
  }

  /// - Parameter then: is done once it is written, or cannot be.
  package func append(
    _ new: Measurements, _ outcome: RunOutcome, to labRun: Int,
    then: @escaping @Sendable () -> Void = {}
  ) {
    write(
      { [self] store in
        guard let number = number(labRun) else { return }
        try store.append(new, outcome, to: number, at: Date())
      }, then: then)
  }

  /// Keeps a state of a run; `pace` hears how long that took.
  package func keep(
    _ state: StateCopy, of labRun: Int, isPinned: Bool = false, _ pace: CheckpointPace
  ) {
    write { [self] store in
      let start = ContinuousClock.now
      defer { pace.written(in: start.duration(to: .now)) }
      guard let number = number(labRun) else { return }
      try store.saveCheckpoint(state, of: number, isPinned: isPinned, at: Date())
    }
  }

  /// Says that a run goes on, to another number of epochs and maybe under another name.
  package func prolong(_ labRun: Int, epochs: Int, name: String?) {
    write { [self] store in
      guard let number = number(labRun) else { return }
      try store.setEpochs(of: number, to: epochs)
      if let name { try store.rename(number, to: name) }
    }
  }

  func truncate(_ labRun: Int, toStep step: Int) {
    write { [self] store in
      guard let number = number(labRun) else { return }
      try store.truncate(number, toStep: step)
    }
  }

  /// Says what was set by hand from a step on; what was set and measured before stays.
  /// - Parameter settings: those that it went on under one after the other, whose examples may be others.
  package func change(
    from step: Int, _ changes: [LiveChange], _ settings: [RunSettings] = [], of labRun: Int
  ) {
    write { [self] store in
      guard let number = number(labRun) else { return }
      for one in settings { _ = try ExamplesCopy(store).keep(of: one) }
      try store.truncate(number, toStep: step)
      try store.append(changes, to: number)
    }
  }

  package func save(_ weights: Safetensors, of labRun: Int) {
    write { [self] store in
      guard let number = number(labRun) else { return }
      try store.saveWeights(weights, of: number)
    }
  }

  static func noteKey(_ number: RunNumber) -> String { "run/\(number)/data" }

  // MARK: What Home lists

  /// Reads the runs anew; news brings them.
  package func refresh() {
    guard store != nil else {
      tell(.home(contents([])))
      return
    }
    write { [self] store in try list(store) }
  }

  /// The same if anything was written since, by whatever process.
  func refreshIfChanged() {
    write { [self] store in
      let listed = known.withLock { $0.listed }
      guard try listed.isOutdated(store) else { return }
      try list(store)
    }
  }

  /// Reads the runs and tells them: on the queue.
  func list(_ store: RunStore) throws {
    var listed = known.withLock { $0.listed }
    let runs = try listed.read(store)
    known.withLock { $0.listed = listed }
    tell(.home(contents(runs)))
  }

  private func contents(_ runs: [RunSummary]) -> HomeContents {
    HomeContents(
      runs: runs, isRecording: store != nil && known.withLock { !$0.hasFailed },
      processors: ProcessInfo.processInfo.activeProcessorCount,
      openRun: known.withLock { $0.openRun })
  }
}

extension Workpiece {
  /// Whether nothing differs that is kept. Equal data is mostly the same memory.
  fileprivate func isSame(as other: Workpiece) -> Bool {
    epochs == other.epochs && batchSize == other.batchSize && seed == other.seed
      && shuffles == other.shuffles && isSaved == other.isSaved && fileName == other.fileName
      && source == other.source && preparation == other.preparation && model == other.model
      && dataset == other.dataset
  }
}
