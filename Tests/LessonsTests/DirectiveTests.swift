import Foundation
import Lessons
import Testing
import Training

private func lesson(
  _ body: String, front: String = "", glossary: [GlossaryEntry] = []
) throws -> Lesson {
  var files = LessonParser.Files(
    name: "07-test",
    lesson: "---\ntitle: A title\nminutes: 5\nsummary: One.\n\(front)---\n\n## Page\n\n" + body)
  files.glossary = glossary
  return try LessonParser.parse(files)
}

private func directive(_ name: String, _ lines: String...) -> String {
  "```{\(name)}\n" + lines.joined(separator: "\n") + "\n```\n"
}

@Suite("Directives of lessons")
struct DirectiveTests {
  @Test("a prediction says what is done first, and which number it is about")
  func prediction() throws {
    let made = try lesson(
      directive(
        "ask", "id: a", "question: Q", "answer: train_accuracy", "after: [step 20 epoch, back]",
        "place: dense/kernel[1,0]", "wrong:", "  - when: before(train_accuracy)", "    say: No."))
    let ask = try #require(made.asks.first)
    #expect(ask.after == ["step 20 epoch", "back"])
    #expect(ask.place == "dense/kernel[1,0]")
    #expect(ask.judged == ["train_accuracy", "before(train_accuracy)"])
    // Worked out in a copy of the lab: the page's own says nothing of it.
    #expect(made.pages[0].expressions.isEmpty)
    #expect(made.pages[0].allExpressions == Set(ask.judged))
  }

  @Test(
    "an answer that is one number of the lab is its own place",
    arguments: [
      ("dense/sum[3,0]", "dense/sum[3,0]"), ("-dense/sum[3,0]", nil), ("loss", nil),
    ] as [(String, String?)])
  func place(answer: String, place: String?) throws {
    let made = try lesson(directive("ask", "id: a", "question: Q", "answer: \(answer)"))
    #expect(made.asks.first?.place == place)
  }

  @Test("an exercise knows usual wrong ways")
  func wrongWays() throws {
    let made = try lesson(
      directive(
        "exercise", "id: a", "task: T", "wait: loss < 1", "success: S", "wrong:",
        "  - when: learning_rate > 1", "    say: Too fast."))
    let way = try #require(made.exercises.first?.wrongWays.first)
    #expect(way.holds == "learning_rate > 1" && way.words == [.text("Too fast.", .plain)])
    #expect(made.pages[0].expressions == ["loss < 1", "learning_rate > 1"])
  }

  @Test("captions say what the parts of a wait mean; + joins a part to the one before")
  func captions() throws {
    let made = try lesson(
      directive(
        "exercise", "id: a", "task: T", "wait: loss < 1 and step > 2 and step < 9", "success: S",
        "captions: [It is small., Soon., +]"))
    let conditions = try #require(made.exercises.first).conditions
    #expect(conditions.map { $0.words?.plainText } == ["It is small.", "Soon."])
    #expect(conditions.map { $0.parts.map(\.source) } == [["loss < 1"], ["step > 2", "step < 9"]])
    #expect(LessonLinter.findings(made, known: []).allSatisfy { !$0.problem.contains("captions") })
    let bare = try lesson(
      directive("exercise", "id: a", "task: T", "wait: loss < 1 and step > 2", "success: S"))
    #expect(bare.exercises.first?.conditions.map { $0.words == nil } == [true, true])
    #expect(throws: LessonFailure.self) {
      try lesson(
        directive("exercise", "id: a", "task: T", "wait: loss < 1", "success: S", "captions: [+]"))
    }
  }

  @Test("a choice is named by its letter or its number, and may have words for who is wrong")
  func choices() throws {
    let made = try lesson(
      directive(
        "ask", "id: a", "question: Q", "choices:", "  - {text: A, right: 1 < 0, wrong: No.}",
        "  - {text: B, right: 1 > 0}"))
    let ask = try #require(made.asks.first)
    let named = ["a", "B", "1", " 2 ", "c", "3", "0", "-1", ""].map { ask.choice(named: $0) }
    #expect(named == [0, 1, 0, 1, nil, nil, nil, nil, nil])
    let here = Readings(values: ["1 < 0": .truth(false), "1 > 0": .truth(true)])
    #expect(AnswerCheck.judge(.chosen(0), to: ask, in: here) == .wrong([.text("No.", .plain)]))
    #expect(AnswerCheck.judge(.typed("b"), to: ask, in: here) == .right)
    #expect(AnswerCheck.judge(.typed("2"), to: ask, in: here) == .right)
    // Kept as records always had it.
    let kept = LessonProgress(lesson: "07-test").answering(ask, .typed("b"), .right)
    #expect(kept.answers == ["a": "2"])
  }

  @Test("a count is not told that its digits are few, nor that it is close")
  func counts() throws {
    let made = try lesson(
      directive("ask", "id: a", "question: Q", "answer: steps + 1", "digits: 0", "hints: [H.]"))
    let ask = try #require(made.asks.first)
    let here = Readings(values: ["steps + 1": .number(5)])
    #expect(ask.isCount)
    #expect(AnswerCheck.judge(.typed("7"), to: ask, in: here) == .wrong([]))
    #expect(
      AnswerCheck.judge(.typed("3.5"), to: ask, in: here)
        == .wrong([.text("A whole number is asked for.", .plain)]))
    let compared = try #require(AnswerComparison(.typed("7"), to: ask, in: here))
    #expect(compared.words == "7 was compared with the lab's number")
    let broken = try #require(AnswerComparison(.typed("3.5"), to: ask, in: here))
    #expect(broken.words.hasSuffix("a whole number is asked for"))
  }

  @Test(
    "a mistake is told by the digits typed, and the nearest one, also where right is right from afar",
    arguments: [("36.1", "First."), ("36", "First."), ("36.4", "Second."), ("38", ""), ("33", "")])
  func mistakes(typed: String, words: String) throws {
    let made = try lesson(
      directive(
        "ask", "id: a", "question: Q", "answer: step + 1", "tolerance: 5", "hints: [H.]", "wrong:",
        "  - when: 36.1", "    say: First.", "  - when: 36.4", "    say: Second."))
    let ask = try #require(made.asks.first)
    let here = Readings(
      values: ["step + 1": .number(30), "36.1": .number(36.1), "36.4": .number(36.4)])
    let told = AnswerCheck.judge(.typed(typed), to: ask, in: here)
    switch words {
    case "" where typed == "33": #expect(told == .right)
    case "": #expect(told == .wrong([]))
    default: #expect(told == .wrong([.text(words, .plain)]))
    }
  }

  @Test("a test is kept beside the page, a sandbox on it")
  func testAndSandbox() throws {
    let made = try lesson(
      directive("test", "after: step 20 epoch", "holds: loss < 1", "seeds: 5", "at_least: 4")
        + "\n" + directive("sandbox", "ideas:", "  - One.", "  - Two `{value} loss`."))
    let test = try #require(made.pages[0].tests.first)
    #expect(test.after == ["step 20 epoch"] && test.holds == "loss < 1")
    #expect(test.seeds == 5 && test.atLeast == 4)
    #expect(made.pages[0].blocks.count == 1)
    guard case .sandbox(let sandbox)? = made.pages[0].blocks.first else {
      Issue.record("no sandbox")
      return
    }
    #expect(sandbox.title == "From here on your own" && sandbox.ideas.count == 2)
    #expect(made.pages[0].expressions == ["loss"])
  }

  @Test("a setup names any program of the folder, a panel, an epoch or the end")
  func setup() throws {
    let made = try lesson(
      directive("setup", "model: other.py", "light: curves", "position: epoch 3")
        + "\n---\n\n# B\n\n"
        + directive("setup", "position: end"), front: "locks: [build, data]\n")
    let setup = try #require(made.pages[0].setup)
    #expect(setup.model == .file("other.py") && setup.light == "curves")
    #expect(setup.goal == .epoch(3) && setup.position == nil)
    #expect(made.pages[1].setup?.goal == .end)
    #expect(made.locks == ["build", "data"])
  }

  @Test("a list of terms takes their meanings from the file for all; others are found")
  func glossary() throws {
    let known = try GlossaryFile.entries("neuron: adds up\nWeight: how much\n")
    let made = try lesson(
      "words\n", front: "glossary: [neuron, weight, nonsense]\n", glossary: known)
    #expect(made.glossary.map(\.term) == ["neuron", "weight"])
    #expect(made.glossary.map(\.meaning) == ["adds up", "how much"])
    #expect(made.unknownTerms.map(\.term) == ["nonsense"])
    let findings = LessonLinter.findings(made, known: ["07-test"])
    #expect(findings.contains { $0.problem.contains("nonsense") && $0.line == 5 })
  }

  @Test("a glossary that is none is refused with its line")
  func brokenGlossary() throws {
    let failure = try #require(throws: LessonFailure.self) {
      try GlossaryFile.entries("neuron: adds up\nweight: [a]\n")
    }
    #expect(failure.file == "glossary.yaml")
    let second = try #require(throws: LessonFailure.self) {
      try GlossaryFile.entries("a: b\n- c\n")
    }
    #expect(second.line == 2)
  }

  @Test(
    "what does not fit is refused with what would be right",
    arguments: [
      (directive("test", "after: back"), "{test} without holds", "holds: …"),
      (directive("test", "holds: loss < 1", "seeds: 0"), "‘0’ for seeds", "from 1 to 20"),
      (
        directive("test", "holds: loss < 1", "seeds: 3", "at_least: 4"), "‘4’ for at_least",
        "from 1 to 3"
      ),
      (directive("sandbox", "ideas: [One.]"), "1 ideas", "two to four"),
      (
        directive("ask", "id: a", "question: Q", "answer: loss", "place: dense/kernel[0] + 1"),
        "the place", "one number"
      ),
      (
        directive("exercise", "id: a", "task: T", "wait: w", "success: S", "wrong: [x]"),
        "without when and say", "say: …"
      ),
      (
        "- item\n\n  " + directive("test", "holds: loss < 1").replacing("\n", with: "\n  "),
        "{test} within a list", "left margin"
      ),
    ])
  func refused(body: String, found: String, right: String) throws {
    let failure = try #require(throws: LessonFailure.self) { try lesson(body) }
    #expect(failure.found.contains(found), "\(failure)")
    #expect(failure.right.contains(right), "\(failure)")
  }
}
