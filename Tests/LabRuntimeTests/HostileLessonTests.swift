import Datasets
import Foundation
import KerasCode
import LabRuntime
import Lessons
import Scripts
import Testing
import Training

/// What a lesson's folder holds that means no good.
struct HostileLesson: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let files: [String: String]
  /// What its failure or its first finding says.
  let said: [String]

  init(_ name: String, _ files: [String: String], _ said: String...) {
    (testDescription, self.files, self.said) = (name, files, said)
  }

  /// Those that cannot be read.
  static let unreadable: [HostileLesson] = [
    HostileLesson(
      "ten megabytes", ["lesson.md": lessonHead + String(repeating: "word ", count: 2 << 20)],
      "lesson.md:1", "more than 256 KB"),
    HostileLesson(
      "an escape sequence", ["lesson.md": lessonHead + "red \u{1B}[31m text"], "lesson.md:9:5",
      "U+1B"),
    HostileLesson(
      "text that runs backwards", ["lesson.md": lessonHead + "\u{202E}evil"], "lesson.md:9:1",
      "U+202E"),
    HostileLesson(
      "an escape sequence in a program",
      ["lesson.md": lessonHead + "text", "model.py": "x = 1\n# \u{9B}2J"], "model.py:2:3", "U+9B"),
    HostileLesson(
      "an escape sequence in a solution",
      ["lesson.md": lessonHead + "text", "solution.txt": "\u{7}"], "solution.txt:1:1", "U+7"),
    HostileLesson(
      "lists within lists", ["lesson.md": lessonHead + String(repeating: "> ", count: 3000) + "x"],
      "lesson.md:", "too deep"),
    HostileLesson(
      "brackets within brackets",
      [
        "lesson.md": lessonHead + "```{ask}\nid: "
          + String(repeating: "[", count: 50_000) + "\n```\n"
      ], "lesson.md:10:", "too deep"),
    HostileLesson(
      "brackets in the front matter",
      ["lesson.md": "---\ntitle: " + String(repeating: "{a: ", count: 9000) + "\n---\n# A\n"],
      "lesson.md:2:", "too deep"),
    HostileLesson(
      "a number for a title", ["lesson.md": lessonHead.replacing("A title", with: "[1, 2]")],
      "lesson.md:2", "no text for title"),
    HostileLesson(
      "keys where a list is",
      [
        "lesson.md": lessonHead + "```{setup}\ncommands: {a: b}\n```\n"
      ], "lesson.md:10", "keys where commands"),
  ]

  /// Those that can be read and must not run away.
  static let played: [HostileLesson] = [
    HostileLesson(
      "an endless loop", page(model: "while True:\n  pass\n"), "more than 5000000 steps"),
    HostileLesson(
      "an endless recursion", page(model: "def f(): return f()\nf()\n"), "model.py"),
    HostileLesson(
      "ten gigabytes made by the program",
      page(model: "import numpy as np\nx = np.zeros((50000, 50000))\n"), "model.py"),
    HostileLesson(
      "a program that reads elsewhere",
      page(model: "import numpy as np\nx = np.loadtxt('/etc/passwd')\n"), "the lesson's folder"),
    HostileLesson(
      "a program that reads above",
      page(model: "import numpy as np\nx = np.load('../07-test/../../x.npy')\n"),
      "the lesson's folder"),
    HostileLesson(
      "data elsewhere", page(setup: "data: /etc/passwd.csv\n"), "the lesson's own folder"),
    HostileLesson("data above", page(setup: "data: ../x.csv\n"), "the lesson's own folder"),
    HostileLesson("data that is missing", page(setup: "data: x.csv\n"), "beside lesson.md"),
    HostileLesson(
      "data of a billion points", page(setup: "data: 'moons:examples=1000000000'\n"),
      "at most 100000"),
    HostileLesson("a model that is missing", page(setup: "", file: "other.py"), "other.py"),
    HostileLesson(
      "a network of a trillion weights",
      page(
        model: lessonModel.replacing(
          "layers.Dense(1,", with: "layers.Dense(1000000), layers.Dense(1000000),\n layers.Dense(1,"
        )),
      "model.py"),
    HostileLesson(
      "a run without an end",
      page(
        setup: "position: end\n",
        model: lessonModel.replacing("epochs=200", with: "epochs=100000000")),
      "takes too long", "step"),
    HostileLesson(
      "commands without an end",
      page(
        setup: "commands: ['set epochs = 100000000', 'continue']\n", model: lessonModel),
      "takes too long"),
    HostileLesson(
      "a command that reaches out", page(setup: "commands: [load /etc/passwd]\n"),
      "there is no program '/etc/passwd'"),
    HostileLesson(
      "a command that reads above", page(setup: "commands: ['set data = ../x.csv']\n"),
      "the lesson's own folder"),
  ]

  private static func page(
    setup: String = "", model: String = lessonModel, file: String = "model.py"
  ) -> [String: String] {
    [
      "model.py": model,
      "lesson.md": lessonHead + "```{setup}\nmodel: \(file)\n\(setup)```\n\n"
        + "```{test}\nholds: loss < 1000\n```\n",
    ]
  }
}

@Suite("Lessons that mean no good")
struct HostileLessonTests {
  @Test(
    "what cannot be read is refused with file, line and column", arguments: HostileLesson.unreadable
  )
  func unreadable(hostile: HostileLesson) throws {
    let root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    let folder = root.appending(path: "07-test")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: root) }
    for (name, text) in hostile.files {
      try Data(text.utf8).write(to: folder.appending(path: name))
    }
    let library = LessonLibrary(directories: [root])
    #expect(library.lessons.isEmpty)
    let failure = "\(try #require(library.failures.first))"
    for said in hostile.said { #expect(failure.contains(said), "\(failure)") }
  }

  @Test(
    "what runs away is stopped, and reads nothing elsewhere", .timeLimit(.minutes(2)),
    arguments: HostileLesson.played)
  func played(hostile: HostileLesson) throws {
    try withLesson(hostile.files) { lesson, _ in
      let found = LessonRehearsal.findings(lesson, library: DatasetLibrary())
      let first = try #require(found.first)
      #expect(first.contains("07-test/"))
      for said in hostile.said { #expect(first.contains(said), "\(first)") }
    }
  }

  @Test("a link out of the folder is not followed, nor is what is no file")
  func links() throws {
    try withLesson(lessonPage("text")) { _, folder in
      let outside = folder.deletingLastPathComponent().appending(path: "secret.csv")
      try Data("x,y\n1,2\n".utf8).write(to: outside)
      let link = folder.appending(path: "points.csv")
      try FileManager.default.createSymbolicLink(at: link, withDestinationURL: outside)
      let reader = LessonFolder(folder)
      for name in ["points.csv", "../secret.csv", outside.path, ".", "", "model.py/../lesson.md"] {
        #expect(throws: LessonFailure.self) { try reader.bytes(of: name) }
      }
      #expect(mkfifo(folder.appending(path: "pipe.csv").path, 0o600) == 0)
      #expect(throws: LessonFailure.self) { try reader.bytes(of: "pipe.csv") }
      #expect(try reader.bytes(of: "model.py").count > 100)
      #expect(throws: LessonFailure.self) { try reader.bytes(of: "model.py", limit: 10) }
      let inside = folder.appending(path: "copy.py")
      try FileManager.default.createSymbolicLink(
        at: inside, withDestinationURL: folder.appending(path: "model.py"))
      #expect(try reader.bytes(of: "copy.py").count > 100)
    }
  }

  @Test("an allowance stops a run where it is, and what comes after goes on")
  func allowance() throws {
    try withLesson(lessonPage("text")) { lesson, _ in
      let lab = Lab()
      lab.handle(.open(try #require(try LessonRuns.settings(lesson))))
      var left = 10
      let allowance = Allowance {
        left -= 1
        return left >= 0
      }
      let error = #expect(throws: RunFailure.self) {
        try lab.within(allowance) { try lab.carryOut("goto end") }
      }
      #expect("\(try #require(error))".contains("too long"))
      let step = try #require(lab.session?.position.step)
      #expect(step > 0 && step < 200)
      _ = try lab.carryOut("goto end")
      #expect(lab.session?.position.step == 200)
    }
  }

  @Test("what an answer was compared with is said, and not what is right")
  func comparison() throws {
    let text = "```{ask}\nid: a\nquestion: Q\nanswer: epochs * 2\ndigits: 1\n```\n"
    try withLesson(lessonPage(text)) { lesson, _ in
      let lab = Lab()
      lab.handle(.open(try #require(try LessonRuns.settings(lesson))))
      let ask = try #require(lesson.asks.first)
      let now = lab.readings(ask.judged)
      let compared = try #require(AnswerComparison(.typed("3,5"), to: ask, in: now))
      #expect(compared.truth == 400 && compared.tolerance == 0.05)
      #expect(
        compared.words == "3.5 was compared with the lab's number; ±0.05 counts as right")
      #expect(AnswerComparison(.typed("many"), to: ask, in: now) == nil)
      #expect(AnswerComparison(.chosen(0), to: ask, in: now) == nil)
    }
  }
}

/// The run of a lesson's first page.
private enum LessonRuns {
  static func settings(_ lesson: Lesson) throws -> RunSettings? {
    try lesson.setup(forPage: 0)?.settings(for: lesson) { source, file in
      try ModelLoader(library: DatasetLibrary()).settings(
        try ModelFile.read(source, file: file), RunOverrides())
    }
  }
}
