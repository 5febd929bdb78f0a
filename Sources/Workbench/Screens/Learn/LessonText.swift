import Lessons
import TerminalGraphics
import Training

/// Lays a page's blocks out as lines of a width, with the run's numbers in their places.
struct LessonText {
  let readings: Readings
  let width: Int
  /// Questions and exercises that are done, and those that were passed over.
  let done: Set<String>
  var skipped: Set<String> = []
  /// Whether the tasks stand below the text, else beside it.
  var isStacked = false

  func lines(_ page: Page, _ blocks: some Sequence<Block>) -> [StyledText] {
    var lines: [StyledText] = page.title.isEmpty ? [] : [.accent(page.title), StyledText()]
    for block in blocks {
      let part = self.lines(block)
      guard !part.isEmpty else { continue }
      lines += part + [StyledText()]
    }
    return lines
  }

  func lines(_ block: Block) -> [StyledText] {
    switch block {
    case .heading(let runs): return styled(runs).adding(.bold).wrapped(to: width)
    case .paragraph(let runs): return styled(runs).wrapped(to: width)
    case .list(let first, let items):
      return items.enumerated().flatMap { i, blocks in
        indented(blocks, mark: first.map { "\($0 + i). " } ?? "• ")
      }
    case .code(_, let text):
      return text.split(separator: "\n", omittingEmptySubsequences: false).map {
        StyledText("  " + $0, .series(0)).truncated(to: width)
      }
    case .formula(let text):
      return text.split(separator: "\n").map {
        StyledText("      " + $0, .series(0)).truncated(to: width)
      }
    case .table(let header, let rows): return table(header, rows)
    case .quote(let blocks): return indented(blocks, mark: "│ ", repeats: true)
    case .ask(let ask): return task(ask.id, ask.question)
    case .exercise(let exercise):
      return task(exercise.id, exercise.task)
        + (holds(exercise) ? indented([.paragraph(exercise.success)], mark: "  ") : [])
    case .live: return []
    case .sandbox(let sandbox): return box(sandbox)
    }
  }

  /// What is to be done, in words that lead there: the panel beside or below takes the answer.
  private func task(_ id: String, _ words: [InlineRun]) -> [StyledText] {
    if done.contains(id) { return indented([.paragraph(words)], mark: "● ") }
    if skipped.contains(id) {
      return indented([.paragraph([.text("skipped: ", .plain)] + words)], mark: "◇ ")
    }
    let side = isStacked ? "below" : "on the right"
    return (.accent("Your turn, \(side): ") + styled(words).adding(.bold)).wrapped(to: width)
  }

  /// A frame around what can be tried on one's own.
  private func box(_ sandbox: Sandbox) -> [StyledText] {
    let inner = max(12, width - 4)
    func row(_ line: StyledText) -> StyledText {
      let blanks = String(repeating: " ", count: max(0, inner - line.width))
      return StyledText("│ ", .accent) + line + StyledText(blanks) + StyledText(" │", .accent)
    }
    let title = " \(sandbox.title) "
    let rest = max(0, inner - TextWidth.columns(title) + 1)
    var lines = [
      StyledText("╭─", .accent) + .accent(title)
        + StyledText(String(repeating: "─", count: rest) + "╮", .accent)
    ]
    for idea in sandbox.ideas {
      let words = styled(idea).wrapped(to: max(8, inner - 2))
      lines += words.enumerated().map { row(($0 == 0 ? .accent("• ") : "  ") + $1) }
    }
    let key: StyledText =
      .hint("S", "takes this run to Train, all yours; ") + .hint("2", "comes back")
    lines += key.wrapped(to: inner).map(row)
    return lines + [StyledText("╰" + String(repeating: "─", count: inner + 2) + "╯", .accent)]
  }

  /// Whether an exercise is done and the run still shows it: what is said of success names its
  /// numbers.
  func holds(_ exercise: Exercise) -> Bool {
    done.contains(exercise.id) && (try? readings.holds(exercise.isDone)) == true
  }

  /// Blocks behind a mark that stands at the first line, or at every one.
  private func indented(_ blocks: [Block], mark: String, repeats: Bool = false) -> [StyledText] {
    var inner = LessonText(readings: readings, width: max(8, width - mark.count), done: done)
    (inner.skipped, inner.isStacked) = (skipped, isStacked)
    return blocks.flatMap { inner.lines($0) }.enumerated().map { row, line in
      let shown = row == 0 || repeats
      return StyledText(
        shown ? mark : String(repeating: " ", count: mark.count),
        mark == "● " ? .good : mark == "◇ " ? .warning : .secondary) + line
    }
  }

  private func table(_ header: [[InlineRun]], _ rows: [[[InlineRun]]]) -> [StyledText] {
    let cells = ([header] + rows).map { $0.map(styled) }
    let count = cells.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in
      cells.compactMap { $0.indices.contains(column) ? $0[column].width : nil }.max() ?? 0
    }
    return cells.enumerated().map { row, texts in
      var line: StyledText = "  "
      for (column, text) in texts.enumerated() {
        let blanks = String(repeating: " ", count: max(0, widths[column] - text.width) + 3)
        line += (row == 0 ? text.inked(.secondary) : text) + StyledText(blanks)
      }
      return line.truncated(to: width)
    }
  }

  // MARK: Within a line

  func styled(_ runs: [InlineRun]) -> StyledText {
    runs.reduce(into: StyledText()) { text, run in
      switch run {
      case .text(let words, .plain): text += .text(words)
      case .text(let words, .emphasis): text += StyledText(words, .text, .italic)
      case .text(let words, .strong): text += .strong(words)
      case .text(let words, .code): text += StyledText(words, .series(0))
      case .live(let value): text += number(value)
      case .link(let words, _): text += StyledText(words, .text, .underline)
      case .lineBreak: text += "\n"
      }
    }
  }

  /// The value as it is now; `not yet` where a later instruction makes it.
  private func number(_ live: LiveValue) -> StyledText {
    switch readings[live.expression] {
    case .success(let value): return .accent(Self.text(value, digits: live.digits))
    case .failure(let failure) where failure.isNotYet: return .secondary("not yet")
    case .failure(let failure): return .warning("(\(failure.problem))")
    case nil: return .secondary("…")
    }
  }

  static func text(_ value: ExpressionValue, digits: Int) -> String {
    switch value {
    case .truth(let holds): return holds ? "yes" : "no"
    case .number(let number): return NumberFormat.fixed(number, decimals: digits)
    case .tensor:
      guard let number = try? value.number() else { return "an array" }
      return NumberFormat.fixed(number, decimals: digits)
    }
  }
}
