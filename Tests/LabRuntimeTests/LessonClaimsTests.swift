import Datasets
import Foundation
import LabRuntime
import Lessons
import Testing
import Training

/// A lesson of the files given, in a folder of its own while `body` runs.
func withLesson<T>(
  _ files: [String: String], _ body: (Lesson, URL) throws -> T
) throws -> T {
  let root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  let folder = root.appending(path: "07-test")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: root) }
  for (name, text) in files {
    try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
  }
  let library = LessonLibrary(directories: [root])
  return try body(try #require(library.lessons.first, "\(library.failures)"), folder)
}

let lessonHead = "---\ntitle: A title\nminutes: 5\nsummary: One.\n---\n\n## Page\n\n"

let lessonModel = """
  import keras
  import numpy as np
  from keras import layers
  x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
  y = np.array([0, 0, 0, 1])
  model = keras.Sequential([keras.Input(shape=(2,)), layers.Dense(1, activation="sigmoid")])
  model.compile(optimizer=keras.optimizers.SGD(learning_rate=1.0), loss="binary_crossentropy",
    metrics=["accuracy"])
  model.fit(x, y, epochs=200, batch_size=4, shuffle=False)
  """

/// A page with the model, these lines in the setup and a directive.
func lessonPage(setup: String = "", _ directive: String) -> [String: String] {
  [
    "model.py": lessonModel,
    "lesson.md": lessonHead + "```{setup}\nmodel: model.py\n\(setup)```\n\n" + directive,
  ]
}

@Suite("What lessons claim and predict")
struct LessonClaimsTests {
  private func findings(_ files: [String: String]) throws -> [String] {
    try withLesson(files) { lesson, _ in
      LessonRehearsal.findings(lesson, library: DatasetLibrary())
    }
  }

  private func ask(_ lines: String...) -> String {
    "```{ask}\nid: a\nquestion: Q\nhints: [H]\n" + lines.joined(separator: "\n") + "\n```\n"
  }

  private func test(_ lines: String...) -> String {
    "```{test}\n" + lines.joined(separator: "\n") + "\n```\n"
  }

  @Test("a prediction is worked out after its commands, beside what was before")
  func prediction() throws {
    #expect(
      try findings(
        lessonPage(
          ask(
            "after: [step 200 epoch]", "choices:", "  - text: less",
            "    right: loss < before(train_loss)", "  - text: more",
            "    right: loss >= before(train_loss)"))) == [])
    let same = try findings(
      lessonPage(
        ask(
          "after: [step]", "answer: epochs", "wrong:", "  - when: before(epochs)", "    say: No.")))
    #expect(same.count == 1 && same[0].contains("the mistake 'before(epochs)'"))
  }

  @Test("commands that fail and choices that do not decide are found")
  func brokenPrediction() throws {
    let command = try findings(lessonPage(ask("after: [stepp]", "answer: loss")))
    #expect(
      command.count == 1 && command[0].contains("lesson.md:13") && command[0].contains("step"))
    let both = try findings(
      lessonPage(
        ask(
          "after: [back]", "choices:", "  - text: A", "    right: steps < 5", "  - text: B",
          "    right: steps < 6")))
    #expect(both.count == 1 && both[0].contains("2 choices of 'a' are right"))
    let unknown = try findings(lessonPage(ask("after: [back]", "answer: nothing")))
    #expect(unknown.count == 1 && unknown[0].contains("cannot compute"))
  }

  @Test("a claim is played with as many seeds as it says, and numbers are told where it fails")
  func claims() throws {
    #expect(
      try findings(
        lessonPage(
          setup: "seed: 3\n", test("after: goto end", "holds: train_accuracy >= 1", "seeds: 5")))
        == [])
    let failing = try findings(
      lessonPage(setup: "seed: 3\n", test("holds: seed == 4 or seed == 5", "seeds: 4")))
    #expect(failing.count == 1)
    #expect(failing[0].contains("holds with 2 of 4 seeds (seed 3: seed = 3.0"), "\(failing)")
    #expect(
      try findings(
        lessonPage(
          setup: "seed: 3\n", test("holds: seed == 4 or seed == 5", "seeds: 4", "at_least: 2")))
        == [])
    let broken = try findings(lessonPage(test("after: nonsense", "holds: loss < 1")))
    #expect(broken.count == 1 && broken[0].contains("nonsense"))
  }

  @Test("an epoch, the end, other programs and data of the folder set a page up")
  func setups() throws {
    var files = lessonPage(
      setup: "position: epoch 3\n",
      test("holds: step == 3")
        + "\n---\n\n## B\n\n```{setup}\nmodel: other.py\ndata: points.csv\nposition: end\n```\n\n"
        + test("holds: finished and batch_size == 32")
        + test("after: load model.py", "holds: epochs == 200 and step == 0"))
    files["other.py"] = """
      import keras
      model = keras.Sequential([keras.layers.Dense(1)])
      model.compile(optimizer="sgd", loss="mse")
      """
    files["points.csv"] = "x,y\n1,2\n2,4\n3,6\n"
    #expect(try findings(files) == [])
  }

  @Test("a command of a setup that fails is said with its place")
  func setupCommand() throws {
    let found = try findings(lessonPage(setup: "commands: [jump]\n", test("holds: loss < 100")))
    #expect(found.count == 1 && found[0].contains("‘jump’"))
  }

  @Test(
    "a page that begins far on opens again where it did, number for number",
    arguments: ["position: end\n", "position: step 40 instruction 3\n", "position: step 1\n"])
  func again(setup: String) throws {
    try withLesson(lessonPage(setup: setup, "text")) { lesson, _ in
      let first = Lab()
      let opened = LessonPages(lesson)
      try opened.open(0, in: first)
      let second = Lab()
      try opened.open(0, in: second)
      let (a, b) = (try #require(first.session), try #require(second.session))
      #expect(a.position == b.position && a.digest == b.digest)
      #expect(a.history.steps == b.history.steps)
      for lab in [first, second] { _ = try lab.carryOut("back 3 step") }
      #expect(a.digest == b.digest)
      for lab in [first, second] { _ = try lab.carryOut("step 9 step") }
      #expect(a.digest == b.digest && a.history.steps == b.history.steps)
    }
  }
}
