import Lessons
import Tensors
import TerminalGraphics
import Training

/// Lays a page's blocks out as lines of a width, with the run's numbers in their places.
struct LessonText {
  var readings: Readings
  var width: Int
  /// Questions and exercises that are done, and those that were passed over.
  var done: Set<String> = []
  var skipped: Set<String> = []
  /// The question or exercise that the panel beside the text is about.
  var taskAtHand: String?
  /// Whether the tasks stand below the text, else beside it; the arrays of the page then stand in it.
  var isStacked = false
  /// What the terminal can draw.
  var glyphs = Ability.Glyphs.full
  /// The numbers that are kept back.
  var hidden = HiddenNumbers()
  /// The numbers that exercises were done with, by exercise.
  var successes: [String: Readings] = [:]

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
        StyledText("  " + spelled(String($0)), .series(0)).truncated(to: width)
      }
    case .formula(let text):
      return text.split(separator: "\n").map {
        StyledText("      " + spelled(String($0)), .series(0)).truncated(to: width)
      }
    case .table(let header, let rows): return table(header, rows)
    case .quote(let blocks): return indented(blocks, mark: "│ ", repeats: true)
    case .ask(let ask): return task(ask.id, ask.question)
    case .exercise(let exercise):
      let said = success(of: exercise)?.wrapped(to: max(8, width - 2)) ?? []
      return task(exercise.id, exercise.task) + said.map { "  " + $0 }
    case .live(let view): return isStacked ? array(view) : []
    case .sandbox(let sandbox): return box(sandbox)
    }
  }

  /// What is to be done, in words that lead there: the panel beside or below takes the answer.
  private func task(_ id: String, _ words: [InlineRun]) -> [StyledText] {
    if done.contains(id) { return indented([.paragraph(words)], mark: "● ") }
    if skipped.contains(id) {
      return indented([.paragraph([.text("skipped: ", .plain)] + words)], mark: "◇ ")
    }
    if id != taskAtHand {
      return (.accent("Then: ") + styled(words)).wrapped(to: width)
    }
    // What is asked stands there: a small window has no room to say it twice.
    if isStacked { return [.accent("Your turn, below.")] }
    return (.accent("Your turn, on the right: ") + styled(words).adding(.bold)).wrapped(to: width)
  }

  /// An array of the page in lines.
  private func array(_ view: LiveView) -> [StyledText] {
    let title = StyledText.secondary(view.title)
    guard case .success(let value)? = readings[view.value] else {
      return [title + .secondary(": not computed yet at this moment")]
    }
    guard case .tensor(let tensor) = value, tensor.count > 1 else {
      return [title + "  " + number(LiveValue(expression: view.value, digits: view.digits))]
    }
    let columns = max(1, tensor.shape.rank > 1 ? tensor.shape.last : tensor.count)
    let words = tensor.scalars.enumerated().map { place, number in
      hidden.hides(view.value, at: place) ? "?" : NumberFormat.fixed(number, decimals: view.digits)
    }
    let cell = (words.map(\.count).max() ?? 1) + 2
    let shown = max(1, min(columns, (width - 2) / cell))
    let rows = stride(from: 0, to: words.count, by: columns).prefix(8).map { start in
      StyledText(
        words[start..<min(words.count, start + shown)].map { NumberFormat.padded($0, to: cell) }
          .joined(), .accent)
    }
    let isPart = rows.count * columns < words.count || shown < columns
    return [title + (isPart ? .faint("  \(tensor.shape), a part") : StyledText())] + rows
  }

  /// What is said of an exercise that is done, with the numbers it was done with; nil where it is not
  /// done, or where those are not known and the run has others by now.
  func success(of exercise: Exercise) -> StyledText? {
    guard done.contains(exercise.id) else { return nil }
    var then = open
    if let numbers = successes[exercise.id] {
      then.readings = numbers
    } else if !holds(exercise) {
      return nil
    }
    return then.styled(exercise.success)
  }

  /// The same with every number: a hint, or what is said of an answer, tells what it tells.
  var open: LessonText {
    var open = self
    open.hidden = HiddenNumbers()
    return open
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
    var inner = self
    inner.width = max(8, width - mark.count)
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
    var widths = (0..<count).map { column in
      cells.compactMap { $0.indices.contains(column) ? $0[column].width : nil }.max() ?? 0
    }
    // Where they have no room beside each other, the widest column goes on below.
    let over = 2 + widths.reduce(3 * (count - 1), +) - width
    if over > 0, let widest = widths.indices.max(by: { widths[$0] < widths[$1] }) {
      widths[widest] = max(8, widths[widest] - over)
    }
    return cells.enumerated().flatMap { row, texts -> [StyledText] in
      let columns = texts.enumerated().map { column, text in
        (row == 0 ? text.inked(.secondary) : text).wrapped(to: max(1, widths[column]))
      }
      return (0..<(columns.map(\.count).max() ?? 0)).map { place in
        var line: StyledText = "  "
        for (column, lines) in columns.enumerated() {
          let text = lines.indices.contains(place) ? lines[place] : StyledText()
          let gap = column + 1 < columns.count ? max(0, widths[column] - text.width) + 3 : 0
          line += text + StyledText(String(repeating: " ", count: gap))
        }
        return line.truncated(to: width)
      }
    }
  }

  // MARK: Within a line

  private func spelled(_ words: String) -> String { Spelling.text(words, for: glyphs) }

  func styled(_ runs: [InlineRun]) -> StyledText {
    runs.reduce(into: StyledText()) { text, run in
      switch run {
      case .text(let words, .plain): text += .text(spelled(words))
      case .text(let words, .emphasis): text += StyledText(spelled(words), .text, .italic)
      case .text(let words, .strong): text += .strong(spelled(words))
      case .text(let words, .code): text += StyledText(spelled(words), .series(0))
      case .live(let value): text += number(value)
      case .link(let words, _): text += StyledText(words, .text, .underline)
      case .lineBreak: text += "\n"
      }
    }
  }

  /// The value as it is now; `not yet` where a later instruction makes it.
  private func number(_ live: LiveValue) -> StyledText {
    guard !hidden.touches(expression: live.expression) else { return .accent("?") }
    switch readings[live.expression] {
    case .success(let value): return .accent(Self.text(value, digits: live.digits))
    case .failure(let failure) where failure.isNotYet: return .secondary("not yet")
    case .failure(let failure): return .warning("(\(failure.problem))")
    case nil: return .secondary("…")
    }
  }

  /// Whether a number of these blocks is kept back.
  func keepsBack(_ blocks: some Sequence<Block>) -> Bool {
    guard !hidden.isEmpty else { return false }
    return blocks.contains { block in
      switch block {
      case .ask, .exercise: false
      default: block.shownExpressions.contains { hidden.touches(expression: $0) }
      }
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

extension AppState {
  /// Lays out the open page.
  func lessonText(width: Int) -> LessonText {
    guard let place = learn.place else { return LessonText(readings: readings, width: width) }
    var text = LessonText(readings: readings, width: width, done: place.done)
    text.skipped = place.skipped
    text.taskAtHand = learn.task?.id
    text.isStacked = isCompact
    text.glyphs = ability.glyphs
    text.hidden = hiddenNumbers
    for exercise in learn.page?.exercises ?? [] {
      guard let numbers = place.numbers(ofSuccess: exercise.id) else { continue }
      text.successes[exercise.id] = SuccessNumbers.readings(numbers)
    }
    return text
  }
}
