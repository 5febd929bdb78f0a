import Datasets
import Lessons
import Training

/// Plays a lesson without a student: every exercise must fail as shipped and pass by its solution,
/// every question must have an answer that the lab computes, told apart from the typical mistakes.
package struct LessonRehearsal {
  private let lesson: Lesson
  private let library: DatasetLibrary
  private let trials: Int
  private let setter = LessonSetter()
  private var findings: [String] = []

  /// What is wrong with a lesson, each with its place: `01-one-neuron/lesson.md:88: …`.
  ///
  /// - Parameters:
  ///   - trials: sequences of aimless commands that each exercise has to survive.
  ///   - progress: told each page before it is played, counted from 0.
  package static func findings(
    _ lesson: Lesson, library: DatasetLibrary, trials: Int = LessonTrials.sequences,
    progress: (Int) -> Void = { _ in }
  ) -> [String] {
    var rehearsal = LessonRehearsal(lesson: lesson, library: library, trials: trials)
    for page in lesson.pages.indices {
      progress(page)
      rehearsal.play(page)
    }
    return rehearsal.findings + LessonClaims.findings(lesson, library: library)
  }

  private init(lesson: Lesson, library: DatasetLibrary, trials: Int) {
    self.lesson = lesson
    self.library = library
    self.trials = trials
  }

  private mutating func find(_ line: Int, _ problem: String, _ remedy: String) {
    findings.append("\(lesson.name)/lesson.md:\(line): \(problem); right would be \(remedy)")
  }

  private mutating func play(_ number: Int) {
    let page = lesson.pages[number]
    for ask in page.asks where ask.after.isEmpty {
      guard let lab = lab(at: number) else { return }
      judge(ask, lab.readings(page.expressions))
    }
    for exercise in page.exercises {
      guard let lab = lab(at: number) else { return }
      play(exercise, page, lab)
      playOtherWays(exercise, page, number)
      tryWithoutAim(exercise, page, number)
    }
  }

  /// A lab of its own, set up as the page wants it.
  private mutating func lab(at page: Int) -> Lab? {
    let lab = Lab()
    do {
      guard try setter.setUp(lesson, page: page, in: lab, library) else {
        find(lesson.pages[page].line, "no model for this page", "a {setup} with model:")
        return nil
      }
      return lab
    } catch {
      find(lesson.pages[page].line, "the set-up fails: \(error)", "one that gives a run")
      return nil
    }
  }

  private mutating func judge(_ ask: Ask, _ now: Readings) {
    switch ask.answer {
    case .choice(let choices):
      let right = choices.indices.filter {
        AnswerCheck.judge(.chosen($0), to: ask, in: now) == .right
      }
      if right.count != 1 {
        find(ask.line, "\(right.count) choices of '\(ask.id)' are right", "one of them")
      }
      if let silent = LessonChoices.silent(choices, right: Set(right)) {
        find(ask.line, "'\(ask.id)': \(silent)", LessonChoices.remedy)
      }
    case .number(let expression):
      do {
        let truth = try now.number(expression)
        guard truth.isFinite else {
          return find(ask.line, "'\(expression)' is \(truth)", "a number one can work out")
        }
        for mistake in ask.diagnoses {
          let wrong = try now.number(mistake.wrongValue)
          if abs(wrong - truth) <= ask.tolerance {
            find(
              ask.line, "the mistake '\(mistake.wrongValue)' gives the right answer here",
              "a value that is another one")
          }
        }
      } catch {
        find(
          ask.line, "the lab cannot compute the answer: \(error)",
          "an expression that the page's run knows")
      }
    }
  }

  private mutating func play(_ exercise: Exercise, _ page: Page, _ lab: Lab) {
    let id = exercise.id
    guard !holds(exercise, lab) else {
      return find(
        exercise.line, "exercise '\(id)' is done before anything is done",
        "a state that one has to bring about")
    }
    for command in lesson.commands(solving: exercise) { _ = lab.ask(command) }
    if !holds(exercise, lab) {
      find(
        exercise.line, "exercise '\(id)' is not done by its solution", "what solution.txt does")
    }
  }

  /// The further ways to do an exercise that the lesson tells of.
  private mutating func playOtherWays(_ exercise: Exercise, _ page: Page, _ number: Int) {
    for (i, way) in lesson.solutions(of: exercise).enumerated().dropFirst() {
      guard let lab = lab(at: number) else { return }
      for command in way { _ = lab.ask(command) }
      if !holds(exercise, lab) {
        find(
          exercise.line, "exercise '\(exercise.id)' is not done by way \(i + 1) of its solution",
          "what solution.txt does")
      }
    }
  }

  /// Commands without a plan, none of them of the kinds that solve it, must not fulfill an exercise.
  private mutating func tryWithoutAim(_ exercise: Exercise, _ page: Page, _ number: Int) {
    var aimless = LessonTrials(of: exercise, in: lesson)
    let slip = aimless.slip(count: trials) {
      lab(at: number)
    } holds: {
      holds(exercise, $0)
    }
    guard let slip else { return }
    find(
      exercise.line,
      "exercise '\(exercise.id)' is done without a plan, by " + slip.joined(separator: "; "),
      "what is asked for, said more exactly, or this way among its solutions")
  }

  private func holds(_ exercise: Exercise, _ lab: Lab) -> Bool {
    (try? lab.readings([exercise.isDone]).holds(exercise.isDone)) ?? false
  }
}
