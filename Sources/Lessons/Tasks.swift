import Training

/// A question whose true answer the lab computes; the lesson never states it.
package struct Ask: Hashable, Sendable {
  package enum Answer: Hashable, Sendable {
    /// A number: the value of an expression.
    case number(String)
    case choice([Choice])
  }

  package struct Choice: Hashable, Sendable {
    package let text: [InlineRun]
    /// An expression that holds when this is the right one.
    package let isRight: String
    /// What is said to whoever takes it and is wrong; empty where there is nothing to say.
    package let wrongWords: [InlineRun]
  }

  /// A typical mistake: the value it leads to, and what to say to whoever made it.
  package struct Diagnosis: Hashable, Sendable {
    package let wrongValue: String
    package let words: [InlineRun]
  }

  package let id: String
  package let question: [InlineRun]
  package let answer: Answer
  /// Whether what follows on the page stays hidden until it is answered.
  package let hidesTheRest: Bool
  /// The gentlest first.
  package let hints: [[InlineRun]]
  /// Digits after the point; right is right to half a unit of the last.
  package let digits: Int
  /// Instead of half a unit of the last digit.
  package let givenTolerance: Double?
  package let diagnoses: [Diagnosis]
  /// Commands that are carried out in a copy of the page's lab before answer, choices and mistakes
  /// are worked out: a prediction about what training will do is computed.
  package let after: [String]
  /// The number in the lab that is asked for: a wrong answer is diagnosed there.
  package let givenPlace: String?
  /// Where it stands in the file.
  package let line: Int

  /// The number in the lab that is asked for: as given, else the answer where it is one.
  package var place: String? {
    if let givenPlace { return givenPlace }
    guard case .number(let expression) = answer, after.isEmpty,
      let number = try? RunExpression(expression).number, number.name.contains("/")
    else { return nil }
    return expression
  }

  package var tolerance: Double {
    givenTolerance ?? (0..<digits).reduce(0.5) { half, _ in half / 10 }
  }

  /// Whether something is counted: no decimals are asked for.
  package var isCount: Bool { digits == 0 && (givenTolerance ?? 0) == 0 }

  /// Whether the answer is counted in percent.
  package var isOfPercent: Bool {
    let words = question.plainText.lowercased()
    return words.contains("percent") || words.contains("%")
  }

  /// What is worked out to judge an answer: in the copy of the lab where there is `after`.
  package var judged: [String] {
    let answers =
      switch answer {
      case .number(let expression): [expression]
      case .choice(let choices): choices.map(\.isRight)
      }
    return answers + diagnoses.map(\.wrongValue)
  }

  /// What the page's own lab has to say.
  var expressions: [String] { (after.isEmpty ? judged : []) + runs.expressions }

  var runs: [InlineRun] {
    var all = question + hints.flatMap { $0 } + diagnoses.flatMap(\.words)
    if case .choice(let choices) = answer { all += choices.flatMap { $0.text + $0.wrongWords } }
    return all
  }
}

/// Something to do in the lab, done when the lab's state says so.
package struct Exercise: Hashable, Sendable {
  package let id: String
  package let task: [InlineRun]
  /// A predicate over the run: `train_accuracy >= 1 and steps == 0`.
  package let isDone: String
  /// Whether what follows on the page stays hidden until it is done.
  package let hidesTheRest: Bool
  package let hints: [[InlineRun]]
  /// Commands that satisfy it; empty when `solution.txt` has them.
  package let solution: [String]
  package let success: [InlineRun]
  /// States that look like the usual wrong way, and what to say there.
  package let wrongWays: [WrongWay]
  /// The parts of `wait` in words, in their order.
  package let captions: [Caption]
  package let line: Int

  package struct WrongWay: Hashable, Sendable {
    /// A predicate over the run.
    package let holds: String
    package let words: [InlineRun]
  }

  /// What is said of a state that is a usual wrong way.
  package func warning(in context: some LessonContext) -> [InlineRun]? {
    wrongWays.first { (try? context.holds($0.holds)) ?? false }?.words
  }

  var expressions: [String] { [isDone] + wrongWays.map(\.holds) + runs.expressions }
  var runs: [InlineRun] {
    task + hints.flatMap { $0 } + success + wrongWays.flatMap(\.words) + captions.flatMap(\.words)
  }
}

/// What the lab does when a page opens.
package struct Setup: Hashable, Sendable {
  package enum Model: Hashable, Sendable {
    /// A file in the lesson's folder.
    case file(String)
    /// Keras source within the lesson.
    case inline(String)
  }

  package enum Goal: Hashable, Sendable {
    case epoch(Int)
    case end
  }

  package let model: Model?
  /// The name of a data set, or of a file in the lesson's folder; the model's source may have its
  /// own.
  package let data: String?
  package let seed: UInt64?
  package let position: Position?
  /// A moment that only the run knows, in place of a position.
  package let goal: Goal?
  package let pace: Pace?
  /// The screen beside the text: `train`, `step`.
  package let screen: String?
  /// The panel of that screen that is lit up.
  package let light: String?
  /// What the screen keeps back, by name.
  package let hidden: [String]
  /// Debugger commands that come last: `set dense/kernel[0,0] = 0.5`.
  package let commands: [String]
  package let line: Int

  /// The run this setup asks for, nil when it keeps the one there is.
  ///
  /// - Parameter program: makes settings of Keras source and the name of its file.
  package func settings(
    for lesson: Lesson, program: (_ source: String, _ file: String) throws -> RunSettings
  ) throws -> RunSettings? {
    let settings: RunSettings
    switch model {
    case nil: return nil
    case .inline(let source): settings = try program(source, "\(lesson.name)/lesson.md")
    case .file(let name):
      guard let source = lesson.programs[name] else {
        let known = lesson.programs.keys.sorted()
        throw LessonFailure(
          "\(lesson.name)/lesson.md", line, "the model \(name), which is missing",
          right: known.isEmpty
            ? "\(name) beside lesson.md" : "one of " + known.joined(separator: ", "))
      }
      settings = try program(source, "\(lesson.name)/\(name)")
    }
    var seeded = settings
    if let seed { seeded.seed = seed }
    return seeded
  }
}

/// `solution.txt`: commands that satisfy every exercise, one a line, under a comment with its id;
/// `# or` begins another way to do the same.
package struct Solution: Hashable, Sendable {
  package struct Line: Hashable, Sendable {
    /// The exercise it belongs to: the last comment that is one word, or one word and a colon.
    package let exercise: String?
    /// Which way of doing it, from 0.
    package let way: Int
    package let command: String
    package let line: Int
  }

  package let lines: [Line]

  package init(parsing text: String) {
    var lines: [Line] = []
    var exercise: String?
    var way = 0
    for (i, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = raw.trimmed
      if line.hasPrefix("#") {
        let head = line.dropFirst().prefix { $0 != ":" }.trimmed
        if head == "or" {
          way += 1
        } else if !head.isEmpty, !head.contains(where: \.isWhitespace) {
          (exercise, way) = (head, 0)
        }
      } else if !line.isEmpty {
        lines.append(Line(exercise: exercise, way: way, command: line, line: i + 1))
      }
    }
    self.lines = lines
  }

  /// The ways to do an exercise, the first one first.
  package func ways(of exercise: String) -> [[String]] {
    let own = lines.filter { $0.exercise == exercise }
    return Set(own.map(\.way)).sorted().map { way in
      own.filter { $0.way == way }.map(\.command)
    }
  }
}

extension StringProtocol {
  /// Without white space at either end.
  var trimmed: String {
    guard let last = lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(self[...last].drop { $0.isWhitespace })
  }
}
