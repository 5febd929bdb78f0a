import Foundation

/// How a student went about one question or exercise of a lesson.
package struct LessonWork: Hashable, Sendable {
  /// One answer and what was said of it.
  package struct Try: Hashable, Codable, Sendable {
    package let answer: String
    package let isRight: Bool

    package init(answer: String, isRight: Bool) {
      self.answer = answer
      self.isRight = isRight
    }
  }

  /// The lesson's folder name: `01-one-neuron`.
  package let lesson: String
  /// The question's or exercise's id.
  package let task: String
  /// The page it stands on, counted from 0.
  package let page: Int
  package var tries: [Try] = []
  /// Hints that were shown.
  package var hints = 0
  /// What was done on the page until it was right, as the lab writes it.
  package var work: String?
  /// When it was first worked on, to whole milliseconds, like `done`.
  package let begun: Date
  package var done: Date? {
    didSet { done = done?.inWholeMilliseconds }
  }

  package init(lesson: String, task: String, page: Int, begun: Date) {
    self.lesson = lesson
    self.task = task
    self.page = page
    self.begun = begun.inWholeMilliseconds
  }
}
