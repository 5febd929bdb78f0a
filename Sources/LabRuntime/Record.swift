import Dispatch
import FileFormats
import Foundation
import Lessons
import RunStore
import Synchronization
import TerminalGraphics
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
  let store: RunStore?
  private let queue = DispatchQueue(label: "record")
  private let known = Mutex(Known())
  private let listener = Mutex<(@Sendable ([News]) -> Void)?>(nil)

  package init(store: RunStore?) { self.store = store }

  /// Says who hears what the record has to say.
  package func listen(_ tell: @escaping @Sendable ([News]) -> Void) {
    listener.withLock { $0 = tell }
  }

  func tell(_ news: News) { listener.withLock { $0 }?([news]) }

  /// Waits until all is written.
  package func flush() { queue.sync {} }

  /// Does something with the store on the queue; the first failure is said, later ones are not.
  func write(_ body: @escaping @Sendable (RunStore) throws -> Void) {
    guard let store else { return }
    queue.async { [self] in
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
  func number(_ labRun: Int) -> RunNumber? { known.withLock { $0.numbers[labRun] } }

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

  /// Keeps how far a lesson has come.
  func keep(_ place: LessonProgress, donePages: Set<Int>, isFinished: Bool) {
    write { store in
      let now = Date()
      let earlier = try store.lessonRecord(of: place.lesson)
      try store.save(
        LessonRecord(
          lesson: place.lesson, page: place.page, donePages: donePages, done: place.done,
          answers: place.answers, started: earlier?.started ?? now,
          finished: isFinished ? earlier?.finished ?? now : nil))
    }
  }

  /// How far each lesson has come that was ever opened.
  package func lessonProgress() -> [String: LessonProgress] {
    guard let records = try? store?.lessonRecords() else { return [:] }
    return records.mapValues {
      LessonProgress(
        lesson: $0.lesson, page: $0.page, opened: $0.donePages, done: $0.done,
        answers: $0.answers)
    }
  }

  // MARK: A run of the lab

  func begin(_ entry: RunRecord, _ note: DataNote, as labRun: Int) {
    write { [self] store in
      let number = try store.begin(entry)
      known.withLock {
        $0.numbers[labRun] = number
        $0.openRun = number.value
      }
      try store.set(Self.noteKey(number), to: note.json)
    }
  }

  func adopt(_ number: RunNumber, as labRun: Int) {
    known.withLock {
      $0.numbers[labRun] = number
      $0.openRun = number.value
    }
    write { try $0.own(number) }
    refresh()
  }

  /// Says that the run at hand is none of those kept.
  func close() {
    let last = known.withLock { known in
      defer { known.openRun = nil }
      return known.openRun
    }
    if let last { write { try $0.disown(RunNumber(last)) } }
    refresh()
  }

  func append(_ points: [MetricPoint], _ outcome: RunOutcome, to labRun: Int) {
    write { [self] store in
      guard let number = number(labRun) else { return }
      try store.append(points, outcome, to: number, at: Date())
    }
  }

  func truncate(_ labRun: Int, toStep step: Int) {
    write { [self] store in
      guard let number = number(labRun) else { return }
      try store.truncate(number, toStep: step)
    }
  }

  func change(_ change: LiveChange, of labRun: Int) {
    write { [self] store in
      guard let number = number(labRun) else { return }
      try store.truncate(number, toStep: change.step)
      try store.append([change], to: number)
    }
  }

  func save(_ weights: Safetensors, of labRun: Int) {
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
