import Lessons
import Synchronization
import TerminalGraphics

/// What a search over all lessons looks through, made when one searches first.
final class CourseIndex: Sendable {
  private let lessons: [Lesson]
  private let made = Mutex<[String: LessonIndex]?>(nil)

  init(_ lessons: [Lesson]) { self.lessons = lessons }

  subscript(lesson: String) -> LessonIndex? {
    made.withLock { made in
      let index =
        made ?? Dictionary(lessons.map { ($0.name, LessonIndex($0)) }) { _, last in last }
      made = index
      return index[lesson]
    }
  }
}

/// What a search over lessons looks through: each page's words, and what the lesson's words mean.
struct LessonIndex: Sendable {
  /// A page, or what a word means, with what it says.
  struct Entry: Sendable {
    let page: Int
    /// In lower case.
    let text: String
    let shown: String
  }

  /// A page that has what is searched for, and where.
  struct Find: Sendable {
    let page: Int
    let excerpt: String
  }

  private let entries: [Entry]
  /// All of it, in lower case, with number and title.
  let text: String

  init(_ lesson: Lesson) {
    var entries: [Entry] = []
    func add(_ page: Int, _ text: String) {
      let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      entries.append(Entry(page: page, text: words.lowercased(), shown: words))
    }
    for (number, page) in lesson.pages.enumerated() {
      add(number, page.title)
      for block in page.blocks { add(number, block.words) }
    }
    for entry in lesson.glossary {
      let page = entries.first { $0.text.contains(entry.term.lowercased()) }?.page ?? 0
      add(page, entry.term + ": " + entry.meaning)
    }
    self.entries = entries
    text =
      ("\(lesson.number) \(lesson.title) \(lesson.summary) ".lowercased())
      + entries.map(\.text).joined(separator: " ")
  }

  /// The pages that have a text, each once, with the words around it.
  func finds(_ text: String) -> [Find] {
    let wanted = text.lowercased()
    guard !wanted.isEmpty else { return [] }
    var finds: [Find] = []
    for entry in entries.sorted(by: { $0.page < $1.page })
    where entry.text.contains(wanted) && finds.last?.page != entry.page {
      finds.append(Find(page: entry.page, excerpt: Self.excerpt(entry, wanted)))
    }
    return finds
  }

  private static func excerpt(_ entry: Entry, _ wanted: String) -> String {
    guard let place = entry.text.range(of: wanted) else { return entry.shown }
    let before = entry.text.distance(from: entry.text.startIndex, to: place.lowerBound)
    guard before > 24 else { return entry.shown }
    let words = entry.shown.dropFirst(before - 20)
    return "…" + (words.firstIndex(of: " ").map { words[$0...] } ?? words)
  }
}

extension StringProtocol {
  /// The first place of a text.
  fileprivate func range(of wanted: String) -> Range<Index>? {
    let letters = Array(wanted)
    var start = startIndex
    while start < endIndex {
      if self[start...].starts(with: letters) {
        return start..<index(start, offsetBy: letters.count)
      }
      formIndex(after: &start)
    }
    return nil
  }
}

extension Block {
  /// What it says, without marks.
  var words: String {
    switch self {
    case .heading(let runs), .paragraph(let runs): runs.plainText
    case .list(_, let items):
      items.map { $0.map(\.words).joined(separator: " ") }.joined(separator: " ")
    case .code(_, let text), .formula(let text): text
    case .table(let header, let rows):
      ([header] + rows).map { $0.map(\.plainText).joined(separator: " ") }.joined(separator: " ")
    case .quote(let blocks): blocks.map(\.words).joined(separator: " ")
    case .ask(let ask): ask.question.plainText
    case .exercise(let exercise): exercise.task.plainText
    case .live(let view): view.title
    case .sandbox(let sandbox):
      ([sandbox.title] + sandbox.ideas.map(\.plainText)).joined(separator: " ")
    }
  }
}

extension AppState {
  /// What is searched for among the lessons; empty when nothing is.
  var lessonSearch: String { narrowing(screen, "course") }

  /// The pages of a lesson that have what is searched for.
  func finds(in lesson: String) -> [LessonIndex.Find] {
    guard !lessonSearch.isEmpty else { return [] }
    return learn.index[lesson]?.finds(lessonSearch) ?? []
  }

  /// Opens the lesson that is chosen in the list, at the page that was chosen or found.
  mutating func openChosenLesson() -> [Effect] {
    guard let lesson = chosenLesson else { return [] }
    return openLesson(lesson.id, page: learn.overview ?? finds(in: lesson.id).first?.page)
  }
}
