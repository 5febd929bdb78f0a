import Training

/// Looks for what would trouble a student in lessons that can be read.
package enum LessonLinter {
  /// Something to mend.
  package struct Finding: Hashable, Sendable, CustomStringConvertible {
    package let file: String
    package let line: Int
    package let problem: String
    package let remedy: String

    package var description: String { "\(file):\(line): \(problem); right would be \(remedy)" }
  }

  /// Columns of text at a terminal of 80: what is set as it is must fit.
  package static let textColumns = 76

  package static func findings(_ library: LessonLibrary) -> [Finding] {
    let unread = library.failures.map {
      Finding(file: $0.file, line: $0.line, problem: $0.found, remedy: $0.right)
    }
    return unread + order(library.lessons)
      + library.lessons.flatMap { findings($0, known: library.lessons.map(\.name)) }
  }

  /// Lessons with the same number.
  package static func order(_ lessons: [Lesson]) -> [Finding] {
    zip(lessons, lessons.dropFirst()).filter { $0.number == $1.number }.map { first, second in
      Finding(
        file: "\(second.name)/lesson.md", line: 1,
        problem: "the number \(second.number), which \(first.name) has",
        remedy: "a number of its own")
    }
  }

  /// - Parameter known: the names of all lessons, for links.
  package static func findings(_ lesson: Lesson, known: [String]) -> [Finding] {
    let checker = LessonChecker(lesson: lesson, known: known)
    return checker.terms() + checker.tasks() + checker.captions() + checker.setups()
      + checker.expressions() + checker.links()
      + checker.widths()
  }
}

/// The checks of one lesson.
private struct LessonChecker {
  typealias Finding = LessonLinter.Finding

  let lesson: Lesson
  let known: [String]

  private func finding(_ line: Int, _ problem: String, _ remedy: String) -> Finding {
    Finding(file: "\(lesson.name)/lesson.md", line: line, problem: problem, remedy: remedy)
  }

  /// Every term has a meaning.
  func terms() -> [Finding] {
    lesson.unknownTerms.map {
      finding(
        $0.line, "the term ‘\($0.term)’, which no glossary has",
        "a line \($0.term): its meaning in \(GlossaryFile.name), or a meaning here")
    }
  }

  /// Ids are unique; questions and exercises have hints; exercises have a solution.
  func tasks() -> [Finding] {
    var findings: [Finding] = []
    var seen: Set<String> = []
    let tasks =
      lesson.asks.map { ($0.id, $0.line, $0.hints) }
      + lesson.exercises.map { ($0.id, $0.line, $0.hints) }
    for (id, line, hints) in tasks {
      if !seen.insert(id).inserted {
        findings.append(finding(line, "the id ‘\(id)’ a second time", "an id of its own"))
      }
      if hints.isEmpty { findings.append(finding(line, "‘\(id)’ without a hint", "hints: […]")) }
    }
    for exercise in lesson.exercises where lesson.commands(solving: exercise).isEmpty {
      findings.append(
        finding(
          exercise.line, "no solution of ‘\(exercise.id)’",
          "commands in solution.txt under the comment # \(exercise.id)"))
    }
    for line in lesson.solution.lines {
      guard let id = line.exercise, !lesson.exercises.contains(where: { $0.id == id }) else {
        continue
      }
      findings.append(
        Finding(
          file: "\(lesson.name)/solution.txt", line: line.line,
          problem: "a solution of ‘\(id)’, which is no exercise",
          remedy: "one of " + lesson.exercises.map(\.id).joined(separator: ", ")))
    }
    return findings
  }

  /// Where the parts of `wait` have captions, each has one.
  func captions() -> [Finding] {
    lesson.exercises.compactMap { exercise in
      let (parts, captions) = (exercise.awaited.map(\.source), exercise.captions.count)
      guard captions > 0, captions != parts.count, !parts.isEmpty else { return nil }
      return finding(
        exercise.line,
        "\(captions) captions of ‘\(exercise.id)’ for the \(parts.count) parts of its wait",
        "one for each: " + parts.map { "‘\($0)’" }.joined(separator: ", ")
          + "; + for a part that goes with the one before")
    }
  }

  /// A model file that is asked for is there; something with values comes after a model.
  func setups() -> [Finding] {
    var findings: [Finding] = []
    for setup in lesson.pages.compactMap(\.setup) {
      guard case .file(let name)? = setup.model else { continue }
      if lesson.programs[name] == nil {
        findings.append(
          finding(setup.line, "the model \(name), which is missing", "\(name) beside lesson.md"))
      }
    }
    let firstModel = lesson.pages.firstIndex { $0.setup?.model != nil } ?? lesson.pages.count
    for page in lesson.pages[..<firstModel] where !page.expressions.isEmpty {
      findings.append(
        finding(page.line, "numbers of a run before there is one", "{setup} with a model"))
    }
    return findings
  }

  /// Every expression can be read.
  func expressions() -> [Finding] {
    lesson.pages.flatMap { page in
      page.allExpressions.sorted().compactMap { source in
        do throws(ExpressionFailure) {
          _ = try RunExpression(source)
          return nil
        } catch {
          return finding(
            line(of: source, on: page),
            "‘\(source)’, \(error.column.map { "column \($0): " } ?? "")"
              + error.problem, error.remedy)
        }
      }
    }
  }

  /// The task an expression belongs to, else the page.
  private func line(of source: String, on page: Page) -> Int {
    page.asks.first { ($0.expressions + $0.judged).contains(source) }?.line
      ?? page.tests.first { $0.holds == source }?.line
      ?? page.exercises.first { $0.expressions.contains(source) }?.line ?? page.line
  }

  func links() -> [Finding] {
    lesson.pages.flatMap { page in
      page.blocks.flatMap(\.runs).compactMap { run in
        guard case .link(_, let target) = run, !target.hasPrefix("https://"),
          !known.contains(target)
        else { return nil }
        return finding(
          page.line, "a link to the lesson ‘\(target)’, which does not exist",
          NameSuggestion.near(target, among: known).first
            ?? "one of \(known.joined(separator: ", "))")
      }
    }
  }

  /// Lines that are set as they are fit the narrowest terminal, and so does every word.
  func widths() -> [Finding] {
    lesson.pages.flatMap { page in
      page.blocks.flatMap(Self.fixedLines).filter { $0.count > LessonLinter.textColumns }.map {
        finding(
          page.line, "a line of \($0.count) columns: ‘\($0.prefix(20))…’",
          "at most \(LessonLinter.textColumns), to fit 80 columns")
      }
    }
  }

  private static func fixedLines(_ block: Block) -> [String] {
    switch block {
    case .code(_, let text), .formula(let text):
      text.split(separator: "\n").map(String.init)
    case .list(_, let items): items.flatMap { $0.flatMap(fixedLines) }
    case .quote(let blocks): blocks.flatMap(fixedLines)
    case .table(let header, let rows):
      ([header] + rows).map { $0.map(\.plainText).joined(separator: "  ") }
    case .heading, .paragraph, .ask, .exercise, .live, .sandbox:
      block.runs.plainText.split(whereSeparator: \.isWhitespace).map(String.init)
    }
  }
}
