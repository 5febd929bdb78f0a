import TerminalGraphics

/// A line of the comparison: a setting or a result, with what each compared run has of it.
struct DiffersLine {
  let name: String
  let short: String
  fileprivate(set) var values: [String]
  /// Which of the values stand out: they differ from the baseline, else from all the others, which
  /// are the same among themselves.
  let odd: [Bool]

  var isSame: Bool { values.dropFirst().allSatisfy { $0 == values[0] } }

  init(_ name: String, short: String, _ values: [String], hasBaseline: Bool) {
    (self.name, self.short, self.values) = (name, short, values)
    if hasBaseline {
      odd = values.enumerated().map { $0.offset > 0 && $0.element != values[0] }
    } else {
      odd = values.indices.map { place in
        let others = values.indices.filter { $0 != place }.map { values[$0] }
        return others.count > 1 && others.allSatisfy { $0 == others[0] }
          && others[0] != values[place]
      }
    }
  }
}

/// The settings and results of the compared runs, side by side: only those that differ, or all.
enum DiffersPanel {
  private static func inside(_ area: Rect) -> Rect { area.inset().inset(columns: 1, rows: 0) }

  // MARK: What is compared

  /// The lines, of one run alone all of them.
  static func lines(_ state: AppState) -> [DiffersLine] {
    let runs = state.comparedRuns.map(\.run)
    guard !runs.isEmpty else { return [] }
    let hasBaseline = runs.count > 1 && state.runs.baseline == runs[0].number
    let all =
      settings(runs, state, hasBaseline)
      + results(runs, hasBaseline, isShort: state.isCompact && runs.count > 1)
    return state.runs.showsAll || runs.count == 1 ? all : all.filter { !$0.isSame }
  }

  /// Every setting that one of the runs has, in the order of the first that has it.
  private static func settings(
    _ runs: [RunSummary], _ state: AppState, _ hasBaseline: Bool
  ) -> [DiffersLine] {
    let known = runs.map { state.runs.readings[$0.number]?.settings ?? [] }
    var names: [RunSetting] = []
    for settings in known {
      // A setting that the others lack stands after the one before it.
      var place = names.startIndex
      for setting in settings {
        if let found = names.firstIndex(where: { $0.name == setting.name }) {
          place = found + 1
        } else {
          names.insert(setting, at: min(place, names.count))
          place += 1
        }
      }
    }
    return names.map { name in
      let values = known.map { settings in
        settings.first { $0.name == name.name }?.value ?? "—"
      }
      return DiffersLine(name.name, short: name.short, values, hasBaseline: hasBaseline)
    }
  }

  private static func results(
    _ runs: [RunSummary], _ hasBaseline: Bool, isShort: Bool
  ) -> [DiffersLine] {
    func number(
      _ name: String, _ short: String, _ value: (RunSummary) -> Double?,
      _ text: (Double) -> String
    ) -> DiffersLine {
      let base = hasBaseline ? value(runs[0]) : nil
      let values = runs.enumerated().map { place, run -> String in
        guard let found = value(run) else { return "—" }
        guard place > 0, let base, found.isFinite, base.isFinite else { return text(found) }
        // Against a baseline it is the difference that counts.
        let difference = found - base
        return difference == 0 ? "=" : (difference < 0 ? "−" : "+") + text(abs(difference))
      }
      let line = DiffersLine(name, short: short, values, hasBaseline: false)
      return hasBaseline ? DiffersLine(plain: line) : line
    }
    // With its sign it has to fit a narrow column.
    let loss = { (value: Double) -> String in
      let text = NumberFormat.compact(value, digits: 3)
      guard isShort, text.count > 5 else { return text }
      return NumberFormat.column(Float(value), width: 5).filter { $0 != " " }
    }
    return [
      number("steps", "steps", { Double($0.steps) }, { NumberFormat.integer(Int($0)) }),
      number("loss", "loss", { $0.loss }, loss),
      number("val_loss", "val_loss", { $0.validationLoss }, loss),
      number("val accuracy", "val acc", { $0.validationAccuracy }) { NumberFormat.share($0) },
    ].filter { $0.values.contains { $0 != "—" } }
  }

  // MARK: Drawing

  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    let state = view.state
    let compared = state.comparedRuns
    let area = inside(view.area)
    let isOne = compared.count == 1
    let lines = lines(state)
    let verdict = RunsVerdict(compared.map(\.run), state)
    let room = room(state, area)
    let scroll = state.runs.scroll.position(shown: room, count: lines.count)
    let title = compared.isEmpty || isOne ? "Settings" : "What differs"
    _ = view.box(
      compared.isEmpty || !isOne ? title : "\(title) of r\(compared[0].run.number)",
      detail: isOne || compared.isEmpty ? StyledText() : toggle(state, view.area.width),
      scroll: scroll.isNeeded ? scroll : nil, on: &grid)
    guard !compared.isEmpty else {
      grid.writeWrapped(
        .secondary("Here stands in what the runs you mark differ."),
        in: area.inset(columns: 1, rows: area.height > 3 ? 1 : 0))
      return
    }
    let columns = Columns(state, area, lines)
    drawHead(compared, columns, state, area, on: &grid)
    for (row, line) in lines.dropFirst(scroll.first).prefix(room).enumerated() {
      draw(line, columns, Rect(area.x, area.y + 1 + row, area.width, 1), isOne, state, on: &grid)
    }
    let below = Rect(area.x, area.y + 1 + min(room, lines.count), area.width, 1)
    if below.y < area.bottom { drawNote(compared, lines, columns, below, state, on: &grid) }
    guard let verdict, below.y + 1 < area.bottom else { return }
    let line = Rect(area.x, area.bottom - 1, area.width, 1)
    grid.write(
      verdict.words.map { $0.spelled(for: grid.ability.glyphs) }.first { $0.width <= line.width }
        ?? verdict.words[verdict.words.count - 1], at: line.origin, width: line.width)
  }

  /// How many lines have room below the numbers of the runs and above what is said of them.
  private static func room(_ state: AppState, _ area: Rect) -> Int {
    let hasVerdict = area.height > 5 && state.comparedRuns.count > 1
    return max(0, area.height - (hasVerdict ? 3 : 2))
  }

  private static func toggle(_ state: AppState, _ width: Int) -> StyledText {
    let word = state.runs.showsAll ? "only what differs" : "all settings"
    return .hint("d", width >= 44 ? word : state.runs.showsAll ? "less" : "all")
  }

  /// The widths that the names and the values take, and which runs have a column.
  private struct Columns {
    let name: Int
    let value: Int
    let shown: Range<Int>
    let count: Int
    let isShort: Bool

    init(_ state: AppState, _ area: Rect, _ lines: [DiffersLine]) {
      count = state.comparedRuns.count
      isShort = area.width < 40
      let names = lines.map { TextWidth.columns(area.width < 40 ? $0.short : $0.name) }.max() ?? 8
      // Long values are cut before a run loses its column.
      let least = area.width < 40 ? 6 : 9
      // What the values leave, within limits: a long name is cut before a number is.
      let left = max(8, area.width - min(count, 2) * (least + 1))
      let share = count > 1 ? area.width * 2 / 5 : area.width / 2
      name = min(max(names + 1, isShort ? 9 : 14), left, max(11, share))
      // Behind the last column there is no gap.
      let values = area.width - name + 1
      let fitting = max(1, values / (least + 1))
      let first = max(0, min(state.runs.firstColumn, count - fitting))
      shown = first..<min(count, first + fitting)
      let room = values / max(1, shown.count)
      value = count > 1 ? min(24, room) : room
    }
  }

  private static func drawHead(
    _ compared: [(run: RunSummary, mark: RunMark)], _ columns: Columns, _ state: AppState,
    _ area: Rect, on grid: inout CellGrid
  ) {
    for (place, column) in columns.shown.enumerated() {
      let (run, mark) = compared[column]
      let isBaseline = state.runs.baseline == run.number
      let text = isBaseline && compared.count > 1 ? "◆ r\(run.number)" : "r\(run.number)"
      grid.write(
        StyledText(text, mark.ink),
        at: Point(area.x + columns.name + place * columns.value, area.y), width: columns.value - 1)
    }
  }

  private static func draw(
    _ line: DiffersLine, _ columns: Columns, _ row: Rect, _ isOne: Bool, _ state: AppState,
    on grid: inout CellGrid
  ) {
    grid.write(
      .secondary(columns.isShort ? line.short : line.name), at: row.origin,
      width: columns.name - 1)
    // Without colors a star says what gold does.
    let star = state.ability.depth == .none || state.ability.isSpoken ? "*" : ""
    for (place, column) in columns.shown.enumerated() {
      // Only one cross-entropy is sparse: its name can do without a word.
      let all = line.values[column]
      // In narrow columns a list would run into the next one.
      let whole = columns.isShort ? all.replacing(", ", with: "-") : all
      let value =
        Fitting.first(
          [whole, whole.replacing("sparse categorical", with: "sparse")], width: columns.value - 1)
        ?? line.shortened(column, to: columns.value - 1)
      let text: StyledText =
        line.odd[column]
        ? StyledText(
          Fitting.first([value + star, value], width: columns.value - 1) ?? value, .accent)
        : line.isSame && !isOne ? .faint(value) : .text(value)
      grid.write(
        text, at: Point(row.x + columns.name + place * columns.value, row.y),
        width: columns.value - 1)
    }
  }

  private static func drawNote(
    _ compared: [(run: RunSummary, mark: RunMark)], _ lines: [DiffersLine], _ columns: Columns,
    _ row: Rect, _ state: AppState, on grid: inout CellGrid
  ) {
    let gold = state.ability.depth == .none || state.ability.isSpoken ? "*" : "gold"
    let hidden = columns.count - columns.shown.count
    let text: StyledText
    if compared.count == 1 {
      text = .hint("Space", "marks runs to compare")
    } else if hidden > 0 {
      text = .key("← →") + .secondary(" \(hidden) more \(hidden == 1 ? "run" : "runs")")
    } else if lines.isEmpty {
      text = .secondary("they differ in nothing that is kept")
    } else if compared.contains(where: { $0.run.number == state.runs.baseline }) {
      let name = "r\(compared[0].run.number)"
      text = .secondary(
        row.width >= 40
          ? "\(gold): differs from \(name); + −: against it"
          : "\(gold), + −: against \(name)")
    } else if lines.contains(where: { $0.odd.contains(true) }) {
      let others = compared.count == 3 ? "the other two" : "all the others"
      text = .secondary(
        row.width >= 40 ? "\(gold): differs from \(others)" : "\(gold): unlike the others")
    } else {
      text = .hint("b", row.width >= 40 ? "makes the chosen run the baseline" : "sets the baseline")
    }
    grid.write(text, at: row.origin, width: row.width)
  }

  // MARK: Keys

  static func press(_ key: Key, _ state: inout AppState) -> [Effect]? {
    let count = lines(state).count
    let shown =
      state.panels.first { $0.id == RunsPart.differs.rawValue }
      .map { max(1, room(state, inside($0.area))) } ?? 1
    switch key {
    case .left: state.runs.firstColumn = max(0, state.runs.firstColumn - 1)
    case .right:
      state.runs.firstColumn = min(
        max(0, state.comparedRuns.count - 1), state.runs.firstColumn + 1)
    case .up, .character("k"): state.runs.scroll.turn(by: -1, shown: shown, count: count)
    case .down, .character("j"): state.runs.scroll.turn(by: 1, shown: shown, count: count)
    case .pageUp: state.runs.scroll.turn(by: -shown, shown: shown, count: count)
    case .pageDown: state.runs.scroll.turn(by: shown, shown: shown, count: count)
    case .home: state.runs.scroll = ListSelection()
    case .end: state.runs.scroll.turn(by: count, shown: shown, count: count)
    default: return nil
    }
    return []
  }
}

extension DiffersLine {
  /// A long value without the end of what all of them begin with: `learnin…1,000`.
  func shortened(_ column: Int, to width: Int) -> String {
    let value = values[column]
    let common = values.map { other in zip(value, other).prefix { $0 == $1 }.count }.min() ?? 0
    let rest = value.dropFirst(common)
    guard !rest.isEmpty, rest.count < width else { return value }
    return value.prefix(width - 1 - rest.count) + "…" + rest
  }

  /// The same without a value that stands out.
  fileprivate init(plain line: DiffersLine) {
    (name, short, values) = (line.name, line.short, line.values)
    odd = values.map { _ in false }
  }
}

extension ListSelection {
  /// The first line is what counts in a list in which none is chosen.
  fileprivate func position(shown: Int, count: Int) -> ScrollPosition {
    ScrollPosition(first: max(0, min(index, count - shown)), shown: shown, total: count)
  }

  fileprivate mutating func turn(by lines: Int, shown: Int, count: Int) {
    let first = position(shown: shown, count: count).first
    select(max(0, min(first + lines, count - shown)), count: max(1, count))
  }
}
