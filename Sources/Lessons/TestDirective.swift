/// A claim of the text that the lab holds to: never shown, played when the lessons are checked.
package struct LessonTest: Hashable, Sendable {
  /// What is carried out in the page's lab first.
  package let after: [String]
  /// A predicate over the run then.
  package let holds: String
  /// With how many seeds it is played, beginning with the page's own.
  package let seeds: Int
  /// With how many of them it must hold.
  package let atLeast: Int
  /// Where it stands in the file.
  package let line: Int
}

/// From here on one is on one's own: what could be tried.
package struct Sandbox: Hashable, Sendable {
  package let title: String
  package let ideas: [[InlineRun]]
  package let line: Int

  static let standardTitle = "From here on your own"
}

extension DirectiveReader {
  func test(_ yaml: String, line: Int) throws(LessonFailure) -> LessonTest {
    let fields = try Fields(
      yaml, known: ["after", "holds", "seeds", "at_least"], what: "{test}", file: file,
      offset: line)
    let seeds = try fields.integerIfAny("seeds", in: 1...20) ?? 1
    return LessonTest(
      after: try fields.texts("after"), holds: try fields.text("holds"), seeds: seeds,
      atLeast: try fields.integerIfAny("at_least", in: 1...seeds) ?? seeds, line: line)
  }

  func sandbox(_ yaml: String, line: Int) throws(LessonFailure) -> Sandbox {
    let fields = try Fields(
      yaml, known: ["title", "ideas"], what: "{sandbox}", file: file, offset: line)
    var ideas: [[InlineRun]] = []
    for text in try fields.texts("ideas") { ideas.append(try runs(text, fields.line("ideas"))) }
    guard (2...4).contains(ideas.count) else {
      throw fields.failure(
        "ideas", "\(ideas.count) ideas in {sandbox}", right: "two to four things to try")
    }
    return Sandbox(
      title: try fields.textIfAny("title") ?? Sandbox.standardTitle, ideas: ideas, line: line)
  }
}
