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

  private func tell(_ news: News) { listener.withLock { $0 }?([news]) }

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

  private func number(_ labRun: Int) -> RunNumber? { known.withLock { $0.numbers[labRun] } }

  /// Keeps what was worked on for the next start, and waits until all is written.
  package func keep(_ workpiece: Workpiece) {
    write { try KeptWorkpiece.keep(workpiece, in: $0) }
    flush()
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
    refresh()
  }

  /// Says that the run at hand is none of those kept.
  func close() {
    known.withLock { $0.openRun = nil }
    refresh()
  }

  func append(_ points: [MetricPoint], _ outcome: RunOutcome, to labRun: Int) {
    write { [self] store in
      guard let number = number(labRun) else { return }
      try store.append(points, to: number)
      try store.update(number, outcome, at: Date())
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
    write { [self] store in
      let now = Date()
      let runs = try store.runs(limit: 60).map { try Self.summary($0, store, now) }
      tell(.home(contents(runs)))
    }
  }

  private func contents(_ runs: [RunSummary]) -> HomeContents {
    HomeContents(
      runs: runs, isRecording: store != nil && known.withLock { !$0.hasFailed },
      processors: ProcessInfo.processInfo.activeProcessorCount,
      openRun: known.withLock { $0.openRun })
  }

  private static func summary(_ run: Run, _ store: RunStore, _ now: Date) throws -> RunSummary {
    let epochs = try store.metrics(of: run.number, series: "epoch_loss")
    // A run of few epochs shows its steps.
    let points =
      epochs.count >= 8 ? epochs : try store.metrics(of: run.number, series: "loss")
    return RunSummary(
      number: run.number.value, name: run.record.name, data: run.record.dataName,
      model: run.record.modelSummary, losses: points.map { Float($0.value) },
      validationAccuracy: run.outcome.validationAccuracy, steps: run.outcome.steps,
      totalSteps: epochs.first.map { ($0.step + 1) * run.record.epochs },
      ageSeconds: now.timeIntervalSince(run.updated),
      isFinished: run.outcome.status == .finished, loss: run.outcome.loss,
      validationLoss: run.outcome.validationLoss)
  }
}
