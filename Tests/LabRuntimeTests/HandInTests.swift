import Autodiff
import Datasets
import Foundation
import LabRuntime
import Lessons
import RunStore
import Tensors
import Testing
import Training

@Suite("A class's work is done again")
struct HandInTests {
  private let library = DatasetLibrary()
  private let lesson = LessonLibrary().lessons[0]

  /// All exercises of the first lesson as a student does them by the solution.
  ///
  /// - Parameter more: what is done after it.
  private func work(_ more: [String] = []) throws -> [String: LessonWork] {
    var all: [String: LessonWork] = [:]
    for (number, page) in lesson.pages.enumerated() {
      for exercise in page.exercises {
        let lab = Lab()
        #expect(try LessonPages(lesson, library: library).open(number, in: lab))
        for command in lesson.commands(solving: exercise) + more { _ = lab.ask(command) }
        var work = LessonWork(
          lesson: lesson.name, task: exercise.id, page: number, begun: Date())
        work.work = WorkNote(lab.journal).json
        work.done = Date()
        all[exercise.id] = work
      }
    }
    #expect(!all.isEmpty)
    return all
  }

  private func handIn(_ student: String, _ work: [String: LessonWork]) throws -> Data {
    try HandIn(lesson, student: student, work: work, made: Date(), library: library).data()
  }

  private func report(_ files: [Data]) -> ClassReport {
    ClassReport(
      files.enumerated().map { ("\($0).json", $1) }, lessons: LessonLibrary(), library: library)
  }

  @Test("what was handed in comes out again, and counts")
  func right() throws {
    let report = report([try handIn("Ada", work()), try handIn("Bo", [:])])
    #expect(report.problems.isEmpty)
    #expect(report.rows.map(\.student) == ["Ada", "Bo"])
    let exercises = Set(lesson.exercises.map(\.id))
    for mark in report.rows[0].marks where exercises.contains(mark.task) {
      #expect(mark.result == .right, "\(mark)")
    }
    #expect(report.rows[1].right == 0)
  }

  @Test(
    "commands that do not lead there do not count", arguments: ["\"digest\" : \"", "goto", "step"])
  func forged(_ part: String) throws {
    let text = String(decoding: try handIn("Ada", work()), as: UTF8.self)
    let forged =
      part.hasPrefix("\"")
      ? text.replacingOccurrences(of: part, with: part + "0")
      : text.replacingOccurrences(of: "\"\(part) ", with: "\"print ")
    guard forged != text else { return }
    let report = report([Data(forged.utf8)])
    #expect(report.rows[0].marks.contains { $0.result == .unproved && $0.note != nil })
  }

  @Test("where a class stumbled is told: the most usual wrong answer")
  func stumbles() throws {
    let ask = try #require(lesson.asks.first)
    let page = try #require(lesson.pages.firstIndex { $0.tasks.contains(ask.id) })
    var files: [Data] = []
    for (student, answers) in [("A", ["7", "9"]), ("B", ["7"]), ("C", ["3"])] {
      var work = LessonWork(lesson: lesson.name, task: ask.id, page: page, begun: Date())
      work.tries = answers.map { LessonWork.Try(answer: $0, isRight: false) }
      work.hints = 1
      files.append(try handIn(student, [ask.id: work]))
    }
    let stumble = try #require(report(files).stumbles.first { $0.task == ask.id })
    #expect(stumble.mistake == "7")
    #expect(stumble.mistaken == 2)
    #expect(abs(stumble.trouble - 7 / 3) < 1e-9)
    #expect(stumble.right == 0 && stumble.students == 3)
  }

  @Test("whose work is the same command by command is told; who did other things is not")
  func copies() throws {
    let all = try work((1...9).map { "set learning_rate = 0.\($0)" })
    var other = all
    other.removeValue(forKey: try #require(all.keys.sorted().first))
    let rows = report([
      try handIn("Ada", all), try handIn("Bo", all), try handIn("Cy", other), try handIn("Di", [:]),
      try handIn("Ed", [:]),
    ]).rows
    #expect(rows.map(\.sameAs) == [["Bo"], ["Ada"], [], [], []])
  }

  @Test("verdicts that were not proved count as wrong tries")
  func verdicts() throws {
    let exercise = try #require(lesson.pages.firstIndex { $0.exercises.count > 0 })
    let task = try #require(lesson.pages[exercise].exercises.first)
    let lab = Lab()
    #expect(try LessonPages(lesson, library: library).open(exercise, in: lab))
    for command in ["sabotage", "verdict instruction 1", "verdict data"] { _ = lab.ask(command) }
    var work = LessonWork(lesson: lesson.name, task: task.id, page: exercise, begun: Date())
    work.work = WorkNote(lab.journal).json
    let report = report([try handIn("Ada", [task.id: work])])
    #expect(report.rows[0].marks.first { $0.task == task.id }?.tries == 2)
    #expect(report.stumbles.first { $0.task == task.id }?.trouble == 2)
  }

  @Test(
    "what is no hand-in is said to be none", arguments: ["", "{}", "[]", "{\"format\": \"other\"}"])
  func none(_ text: String) {
    let report = report([Data(text.utf8)])
    #expect(report.rows.isEmpty)
    #expect(report.problems.count == 1)
  }

  @Test("what is done by keys is done again: training, moves, settings, weights, another start")
  func journal() throws {
    let page = try #require(lesson.pages.lastIndex { $0.exercises.count > 0 })
    let lab = Lab()
    #expect(try LessonPages(lesson, library: library).open(page, in: lab))
    lab.handle(.go(Position(step: 0)))
    lab.handle(.play)
    _ = lab.train(steps: 7)
    lab.handle(.pause())
    lab.handle(.move(2, .instruction))
    lab.handle(.learningRate(0.25))
    lab.handle(.play)
    _ = lab.train(steps: 3)
    lab.handle(.move(-2, .step))
    var settings = try #require(lab.session?.settings)
    settings.batchSize = 2
    lab.handle(.change(settings, words: "batches of 2"))
    lab.handle(.play)
    _ = lab.train(steps: 5)
    lab.handle(.pause())
    let session = try #require(lab.session)
    let weight = try #require(session.plan.parameters.first.map { session.plan[$0].name })
    lab.handle(.setWeight(weight, at: 0, to: 0.125))
    _ = lab.ask("step 3 step")

    let note = try #require(WorkNote(lab.journal).json.flatMap { WorkNote(json: $0) })
    let again = Lab()
    #expect(try LessonPages(lesson, library: library).open(page, in: again))
    try note.replay(in: again, library) { _ in false }
    #expect(again.session?.digest.description == lab.session?.digest.description)
    #expect(note.words.contains("batches of 2"))
    lab.handle(.restart(seed: 5))
    #expect(WorkNote(lab.journal).words.last == "restart with seed 5")
  }

  @Test("a lesson for which each student has numbers of their own gives other numbers by name")
  func seeds() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let copy = folder.appending(path: lesson.name)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      at: LessonLibrary.shippedDirectory.appending(path: lesson.name), to: copy)
    let file = copy.appending(path: "lesson.md")
    let text = try String(contentsOf: file, encoding: .utf8)
    try text.replacingOccurrences(of: "---\ntitle:", with: "---\nseeded: student\ntitle:")
      .write(to: file, atomically: true, encoding: .utf8)
    let own = try #require(LessonLibrary(directories: [folder]).lessons.first)
    func seed(_ student: String?) throws -> UInt64? {
      let lab = Lab()
      #expect(try LessonPages(own, library: library, student: student).open(0, in: lab))
      return lab.session?.settings.seed
    }
    #expect(try seed("Ada") == seed("Ada"))
    #expect(Set([try seed("Ada"), try seed("Bo"), try seed(nil)]).count == 3)
  }
}

@Suite("A lesson as one file")
struct LessonParcelTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)

  @Test("a packed lesson is the same lesson elsewhere")
  func packed() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let lesson = LessonLibrary().lessons[0]
    let bytes = try LessonParcel.packed(
      LessonLibrary.shippedDirectory.appending(path: lesson.name))
    let file = folder.appending(path: "one.zip")
    try Data(bytes).write(to: file)
    let shelf = folder.appending(path: "Lessons")
    #expect(try LessonParcel.install(file.path, into: shelf) == lesson.name)
    #expect(LessonLibrary(directories: [shelf]).lessons.first?.text == lesson.text)
    // Once more: the older one is replaced.
    #expect(try LessonParcel.install(file.path, into: shelf) == lesson.name)
    #expect(try FileManager.default.contentsOfDirectory(atPath: shelf.path) == [lesson.name])
  }

  @Test("what is no lesson is not put among them", arguments: ["empty", "folder", "text"])
  func none(_ kind: String) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let path = folder.appending(path: kind)
    switch kind {
    case "folder":
      try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
    case "text": try Data("no archive".utf8).write(to: path)
    default: break
    }
    let shelf = folder.appending(path: "Lessons")
    #expect(throws: (any Error).self) { try LessonParcel.install(path.path, into: shelf) }
    #expect(!FileManager.default.fileExists(atPath: shelf.appending(path: kind).path))
  }
}
