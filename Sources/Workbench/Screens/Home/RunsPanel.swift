import TerminalGraphics
import Training

/// The kept runs, the newest on top, and where there is room the chosen one in detail.
enum RunsPanel {
  static func draw(
    _ state: AppState, _ area: Rect, _ isFocused: Bool, on grid: inout CellGrid
  ) {
    let runs = state.home.contents.latest
    let parts = parts(state, area)
    let table = table(
      state, parts.list, hasHeadings: parts.foot != nil, isFocused: isFocused)
    let scroll = table.scroll(in: parts.list)
    let inside = grid.box(
      area, title: "Recent runs",
      detail: .secondary("\(NumberFormat.integer(state.home.contents.runs.count)) kept · ")
        + .hint("7", "all"), isFocused: isFocused,
      scroll: runs.isEmpty || !scroll.isNeeded ? nil : scroll)
    guard !runs.isEmpty else { return drawNone(state, inside, on: &grid) }
    table.draw(in: parts.list, on: &grid)
    if table.rows.isEmpty {
      grid.write(.secondary("no run has this"), at: Point(inside.x + 2, inside.y + 1))
    }
    if let run = state.chosenRun, parts.detail.height >= 4 {
      RunDetail(run, state).draw(in: parts.detail, on: &grid)
    }
    if let foot = parts.foot {
      let marks: StyledText =
        .good("●") + .secondary(" finished ") + .accent("◆") + .secondary(" open ○ stopped · ")
      let hint = StyledText.hint("Enter", "opens where it stopped")
      grid.write(
        (marks + hint).width <= foot.width ? marks + hint : hint, at: foot.origin,
        width: foot.width)
    }
  }

  private static func drawNone(_ state: AppState, _ inside: Rect, on grid: inout CellGrid) {
    let text: StyledText =
      state.home.contents.isRecording
      ? .secondary("No run is kept yet. ") + .hint("t", "trains the network at hand;")
        + .secondary(" its numbers are kept here from then on.")
      : .secondary("Runs are not recorded in this session: no record could be opened.")
    let room = inside.inset(columns: 1, rows: 0)
    let isTall = text.wrapped(to: room.width).count + 1 < room.height
    grid.writeWrapped(text, in: room.trimmed(top: isTall ? 1 : 0))
  }

  struct Parts {
    let list: Rect
    /// The chosen run; empty where the list takes all.
    let detail: Rect
    let foot: Rect?
  }

  static func parts(_ state: AppState, _ area: Rect) -> Parts {
    let all = area.inset().inset(columns: 1, rows: 0)
    let none = all.trimmed(top: all.height)
    guard all.height >= 5 else { return Parts(list: all, detail: none, foot: nil) }
    let inside = all.trimmed(bottom: 1)
    let needed = state.home.contents.latest.count + 1
    // The list keeps at least four lines, the detail what is more.
    let list = inside.height >= 12 ? min(needed, max(6, inside.height / 2)) : needed
    let hasDetail = inside.height - list >= 4
    return Parts(
      list: hasDetail ? Rect(inside.x, inside.y, inside.width, list) : inside,
      detail: hasDetail ? inside.trimmed(top: list) : none, foot: all.row(-1))
  }

  static func table(
    _ state: AppState, _ inside: Rect, hasHeadings: Bool, isFocused: Bool
  ) -> Table {
    let isWide = inside.width >= 72
    func title(_ text: String) -> String { hasHeadings ? text : "" }
    var columns = [
      Table.Column("", .cells(1)), Table.Column(title("run"), .cells(4)),
      Table.Column(title("data"), .cells(isWide ? (inside.width >= 90 ? 12 : 9) : 8)),
    ]
    if isWide { columns.append(Table.Column(title("network"), .share(1))) }
    // In a narrow panel the columns stand closer.
    let gap = inside.width < 50 ? 1 : 2
    let line =
      isWide
      ? (inside.width >= 90 ? 20 : 12) : max(6, inside.width - 2 - 1 - 4 - 8 - 7 - 6 - 5 * gap)
    columns += [
      Table.Column(title("loss"), .cells(line)),
      Table.Column(title("val acc"), .cells(7), .trailing),
      Table.Column(title("when"), .cells(6)),
    ]
    let runs = state.home.contents.latest
    let visible = state.narrowed(
      state.home.contents.latest.count, .home, "runs", lines: lines(state))
    let rows = visible.map { place -> [StyledText] in
      let run = runs[place]
      return [
        state.standing(of: run).mark, StyledText("r\(run.number)", .series(0)), .text(run.data),
      ]
        + (isWide ? [.secondary(run.name ?? run.model)] : [])
        + [
          Sparkline(values: run.losses, ink: MetricInk.loss).styled(width: line),
          RunsListPanel.accuracy(run.validationAccuracy),
          .secondary(PassedTime.words(state.age(of: run))),
        ]
    }
    return Table(
      columns: columns, rows: rows,
      selection: visible.isEmpty ? nil : state.home.runs.within(visible), isFocused: isFocused,
      gap: gap)
  }

  static func click(_ point: Point, _ area: Rect, _ state: inout AppState) {
    let parts = parts(state, area)
    let list = parts.list
    let visible = state.narrowed(
      state.home.contents.latest.count, .home, "runs", lines: lines(state))
    guard
      let row = table(state, list, hasHeadings: parts.foot != nil, isFocused: true)
        .row(at: point, in: list),
      visible.indices.contains(row)
    else { return }
    state.home.runs.select(visible[row], count: state.home.contents.latest.count)
  }
}

/// How it stands with a kept run.
enum RunStanding {
  case training, paused, finished, stopped

  var mark: StyledText {
    switch self {
    case .training: .accent("◆")
    case .paused: .accent("◆")
    case .finished: .good("●")
    case .stopped: .secondary("○")
    }
  }

  var words: String {
    switch self {
    case .training: "training now"
    case .paused: "open, paused"
    case .finished: "finished"
    case .stopped: "stopped"
    }
  }
}

extension AppState {
  /// A run that is not finished goes on only where it is at hand: what a record calls running may
  /// belong to a lab that was ended without a word.
  func standing(of run: RunSummary) -> RunStanding {
    guard home.openRun == run.number, lab.settings != nil else {
      return run.isFinished ? .finished : .stopped
    }
    return switch lab.activity {
    case .training: .training
    case .finished: .finished
    case .paused, .idle: .paused
    }
  }

  var chosenRun: RunSummary? {
    let runs = home.contents.latest
    return runs.indices.contains(home.runs.index) ? runs[home.runs.index] : nil
  }
}

/// The chosen run: its network, how far it came, its last numbers, and its loss as a curve.
struct RunDetail {
  private let run: RunSummary
  private let state: AppState

  init(_ run: RunSummary, _ state: AppState) {
    self.run = run
    self.state = state
  }

  func draw(in area: Rect, on grid: inout CellGrid) {
    let standing = state.standing(of: run)
    grid.rule(.text("r\(run.number)") + .secondary(run.name.map { " " + $0 } ?? ""), in: area)
    let inside = area.trimmed(left: 1, top: 1, right: 1)
    let title: StyledText =
      standing.mark + " " + .strong(run.model) + .secondary(" on ") + .text(run.data)
    let words = StyledText.secondary(standing.words)
    grid.write(title, at: inside.origin, width: inside.width - words.width - 1)
    grid.writeTrailing(words, in: inside)
    grid.write(
      progress(width: inside.width), at: Point(inside.x, inside.y + 1), width: inside.width)
    grid.write(
      numbers(width: inside.width), at: Point(inside.x, inside.y + 2), width: inside.width)
    let room = inside.trimmed(top: 3)
    if room.height >= 3, run.losses.count > 1 { drawCurve(in: room, on: &grid) }
  }

  private func progress(width: Int) -> StyledText {
    // The run at hand may have gone back: one position has one number.
    let steps =
      state.home.openRun == run.number && state.lab.settings != nil
      ? state.lab.position.step : run.steps
    let done = StyledText.text("step \(NumberFormat.integer(steps))")
    guard let total = run.totalSteps else { return done }
    let of = done + .secondary(StepCount.of(total, at: steps))
    let bar = ProgressBar(
      Double(steps) / Double(max(total, 1)), ink: steps >= total ? .good : .accent)
    return bar.styled(width: max(6, min(24, width - of.width - 2))) + "  " + of
  }

  private func numbers(width: Int) -> StyledText {
    func shown(_ name: String, _ value: Double?) -> StyledText? {
      value.map {
        .secondary(name + " ")
          + ($0.isFinite ? .text(NumberFormat.compact($0, digits: 3)) : .bad("NaN"))
      }
    }
    var parts = [
      shown("loss", run.loss), shown("val_loss", run.validationLoss),
      run.validationAccuracy.map { .secondary("val acc ") + RunsListPanel.accuracy($0) },
    ].compactMap { $0 }
    // The accuracy stands in the table too.
    while parts.count > 1, StyledText.joined(parts).width > width { parts.removeLast() }
    return parts.isEmpty ? .secondary("no epoch is through yet") : .joined(parts)
  }

  private func drawCurve(in area: Rect, on grid: inout CellGrid) {
    let isLogarithmic = run.losses.allSatisfy { $0 > 0 && $0.isFinite }
    // They were taken at even distances over the steps of the run.
    let places = run.losses.indices.map {
      Float($0 + 1) * Float(max(1, run.steps)) / Float(run.losses.count)
    }
    LinePlot(
      series: [LinePlot.Series(name: "loss", x: places, y: run.losses, ink: MetricInk.loss)],
      isLogarithmic: isLogarithmic, xLabel: "loss · step",
      hasWholeX: true
    ).draw(in: area, on: &grid)
  }
}
