/// Reads text with its styles, links and live numbers.
struct InlineReader {
  let file: String
  let line: Int

  /// A text of a directive: one paragraph.
  func runs(_ text: String) throws(LessonFailure) -> [InlineRun] {
    guard let nodes = Markdown.parse(text), nodes.allSatisfy({ $0.kind == "paragraph" }) else {
      throw LessonFailure(
        file, line, "a list, a heading or code where words are meant", right: "one paragraph")
    }
    var runs: [InlineRun] = []
    for node in nodes {
      if !runs.isEmpty { runs.append(.lineBreak) }
      runs += try self.runs(node.children)
    }
    return runs
  }

  func runs(_ nodes: [MarkdownNode]) throws(LessonFailure) -> [InlineRun] {
    var runs: [InlineRun] = []
    for node in nodes { try add(node, .plain, to: &runs) }
    return runs
  }

  private func add(
    _ node: MarkdownNode, _ style: TextStyle, to runs: inout [InlineRun]
  ) throws(LessonFailure) {
    switch node.kind {
    case "text": append(node.literal, style, to: &runs)
    case "softbreak": append(" ", style, to: &runs)
    case "linebreak": runs.append(.lineBreak)
    case "code": runs.append(try code(node.literal))
    case "emph", "strong":
      let inner: TextStyle = node.kind == "emph" && style != .strong ? .emphasis : .strong
      for child in node.children { try add(child, inner, to: &runs) }
    case "link":
      runs.append(.link(try self.runs(node.children).plainText, to: try target(node.url)))
    default:
      throw LessonFailure(
        file, line, node.kind == "image" ? "a picture" : "a \(node.kind)",
        right: "words, *emphasis*, **strong words**, `code`, links and `{value} loss`")
    }
  }

  private func append(_ text: String, _ style: TextStyle, to runs: inout [InlineRun]) {
    if case .text(let before, style)? = runs.last {
      runs[runs.count - 1] = .text(before + text, style)
    } else {
      runs.append(.text(text, style))
    }
  }

  /// Code, or a live number: `{value} loss`, `{value:3} loss`.
  private func code(_ text: String) throws(LessonFailure) -> InlineRun {
    guard text.hasPrefix("{"), let end = text.firstIndex(of: "}") else {
      return .text(text, .code)
    }
    let head = text[text.index(after: text.startIndex)..<end].split(
      separator: ":", omittingEmptySubsequences: false)
    let expression = text[text.index(after: end)...].trimmed
    let digits = head.count == 2 ? Int(head[1]) : 2
    guard head.first == "value", head.count <= 2, let digits, (0...9).contains(digits),
      !expression.isEmpty
    else {
      throw LessonFailure(
        file, line, "‘\(text)’", right: "{value} and an expression, or {value:3} for three digits")
    }
    return .live(LiveValue(expression: expression, digits: digits))
  }

  /// `../02-activations/lesson.md` is the lesson 02-activations.
  private func target(_ url: String) throws(LessonFailure) -> String {
    if url.hasPrefix("https://") { return url }
    let parts = url.split(separator: "/")
    guard parts.count == 3, parts[0] == "..", parts[2] == "lesson.md" else {
      throw LessonFailure(
        file, line, "a link to ‘\(url)’",
        right: "../02-activations/lesson.md or an address that begins with https://")
    }
    return String(parts[1])
  }
}
