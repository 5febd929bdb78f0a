import Lessons
import Tensors
import Testing
import Training

private let front = """
  ---
  title: A title
  minutes: 5
  summary: In one sentence.
  ---

  """

private func parse(_ text: String, solution: String? = nil) throws -> Lesson {
  try LessonParser.parse(
    LessonParser.Files(name: "07-test", lesson: text, model: "model", solution: solution))
}

/// A directive with these lines of YAML, its fence on line 9.
private func directive(_ name: String, _ yaml: String...) -> String {
  front + "\n# Page\n\n```{\(name)}\n" + yaml.joined(separator: "\n") + "\n```\n"
}

struct BrokenLesson: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let text: String
  let line: Int
  let found: String
  let right: String

  init(_ name: String, _ text: String, line: Int, _ found: String, _ right: String) {
    testDescription = name
    self.text = text
    self.line = line
    self.found = found
    self.right = right
  }

  static let all: [BrokenLesson] = [
    BrokenLesson("empty", "", line: 1, "no front matter", "--- on the first line"),
    BrokenLesson("no front matter", "# Page\n", line: 1, "no front matter", "title"),
    BrokenLesson("open front matter", "---\ntitle: A\n", line: 1, "without an end", "---"),
    BrokenLesson(
      "no title", "---\nminutes: 5\nsummary: s\n---\n# P\n", line: 1, "without title", "title: …"),
    BrokenLesson(
      "no minutes", "---\ntitle: A\nsummary: s\n---\n# P\n", line: 1, "without minutes",
      "minutes: 10"),
    BrokenLesson(
      "odd minutes", "---\ntitle: A\nminutes: many\nsummary: s\n---\n# P\n", line: 3, "‘many’",
      "a whole number"),
    BrokenLesson(
      "misspelled key", "---\ntitle: A\nminuets: 5\n---\n# P\n", line: 3, "the key ‘minuets’",
      "minutes"),
    BrokenLesson(
      "no YAML", "---\ntitle: A: B\nminutes: 5\n---\n# P\n", line: 2, "no YAML", "quotes"),
    BrokenLesson(
      "glossary as text", "---\ntitle: A\nminutes: 5\nsummary: s\nglossary: none\n---\n# P\n",
      line: 5, "no terms", "term: its meaning"),
    BrokenLesson(
      "empty page", front + "# A\n\n---\n\n---\n\n# B\n", line: 8, "nothing on it", "text"),
    BrokenLesson("no heading", front + "Just words.\n", line: 6, "without a heading", "##"),
    BrokenLesson(
      "break under text", front + "# A\n\nwords\n---\n\n# B\n", line: 9, "--- right", "empty line"),
    BrokenLesson(
      "HTML", front + "# A\n\n<b>bold</b>\n", line: 8, "html_inline", "**strong words**"),
    BrokenLesson("HTML block", front + "# A\n\n<div>\n</div>\n", line: 8, "HTML", "paragraphs"),
    BrokenLesson("picture", front + "# A\n\n![cat](cat.png)\n", line: 8, "a picture", "words"),
    BrokenLesson(
      "link to nowhere", front + "# A\n\n[here](page.html)\n", line: 8, "a link to ‘page.html’",
      "../02-activations/lesson.md"),
    BrokenLesson(
      "live number without expression", front + "# A\n\nIt is `{value}` now.\n", line: 8,
      "‘{value}’", "an expression"),
    BrokenLesson(
      "unknown role", front + "# A\n\n`{number} loss`\n", line: 8, "‘{number} loss’", "{value}"),
    BrokenLesson(
      "unknown directive", directive("quiz", "id: a"), line: 9, "the directive {quiz}", "{ask}"),
    BrokenLesson(
      "two setups", directive("setup", "seed: 1") + "\n```{setup}\nseed: 2\n```\n", line: 13,
      "a second {setup}", "one a page"),
    BrokenLesson(
      "setup in a list", front + "# A\n\n- x\n\n  ```{setup}\n  seed: 1\n  ```\n", line: 10,
      "within a list", "left margin"),
    BrokenLesson(
      "misspelled key of a directive", directive("setup", "seed: 1", "sead: 2"), line: 11,
      "the key ‘sead’ in {setup}", "seed"),
    BrokenLesson(
      "odd position", directive("setup", "position: line 3"), line: 10, "the position", "step 3"),
    BrokenLesson("odd pace", directive("setup", "pace: fast"), line: 10, "the pace", "full"),
    BrokenLesson(
      "ask without answer", directive("ask", "id: a", "question: Why?"), line: 9,
      "{ask} without answer", "an expression"),
    BrokenLesson(
      "typed answer", directive("ask", "id: a", "question: Why?", "answer: 0.36"), line: 12,
      "0.36 typed in", "an expression"),
    BrokenLesson(
      "answer and choices",
      directive("ask", "id: a", "question: Q", "answer: loss", "choices: [a, b]"), line: 9,
      "with answer and choices", "or a list"),
    BrokenLesson(
      "one choice",
      directive("ask", "id: a", "question: Q", "choices:", "  - text: A", "    right: loss > 1"),
      line: 13, "fewer than two", "two or more"),
    BrokenLesson(
      "diagnosis without words",
      directive("ask", "id: a", "question: Q", "answer: loss", "wrong:", "  - when: -loss"),
      line: 14, "without when and say", "say: …"),
    BrokenLesson(
      "odd id", directive("ask", "id: a b", "question: Q", "answer: loss"), line: 10,
      "the id ‘a b’",
      "letters"),
    BrokenLesson(
      "odd before", directive("ask", "id: a", "question: Q", "answer: loss", "before: lunch"),
      line: 13, "before: lunch", "before: reveal"),
    BrokenLesson(
      "exercise without wait", directive("exercise", "id: a", "task: T", "success: S"), line: 9,
      "without wait", "wait: …"),
    BrokenLesson(
      "directive of one word", directive("exercise", "train"), line: 10, "without keys", "id: …"),
    BrokenLesson(
      "list where words are meant",
      directive("exercise", "id: a", "task: '- T'", "wait: loss < 1", "success: S"), line: 11,
      "where words are meant", "one paragraph"),
  ]
}

@Suite("Reading lessons")
struct LessonParserTests {
  @Test(
    "a broken lesson is refused with the place and what would be right", arguments: BrokenLesson.all
  )
  func broken(lesson: BrokenLesson) throws {
    let failure = try #require(throws: LessonFailure.self) { try parse(lesson.text) }
    #expect(failure.file == "07-test/lesson.md")
    #expect(failure.line == lesson.line, "\(failure)")
    #expect(failure.found.contains(lesson.found))
    #expect(failure.right.contains(lesson.right))
  }

  @Test("the folder's name numbers the lesson", arguments: ["one", "7test", "-a", ""])
  func folder(name: String) {
    #expect(throws: LessonFailure.self) {
      try LessonParser.parse(LessonParser.Files(name: name, lesson: front + "# A\n"))
    }
  }

  @Test("front matter, pages and blocks are what they say")
  func blocks() throws {
    let lesson = try parse(
      front + """
        # One

        Words, *soft*, **loud**, `code` and `{value:3} norm(w)`.
        Next [lesson](../08-next/lesson.md).

        ## Part

        3. three
        4. four

        | a | b |
        |---|---|
        | 1 | 2 |

        > aside

        ```python
        x = 1
        ```

        ```{formula}
        z = x w + b
        ```

        ---

        # Two

        ```{live}
        value: dense/kernel
        ```
        """)
    #expect(lesson.number == 7)
    #expect(lesson.pages.map(\.title) == ["One", "Two"])
    #expect(lesson.pages[0].line == 6)
    #expect(
      lesson.pages[0].blocks == [
        .paragraph([
          .text("Words, ", .plain), .text("soft", .emphasis), .text(", ", .plain),
          .text("loud", .strong), .text(", ", .plain), .text("code", .code),
          .text(" and ", .plain), .live(LiveValue(expression: "norm(w)", digits: 3)),
          .text(". Next ", .plain), .link("lesson", to: "08-next"), .text(".", .plain),
        ]),
        .heading([.text("Part", .plain)]),
        .list(
          first: 3,
          items: [
            [.paragraph([.text("three", .plain)])], [.paragraph([.text("four", .plain)])],
          ]),
        .table(
          header: [[.text("a", .plain)], [.text("b", .plain)]],
          rows: [[[.text("1", .plain)], [.text("2", .plain)]]]),
        .quote([.paragraph([.text("aside", .plain)])]),
        .code(language: "python", text: "x = 1"), .formula("z = x w + b"),
      ])
    #expect(
      lesson.pages[1].blocks
        == [.live(LiveView(title: "dense/kernel", value: "dense/kernel", digits: 2))])
    #expect(lesson.pages[0].expressions == ["norm(w)"])
  }

  @Test("a setup says what the lab does; a page without one keeps it")
  func setup() throws {
    let lesson = try parse(
      directive(
        "setup", "model: |", "  model = Sequential()", "  model.add(Dense(1))", "data: xor",
        "seed: 7", "position: step 2 instruction 11", "pace: full", "show: step",
        "hide: [loss, dense/sum]", "commands: set learning_rate = 0.5") + "\n---\n\n# Next\n")
    let setup = try #require(lesson.pages[0].setup)
    #expect(setup.model == .inline("model = Sequential()\nmodel.add(Dense(1))"))
    #expect(setup.data == "xor")
    #expect(setup.seed == 7)
    #expect(setup.position == Position(step: 2, instruction: 11))
    #expect(setup.pace == .full)
    #expect(setup.screen == "step")
    #expect(setup.hidden == ["loss", "dense/sum"])
    #expect(setup.commands == ["set learning_rate = 0.5"])
    #expect(lesson.setup(forPage: 1) == setup)
    #expect(lesson.pages[1].setup == nil)
  }

  @Test("a solution is read by exercise")
  func solution() {
    let solution = Solution(
      parsing:
        "# learn: train it\nstep 20 step\n# then some words of comment\ngoto end\n\n#b\nback\n")
    #expect(solution.ways(of: "learn") == [["step 20 step", "goto end"]])
    #expect(solution.ways(of: "b") == [["back"]])
    #expect(solution.lines.map(\.line) == [2, 4, 7])
  }

  @Test("no text makes it crash", arguments: 0..<10)
  func fuzz(round: Int) throws {
    let lesson = try #require(LessonLibrary().lessons.first)
    let pieces = [
      "---\n", "\n\n", "```{ask}\n", "```\n", "# A\n", "id: a\n", "- ", "> ", "`{value} ", "`", "|",
      "[", "](", ")", ": ", "\t", "answer: loss\n", "&a *a\n", "\u{0}", "{", "é", "*", "<b>",
    ]
    let random = CounterRandom(seed: UInt64(round), name: "fuzz")
    for i in 0..<60 {
      var text = front + "# \(lesson.title)\n\n"
      for j in 0..<30 {
        text += pieces[Int(random.uniform(at: 100 * i + j) * Double(pieces.count))]
      }
      do { _ = try parse(text) } catch let failure as LessonFailure {
        #expect(failure.line >= 1 && !failure.right.isEmpty)
      } catch { Issue.record("\(error)") }
    }
    #expect(throws: LessonFailure.self) {
      try parse(front + "# A\n\n" + String(repeating: "> ", count: 500) + "deep\n")
    }
  }
}
