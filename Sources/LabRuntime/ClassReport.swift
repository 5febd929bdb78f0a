import Datasets
import Foundation
import Lessons
import RunStore
import Training

/// What a class handed in of a lesson, done again: who did what, and where they stumbled.
package struct ClassReport: Sendable {
  /// What became of one question or exercise of one student.
  package struct Mark: Hashable, Sendable {
    package enum Result: String, Sendable {
      /// Done again, it comes out as it was handed in.
      case right
      /// It was worked on, and is not done.
      case open
      case untouched
      /// What was handed in does not come out when it is done again.
      case unproved
    }

    package let task: String
    package let result: Result
    package let tries: Int
    package let hints: Int
    package let seconds: Double?
    /// What is odd about it, in words.
    package let note: String?
  }

  package struct Row: Sendable {
    package let student: String
    package let file: String
    package let lesson: String
    package let marks: [Mark]
    /// Who else did the same in every task, command by command.
    package internal(set) var sameAs: [String] = []

    package var right: Int { marks.count { $0.result == .right } }
  }

  /// How a class did with one question or exercise.
  package struct Stumble: Hashable, Sendable {
    package let lesson: String
    package let task: String
    package let right: Int
    package let students: Int
    /// Wrong answers and hints for each student who worked on it.
    package let trouble: Double
    /// The wrong answer that was given most often, and by how many.
    package let mistake: String?
    package let mistaken: Int
  }

  package private(set) var rows: [Row] = []
  package private(set) var stumbles: [Stumble] = []
  /// Files that could not be graded, and why.
  package private(set) var problems: [(file: String, problem: String)] = []

  /// - Parameter files: what was handed in, with the names of the files.
  package init(
    _ files: [(name: String, data: Data)], lessons: LessonLibrary, library: DatasetLibrary
  ) {
    var all: [(String, HandIn, Lesson)] = []
    for (name, data) in files {
      do {
        let handIn = try HandIn(data)
        guard let lesson = lessons.lessons.first(where: { $0.name == handIn.lesson }) else {
          throw RunFailure(
            "there is no lesson ‘\(handIn.lesson)’ here", remedy: "its folder among the lessons")
        }
        all.append((name, handIn, lesson))
      } catch { problems.append((name, "\(error)")) }
    }
    rows = all.map { Self.row($0, $1, $2, library) }
      .sorted { ($0.lesson, $0.student, $0.file) < ($1.lesson, $1.student, $1.file) }
    stumbles = Self.stumbles(all.map(\.1), rows)
    noteCopies(all.map { ($0.0, $0.1) })
  }

  // MARK: Copies

  /// Fewer commands than that are the same where one does as the page says.
  private static let fewest = 8

  /// Says of whom all that was done is the same: alike, or copied.
  private mutating func noteCopies(_ files: [(name: String, handIn: HandIn)]) {
    let groups = Dictionary(grouping: files) { _, handIn in
      [handIn.lesson]
        + handIn.tasks.sorted { $0.id < $1.id }.flatMap { task in
          [task.id] + task.tries.map(\.answer) + task.commands
        }
    }
    for (done, group) in groups where group.count > 1 {
      let commands = group[0].handIn.tasks.reduce(0) { $0 + $1.commands.count }
      guard commands >= Self.fewest, done.count > 1 else { continue }
      for (name, handIn) in group {
        guard let place = rows.firstIndex(where: { $0.file == name }) else { continue }
        rows[place].sameAs =
          group.filter { $0.name != name && $0.handIn.student != handIn.student }
          .map(\.handIn.student).sorted()
      }
    }
  }

  // MARK: One student

  private static func row(
    _ file: String, _ handIn: HandIn, _ lesson: Lesson, _ library: DatasetLibrary
  ) -> Row {
    let replay = LessonReplay(lesson, student: handIn.student, library: library)
    let isOther = handIn.fingerprint != lesson.fingerprint
    let marks = lesson.pages.flatMap(\.tasks).map { id in
      guard let task = handIn.tasks.first(where: { $0.id == id }) else {
        return Mark(task: id, result: .untouched, tries: 0, hints: 0, seconds: nil, note: nil)
      }
      return mark(task, replay, isOther ? "handed in of another version of the lesson" : nil)
    }
    return Row(student: handIn.student, file: file, lesson: lesson.name, marks: marks)
  }

  private static func mark(_ task: HandIn.Task, _ replay: LessonReplay, _ note: String?) -> Mark {
    func mark(_ result: Mark.Result, _ note: String?) -> Mark {
      Mark(
        task: task.id, result: result,
        tries: task.tries.count + task.verdicts.count, hints: task.hints,
        seconds: task.seconds, note: note)
    }
    guard let work = task.work else { return mark(.open, note) }
    let outcome = replay.outcome(of: task.id, after: work, task.tries.last { $0.isRight })
    if let problem = outcome.problem { return mark(.unproved, problem) }
    guard outcome.isDone else { return mark(.unproved, note ?? "its commands do not lead there") }
    guard outcome.digest == task.digest else {
      return mark(.unproved, note ?? "its commands give other numbers than were handed in")
    }
    return mark(.right, note ?? (work.isWhole ? nil : "more was done than was kept"))
  }

  // MARK: The class

  private static func stumbles(_ handIns: [HandIn], _ rows: [Row]) -> [Stumble] {
    var stumbles: [Stumble] = []
    for (lesson, rows) in Dictionary(grouping: rows, by: \.lesson).sorted(by: { $0.key < $1.key }) {
      let own = handIns.filter { $0.lesson == lesson }
      for id in rows.first?.marks.map(\.task) ?? [] {
        let marks = rows.compactMap { row in row.marks.first { $0.task == id } }
        let wrongs = own.flatMap { $0.tasks.filter { $0.id == id }.flatMap(\.wrongs) }
        let worked = marks.filter { $0.result != .untouched }
        let wrong = Dictionary(grouping: wrongs) { $0 }
          .mapValues(\.count).max { ($0.value, $1.key) < ($1.value, $0.key) }
        let trouble = wrongs.count + worked.map(\.hints).reduce(0, +)
        stumbles.append(
          Stumble(
            lesson: lesson, task: id, right: marks.count { $0.result == .right },
            students: marks.count,
            trouble: Double(trouble) / Double(max(worked.count, 1)), mistake: wrong?.key,
            mistaken: wrong?.value ?? 0))
      }
    }
    return stumbles
  }
}
