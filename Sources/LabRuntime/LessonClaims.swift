import Datasets
import Lessons
import Training

/// Holds a lesson to what it predicts and claims: carries out the commands of `after` in copies of a
/// page's lab, and its tests with several seeds.
struct LessonClaims {
  private let lesson: Lesson
  private let library: DatasetLibrary
  private let setter = LessonSetter()
  private var findings: [String] = []

  /// What is wrong, each with its place.
  static func findings(_ lesson: Lesson, library: DatasetLibrary) -> [String] {
    var claims = LessonClaims(lesson: lesson, library: library)
    for (number, page) in lesson.pages.enumerated() {
      for ask in page.asks where !ask.after.isEmpty { claims.check(ask, number) }
      for test in page.tests { claims.check(test, number) }
    }
    return claims.findings
  }

  private init(lesson: Lesson, library: DatasetLibrary) {
    self.lesson = lesson
    self.library = library
  }

  private mutating func find(_ line: Int, _ problem: String, _ remedy: String) {
    findings.append("\(lesson.name)/lesson.md:\(line): \(problem); right would be \(remedy)")
  }

  /// A lab as the page sets it up.
  private func lab(_ page: Int, seed: UInt64? = nil) throws -> Lab? {
    let lab = Lab()
    return try setter.setUp(lesson, page: page, in: lab, library, seed: seed) ? lab : nil
  }

  // MARK: Predictions

  private mutating func check(_ ask: Ask, _ page: Int) {
    do {
      guard let before = try lab(page), let after = try lab(page) else { return }
      try after.carryOut(ask.after)
      judge(ask, after.readings(ask.judged, before: before))
    } catch {
      find(ask.line, "'\(ask.id)', after: \(error)", "commands that the page's lab understands")
    }
  }

  private mutating func judge(_ ask: Ask, _ then: Readings) {
    switch ask.answer {
    case .choice(let choices):
      var right: Set<Int> = []
      for (place, choice) in choices.enumerated() {
        do {
          if try then.holds(choice.isRight) { right.insert(place) }
        } catch {
          return find(
            ask.line, "'\(ask.id)': ‘\(choice.isRight)’: \(error)",
            "a predicate that the lab knows after the commands")
        }
      }
      if right.count != 1 {
        let values = choices.map { "‘\($0.isRight)’" }.joined(separator: ", ")
        find(
          ask.line, "\(right.count) choices of '\(ask.id)' are right after the commands: \(values)",
          "one of them")
      }
      if let silent = LessonChoices.silent(choices, right: right) {
        find(ask.line, "'\(ask.id)': \(silent)", LessonChoices.remedy)
      }
    case .number(let expression):
      do {
        let truth = try then.number(expression)
        guard truth.isFinite else {
          return find(ask.line, "'\(expression)' is \(truth)", "a number one can work out")
        }
        for mistake in ask.diagnoses {
          let wrong = try then.number(mistake.wrongValue)
          guard abs(wrong - truth) <= ask.tolerance else { continue }
          find(
            ask.line, "the mistake '\(mistake.wrongValue)' gives the right answer here",
            "a value that is another one")
        }
      } catch {
        find(
          ask.line, "the lab cannot compute '\(ask.id)': \(error)",
          "an expression that the lab knows after the commands")
      }
    }
  }

  // MARK: Tests

  private mutating func check(_ test: LessonTest, _ page: Int) {
    let own = lesson.setupWithModel(forPage: page)?.seed
    var failed: [String] = []
    do {
      for i in 0..<test.seeds {
        // The page's own seed first, then those after it.
        let seed = i == 0 ? own : (own ?? 1) &+ UInt64(i)
        guard let lab = try lab(page, seed: seed) else {
          return find(test.line, "{test} without a run", "a {setup} with model: before it")
        }
        try lab.carryOut(test.after)
        let expression = try RunExpression(test.holds)
        let then = lab.readings([test.holds] + expression.sides)
        if try then.holds(test.holds) { continue }
        let values = expression.sides.compactMap { side in
          (try? then.value(side)).map { "\(side) = \(ValueText.text($0))" }
        }
        failed.append("seed \(lab.session?.settings.seed ?? 0): \(values.joined(separator: ", "))")
      }
    } catch {
      return find(test.line, "{test}: \(error)", "commands and a predicate of the page's lab")
    }
    let held = test.seeds - failed.count
    guard held < test.atLeast else { return }
    find(
      test.line,
      "‘\(test.holds)’ holds with \(held) of \(test.seeds) seeds (\(failed.joined(separator: "; ")))",
      "at least \(test.atLeast), or a text that claims less")
  }
}

extension Lab {
  /// Carries out commands one after the other, each to its end.
  /// - Throws: what the first one that fails says, with its words.
  func carryOut(_ commands: [String]) throws {
    let allowance = LessonBudget.allowance()
    for command in commands {
      do {
        try within(allowance) {
          _ = try carryOut(command)
          finishWork()
        }
      } catch { throw RunFailure("‘\(command)’: \(error)", remedy: "another command") }
    }
  }
}
