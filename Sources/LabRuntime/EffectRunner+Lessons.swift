import Dispatch
import Autodiff
import Lessons
import Training
import Workbench
import Tensors

extension EffectRunner {
  /// Works out predictions beside the lab, which goes on meanwhile; news brings each.
  func predict(_ lesson: Lesson, _ page: Int) {
    let (library, lab) = (library, lab)
    DispatchQueue.global(qos: .utility).async {
      // The same digits as on the lab's thread.
      flushDenormals()
      let prediction = LessonPrediction(lesson, page: page, library)
      for ask in lesson.pages[page].asks where !ask.after.isEmpty {
        let result = Result { try prediction.readings(for: ask) }.mapError { error in
          LessonFailure(
            "\(lesson.name)/lesson.md", ask.line, "the prediction ‘\(ask.id)’: \(error)",
            right: "commands that the page's lab understands")
        }
        lab.tell([.predicted(lesson: lesson.name, ask: ask.id, result)])
      }
    }
  }

  /// Looks in the catalog of usual mistakes for one that gives a wrong answer.
  func diagnose(_ answer: WrongAnswer) {
    lab.post { lab in
      guard let session = lab.session, let value = session.plan.value(named: answer.name),
        let origin = session.plan.origin(of: value),
        let result = session.plan.instructions[origin].results.first(where: { $0.value == value }),
        session.execution.isKnown(value)
      else { return [] }
      // A share of the answer's size, and no less than what is lost in writing it.
      let tolerance = max(1e-3, answer.tolerance / max(abs(answer.number), 1e-6))
      guard
        let found = session.diagnose(
          answer.number, for: result, at: answer.offset, tolerance: min(tolerance, 0.2))
      else { return [] }
      return [.diagnosed(answer, words: found.words)]
    }
  }
}
