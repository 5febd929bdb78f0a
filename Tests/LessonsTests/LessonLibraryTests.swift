import Foundation
import Lessons
import Testing
import Training

private func lesson(
  _ body: String, name: String = "07-test", solution: String? = nil
) throws
  -> Lesson
{
  try LessonParser.parse(
    LessonParser.Files(
      name: name, lesson: "---\ntitle: T\nminutes: 5\nsummary: S\n---\n" + body, model: "m",
      solution: solution))
}

@Suite("The lessons there are")
struct LessonLibraryTests {
  @Test("the lessons that come with the lab have nothing to mend")
  func clean() {
    let library = LessonLibrary()
    #expect(library.failures == [])
    #expect(LessonLinter.findings(library) == [])
    #expect(CourseRules.findings(library.lessons) == [])
    #expect(library.lessons.first?.name == "01-one-neuron")
  }

  @Test("a command in text has its colon, a name or an expression none")
  func commands() throws {
    func found(_ text: String) throws -> [String] {
      CourseRules.findings([try lesson("# A\n\n" + text + "\n")]).map(\.problem)
        .filter { $0.contains("command") }
    }
    for text in [
      "Type `set dense/kernel[0,0] = 1`.", "`goto epoch` and a number.", "`restart` does it.",
      "Then step 30 epoch.", "Then set learning_rate = 0.5, and train.", "Try break nan first.",
      "```text\ngoto epoch 12\n```",
    ] {
      #expect(try found(text).count == 1, "\(text)")
    }
    for text in [
      "Type `:set dense/kernel[0,0] = 1`.", "`step` counts steps, `step >= 6` asks for six.",
      "One step 3 rows wide.", "Break it, or set it aside.", "```python\nmodel.add(Dense(1))\n```",
      "```text\n:goto epoch 12\n```",
    ] {
      #expect(try found(text) == [], "\(text)")
    }
  }

  @Test("what follows an exercise may wait until it is done, or skipped")
  func waiting() throws {
    let page = try lesson(
      """
      # A

      ```{exercise}
      id: first
      task: T
      before: reveal
      wait: steps > 0
      hints: [H]
      success: S
      ```

      What comes then.

      ```{ask}
      id: second
      question: Q
      answer: loss
      hints: [H]
      ```

      """
    ).pages[0]
    let place = LessonProgress(lesson: "07-test")
    #expect(page.tasks == ["first", "second"])
    #expect(place.visibleBlocks(of: page).count == page.blocks.count - 2)
    #expect(place.skipping("first").visibleBlocks(of: page).count == page.blocks.count)
    #expect(place.finishing(page.exercises[0]).visibleBlocks(of: page).count == page.blocks.count)
  }

  @Test("a lesson is found by name, number, or part of its title")
  func named() {
    let library = LessonLibrary()
    for text in ["01-one-neuron", "1", "neuron", "One Neuron"] {
      #expect(library.lesson(named: text)?.number == 1)
    }
    #expect(library.lesson(named: "") == nil)
    #expect(library.lesson(named: "no such lesson") == nil)
  }

  @Test("a user's own lessons join, and a broken one is named")
  func own() throws {
    let directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("backstep-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: directory) }
    for (name, text) in [
      ("40-own", "---\r\ntitle: Own\r\nminutes: 5\r\nsummary: S\r\n---\r\n# A\r\n"),
      ("41-broken", "nothing"), ("notes", "no lesson"),
    ] {
      let folder = directory.appendingPathComponent(name)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: folder.appendingPathComponent("lesson.md"))
    }
    let library = LessonLibrary(directories: [
      LessonLibrary.shippedDirectory, directory, directory.appendingPathComponent("none"),
    ])
    #expect(library.lessons.last?.name == "40-own")
    #expect(library.failures.map(\.file) == ["41-broken/lesson.md"])
    #expect(LessonLinter.findings(library).map(\.line) == [1])
  }

  static let flawed: [(body: String, solution: String?, problem: String, line: Int)] = [
    (
      "# A\n\n```{setup}\nmodel: model.py\n```\n\n```{ask}\nid: a\nquestion: Q\nanswer: loss\n```\n",
      nil, "‘a’ without a hint", 12
    ),
    (
      "# A\n\n```{setup}\nmodel: model.py\n```\n\n```{ask}\nid: a\nquestion: Q\nanswer: loss >\n"
        + "hints: h\n```\n", nil, "‘loss >’, column 7", 12
    ),
    ("# A\n\n```{setup}\nmodel: net.py\n```\n", nil, "net.py, which is missing", 8),
    ("# A\n\nIt is `{value} loss`.\n", nil, "before there is one", 6),
    ("# A\n\n[b](../08-none/lesson.md)\n", nil, "‘08-none’, which does not exist", 6),
    ("# A\n\n```\n" + String(repeating: "x", count: 77) + "\n```\n", nil, "a line of 77", 6),
    (
      "# A\n\n```{setup}\nmodel: model.py\n```\n\n```{exercise}\nid: e\ntask: T\nwait: step > 1\n"
        + "hints: h\nsuccess: S\n```\n", "# other: no exercise\nstep\n", "no solution of ‘e’", 12
    ),
  ]

  @Test("what would trouble a student is found", arguments: flawed.indices)
  func findings(index: Int) throws {
    let (body, solution, problem, line) = Self.flawed[index]
    let found = LessonLinter.findings(
      try lesson(body, solution: solution), known: ["07-test", "01-one-neuron"])
    #expect(found.contains { $0.problem.contains(problem) && $0.line == line }, "\(found)")
  }

  @Test("a second task of one id and a solution of none are found")
  func ids() throws {
    let task = "```{exercise}\nid: e\ntask: T\nwait: 1 > 0\nhints: h\nsuccess: S\n```\n\n"
    let body = "# A\n\n```{setup}\nmodel: model.py\n```\n\n" + task + task
    let found = LessonLinter.findings(
      try lesson(body, solution: "# e:\nstep\n# f\nstep\n"), known: [])
    #expect(
      found.map(\.problem) == [
        "the id ‘e’ a second time", "a solution of ‘f’, which is no exercise",
      ])
    #expect(found.last?.file == "07-test/solution.txt")
  }
}

/// Expressions that are what a table says.
private struct TableContext: LessonContext {
  let numbers: [String: Double]

  func value(_ expression: String) throws(ExpressionFailure) -> ExpressionValue {
    if let number = numbers[expression] { return .number(number) }
    if expression == "yes" || expression == "no" { return .truth(expression == "yes") }
    throw ExpressionFailure(
      .notYet(instruction: 4), "\(expression) is not known yet", remedy: "instruction 5 makes it")
  }
}

@Suite("Answers and progress")
struct AnswerTests {
  private let context = TableContext(numbers: [
    "z": -0.3641, "no-bias": 0.7, "same": -0.3641, "nothing": .nan,
  ])

  private func ask(_ answer: String = "z", digits: Int = 2) throws -> Ask {
    let body = """
      # A

      ```{ask}
      id: a
      question: Q
      answer: \(answer)
      digits: \(digits)
      wrong:
        - when: same
          say: never
        - when: no-bias
          say: Add the bias.
      ```
      """
    return try #require(try lesson(body).asks.first)
  }

  @Test(
    "right is right to half a unit of the last digit, however it is typed",
    arguments: [
      "-0.36", "−0.36", " -.364 ", "-0,36", "-0.3641", "0.64 - 1", "-(0.6*0.6)", "-0.3591",
      "-0.3691",
    ])
  func right(text: String) throws {
    #expect(AnswerCheck.judge(.typed(text), to: try ask(), in: context) == .right)
  }

  /// The questions of a lesson of one page.
  private func asks(_ page: String) throws -> [Ask] {
    let head = "---\ntitle: A\nminutes: 10\nsummary: S.\n---\n\n## A page\n\n"
    return try LessonParser.parse(
      LessonParser.Files(
        name: "01-a", lesson: head + page, model: "import keras\n", solution: "")
    ).asks
  }

  @Test("a percent sign divides by 100, but for a question that asks for percent")
  func percent() throws {
    let asks = try asks(
      """
      ```{ask}
      id: share
      question: Which share?
      answer: half
      digits: 2
      hints: [H.]
      ```

      ```{ask}
      id: percent
      question: How many percent?
      answer: fifty
      digits: 0
      hints: [H.]
      ```
      """)
    let context = TableContext(numbers: ["half": 0.5, "fifty": 50])
    for ask in asks {
      #expect(AnswerCheck.judge(.typed("50%"), to: ask, in: context) == .right)
      #expect(AnswerCheck.judge(.typed("0.5%"), to: ask, in: context) != .right)
    }
    #expect(AnswerCheck.judge(.typed("50"), to: asks[0], in: context) != .right)
  }

  @Test(
    "thousands are told from decimals by what is asked",
    arguments: [("11274", true), ("11,274", true), ("11.274", false), ("11,27", false)])
  func thousands(typed: String, isRight: Bool) throws {
    let ask = try #require(
      asks(
        """
        ```{ask}
        id: count
        question: How many?
        answer: parameters
        digits: 0
        hints: [H.]
        ```
        """
      ).first)
    let context = TableContext(numbers: ["parameters": 11_274])
    #expect((AnswerCheck.judge(.typed(typed), to: ask, in: context) == .right) == isRight)
  }

  @Test(
    "what is wrong is told apart",
    arguments: [
      ("0.36", "The size is right, the sign is not."), ("-0.4", "Close: 2 digits"), ("-0.37", ""),
      ("0.7", "Add the bias."), ("0.704", "Add the bias."), ("12", ""),
    ])
  func wrong(text: String, words: String) throws {
    guard case .wrong(let runs) = AnswerCheck.judge(.typed(text), to: try ask(), in: context)
    else {
      Issue.record("\(text) is not wrong")
      return
    }
    #expect(words.isEmpty ? runs.isEmpty : runs.plainText.hasPrefix(words))
  }

  @Test(
    "what is no number is not wrong but unreadable", arguments: ["", "abc", "0.3.6", "1 2", "z"])
  func unreadable(text: String) throws {
    guard case .unreadable = AnswerCheck.judge(.typed(text), to: try ask(), in: context) else {
      Issue.record("‘\(text)’ was read")
      return
    }
  }

  @Test("an answer that is not known yet is not judged; NaN is an answer")
  func unknown() throws {
    guard case .cannotTell(let why) = AnswerCheck.judge(.typed("1"), to: try ask("w"), in: context)
    else {
      Issue.record("judged")
      return
    }
    #expect(why.contains("instruction 5 makes it"))
    #expect(AnswerCheck.judge(.typed("nan"), to: try ask("nothing"), in: context) == .right)
    #expect(AnswerCheck.judge(.chosen(0), to: try ask(), in: context) != .right)
  }

  @Test("the lab says which choice is right")
  func choices() throws {
    let body = """
      # A

      ```{ask}
      id: a
      question: Q
      choices:
        - text: It falls
          right: "yes"
        - text: It *rises*
          right: "no"
      ```
      """
    let ask = try #require(try lesson(body).asks.first)
    #expect(AnswerCheck.judge(.chosen(0), to: ask, in: context) == .right)
    #expect(AnswerCheck.judge(.chosen(1), to: ask, in: context) == .wrong([]))
    guard case .unreadable = AnswerCheck.judge(.chosen(2), to: ask, in: context) else {
      Issue.record("a third choice of two")
      return
    }
  }

  @Test("a page is done when it was opened and its tasks are")
  func progress() throws {
    let lesson = try lesson(
      "# A\n\nText.\n\n---\n\n# B\n\n```{setup}\nmodel: model.py\n```\n\n```{ask}\nid: sum-of-both\n"
        + "question: Q\nanswer: loss\nhints: h\n```\n\n---\n\n# C\n\n```{exercise}\nid: learn-and\n"
        + "task: T\nwait: step > 1\nhints: h\nsuccess: S\n```\n")
    var progress = LessonProgress(lesson: lesson.name)
    #expect(progress.donePages(of: lesson) == [0])
    progress = progress.opening(page: 1, of: lesson)
    #expect(progress.donePages(of: lesson) == [0])
    progress = progress.answering(try #require(lesson.asks.first), .typed("0.86"), .right)
    #expect(progress.donePages(of: lesson) == [0, 1])
    #expect(progress.answers == ["sum-of-both": "0.86"])
    progress = progress.opening(page: 99, of: lesson)
    #expect(progress.page == 2 && !progress.isFinished(lesson))
    progress = progress.finishing(try #require(lesson.exercises.first))
    #expect(progress.isFinished(lesson))
    for _ in 0..<5 { progress = progress.showingHint(of: "learn-and", count: 3) }
    #expect(progress.hints == ["learn-and": 3])
  }
}
