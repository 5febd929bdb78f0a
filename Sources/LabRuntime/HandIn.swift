import Datasets
import FileFormats
import Foundation
import Lessons
import RunStore
import Tensors
import Training

/// What a student hands in of a lesson: for each question and exercise what was answered and done,
/// so that whoever grades it does it again and comes to the same numbers.
package struct HandIn: Codable, Sendable {
  package struct Task: Codable, Sendable {
    package let id: String
    /// Counted from 1, as the screen does.
    package let page: Int
    package let tries: [LessonWork.Try]
    package let hints: Int
    /// From the first try to the last, in seconds; nil when it is not done.
    package let seconds: Double?
    let work: WorkNote?
    /// A hash of every number of the run after the work.
    package let digest: String?

    /// What was done, a line each.
    package var commands: [String] { work?.words ?? [] }

    /// The places at which a fault was said to be, in that order.
    var verdicts: [String] {
      commands.filter { $0.hasPrefix("verdict ") }.map { String($0.dropFirst(8)) }
    }

    /// What was answered and is wrong: of verdicts all but the one that did it.
    var wrongs: [String] {
      tries.filter { !$0.isRight }.map(\.answer)
        + (seconds == nil ? verdicts : verdicts.dropLast())
    }
  }

  static let name = "backstep hand-in 1"
  let format: String
  package let student: String
  package let lesson: String
  /// Of the text of the lesson: another text may ask something else.
  package let fingerprint: String
  /// What the numbers were computed on.
  package let machinery: String
  package let made: Date
  package let tasks: [Task]

  /// - Parameter work: all that is kept of the lesson, by task.
  package init(
    _ lesson: Lesson, student: String, work: [String: LessonWork], made: Date,
    library: DatasetLibrary
  ) {
    format = Self.name
    self.student = student
    self.lesson = lesson.name
    fingerprint = lesson.fingerprint
    machinery = kernelTier()
    self.made = made
    let replay = LessonReplay(lesson, student: student, library: library)
    tasks = work.values.sorted { ($0.page, $0.task) < ($1.page, $1.task) }.map { work in
      let note = work.work.flatMap { WorkNote(json: $0) }
      return Task(
        id: work.task, page: work.page + 1, tries: work.tries, hints: work.hints,
        seconds: work.done?.timeIntervalSince(work.begun), work: note,
        digest: note.flatMap { replay.outcome(of: work.task, after: $0, work.tries.last).digest })
    }
  }

  /// Reads what was handed in.
  /// - Throws: `RunFailure` when it is none, or of a later version.
  package init(_ data: Data) throws {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    do { self = try decoder.decode(Self.self, from: data) } catch {
      throw RunFailure(
        "this is no hand-in, or not all of one", remedy: "the file that backstep hand-in wrote")
    }
    guard format == Self.name else {
      throw RunFailure(
        "a hand-in of the kind ‘\(format.prefix(40))’", remedy: "one that says \(Self.name)")
    }
  }

  package func data() throws -> Data {
    let encoder = JSONEncoder()
    encoder.dateEncodingStrategy = .iso8601
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self)
  }
}

/// Does a student's work on a lesson again.
package struct LessonReplay {
  /// What came out.
  package struct Outcome: Hashable, Sendable {
    package let isDone: Bool
    package let digest: String?
    /// Why it could not be done again.
    package let problem: String?
  }

  private let lesson: Lesson
  private let student: String
  private let library: DatasetLibrary

  package init(_ lesson: Lesson, student: String, library: DatasetLibrary) {
    (self.lesson, self.student, self.library) = (lesson, student, library)
  }

  /// Whether a question or exercise is done by some work and the last answer.
  func outcome(of task: String, after work: WorkNote, _ answer: LessonWork.Try?) -> Outcome {
    guard let number = lesson.pages.firstIndex(where: { $0.tasks.contains(task) }) else {
      return Outcome(isDone: false, digest: nil, problem: "the lesson has no ‘\(task)’")
    }
    let page = lesson.pages[number]
    let lab = Lab()
    do {
      guard
        try LessonPages(lesson, library: library, student: student)
          .open(number, in: lab)
      else {
        return Outcome(isDone: false, digest: nil, problem: "the page has no run")
      }
      let exercise = page.exercises.first { $0.id == task }
      func holds(_ lab: Lab) -> Bool {
        guard let exercise else { return false }
        return (try? lab.readings(page.expressions).holds(exercise.isDone)) ?? false
      }
      try work.replay(in: lab, library, until: holds)
      let isDone =
        exercise == nil
        ? try page.asks.first { $0.id == task }.map { try isRight(answer, to: $0, number, lab) }
          ?? false
        : holds(lab)
      return Outcome(isDone: isDone, digest: lab.session?.digest.description, problem: nil)
    } catch { return Outcome(isDone: false, digest: nil, problem: "\(error)") }
  }

  private func isRight(
    _ answer: LessonWork.Try?, to ask: Ask, _ page: Int, _ lab: Lab
  ) throws -> Bool {
    guard let answer else { return false }
    let given: GivenAnswer =
      switch ask.answer {
      case .number: .typed(answer.answer)
      case .choice: .chosen(ask.choice(named: answer.answer) ?? -1)
      }
    let truth =
      ask.after.isEmpty
      ? lab.readings(lesson.pages[page].expressions)
      : try LessonPrediction(lesson, page: page, library).readings(for: ask)
    return AnswerCheck.judge(given, to: ask, in: truth) == .right
  }
}

extension Lab {
  /// The values that a page asks for, now.
  func readings(_ expressions: Set<String>) -> Readings {
    var interest = Interest()
    interest.expressions = expressions
    handle(.look(interest))
    return snapshot().readings ?? Readings()
  }
}

extension Lesson {
  /// Of its text and its model.
  package var fingerprint: String {
    var hash = SHA256()
    hash.add(Array((text + "\n" + (model ?? "")).utf8)[...])
    return hash.hexadecimal
  }
}
