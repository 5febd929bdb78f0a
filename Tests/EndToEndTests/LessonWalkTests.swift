import Datasets
import Foundation
import LabRuntime
import Lessons
import PseudoTerminal
import RunStore
import TestSupport
import Testing

/// Each lesson is walked in a real terminal by keys alone, from its first page to its last: questions
/// are answered as the lab itself answers them, exercises done by the solution at the `:` prompt. The
/// first lesson always, all of them with BACKSTEP_LONG=1.
@Suite("Lessons walked in a terminal", .waitsForPrograms)
struct LessonWalkTests {
  private static let isLong = ProcessInfo.processInfo.environment["BACKSTEP_LONG"] == "1"
  private static let names: [String] = {
    let names = LessonLibrary().lessons.map(\.name)
    return isLong ? names : Array(names.prefix(1))
  }()

  private static let enter = "\r"
  private static let pageDown = "\u{1B}[6~"

  @Test("from the first page to the last, and all of it is recorded", arguments: names)
  func walk(_ name: String) throws {
    let lesson = try #require(LessonLibrary().lessons.first { $0.name == name })
    let lab = try LabInTerminal(arguments: ["lesson", name])
    try lab.open()
    let pages = lesson.pages.indices.map { "page \($0 + 1) of \(lesson.pages.count)" }
    #expect(lab.terminal.watch { $0.place(of: pages[0]) != nil })
    for number in lesson.pages.indices {
      try doTasks(of: lesson, number, in: lab)
      let next = number + 1 < pages.count ? pages[number + 1] : "is done"
      let isTurned = turn(to: next, in: lab)
      try #require(isTurned, "\(name): no \(next) in\n\(lab.terminal.screen.text)")
    }
    lab.terminal.type("q")
    #expect(lab.terminal.exitStatus() == 0)
    let store = try RunStore(directory: lab.folder.appending(path: "data/backstep"))
    let record = try #require(try store.lessonRecord(of: name))
    #expect(record.donePages == Set(lesson.pages.indices))
    #expect(record.finished != nil)
    #expect(record.skipped.isEmpty)
  }

  /// Turns the page: PgDn reads on as long as there is text below, and then turns. What it did is
  /// seen before it is pressed again.
  private func turn(to words: String, in lab: LabInTerminal) -> Bool {
    for _ in 0..<30 {
      let before = lab.terminal.screen.text
      lab.terminal.type(Self.pageDown)
      _ = lab.terminal.watch(seconds: 5) { $0.text != before }
      lab.terminal.settle(seconds: 0.2, atMost: 3)
      if lab.terminal.screen.place(of: words) != nil { return true }
    }
    return false
  }

  private func doTasks(of lesson: Lesson, _ number: Int, in lab: LabInTerminal) throws {
    var isBegun = false
    for block in lesson.pages[number].blocks {
      switch block {
      case .ask(let ask): try answer(ask, of: lesson, number, in: lab)
      case .exercise(let exercise):
        // A solution goes from the page's run as it is set up.
        if isBegun { lab.press("r") }
        isBegun = true
        for command in lesson.commands(solving: exercise) {
          lab.press(":" + command + Self.enter)
          // A reply of several lines lies over the screen.
          lab.press("\u{1B}")
        }
        lab.press("2")
        #expect(
          try isKept(exercise.id, of: lesson, in: lab),
          "\(lesson.name), \(exercise.id):\n\(lab.terminal.screen.text)")
      default: break
      }
    }
  }

  private func answer(
    _ ask: Ask, of lesson: Lesson, _ number: Int, in lab: LabInTerminal
  ) throws {
    let prediction = LessonPrediction(lesson, page: number, DatasetLibrary())
    switch try prediction.answer(to: ask) {
    case .typed(let text): lab.press(Self.enter + text + Self.enter)
    case .chosen(let place): lab.press(Ask.letter(place) + Self.enter)
    case nil: Issue.record("\(lesson.name): the lab has no answer to \(ask.id)")
    }
    #expect(
      try isKept(ask.id, of: lesson, in: lab),
      "\(lesson.name), \(ask.id):\n\(lab.terminal.screen.text)")
  }

  /// Whether a task's being done is in the record within a minute: the screen may have gone on to the
  /// next task by then.
  private func isKept(_ id: String, of lesson: Lesson, in lab: LabInTerminal) throws -> Bool {
    let store = try RunStore(directory: lab.folder.appending(path: "data/backstep"))
    for _ in 0..<600 {
      if try store.lessonRecord(of: lesson.name)?.done.contains(id) == true { return true }
      _ = lab.terminal.watch(seconds: 0.1) { _ in false }
    }
    return false
  }

  /// Two lessons, or all of them with BACKSTEP_LONG=1.
  private static let killedNames: [String] = {
    let names = LessonLibrary().lessons.filter { !$0.exercises.isEmpty }.map(\.name)
    return isLong ? names : Array(names.prefix(2))
  }()

  @Test(
    "a lab that is killed in the middle of an exercise goes on at the very page, all kept",
    arguments: killedNames)
  func killed(_ name: String) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "backstep-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let lesson = try #require(LessonLibrary().lessons.first { $0.name == name })
    // Its first exercise that has no question of its page before it.
    let page = try #require(
      lesson.pages.firstIndex { !$0.exercises.isEmpty && $0.asks.isEmpty }
        ?? lesson.pages.firstIndex { !$0.exercises.isEmpty })
    do {
      let lab = try LabInTerminal(in: folder, arguments: ["lesson", lesson.name])
      try lab.open()
      for number in 0..<page {
        try doTasks(of: lesson, number, in: lab)
        try #require(turn(to: "page \(number + 2) of", in: lab))
      }
      for ask in lesson.pages[page].asks { try answer(ask, of: lesson, page, in: lab) }
      lab.press("h", until: "hint 1 of")
      lab.terminal.settle(seconds: 0.1, atMost: 1)
      lab.terminal.send(signal: SIGKILL)
      #expect(lab.terminal.exitStatus() == 128 + SIGKILL)
    }
    let store = try RunStore(directory: folder.appending(path: "data/backstep"))
    let record = try #require(try store.lessonRecord(of: lesson.name))
    #expect(record.page == page)
    #expect(record.done.isSuperset(of: lesson.pages[..<page].flatMap(\.tasks)))
    #expect(record.hints.values.contains(1))
    let lab = try LabInTerminal(in: folder, arguments: ["lesson", lesson.name])
    #expect(lab.terminal.watch { $0.place(of: "page \(page + 1) of") != nil })
    #expect(lab.terminal.watch { $0.place(of: "hint 1 of") != nil })
  }

  @Test("two terminals at once lose nothing of what is done in either")
  func two() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "backstep-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let lesson = try #require(LessonLibrary().lessons.first)
    let first = try LabInTerminal(in: folder, arguments: ["lesson", lesson.name])
    try first.open()
    let second = try LabInTerminal(in: folder, arguments: ["lesson", lesson.name])
    try second.open()
    let page = try #require(lesson.pages.firstIndex { !$0.asks.isEmpty })
    for number in 0..<page { try #require(turn(to: "page \(number + 2) of", in: first)) }
    try doTasks(of: lesson, page, in: first)
    // The other one knows nothing of that, and is written last.
    second.press(Self.pageDown)
    second.press(Self.pageDown)
    for lab in [first, second] {
      lab.terminal.type("q")
      #expect(lab.terminal.exitStatus() == 0)
    }
    let store = try RunStore(directory: folder.appending(path: "data/backstep"))
    let record = try #require(try store.lessonRecord(of: lesson.name))
    #expect(record.done.isSuperset(of: lesson.pages[page].asks.map(\.id)))
    #expect(record.donePages.contains(0) && record.donePages.contains(page))
  }

  @Test("through pipes a lesson is read page by page, and takes answers from its input")
  func piped() throws {
    let lesson = try #require(LessonLibrary().lessons.first)
    let read = try LabInTerminal(
      script: "\"$0\" lesson \(lesson.name) < /dev/null | cat; echo left ${PIPESTATUS[0]}")
    #expect(read.terminal.exitStatus() == 0)
    var words = read.terminal.output[...].words
    for page in lesson.pages { #expect(words.contains(page.title), "\(page.title)") }
    #expect(words.contains("left 0"))
    #expect(!read.terminal.output[...].contains(text: "\u{1B}"))

    let number = try #require(lesson.pages.firstIndex { !$0.asks.isEmpty })
    let ask = try #require(lesson.pages[number].asks.first)
    let answer = try LessonPrediction(lesson, page: number, DatasetLibrary()).answer(to: ask)
    let text =
      switch try #require(answer) {
      case .typed(let text): text
      case .chosen(let place): "\(place + 1)"
      }
    let lines = Array(repeating: "next", count: number) + ["hint", text, "quit"]
    let answered = try LabInTerminal(
      script: "printf '\(lines.joined(separator: "\\n"))\\n' | \"$0\" lesson \(lesson.name) | cat")
    #expect(answered.terminal.exitStatus() == 0)
    words = answered.terminal.output[...].words
    #expect(words.contains("Hint 1 of"))
    #expect(words.contains("is right."))
  }
}
