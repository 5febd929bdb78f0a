import Lessons
import TerminalGraphics
import Training

/// Lays a page's blocks out as lines of a width, with the run's numbers in their places.
struct LessonText {
  let readings: Readings
  let width: Int
  /// Questions and exercises that are done.
  let done: Set<String>

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
    case .ask(let ask):
      return indented([.paragraph(ask.question)], mark: done.contains(ask.id) ? "● " : "▶ ")
    case .exercise(let exercise):
      let mark = done.contains(exercise.id) ? "● " : "▶ "
      return indented([.paragraph(exercise.task)], mark: mark)
        + (holds(exercise) ? indented([.paragraph(exercise.success)], mark: "  ") : [])
    case .live: return []
    case .sandbox(let sandbox):
      return styled([.text(sandbox.title, .strong)]).wrapped(to: width)
        + lines(.list(first: nil, items: sandbox.ideas.map { [.paragraph($0)] }))
    }
  }

  /// Whether an exercise is done and the run still shows it: what is said of success names its
  /// numbers.
  func holds(_ exercise: Exercise) -> Bool {
    done.contains(exercise.id) && (try? readings.holds(exercise.isDone)) == true
  }

  /// Blocks behind a mark that stands at the first line, or at every one.
  private func indented(_ blocks: [Block], mark: String, repeats: Bool = false) -> [StyledText] {
    let inner = LessonText(readings: readings, width: max(8, width - mark.count), done: done)
    return blocks.flatMap { inner.lines($0) }.enumerated().map { row, line in
      let shown = row == 0 || repeats
      return StyledText(
        shown ? mark : String(repeating: " ", count: mark.count),
        mark == "● " ? .good : mark == "▶ " ? .accent : .secondary) + line
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
    case .text(let text): return text
    case .number(let number): return NumberFormat.fixed(number, decimals: digits)
    case .tensor:
      guard let number = try? value.number() else { return "an array" }
      return NumberFormat.fixed(number, decimals: digits)
    }
  }
}
