import Training

/// A lesson: pages of text with live numbers, questions and exercises.
package struct Lesson: Hashable, Sendable {
  /// What orders it: 1 for the folder `01-one-neuron`.
  package let number: Int
  /// The folder's name, by which it is opened and its progress kept.
  package let name: String
  package let title: String
  package let minutes: Int
  /// One sentence for the list of lessons.
  package let summary: String
  package let glossary: [GlossaryEntry]
  /// Terms of its glossary that have no meaning anywhere.
  package let unknownTerms: [UnknownTerm]
  /// Controls that a teacher took away: `build`, `data`, `pace`.
  package let locks: [String]
  package let pages: [Page]
  /// Keras programs by their file names: `model.py`.
  package let programs: [String: String]
  package let solution: Solution
  /// Where it lies, nil when it came from no folder.
  package let folder: LessonFolder?
  /// Whether each student's run has a seed of its own.
  package let isSeededByStudent: Bool
  /// `lesson.md` as it was read.
  package let text: String

  /// The Keras program of `model.py`, nil when the lesson has none.
  package var model: String? { programs["model.py"] }

  /// All questions of all pages, in order.
  package var asks: [Ask] { pages.flatMap(\.asks) }

  /// All exercises of all pages, in order.
  package var exercises: [Exercise] { pages.flatMap(\.exercises) }

  /// The setup that makes the run a page works on: the last one with a model, at or before it.
  package func setupWithModel(forPage page: Int) -> Setup? {
    pages.prefix(max(0, page + 1)).last { $0.setup?.model != nil }?.setup
  }

  /// The setup that holds on a page: its own, or the last one before it.
  package func setup(forPage page: Int) -> Setup? {
    pages.prefix(max(0, page + 1)).last { $0.setup != nil }?.setup
  }

  /// The commands that satisfy an exercise: its own, or those under its name in `solution.txt`.
  package func commands(solving exercise: Exercise) -> [String] {
    solutions(of: exercise).first ?? []
  }

  /// Every way that is known to do an exercise.
  package func solutions(of exercise: Exercise) -> [[String]] {
    exercise.solution.isEmpty ? solution.ways(of: exercise.id) : [exercise.solution]
  }
}

/// A word a page uses and what it means.
package struct GlossaryEntry: Hashable, Sendable {
  package let term: String
  package let meaning: String
}

/// What is read at once; `---` in the file ends it.
package struct Page: Hashable, Sendable {
  package let title: String
  package let blocks: [Block]
  /// What the lab does when the page opens, nil to leave it as it is.
  package let setup: Setup?
  /// What its text claims, for `backstep check`.
  package let tests: [LessonTest]
  /// Where it begins in the file.
  package let line: Int

  package var asks: [Ask] {
    blocks.compactMap { if case .ask(let ask) = $0 { ask } else { nil } }
  }

  package var exercises: [Exercise] {
    blocks.compactMap { if case .exercise(let exercise) = $0 { exercise } else { nil } }
  }

  /// Whether its run is to be trained: for an exercise, in the sandbox, or because the text says so.
  /// Elsewhere the text and its questions are of the run as it is set up.
  package var isTrained: Bool {
    !exercises.isEmpty || !sandboxes.isEmpty
      || blocks.contains { $0.runs.plainText.contains("Space") }
  }

  /// What one has to do on this page, by id, from above.
  package var tasks: [String] {
    blocks.compactMap { block in
      switch block {
      case .ask(let ask): ask.id
      case .exercise(let exercise): exercise.id
      default: nil
      }
    }
  }

  /// Every expression whose value the page needs, to be evaluated where the run is.
  package var expressions: Set<String> { Set(blocks.flatMap(\.expressions)) }

  /// Those too that are evaluated in copies of the lab.
  package var allExpressions: Set<String> {
    expressions.union(asks.flatMap(\.judged)).union(tests.map(\.holds))
  }
}

/// A part of a page.
package indirect enum Block: Hashable, Sendable {
  case heading([InlineRun])
  case paragraph([InlineRun])
  /// - first: the number of the first item, nil for bullets.
  case list(first: Int?, items: [[Block]])
  /// Set as it is, never wrapped.
  case code(language: String, text: String)
  /// In Unicode, set as it is.
  case formula(String)
  case table(header: [[InlineRun]], rows: [[[InlineRun]]])
  case quote([Block])
  case ask(Ask)
  case exercise(Exercise)
  case live(LiveView)
  case sandbox(Sandbox)
}

/// A stretch of text in one style.
package enum InlineRun: Hashable, Sendable {
  case text(String, TextStyle)
  /// A number of the run, shown as it is now.
  case live(LiveValue)
  /// To another lesson (its folder name) or the web.
  case link(String, to: String)
  case lineBreak
}

package enum TextStyle: Hashable, Sendable {
  case plain, emphasis, strong, code
}

/// A number within the text: `` `{value} dense/kernel[0,0]` ``.
package struct LiveValue: Hashable, Sendable {
  package let expression: String
  /// Digits after the point: `` `{value:3} loss` ``.
  package let digits: Int

  package init(expression: String, digits: Int = 2) {
    self.expression = expression
    self.digits = digits
  }
}

/// Something of the lab beside the text: a layer, an array.
package struct LiveView: Hashable, Sendable {
  package let title: String
  /// An expression, shown as a matrix or a number.
  package let value: String
  package let digits: Int

  package init(title: String, value: String, digits: Int = 2) {
    self.title = title
    self.value = value
    self.digits = digits
  }
}

extension Block {
  /// The expressions in it, those of questions and exercises too.
  var expressions: [String] {
    switch self {
    case .heading(let runs), .paragraph(let runs): runs.expressions
    case .list(_, let items): items.flatMap { $0.flatMap(\.expressions) }
    case .code, .formula: []
    case .table(let header, let rows):
      header.flatMap(\.expressions) + rows.flatMap { $0.flatMap(\.expressions) }
    case .quote(let blocks): blocks.flatMap(\.expressions)
    case .ask(let ask): ask.expressions
    case .exercise(let exercise): exercise.expressions
    case .live(let view): [view.value]
    case .sandbox(let sandbox): sandbox.ideas.flatMap(\.expressions)
    }
  }

  /// The text in it, for checks of links and widths.
  var runs: [InlineRun] {
    switch self {
    case .heading(let runs), .paragraph(let runs): runs
    case .list(_, let items): items.flatMap { $0.flatMap(\.runs) }
    case .code, .formula, .live: []
    case .table(let header, let rows): header.flatMap { $0 } + rows.flatMap { $0.flatMap { $0 } }
    case .quote(let blocks): blocks.flatMap(\.runs)
    case .ask(let ask): ask.runs
    case .exercise(let exercise): exercise.runs
    case .sandbox(let sandbox): sandbox.ideas.flatMap { $0 }
    }
  }
}

extension [InlineRun] {
  /// The live numbers' expressions.
  package var expressions: [String] {
    compactMap { if case .live(let value) = $0 { value.expression } else { nil } }
  }

  /// The words alone; a live number as `…`.
  package var plainText: String {
    map { run in
      switch run {
      case .text(let text, _), .link(let text, _): text
      case .live: "…"
      case .lineBreak: "\n"
      }
    }.joined()
  }
}
