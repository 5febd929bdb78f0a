import Datasets
import Lessons
import Training

/// Plays a lesson without a student: every exercise must fail as shipped and pass by its solution,
/// every question must have an answer that the lab computes, told apart from the typical mistakes.
package struct LessonRehearsal {
  private let lesson: Lesson
  private let library: DatasetLibrary
  private var findings: [String] = []

  /// What is wrong with a lesson, each with its place: `01-one-neuron/lesson.md:88: …`.
  package static func findings(_ lesson: Lesson, library: DatasetLibrary) -> [String] {
    var rehearsal = LessonRehearsal(lesson: lesson, library: library)
    for page in lesson.pages.indices { rehearsal.play(page) }
    return rehearsal.findings + LessonClaims.findings(lesson, library: library)
  }

  private init(lesson: Lesson, library: DatasetLibrary) {
    self.lesson = lesson
    self.library = library
  }

  private mutating func find(_ line: Int, _ problem: String) {
    findings.append("\(lesson.name)/lesson.md:\(line): \(problem)")
  }

  private mutating func play(_ number: Int) {
    let page = lesson.pages[number]
    for ask in page.asks where ask.after.isEmpty {
      guard let lab = lab(at: number) else { return }
      judge(ask, readings(lab, page))
    }
    for exercise in page.exercises {
      guard let lab = lab(at: number) else { return }
      play(exercise, page, lab)
    }
  }

  /// A lab of its own, set up as the page wants it.
  private mutating func lab(at page: Int) -> Lab? {
    let lab = Lab()
    do {
      guard try LessonSetter().setUp(lesson, page: page, in: lab, library) else {
        find(lesson.pages[page].line, "no model for this page; a setup with model: is missing")
        return nil
      }
      return lab
    } catch {
      find(lesson.pages[page].line, "the set-up fails: \(error)")
      return nil
    }
  }

  private func readings(_ lab: Lab, _ page: Page) -> Readings {
    var interest = Interest()
    interest.expressions = page.expressions
    lab.handle(.look(interest))
    return lab.snapshot().readings ?? Readings()
  }

  private mutating func judge(_ ask: Ask, _ now: Readings) {
    switch ask.answer {
    case .choice(let choices):
      let right = choices.indices.filter {
        AnswerCheck.judge(.chosen($0), to: ask, in: now) == .right
      }
      if right.count != 1 { find(ask.line, "\(right.count) choices of '\(ask.id)' are right") }
    case .number(let expression):
      do {
        let truth = try now.number(expression)
        guard truth.isFinite else { return find(ask.line, "'\(expression)' is \(truth)") }
        for mistake in ask.diagnoses {
          let wrong = try now.number(mistake.wrongValue)
          if abs(wrong - truth) <= ask.tolerance {
            find(ask.line, "the mistake '\(mistake.wrongValue)' gives the right answer here")
          }
        }
      } catch { find(ask.line, "the lab cannot compute the answer: \(error)") }
    }
  }

  private mutating func play(_ exercise: Exercise, _ page: Page, _ lab: Lab) {
    let id = exercise.id
    guard !holds(exercise, readings(lab, page)) else {
      return find(exercise.line, "exercise '\(id)' is done before anything is done")
    }
    for command in lesson.commands(solving: exercise) { _ = lab.ask(command) }
    if !holds(exercise, readings(lab, page)) {
      find(exercise.line, "exercise '\(id)' is not done by its solution")
    }
  }

  private func holds(_ exercise: Exercise, _ now: Readings) -> Bool {
    (try? now.holds(exercise.isDone)) ?? false
  }
}
