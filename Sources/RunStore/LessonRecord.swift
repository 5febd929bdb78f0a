import Foundation

/// How far a student has come in one lesson.
package struct LessonRecord: Hashable, Sendable {
  /// The lesson's folder name: `01-one-neuron`.
  package let lesson: String
  /// The page that is open, counted from 0.
  package var page: Int
  /// Pages with nothing left to do.
  package var donePages: Set<Int>
  /// Questions and exercises that are done, by id.
  package var done: Set<String>
  /// What was last answered, by question.
  package var answers: [String: String]
  /// Questions and exercises that were skipped and are not done.
  package var skipped: Set<String>
  /// Hints that were shown, and answers that were wrong, by question or exercise.
  package var hints: [String: Int]
  package var misses: [String: Int]
  /// To whole milliseconds, like `finished`.
  package let started: Date
  package var finished: Date? {
    didSet { finished = finished?.inWholeMilliseconds }
  }

  package init(
    lesson: String, page: Int = 0, donePages: Set<Int> = [], done: Set<String> = [],
    answers: [String: String] = [:], skipped: Set<String> = [], hints: [String: Int] = [:],
    misses: [String: Int] = [:], started: Date, finished: Date? = nil
  ) {
    self.lesson = lesson
    self.page = page
    self.donePages = donePages
    self.done = done
    self.answers = answers
    self.skipped = skipped
    self.hints = hints
    self.misses = misses
    self.started = started.inWholeMilliseconds
    self.finished = finished?.inWholeMilliseconds
  }
}

extension LessonRecord {
  /// What two labs know of a lesson together: what either saw done is done. Where one is, and what
  /// one answered last, is as the later one has it.
  ///
  /// - Parameter later: what was kept last.
  package func adding(_ later: LessonRecord) -> LessonRecord {
    var all = later
    all.donePages.formUnion(donePages)
    all.done.formUnion(done)
    all.answers.merge(answers) { later, _ in later }
    all.skipped = skipped.union(later.skipped).subtracting(all.done)
    all.hints.merge(hints) { max($0, $1) }
    all.misses.merge(misses) { max($0, $1) }
    return LessonRecord(
      lesson: all.lesson, page: all.page, donePages: all.donePages, done: all.done,
      answers: all.answers, skipped: all.skipped, hints: all.hints, misses: all.misses,
      started: min(started, later.started), finished: finished ?? later.finished)
  }
}
