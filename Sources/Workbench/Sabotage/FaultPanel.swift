import TerminalGraphics
import Training

/// A planted fault: what is known of it, what was found, and where one looks.
struct FaultPanel {
  static let id = "sabotage"

  private let state: AppState
  private let area: Rect

  init(_ state: AppState, _ area: Rect) { (self.state, self.area) = (state, area) }

  private var fault: FaultCase? { state.lab.fault }
  private var isWide: Bool { area.width >= 96 }
  private var inside: Rect { area.inset(columns: 2, rows: 1) }

  func draw(_ isFocused: Bool, on grid: inout CellGrid) {
    let title = "Sabotage"
    grid.box(
      area, title: title, detail: Fitting.detail(details, beside: title, in: area),
      isFocused: isFocused)
    guard let fault else { return drawPromise(on: &grid) }
    guard isWide else { return drawCase(fault, in: inside, on: &grid) }
    let parts = inside.columns(.share(1), .cells(min(46, inside.width * 2 / 5)), gap: 3)
    drawCase(fault, in: parts[0], on: &grid)
    drawPlaces(in: parts[1], on: &grid)
  }

  private var details: [StyledText] {
    guard let fault else { return [.secondary("nothing is planted"), .secondary("none")] }
    let step = NumberFormat.integer(fault.step)
    let count = fault.findings.count
    return [
      .secondary("from step \(step) on · \(count) suspected"), .secondary("from step \(step) on"),
    ]
  }

  // MARK: Before

  private func drawPromise(on grid: inout CellGrid) {
    let lines: [StyledText] = [
      .strong("Something goes wrong, and you find it."), StyledText(),
      .text(
        "One of fourteen mistakes that students make is put into this run, chosen by chance: a"
          + " wrong formula in one instruction, or something wrong in how the run is set up."),
      .secondary(
        "From the next step on the run trains with it for real. You see what it does to the"
          + " numbers, say where it is, and the numbers prove you right or wrong."),
      StyledText(),
      .hint("Enter", "plants one") + .secondary("   ") + .key(":")
        + .secondary(" sabotage 3 plants the third"),
    ]
    let width = min(72, inside.width)
    write(lines, in: Rect(inside.x, inside.y, width, inside.height), on: &grid)
  }

  // MARK: The case

  private func drawCase(_ fault: FaultCase, in room: Rect, on grid: inout CellGrid) {
    let foot = foot(fault).flatMap { $0.wrapped(to: room.width) }
    let height = min(foot.count, room.height - 2)
    let lower = Rect(room.x, room.bottom - height, room.width, height)
    for (row, line) in foot.prefix(height).enumerated() {
      grid.write(line, at: Point(lower.x, lower.y + row))
    }
    let upper = room.trimmed(bottom: height + 1)
    write(head(fault) + [StyledText()] + evidence(fault), in: upper, on: &grid)
  }

  /// What is known before anything is found.
  private func head(_ fault: FaultCase) -> [StyledText] {
    let step = NumberFormat.integer(fault.step)
    switch fault.outcome {
    case .proved: return [.good("● ") + .strong("Proved: \(fault.told.first ?? "")")]
    case .told: return [.secondary("Told: ") + .strong(fault.told.first ?? "")]
    case .open where !fault.isPresent:
      return [
        .warning("◆ ") + .strong("One thing is wrong from step \(step) on."),
        .secondary("  The run stands before that: ") + .key(":")
          + .secondary(" goto step \(fault.step + 1)"),
      ]
    case .open:
      return [.bad("◆ ") + .strong("One thing is wrong in this run from step \(step) on.")]
    }
  }

  /// The suspicions, the latest first, each with what the numbers say to it.
  private func evidence(_ fault: FaultCase) -> [StyledText] {
    guard !fault.findings.isEmpty else {
      guard fault.outcome == .open else { return [] }
      return [
        .secondary("No evidence yet. Go through a step and look; then ")
          + .hint("Enter", "says where you suspect it,")
          + .secondary(" and the numbers of that moment answer.")
      ]
    }
    return fault.findings.reversed().flatMap { finding -> [StyledText] in
      let sign: StyledText = finding.ruling.isRight ? .good("● ") : .bad("× ")
      return [sign + .strong(finding.verdict), .text("  " + finding.ruling.words)]
    }
  }

  private func foot(_ fault: FaultCase) -> [StyledText] {
    let more: [StyledText] = fault.told.dropFirst().map { .text($0) }
    switch fault.outcome {
    case .open:
      return [
        .hint("Enter", "say where it is") + "  " + .hint("R", "give up: what it is")
          + "  " + .hint("Esc", "the step")
      ]
    case .proved where fault.isPresent:
      return more + [.hint("R", "mends the run: from the next step on it is as it should be")]
    case .proved, .told: return more + [.hint("Enter", "plants another")]
    }
  }

  // MARK: Where one looks

  private static let places: [(String, String)] = [
    (
      "a wrong formula", ":explain in each line says where a number is not what its formula gives"
    ),
    ("a wrong gradient", ":gradcheck compares it with a numeric one"),
    ("a dead layer", "all its outputs are 0: print max(abs(dense/output))"),
    (
      "wrong answers", "after some epochs a large loss: print example_loss; example N names the row"
    ),
    ("the data", "info data: rows in both parts, a spread far from the others"),
    ("the judging", "info judging: the same weights, two losses"),
    ("the settings", "print learning_rate; list in the loss phase"),
  ]

  private func drawPlaces(in room: Rect, on grid: inout CellGrid) {
    var lines: [StyledText] = [.strong("Where one looks"), StyledText()]
    for (title, words) in Self.places {
      lines.append(.accent(title))
      lines += StyledText.secondary(words).wrapped(to: room.width - 2).map { "  " + $0 }
    }
    write(lines, in: room, on: &grid)
  }

  private func write(_ lines: [StyledText], in room: Rect, on grid: inout CellGrid) {
    let all = lines.flatMap { $0.plain.isEmpty ? [StyledText()] : $0.wrapped(to: room.width) }
    for (row, line) in all.prefix(room.height).enumerated() {
      grid.write(line, at: Point(room.x, room.y + row), width: room.width)
    }
  }
}
