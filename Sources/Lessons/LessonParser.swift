import Training

/// Reads a lesson's files: MyST-compatible Markdown with a YAML front matter, pages between `---`,
/// directives as fenced code blocks.
package struct LessonParser {
  /// The files of a lesson's folder that matter, as text.
  package struct Files: Hashable, Sendable {
    /// The folder's name: `01-one-neuron`.
    package let name: String
    package let lesson: String
    /// Keras programs by their file names.
    package var programs: [String: String]
    package let solution: String?
    /// Where it lies, for the data files of its setups.
    package var folder: LessonFolder?
    /// What words mean in all lessons.
    package var glossary: [GlossaryEntry] = []

    package init(
      name: String, lesson: String, model: String? = nil, solution: String? = nil,
      programs: [String: String] = [:], folder: LessonFolder? = nil
    ) {
      self.name = name
      self.lesson = lesson
      self.programs = programs
      if let model { self.programs["model.py"] = model }
      self.solution = solution
      self.folder = folder
    }
  }

  private let files: Files
  private let file: String
  /// Lines of the file before the first one of Markdown.
  private var offset = 0
  private var lines: [Substring] = []

  private init(_ files: Files) {
    self.files = files
    file = files.name + "/lesson.md"
  }

  /// - Throws: `LessonFailure` with the line, what was found and what would be right.
  package static func parse(_ files: Files) throws(LessonFailure) -> Lesson {
    let file = files.name + "/lesson.md"
    guard files.lesson.utf8.count <= LessonFolder.largestText else {
      throw LessonFailure(
        file, 1, "a lesson of \(files.lesson.utf8.count >> 10) KB",
        right: "at most \(LessonFolder.largestText >> 10) KB")
    }
    try LessonFolder.check(files.lesson, file: file)
    var parser = LessonParser(files)
    return try parser.lesson()
  }

  private mutating func lesson() throws(LessonFailure) -> Lesson {
    let digits = files.name.prefix { $0.isNumber }
    guard let number = Int(digits), files.name.dropFirst(digits.count).hasPrefix("-") else {
      throw LessonFailure(
        file, 1, "the folder ‘\(files.name)’", right: "a number, a dash and a name: 01-one-neuron")
    }
    let front = try frontMatter()
    let title = try front.text("title")
    guard let minutes = try front.integerIfAny("minutes", in: 1...600) else {
      throw LessonFailure(file, 1, "front matter without minutes", right: "minutes: 10")
    }
    let known = Dictionary(files.glossary.map { ($0.term.lowercased(), $0) }) { _, last in last }
    let (glossary, unknown) = try front.glossary(known)
    return Lesson(
      number: number, name: files.name, title: title, minutes: minutes,
      summary: try front.text("summary"), glossary: glossary, unknownTerms: unknown,
      locks: try front.texts("locks"), pages: try pages(), programs: files.programs,
      solution: Solution(parsing: files.solution ?? ""), folder: files.folder,
      isSeededByStudent: try isSeededByStudent(front), text: files.lesson)
  }

  private func isSeededByStudent(_ front: Fields) throws(LessonFailure) -> Bool {
    guard let word = try front.textIfAny("seeded") else { return false }
    guard word == "student" else {
      throw front.failure("seeded", "seeded: \(word)", right: "seeded: student, or nothing")
    }
    return true
  }

  /// Reads the front matter and leaves the Markdown after it in `lines`.
  private mutating func frontMatter() throws(LessonFailure) -> Fields {
    let all = files.lesson.split(separator: "\n", omittingEmptySubsequences: false)
    guard all.first?.trimmed == "---" else {
      throw LessonFailure(
        file, 1, "no front matter", right: "--- on the first line, then title, minutes, summary")
    }
    guard let end = all.dropFirst().firstIndex(where: { $0.trimmed == "---" }) else {
      throw LessonFailure(file, 1, "front matter without an end", right: "--- after its last key")
    }
    offset = end + 1
    lines = Array(all[offset...])
    return try Fields(
      all[1..<end].joined(separator: "\n"),
      known: ["title", "minutes", "summary", "glossary", "locks", "seeded"],
      what: "the front matter", file: file, offset: 1)
  }

  // MARK: Pages

  private func pages() throws(LessonFailure) -> [Page] {
    guard let nodes = Markdown.parse(lines.joined(separator: "\n")) else {
      throw LessonFailure(
        file, offset + 1, "lists within lists, too deep", right: "at most a few levels")
    }
    var pages: [Page] = []
    var part: [MarkdownNode] = []
    var start = offset + 1
    for node in nodes {
      guard node.kind == "thematic_break" else {
        part.append(node)
        continue
      }
      pages.append(try page(part, from: start))
      part = []
      start = offset + node.line
    }
    return pages + [try page(part, from: start)]
  }

  /// - Parameter start: the line of the break before it.
  private func page(_ nodes: [MarkdownNode], from start: Int) throws(LessonFailure) -> Page {
    guard let first = nodes.first else {
      throw LessonFailure(
        file, start, "a page with nothing on it",
        right: "text between two ---, and none after the last page")
    }
    var title: String?
    var setup: Setup?
    var blocks: [Block] = []
    var tests: [LessonTest] = []
    for node in nodes {
      if node.kind == "code_block", node.info.trimmed == "{test}" {
        tests.append(
          try DirectiveReader(file: file).test(node.literal, line: offset + node.line))
      } else if node.kind == "code_block", node.info.trimmed == "{setup}" {
        guard setup == nil else {
          throw failure(node, "a second {setup} on one page", right: "one a page")
        }
        setup = try DirectiveReader(file: file).setup(node.literal, line: offset + node.line)
      } else if node.kind == "heading", title == nil {
        try checkHeading(node)
        title = try runs(node).plainText
      } else {
        blocks.append(try block(node))
      }
    }
    guard let title else {
      throw failure(first, "a page without a heading", right: "## and its title first")
    }
    return Page(
      title: title, blocks: blocks, setup: setup, tests: tests, line: offset + first.line)
  }

  /// A line of dashes right under text makes that text a heading in Markdown; a page break was meant.
  private func checkHeading(_ node: MarkdownNode) throws(LessonFailure) {
    let after = lines.indices.clamped(to: node.line..<max(node.line, node.endLine))
    guard let line = after.first(where: { lines[$0].hasPrefix("--") }) else { return }
    throw LessonFailure(
      file, offset + line + 1, "--- right under text", right: "an empty line before it")
  }

  // MARK: Blocks

  private func block(_ node: MarkdownNode) throws(LessonFailure) -> Block {
    switch node.kind {
    case "paragraph": return .paragraph(try runs(node))
    case "heading":
      try checkHeading(node)
      return .heading(try runs(node))
    case "list":
      var items: [[Block]] = []
      for item in node.children { items.append(try blocks(item.children)) }
      return .list(first: node.first, items: items)
    case "block_quote": return .quote(try blocks(node.children))
    case "code_block": return try fenced(node)
    case "table": return try table(node)
    default:
      throw failure(
        node, node.kind == "html_block" ? "HTML" : "a \(node.kind)",
        right: "paragraphs, headings, lists, tables, code and directives")
    }
  }

  private func blocks(_ nodes: [MarkdownNode]) throws(LessonFailure) -> [Block] {
    var blocks: [Block] = []
    for node in nodes { blocks.append(try block(node)) }
    return blocks
  }

  private func fenced(_ node: MarkdownNode) throws(LessonFailure) -> Block {
    let info = node.info.trimmed
    guard info.hasPrefix("{") else {
      return .code(language: info, text: node.literal.withoutLastBreak)
    }
    let reader = DirectiveReader(file: file)
    let line = offset + node.line
    switch info {
    case "{ask}": return .ask(try reader.ask(node.literal, line: line))
    case "{exercise}": return .exercise(try reader.exercise(node.literal, line: line))
    case "{formula}": return .formula(node.literal.withoutLastBreak)
    case "{live}": return .live(try reader.live(node.literal, line: line))
    case "{sandbox}": return .sandbox(try reader.sandbox(node.literal, line: line))
    case "{setup}", "{test}":
      throw failure(node, "\(info) within a list or quote", right: "\(info) at the left margin")
    default:
      throw failure(
        node, "the directive \(info)",
        right: "{setup}, {ask}, {exercise}, {live}, {formula}, {sandbox} or {test}")
    }
  }

  private func table(_ node: MarkdownNode) throws(LessonFailure) -> Block {
    var rows: [[[InlineRun]]] = []
    for row in node.children {
      var cells: [[InlineRun]] = []
      for cell in row.children { cells.append(try runs(cell)) }
      rows.append(cells)
    }
    return .table(header: rows.first ?? [], rows: Array(rows.dropFirst()))
  }

  private func runs(_ node: MarkdownNode) throws(LessonFailure) -> [InlineRun] {
    try InlineReader(file: file, line: offset + node.line).runs(node.children)
  }

  private func failure(_ node: MarkdownNode, _ found: String, right: String) -> LessonFailure {
    LessonFailure(file, offset + node.line, found, right: right)
  }
}

extension String {
  fileprivate var withoutLastBreak: String { hasSuffix("\n") ? String(dropLast()) : self }
}
