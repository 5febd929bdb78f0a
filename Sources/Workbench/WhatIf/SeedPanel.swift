import TerminalGraphics
import Training

/// What the panel of a question over many seeds remembers.
package struct SeedPanel: Sendable {
  /// The command as typed.
  let command: String
  let patch: SettingPatch
  /// What is known of it; it stays when the question was stopped.
  var standing: SeedQuestion.Standing?
  var isStopped = false

  private var isRunning: Bool { !isStopped && standing?.isDone != true }

  var hints: StyledText {
    isRunning
      ? .joined([.hint("Esc", "stops it"), .hint("Enter", "goes on behind the screen")])
      : .joined([.hint("Esc", "close"), .hint("y", "copy")])
  }

  /// Takes up a question, or says what is wrong with it.
  static func ask(_ text: String, _ state: inout AppState) -> [Effect] {
    guard let settings = state.lab.settings else { return [.ask(text)] }
    do {
      guard case .ask(let patch?, _) = try DebuggerCommand(text) else { return [.ask(text)] }
      guard state.lab.pass == nil else { return [.ask(text)] }
      _ = try patch.applied(to: settings)
      state.overlay = .question(SeedPanel(command: text, patch: patch))
      return [.ask(text)]
    } catch {
      state.say("\(error)", .warning)
      return []
    }
  }

  /// What can be done with it: running it is stopped or left to itself.
  func press(_ stroke: KeyStroke, _ state: inout AppState) -> [Effect] {
    let isExit = stroke.key == .escape || stroke == .control("c")
    switch stroke.key {
    case _ where isExit:
      guard isRunning else { break }
      var stopped = self
      stopped.isStopped = true
      state.overlay = .question(stopped)
      return [.ask("ask stop")]
    case .enter, .character("q"): break
    case .character("y"):
      return [.copy(([command] + (standing?.sentences ?? [])).joined(separator: "\n"))]
    default: return []
    }
    if isRunning { state.say("\(patch) is still asked: :what was asked shows it again") }
    state.overlay = nil
    return []
  }

  static let reopening = Binding(
    [], "what was asked", help: "the question over many seeds: how far it is, what came out",
    whyNot: { $0.lab.asked == nil ? "nothing is asked: :ask dropout = 0.2 over 20 seeds" : nil }
  ) { state in
    guard let asked = state.lab.asked else { return [] }
    state.overlay = .question(
      SeedPanel(
        command: "ask \(asked.patch) over \(asked.seeds) seeds", patch: asked.patch,
        standing: asked))
    return []
  }
}

extension AppState {
  /// Shows what is known of a question, and says it when it is answered behind the screen.
  mutating func noteQuestion(before: SeedQuestion.Standing?) {
    guard let asked = lab.asked else { return }
    if case .question(var open)? = overlay {
      guard open.patch == asked.patch, !open.isStopped else { return }
      open.standing = asked
      overlay = .question(open)
    } else if asked.isDone, before?.isDone == false, let sentence = asked.sentences.first {
      say(sentence, .good)
    }
  }

  /// Whether the screen says by itself what a reply says.
  mutating func isSaidElsewhere(_ lines: [String], to command: String) -> Bool {
    let words = command.split(separator: " ").map(String.init)
    if ["continue", "reverse-continue"].contains(command) { return sayStop(lines) }
    // The news of the stop that it leads to say it.
    if command.hasPrefix("goto when "), lines.first?.hasPrefix("break") == true { return true }
    if FaultKeys.shows(lines, to: command, &self) { return true }
    if ["enable", "disable", "delete"].contains(words.first) {
      return lines.first.map { "●○n".contains($0.first ?? " ") } ?? true
    }
    if command == "ask stop", case .question? = overlay { return true }
    if words.first == "ask" { return lines.first?.contains(": trains ") ?? false }
    if ["undo", "redo"].contains(command) {
      return !(lines.first?.contains("there is nothing") ?? false)
    }
    if words.first == "switch", words.count == 2, let number = Int(words[1]) {
      return lab.branches.numbered(number) != nil
    }
    // The news of a branch that has grown say what was set.
    guard Self.isWhatIf(command), lines.count == 1, let last = lines[0].split(separator: " ").last
    else { return false }
    return lines[0].contains(" · branch ") && (Int(last) ?? 0) > lab.branches.count
  }
}

/// A question over many seeds, over the screen.
enum QuestionOverlay {
  private static func area(_ state: AppState) -> Rect {
    state.body.centered(Size(min(88, state.size.width - 4), min(18, state.body.height)))
  }

  static func press(
    _ stroke: KeyStroke, _ question: SeedPanel, _ state: inout AppState
  ) -> [Effect] { question.press(stroke, &state) }

  static func draw(_ question: SeedPanel, _ state: AppState, on grid: inout CellGrid) {
    let area = area(state)
    grid.fill(area, background: .bar)
    let title = "Ask: \(question.patch)"
    let inside = grid.box(
      area, title: title,
      detail: Fitting.detail(details(question), beside: title, in: area), isFocused: true
    ).inset(columns: 1, rows: 0)
    grid.mark(area, .inside)
    drawProgress(question, state, inside.row(0), on: &grid)
    let sentences = (question.standing?.sentences ?? []).flatMap {
      StyledText.text($0).wrapped(to: inside.width)
    }
    let words = sentences.isEmpty ? [] : sentences
    let strip = inside.trimmed(top: 2, bottom: words.count + 1)
    if let standing = question.standing, !standing.difference.differences.isEmpty {
      DifferenceStrip(standing).draw(in: strip, on: &grid)
    } else {
      grid.writeWrapped(.secondary(waiting(state)), in: strip)
    }
    for (row, line) in words.enumerated() {
      let shown = row == 0 ? line.adding(.bold) : line
      grid.write(shown, at: Point(inside.x, inside.bottom - words.count + row))
    }
  }

  private static func details(_ question: SeedPanel) -> [String] {
    guard let standing = question.standing else { return [] }
    let done = "\(standing.with.count) of \(standing.seeds) seeds"
    return [done + " · " + standing.measure.rawValue, done]
  }

  private static func waiting(_ state: AppState) -> String {
    state.lab.activity == .training
      ? "It begins when the run rests: Space on Train pauses it."
      : "Each seed is trained twice, without and with it, from the same weights in the same order."
  }

  private static func drawProgress(
    _ question: SeedPanel, _ state: AppState, _ row: Rect, on grid: inout CellGrid
  ) {
    let share = question.standing?.progress ?? 0
    let words: StyledText =
      question.isStopped
      ? .warning("stopped")
      : share >= 1
        ? .good("done")
        : state.lab.activity == .training ? .warning("waits for the run") : .secondary("training")
    grid.write(words, at: row.origin)
    let percent = NumberFormat.padded("\(NumberFormat.wholePercent(share))", to: 3) + " %"
    ProgressBar(share).draw(
      in: row.trimmed(left: words.width + 2, right: percent.count + 1), on: &grid)
    grid.writeTrailing(.text(percent), in: row)
  }
}
