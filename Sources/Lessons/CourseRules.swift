/// What every lesson of the course keeps to, beyond what any lesson must: its length, what there is
/// to do in it, and how its sentences read. A teacher's own lessons are free in this.
package enum CourseRules {
  typealias Finding = LessonLinter.Finding

  package static let pages = 6...12
  package static let minutes = 10...40
  /// Questions and exercises at least.
  package static let tasks = 3
  /// From this lesson on each has a fault to be found.
  package static let firstWithSabotage = 11
  /// Words in a sentence at most.
  package static let sentence = 30
  package static let meaning = 90

  /// Words that make a reader who does not see it at once feel slow.
  static let condescending = [
    "simply", "obviously", "obvious", "trivially", "trivial", "clearly", "of course",
    "needless to say", "as everyone knows", "easily",
  ]

  package static func findings(_ lessons: [Lesson]) -> [LessonLinter.Finding] {
    order(lessons) + lessons.flatMap(findings)
  }

  /// Numbered from 1 without a gap.
  private static func order(_ lessons: [Lesson]) -> [Finding] {
    zip(lessons, 1...).first { $0.number != $1 }.map { lesson, number in
      [
        Finding(
          file: "\(lesson.name)/lesson.md", line: 1, problem: "the number \(lesson.number)",
          remedy: "\(number), the next one of the course")
      ]
    } ?? []
  }

  static func findings(_ lesson: Lesson) -> [Finding] {
    extent(lesson) + toDo(lesson) + glossary(lesson)
      + lesson.pages.flatMap { prose(lesson, $0) + commands(lesson, $0) }
  }

  private static func finding(
    _ lesson: Lesson, _ line: Int, _ problem: String, _ remedy: String
  ) -> Finding {
    Finding(file: "\(lesson.name)/lesson.md", line: line, problem: problem, remedy: remedy)
  }

  private static func extent(_ lesson: Lesson) -> [Finding] {
    var findings: [Finding] = []
    if !pages.contains(lesson.pages.count) {
      findings.append(
        finding(lesson, 1, "a lesson of \(lesson.pages.count) pages", "\(words(pages)) pages"))
    }
    if !minutes.contains(lesson.minutes) {
      findings.append(
        finding(lesson, 1, "a lesson of \(lesson.minutes) minutes", "\(words(minutes)) minutes"))
    }
    return findings
  }

  private static func words(_ range: ClosedRange<Int>) -> String {
    "\(range.lowerBound) to \(range.upperBound)"
  }

  private static func toDo(_ lesson: Lesson) -> [Finding] {
    var missing: [(String, String)] = []
    let count = lesson.asks.count + lesson.exercises.count
    if count < tasks {
      missing.append(("\(count) questions and exercises", "at least \(tasks)"))
    }
    if lesson.exercises.isEmpty { missing.append(("nothing to do in the lab", "an {exercise}")) }
    if !lesson.asks.contains(where: \.isPrediction) {
      missing.append(("no prediction", "an {ask} with before: reveal, or with after:"))
    }
    if lesson.number >= firstWithSabotage, !lesson.pages.contains(where: \.hasSabotage) {
      missing.append(("no fault to be found", "a page with commands: [sabotage …] in its {setup}"))
    }
    let sandboxes = lesson.pages.filter { !$0.sandboxes.isEmpty }
    if sandboxes.count != 1 || sandboxes.last != lesson.pages.last {
      missing.append(("no {sandbox} at its end", "one, on the last page"))
    }
    return missing.map { finding(lesson, 1, $0.0, $0.1) }
  }

  /// Each word that is explained stands in the text, and its meaning is short.
  private static func glossary(_ lesson: Lesson) -> [Finding] {
    let text = ([lesson.title] + lesson.pages.map(\.title) + lesson.pages.flatMap(\.sentences))
      .joined(separator: " ").lowercased()
    return lesson.glossary.flatMap { entry in
      var findings: [Finding] = []
      if !text.contains(entry.term.lowercased()) {
        findings.append(
          finding(lesson, 1, "the word ‘\(entry.term)’, which no page uses", "words of the pages"))
      }
      if entry.meaning.count > meaning {
        findings.append(
          finding(
            lesson, 1, "a meaning of ‘\(entry.term)’ with \(entry.meaning.count) letters",
            "at most \(meaning)"))
      }
      return findings
    }
  }

  /// Commands stand as they are typed, so that nobody wonders which form is meant.
  private static func commands(_ lesson: Lesson, _ page: Page) -> [Finding] {
    page.blocks.flatMap(CommandStyle.faults).map { finding(lesson, page.line, $0.found, $0.right) }
  }

  private static func prose(_ lesson: Lesson, _ page: Page) -> [Finding] {
    page.sentences.flatMap { text in
      var findings: [Finding] = []
      let count = text.split(whereSeparator: \.isWhitespace).count
      if count > sentence {
        findings.append(
          finding(
            lesson, page.line, "a sentence of \(count) words: ‘\(text.prefix(40))…’",
            "at most \(sentence)"))
      }
      let plain = " " + text.lowercased().filter { $0.isLetter || $0 == " " } + " "
      for word in condescending where plain.contains(" \(word) ") {
        findings.append(
          finding(lesson, page.line, "‘\(word)’ in ‘\(text.prefix(40))…’", "the sentence without"))
      }
      return findings
    }
  }
}

extension Ask {
  /// Whether it is asked before the lab shows the answer.
  var isPrediction: Bool { hidesTheRest || !after.isEmpty }
}

extension Page {
  var sandboxes: [Sandbox] {
    blocks.compactMap { if case .sandbox(let sandbox) = $0 { sandbox } else { nil } }
  }

  var hasSabotage: Bool { setup?.commands.contains { $0.hasPrefix("sabotage") } ?? false }

  /// The sentences of its text, of questions and exercises too; a live number counts as a word.
  var sentences: [String] {
    blocks.flatMap(\.prose).flatMap { text -> [String] in
      var sentences: [String] = []
      var sentence = ""
      for (here, next) in zip(text, text.dropFirst() + " ") {
        sentence.append(here)
        if ".?!:".contains(here), next.isWhitespace {
          sentences.append(sentence)
          sentence = ""
        }
      }
      return (sentences + [sentence]).filter { $0.contains(where: \.isLetter) }
    }
  }
}

extension Ask {
  /// What is said of choices that are wrong.
  fileprivate var wrongChoices: [[InlineRun]] {
    guard case .choice(let choices) = answer else { return [] }
    return choices.map(\.wrongWords).filter { !$0.isEmpty }
  }
}

extension Block {
  /// Its running text, a paragraph each.
  fileprivate var prose: [String] {
    switch self {
    case .heading(let runs), .paragraph(let runs): [runs.plainText]
    case .list(_, let items): items.flatMap { $0.flatMap(\.prose) }
    case .quote(let blocks): blocks.flatMap(\.prose)
    case .ask(let ask):
      [ask.question.plainText]
        + (ask.hints + ask.diagnoses.map(\.words) + ask.wrongChoices).map(\.plainText)
    case .exercise(let exercise):
      ([exercise.task, exercise.success] + exercise.hints).map(\.plainText)
    case .sandbox(let sandbox): sandbox.ideas.map(\.plainText)
    case .table, .code, .formula, .live: []
    }
  }
}
