import Datasets
import Foundation
import LabRuntime
import Lessons
import Testing

/// One thing that is wrong in a lesson that is otherwise right, and what the check says of it.
struct Flaw: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let file: String
  let old: String
  let new: String
  /// The place that is named.
  let named: String
  let line: Int
  let problem: String
  let remedy: String

  init(
    _ name: String, in file: String = "lesson.md", _ old: String, _ new: String,
    named: String = "lesson.md", line: Int, _ problem: String, _ remedy: String
  ) {
    testDescription = name
    (self.file, self.old, self.new, self.line) = (file, old, new, line)
    (self.named, self.problem, self.remedy) = (named, problem, remedy)
  }

  /// The question of the lesson, and one with choices in its place, of which the first is right.
  private static let question = """
    answer: dense/sum[3,0]
    hints: Multiply and add.
    wrong:
      - {when: "-dense/sum[3,0]", say: The sign is not right.}
    """

  private static func choices(_ b: String, _ bRest: String, _ c: String, _ cRest: String) -> String
  {
    """
    choices:
      - {text: A, right: step == 0}
      - {text: \(b), \(bRest)}
      - {text: \(c), \(cRest)}
    hints: Look.
    """
  }

  static let all: [Flaw] = [
    Flaw(
      "an id twice", "id: learn", "id: sum", line: 29, "the id ‘sum’ a second time",
      "an id of its own"),
    Flaw(
      "a question without a hint", "hints: Multiply and add.", "", line: 20,
      "‘sum’ without a hint", "hints: […]"),
    Flaw(
      "an exercise without a hint", "hints: Train it.", "", line: 29, "‘learn’ without a hint",
      "hints: […]"),
    Flaw(
      "an exercise without a solution", in: "solution.txt", "# learn\n", "", line: 29,
      "no solution of ‘learn’", "commands in solution.txt"),
    Flaw(
      "a solution of nothing", in: "solution.txt", "# learn", "# leran",
      named: "solution.txt", line: 2,
      "a solution of ‘leran’", "learn"),
    Flaw(
      "a solution that does not solve", in: "solution.txt", "step 200 step", "step 1 step",
      line: 29, "not done by its solution", "what solution.txt does"),
    Flaw(
      "a second way that does not solve", in: "solution.txt", "step 200 step",
      "step 200 step\n# or\nback", line: 29, "not done by way 2", "what solution.txt does"),
    Flaw(
      "an exercise that is done at once", "wait: train_accuracy >= 1",
      "wait: train_accuracy >= 0", line: 29, "done before anything is done", "a state"),
    Flaw(
      "an exercise that looking fulfills", "wait: train_accuracy >= 1", "wait: instruction > 0",
      line: 29, "done without a plan", "more exactly"),
    Flaw(
      "a mistake that is right", "when: \"-dense/sum[3,0]\"", "when: \"dense/sum[3,0] + 0\"",
      line: 20,
      "gives the right answer", "a value"),
    Flaw(
      "an answer that there is not", "answer: dense/sum[3,0]", "answer: dense/sun[3,0]",
      line: 20, "dense/sun", "dense/sum"),
    Flaw(
      "an expression that cannot be read", "wait: train_accuracy >= 1",
      "wait: train_accuracy >=", line: 29, "column", "a name"),
    Flaw(
      "a model that is missing", "model: model.py", "model: net.py", line: 9, "net.py", "beside"),
    Flaw(
      "a model that is no model", in: "model.py", "units=1", "units=-1", line: 7, "set-up fails",
      "gives a run"),
    Flaw(
      "numbers before there is a run", "model: model.py\n", "", line: 7, "before there is one",
      "{setup}"),
    Flaw(
      "a link to nowhere", "See it.", "See [it](../09-none/lesson.md).", line: 7, "‘09-none’",
      "01-test"),
    Flaw(
      "a line that is too wide", "z = x w + b", String(repeating: "z", count: 80), line: 7,
      "80 columns", "at most 76"),
    Flaw("a misspelled key", "minutes: 10", "minuets: 10", line: 3, "‘minuets’", "minutes"),
    Flaw(
      "a directive that there is not", "```{ask}", "```{quiz}", line: 20, "{quiz}", "{ask}"),
    Flaw(
      "an answer typed in", "answer: dense/sum[3,0]", "answer: 1.5", line: 23, "typed in",
      "an expression"),
    Flaw(
      "no front matter", "---\ntitle: Test\n", "title: Test\n", line: 1, "no front matter",
      "--- on the first line"),
    Flaw(
      "a page without a heading", "# A neuron", "A neuron", line: 7, "without a heading", "##"),
    Flaw(
      "captions for some parts only", "wait: train_accuracy >= 1",
      "wait: train_accuracy >= 1 and steps > 0\ncaptions: [All rows are right.]", line: 29,
      "1 captions of ‘learn’ for the 2 parts", "‘steps > 0’"),
    Flaw(
      "a wrong choice without words, beside one that has some", question,
      choices("B", "right: step == 1, wrong: No step is done.", "C", "right: step == 2"), line: 20,
      "the wrong choice c has no words", "under each wrong choice"),
    Flaw(
      "words for who takes the right choice", question,
      choices("B", "right: step == 1, wrong: No.", "C", "right: step == 0 and step < 0, wrong: No.")
        .replacingOccurrences(of: "right: step == 0}", with: "right: step == 0, wrong: Hm.}"),
      line: 20, "the choice a has words", "under each wrong choice"),
    Flaw(
      "a picture", "See it.", "![it](it.png)", line: 14, "a picture", "words"),
  ]
}

@Suite("What is wrong with a lesson is found, with its place and what would be right")
struct LessonCheckTests {
  private static let files = [
    "lesson.md": """
    ---
    title: Test
    minutes: 10
    summary: One neuron.
    ---

    # A neuron

    ```{setup}
    model: model.py
    position: instruction 3
    ```

    See it.

    ```{formula}
    z = x w + b
    ```

    ```{ask}
    id: sum
    question: What is the sum for x = (1, 1)?
    answer: dense/sum[3,0]
    hints: Multiply and add.
    wrong:
      - {when: "-dense/sum[3,0]", say: The sign is not right.}
    ```

    ```{exercise}
    id: learn
    task: Make all four rows right.
    wait: train_accuracy >= 1
    hints: Train it.
    success: Right.
    ```

    """,
    "model.py": """
    import keras
    import numpy as np
    from keras import layers

    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    y = np.array([0, 0, 0, 1])
    model = keras.Sequential([keras.Input(shape=(2,)), layers.Dense(units=1, activation="sigmoid")])
    model.compile(
        optimizer=keras.optimizers.SGD(learning_rate=1.0), loss="binary_crossentropy",
        metrics=["accuracy"])
    model.fit(x, y, epochs=200, batch_size=4, shuffle=False)

    """,
    "solution.txt": "# learn\nstep 200 step\n# or\ngoto start\nset dense/kernel[0,0] = 1\n"
      + "set dense/kernel[1,0] = 1\nset dense/bias[0] = -1.5\n",
  ]

  private func findings(_ change: (file: String, old: String, new: String)?) throws -> [String] {
    let root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: root) }
    let folder = root.appending(path: "01-test")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (name, text) in Self.files {
      var text = text
      if let change, change.file == name {
        #expect(text.contains(change.old), "\(name) has \(change.old)")
        text = text.replacingOccurrences(of: change.old, with: change.new)
      }
      try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
    }
    return LessonCheck.findings(
      LessonLibrary(directories: [root]), course: [], data: DatasetLibrary(), trials: 20
    ).flatMap(\.problems)
  }

  @Test("nothing is found where nothing is wrong")
  func right() throws {
    #expect(try findings(nil) == [])
  }

  @Test("each kind of flaw", arguments: Flaw.all)
  func flaw(_ flaw: Flaw) throws {
    let found = try findings((flaw.file, flaw.old, flaw.new))
    #expect(
      found.contains {
        $0.hasPrefix("01-test/\(flaw.named):\(flaw.line):") && $0.contains(flaw.problem)
          && $0.contains(flaw.remedy)
      }, "\(found.joined(separator: "\n"))")
  }

  @Test("each page is told before it is played")
  func progress() throws {
    let library = LessonLibrary()
    let lesson = try #require(library.lessons.first)
    var told: [String] = []
    _ = LessonCheck.findings(
      library, course: [], names: [lesson.name], data: DatasetLibrary(), trials: 1
    ) { told.append($0) }
    let pages = lesson.pages.count
    #expect(told == (1...pages).map { "\(lesson.name) (1 of 1), page \($0) of \(pages)" })
  }

  @Test("there are at least twenty kinds of them")
  func kinds() {
    #expect(Set(Flaw.all.map(\.testDescription)).count >= 20)
  }
}
