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
  /// To whole milliseconds, like `finished`.
  package let started: Date
  package var finished: Date? {
    didSet { finished = finished?.inWholeMilliseconds }
  }

  package init(
    lesson: String, page: Int = 0, donePages: Set<Int> = [], done: Set<String> = [],
    answers: [String: String] = [:], started: Date, finished: Date? = nil
  ) {
    self.lesson = lesson
    self.page = page
    self.donePages = donePages
    self.done = done
    self.answers = answers
    self.started = started.inWholeMilliseconds
    self.finished = finished?.inWholeMilliseconds
  }
}
