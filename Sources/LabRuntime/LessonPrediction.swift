import Datasets
import Lessons
import TerminalGraphics
import Training

/// What the lab itself says of a question: worked out in labs of its own, as the page sets them up, so
/// that the student's stays where it is.
package struct LessonPrediction {
  private let lesson: Lesson
  private let page: Int
  private let library: DatasetLibrary

  package init(_ lesson: Lesson, page: Int, _ library: DatasetLibrary) {
    self.lesson = lesson
    self.page = page
    self.library = library
  }

  /// What its answer, choices and mistakes are after the question's commands.
  /// - Throws: why the page makes no run, or a command cannot be carried out.
  package func readings(for ask: Ask) throws -> Readings {
    let (before, after) = (Lab(), Lab())
    for lab in [before, after] {
      _ = try LessonSetter().setUp(lesson, page: page, in: lab, library)
    }
    try after.carryOut(ask.after)
    return after.readings(ask.judged, before: before)
  }

  /// The right answer, as a student would give it; nil where the lab has none.
  package func answer(to ask: Ask) throws -> GivenAnswer? {
    let readings = try readings(for: ask)
    switch ask.answer {
    case .number(let expression):
      return .typed(NumberFormat.fixed(try readings.number(expression), decimals: ask.digits))
    case .choice(let choices):
      return choices.firstIndex { (try? readings.holds($0.isRight)) == true }
        .map { .chosen($0) }
    }
  }
}
