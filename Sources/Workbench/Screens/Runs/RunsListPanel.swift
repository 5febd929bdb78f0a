import Datasets
import TerminalGraphics
import Training

/// The kept runs as a table: sorted, filtered, marked for comparison.
enum RunsListPanel {
  /// What a column shows.
  private enum Field {
    case mark, run, data, network, optimizer, loss, validationLoss, validationAccuracy, steps, when

    /// What a click on its heading sorts by.
    var order: RunOrder? {
      switch self {
      case .mark: nil
      case .run, .when: .newest
      case .data: .data
      case .network: .network
      case .optimizer: .optimizer
      case .loss: .loss
      case .validationLoss: .validationLoss
      case .validationAccuracy: .validationAccuracy
      case .steps: .steps
      }
    }
  }

  private struct Column {
    let field: Field
    let title: String
    let width: Extent
    var alignment = CellGrid.Alignment.leading
  }

  // MARK: Places

  /// The table, and the line of keys below it where there is room.
  private static func parts(_ state: AppState, _ area: Rect) -> (table: Rect, foot: Rect?) {
    let inside = area.inset()
    guard !state.isCompact, inside.height >= 6 else { return (inside, nil) }
    return (inside.trimmed(bottom: 1), inside.row(-1).inset(columns: 1, rows: 0))
  }

  /// How many runs an area shows.
  private static func count(_ state: AppState, _ area: Rect) -> Int {
    max(0, parts(state, area).table.height - 1)
  }

  private static func scroll(_ state: AppState, _ area: Rect) -> ScrollPosition {
    state.runs.list.within(state, count: count(state, area))
  }

  /// The runs that can be seen now.
  static func shownRuns(_ state: AppState) -> [RunSummary] {
    guard let area = state.panels.first(where: { $0.id == RunsPart.list.rawValue })?.area,
      !area.isEmpty
    else { return [] }
    let scroll = scroll(state, area)
    return Array(state.listedRuns.dropFirst(scroll.first).prefix(scroll.shown))
  }

  private static func columns(_ state: AppState, width: Int, _ shown: [RunSummary]) -> [Column] {
    let isWide = width >= 98
    // Names stand beside the numbers, as wide as those that show, within limits; where there is no
    // room they take the place of the network.
    let named = isWide ? shown.compactMap { $0.name.map(TextWidth.columns) }.max() : nil
    let nameRoom = named.map { 1 + min($0, 14) } ?? 0
    let spoken = state.ability.isSpoken
    var columns = [
      Column(field: .mark, title: "", width: .cells(spoken ? 8 : 1)),
      Column(field: .run, title: "run", width: .cells(4 + nameRoom)),
      Column(field: .data, title: "data", width: .cells(isWide ? 9 : 8)),
      Column(field: .network, title: "network", width: .share(1)),
    ]
    // The network comes first: it is whole before another column has room.
    if width >= 108 {
      columns.append(Column(field: .optimizer, title: "optimizer", width: .cells(13)))
    }
    if width >= 70 {
      let line = width >= 112 ? 20 : isWide ? 12 : 10
      columns.append(Column(field: .loss, title: "loss", width: .cells(line)))
    }
    columns += [
      Column(field: .validationLoss, title: "val_loss", width: .cells(8), alignment: .trailing),
      Column(field: .validationAccuracy, title: "val acc", width: .cells(7), alignment: .trailing),
    ]
    if isWide {
      columns.append(Column(field: .steps, title: "steps", width: .cells(7), alignment: .trailing))
    }
    return columns + [Column(field: .when, title: "when", width: .cells(6))]
  }

  private static func gap(_ width: Int) -> Int { width >= 70 ? 2 : 1 }

  // MARK: Drawing

  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    let state = view.state
    let listed = state.listedRuns
    let (area, foot) = parts(state, view.area)
    let scroll = scroll(state, view.area)
    view.boxAround(
      "Runs", detail: listed.isEmpty ? StyledText() : detail(state, view.area.width),
      scroll: scroll.isNeeded ? scroll : nil, on: &grid)
    guard !state.runs.ordered.isEmpty else { return drawNone(state, area, on: &grid) }
    let shown = Array(listed.dropFirst(scroll.first).prefix(scroll.shown))
    let columns = columns(state, width: area.width, shown)
    var table = Table(
      columns: columns.map { Table.Column($0.title, $0.width, $0.alignment) },
      rows: shown.map { run in columns.map { text($0, run, state, area.width) } },
      isFocused: view.isFocused, gap: gap(area.width))
    if let chosen = shown.firstIndex(where: { $0.number == state.runs.chosen }) {
      table.selection = ListSelection(index: chosen)
    }
    table.draw(in: area, on: &grid)
    drawOrder(columns, area, state, on: &grid)
    if listed.isEmpty {
      grid.write(
        .secondary("no run has this in any column; Esc ends the filter"),
        at: Point(area.x + 3, area.y + 1), width: max(0, area.width - 4))
    }
    if let foot { drawFoot(state, foot, on: &grid) }
  }

  private static func detail(_ state: AppState, _ width: Int) -> StyledText {
    let words = state.runs.order.words(isReversed: state.runs.isReversed)
    let isOfUnseen = [.validationLoss, .validationAccuracy].contains(state.runs.order)
    let full: StyledText =
      .secondary(words + (isOfUnseen ? " (— : nothing held out)" : "") + " · ")
      + .hint("S", "sort")
    return width >= 100 ? full : .secondary(words)
  }

  /// The heading of the column that the list is sorted by stands out.
  private static func drawOrder(
    _ columns: [Column], _ area: Rect, _ state: AppState, on grid: inout CellGrid
  ) {
    let order = state.runs.order
    for (column, span) in zip(columns, spans(columns, area))
    where column.field.order == order && column.field != .run {
      grid.write(
        .strong(column.title), at: Point(span.x, area.y), width: span.width,
        alignment: column.alignment)
    }
  }

  /// Where the columns lie, as the table lays them out.
  private static func spans(_ columns: [Column], _ area: Rect) -> [Rect] {
    area.inset(rows: 0).columns(columns.map(\.width), gap: gap(area.width))
  }

  private static func drawFoot(_ state: AppState, _ foot: Rect, on grid: inout CellGrid) {
    var hints: [StyledText] = [
      .hint("Space", "mark"), .hint("Enter", "open"), .hint("b", "set as baseline"),
      .hint("R", "rename"),
    ]
    if RunsKeys.whyNotDelete(state) == nil {
      hints.append(
        .hint("x", "delete") + .secondary(" (") + .hint("u", "brings it back") + .secondary(")"))
    }
    hints.append(.hint("e", "export"))
    var count = hints.count
    while count > 1, StyledText.joined(Array(hints.prefix(count))).width > foot.width { count -= 1 }
    grid.write(.joined(Array(hints.prefix(count))), at: foot.origin, width: foot.width)
  }

  private static func drawNone(_ state: AppState, _ area: Rect, on grid: inout CellGrid) {
    let isKeeping = state.home.contents.isRecording || !state.home.contents.runs.isEmpty
    let text: StyledText =
      isKeeping && state.isRunOfLesson
      ? .secondary("No run is kept yet, and the one at hand belongs to the lesson: its pages set ")
        + .secondary("it up anew, and it is not kept. Runs of your own are: ")
        + .hint("1", "goes Home, where your own network is back") + .secondary(", and ")
        + .hint("t", "there trains it") + .secondary(".")
      : isKeeping && state.lab.pass != nil
        ? .secondary(
          "No run is kept yet: passes of a program's own loop, as those at hand, are not. ")
          + .secondary("Runs of a network that is trained by fit are: ") + .hint("3", "builds one")
          + .secondary(".")
        : isKeeping
          ? .secondary("No run is kept yet. ")
            + .hint("t", "trains the network at hand")
            + .secondary(" (\(state.workpiece.model.summary) on \(state.workpiece.dataset.name)); ")
            + .secondary("its numbers are kept here from its first step on. ")
            + .secondary("Train a second one with other settings, and this screen compares them.")
          : .secondary("Runs are not recorded in this session: no record could be opened.")
    grid.writeWrapped(text, in: area.inset(columns: 2, rows: area.height > 3 ? 1 : 0))
  }

  // MARK: Cells

  private static func text(
    _ column: Column, _ run: RunSummary, _ state: AppState, _ width: Int
  ) -> StyledText {
    let mark = state.runs.mark(of: run.number)
    switch column.field {
    case .mark: return self.mark(run, mark, state)
    case .run:
      let number = StyledText("r\(run.number)", mark == nil ? .text : mark?.ink ?? .text)
      guard let name = run.name, width >= 98 else { return number }
      let gap = String(repeating: " ", count: max(1, 5 - number.width))
      return number + .secondary(gap + name)
    case .data: return .text(run.data)
    case .network: return .text(width >= 98 ? run.model : run.name ?? run.model)
    case .optimizer: return .secondary(run.optimizerText)
    case .loss:
      guard case .cells(let cells) = column.width else { return StyledText() }
      let losses = state.runs.readings[run.number]?.loss.values ?? run.losses
      return Sparkline(values: losses, ink: mark?.ink ?? .secondary).styled(width: cells)
    case .validationLoss: return number(run.validationLoss)
    case .validationAccuracy: return accuracy(run.validationAccuracy)
    case .steps: return .secondary(NumberFormat.integer(run.steps))
    case .when: return when(run, state)
    }
  }

  private static func mark(
    _ run: RunSummary, _ mark: RunMark?, _ state: AppState
  ) -> StyledText {
    let isBaseline = state.runs.baseline == run.number
    if state.ability.isSpoken {
      return .text(isBaseline ? "baseline" : mark == nil ? "" : "marked")
    }
    guard let mark else { return .secondary("□") }
    return StyledText(isBaseline ? "◆" : "■", mark.ink)
  }

  private static func number(_ value: Double?) -> StyledText {
    guard let value else { return .secondary("—") }
    return StyledText(
      NumberFormat.compact(value, digits: 3), value.isFinite ? MetricInk.validationLoss : .bad)
  }

  /// How much of what it never saw it gets right.
  static func accuracy(_ value: Double?) -> StyledText {
    guard let value else { return .secondary("—") }
    guard value.isFinite else { return .bad(NumberFormat.special(value)) }
    return StyledText(NumberFormat.share(value), MetricInk.validationAccuracy)
  }

  private static func when(_ run: RunSummary, _ state: AppState) -> StyledText {
    switch state.standing(of: run) {
    case .training: .good("● now")
    case .paused: .accent("◆ open")
    case .finished, .stopped:
      run.isRunning ? .good("● now") : .secondary(PassedTime.words(state.age(of: run)))
    }
  }

  // MARK: Keys and mouse

  static func press(_ key: Key, _ state: inout AppState) -> [Effect]? {
    let listed = state.listedRuns
    let shown = state.panels.first { $0.id == RunsPart.list.rawValue }.map { count(state, $0.area) }
    guard
      state.runs.list.handle(key, count: listed.count, shown: max(1, shown ?? 1))
    else { return nil }
    if listed.indices.contains(state.runs.list.index) {
      state.runs.chosen = listed[state.runs.list.index].number
    }
    return []
  }

  /// A click on a heading sorts by it, another one the other way round; one on a run chooses it, and
  /// one on its box marks it.
  static func click(_ point: Point, _ area: Rect, _ state: inout AppState) -> [Effect] {
    let table = parts(state, area).table
    guard table.contains(point) else { return [] }
    let columns = columns(state, width: table.width, shownRuns(state))
    let places = spans(columns, table)
    let column = places.lastIndex { point.x >= $0.x }.map { columns[$0] }
    if point.y == table.y {
      guard let order = column?.field.order else { return [] }
      RunsKeys.sort(by: order, &state)
      return []
    }
    let scroll = scroll(state, area)
    let place = scroll.first + point.y - table.y - 1
    let listed = state.listedRuns
    guard listed.indices.contains(place) else { return [] }
    state.runs.list.choose(place, shown: scroll.shown, count: listed.count)
    state.runs.chosen = listed[place].number
    return column?.field == .mark ? RunsKeys.mark(&state) : []
  }
}

extension ListSelection {
  /// Which runs show.
  fileprivate func within(_ state: AppState, count: Int) -> ScrollPosition {
    scroll(shown: count, count: state.listedRuns.count)
  }
}

extension PanelView {
  /// Draws the frame; what is inside begins right at it.
  fileprivate func boxAround(
    _ title: String, detail: StyledText, scroll: ScrollPosition?, on grid: inout CellGrid
  ) {
    grid.box(area, title: title, detail: detail, isFocused: isFocused, scroll: scroll)
  }
}
