import TerminalGraphics
import Training

/// All branches of a run on one chart, and what each was made by and came to.
struct WhatIfPanel {
  static let id = "branches"

  private let state: AppState
  private let area: Rect
  private let branches: [BranchSummary]

  init(_ state: AppState, _ area: Rect) {
    (self.state, self.area) = (state, area)
    branches = state.lab.branches
  }

  private var inside: Rect { area.inset(columns: 2, rows: 1) }
  private var isWide: Bool { area.width >= 100 }
  private var tableArea: Rect {
    let width = min(isWide ? 48 : 34, inside.width / 2)
    return Rect(inside.right - width, inside.y, width, inside.height)
  }
  /// Right of the curves the numbers of their branches stand.
  private var chartArea: Rect { inside.trimmed(right: tableArea.width + 5) }

  private var chosen: BranchSummary? {
    state.step.branch.flatMap(branches.numbered) ?? branches.current
  }

  func draw(_ isFocused: Bool, on grid: inout CellGrid) {
    let title = "What if"
    grid.box(
      area, title: title, detail: Fitting.detail(legends, beside: title, in: area),
      isFocused: isFocused)
    drawChart(on: &grid)
    if branches.count > 1 {
      drawTable(isFocused, on: &grid)
    } else {
      drawPromise(on: &grid)
    }
  }

  // MARK: The chart

  private var isLogarithmic: Bool { state.train.curves.isLogarithmic }

  /// `━ 1 as it began  ━ 2 lr 0.3  loss of each batch, log y`, and shorter.
  private var legends: [StyledText] {
    let scale = isLogarithmic ? "log y" : "linear y"
    let quantity = showsValidation ? "val_loss" : "loss of each batch, its mean"
    func list(_ words: (BranchSummary) -> String) -> StyledText {
      .joined(
        branches.map { StyledText("\(line(of: $0)) \($0.number)\(words($0))", $0.ink) },
        separator: "  ")
    }
    let named = list { " " + $0.shortWords }
    let numbers = list { _ in "" }
    // The names go before the quantity: two charts are told apart by it.
    let brief = "\(showsValidation ? "val_loss" : "loss"), \(scale)"
    return [
      named + .secondary("   \(quantity), \(scale)"), named + .secondary("   \(brief)"),
      numbers + .secondary("   \(brief)"), .secondary(brief),
    ]
  }

  private func line(of branch: BranchSummary) -> String {
    let isLine = state.ability.depth != .none || branch.isCurrent
    return state.ability.glyphs == .full && isLine ? "━" : String(Character(branch.mark))
  }

  /// The chosen one over the one at hand over the others, each from where it grew.
  private var plot: LinePlot {
    let order =
      branches.filter { !$0.isCurrent && $0 != chosen }
      + branches.filter { $0.isCurrent && $0 != chosen } + [chosen].compactMap(\.self)
    let series = showsValidation ? order.map(validation) : order.map(dots) + order.map(mean)
    let end = max(1, branches.map(\.history.count).max() ?? 1)
    var plot = LinePlot(
      series: series, xAxis: Axis(low: 0, high: Double(end)),
      yAxis: RoundLimits.axis(for: series.flatMap(\.y), isLogarithmic: isLogarithmic),
      xLabel: state.lab.pass == nil ? "step" : "pass", hasWholeX: true,
      cursor: state.lab.moment.map { min(Double(end), Double($0.step)) })
    plot.flags =
      parting.map { [LinePlot.Flag(x: Double($0), label: NumberFormat.integer($0))] } ?? []
    return plot
  }

  /// Where the chosen one and the one at hand go different ways; alone, where it grew.
  private var parting: Int? {
    guard let chosen, let here = branches.current else { return nil }
    if chosen != here { return branches.parting(of: chosen.number, and: here.number) }
    return here.parent.map { _ in here.step }
  }

  /// The first place in its history that is its own.
  private func first(of branch: BranchSummary) -> Int {
    let first = branch.parent == nil ? 0 : max(0, branch.step - 1) / branch.history.stride
    return min(first, branch.history.steps.count)
  }

  /// The loss of each batch: those of all branches lie under the lines of their means.
  private func dots(_ branch: BranchSummary) -> LinePlot.Series {
    series(branch, branch.history.steps.map(\.loss)[...], name: "", .faint, ".")
  }

  private func mean(_ branch: BranchSummary) -> LinePlot.Series {
    let total = branches.map(\.history.count).max() ?? 0
    var mean = ExponentialMean(
      span: state.train.curves.span(total), stride: branch.history.stride)
    let means = branch.history.steps.map { step in
      mean.add(step.loss)
      return mean.value
    }
    var line = series(branch, means[...], name: "branch \(branch.number)", branch.ink, branch.mark)
    line.keepsDots = true
    return line
  }

  private func series(
    _ branch: BranchSummary, _ values: ArraySlice<Float>, name: String, _ ink: Ink,
    _ mark: Unicode.Scalar
  ) -> LinePlot.Series {
    let thin = Thinned(values[first(of: branch)...], stride: branch.history.stride)
    return LinePlot.Series(name: name, x: thin.x, y: thin.y, ink: ink, mark: mark)
  }

  // MARK: Examples held back

  private var showsValidation: Bool { state.step.branchesShowValidation && hasValidation }
  private var hasValidation: Bool { Self.hasValidation(branches) }

  static func hasValidation(_ branches: [BranchSummary]) -> Bool {
    branches.contains { $0.history.epochs.contains { $0.validationLoss != nil } }
  }

  /// What an epoch came to on the examples held back, from the last one that it has in common.
  private func validation(_ branch: BranchSummary) -> LinePlot.Series {
    let (history, length) = (branch.history, max(1, state.lab.settings?.stepsPerEpoch ?? 1))
    let all = history.epochs.indices.compactMap { place in
      history.epochs[place].validationLoss.map {
        (step: history.end(at: place, stepsPerEpoch: length), loss: $0)
      }
    }
    let common = all.lastIndex { $0.step <= branch.step } ?? 0
    let own = branch.parent == nil ? all[...] : all.dropFirst(common)
    return LinePlot.Series(
      name: "branch \(branch.number)", x: own.map { Float($0.step) }, y: own.map(\.loss),
      ink: branch.ink, mark: branch.mark)
  }

  private func drawChart(on grid: inout CellGrid) {
    let place = chartArea
    guard place.width > 12, place.height > 3 else { return }
    let plot = plot
    plot.draw(in: place, on: &grid)
    guard branches.contains(where: { $0.history.count > 0 }) else {
      grid.writeWrapped(
        .secondary("The first point comes with the first step."),
        in: plot.plotArea(in: place).trimmed(left: 2, top: 1))
      return
    }
    if branches.count > 1 { drawNumbers(plot, place, on: &grid) }
  }

  /// The number of each branch at the end of its curve, so that no color is needed to tell them apart.
  private func drawNumbers(_ plot: LinePlot, _ place: Rect, on grid: inout CellGrid) {
    let curves = plot.plotArea(in: place)
    var taken: Set<Int> = []
    for series in plot.series.reversed() {
      let number = series.name.split(separator: " ").last.map(String.init) ?? ""
      guard !number.isEmpty, let x = series.x.last, let y = series.y.last, y.isFinite,
        let up = plot.yAxis.place(of: Double(y))
      else { continue }
      let level = Int(min(1, max(0, up)) * Double(curves.height))
      let row = curves.bottom - 1 - min(curves.height - 1, level)
      let column = plot.column(of: Double(x), in: place) ?? curves.right - 1
      guard column >= curves.right - 3 else {
        grid.write(StyledText(number, series.ink, .bold), at: Point(column + 1, row))
        continue
      }
      let rows = (curves.y..<curves.bottom).filter { !taken.contains($0) }
      guard let free = rows.min(by: { abs($0 - row) < abs($1 - row) }) else { continue }
      taken.insert(free)
      grid.write(StyledText(number, series.ink, .bold), at: Point(curves.right + 1, free))
    }
  }

  // MARK: The table

  /// What branches are judged by: the best that was measured.
  private var judge: (title: String, number: (History.Epoch) -> Float?)? {
    let last = branches.compactMap(\.history.epochs.last)
    if last.contains(where: { $0.validationAccuracy != nil }) {
      return ("val acc", { $0.validationAccuracy })
    }
    if last.contains(where: { $0.accuracy != nil }) { return ("acc", { $0.accuracy }) }
    return last.contains { $0.validationLoss != nil } ? ("val loss", { $0.validationLoss }) : nil
  }

  private var table: Table {
    let judge = judge
    var columns = [
      Table.Column("", .cells(2)), Table.Column(isWide ? "what was set" : "set", .share(1)),
      Table.Column("loss", .cells(isWide ? 7 : 6), .trailing),
    ]
    if isWide { columns.insert(Table.Column("steps", .cells(6), .trailing), at: 2) }
    if let judge {
      columns.append(
        Table.Column(judge.title, .cells(isWide ? 8 : max(5, judge.title.count)), .trailing))
    }
    let showsDead = branches.contains { $0.dead != nil }
    if showsDead { columns.append(Table.Column("dead", .cells(4), .trailing)) }
    let rows = branches.map { branch -> [StyledText] in
      let loss = branch.history.latest.map { NumberFormat.styled(Double($0.loss), digits: 3) }
      var row: [StyledText] = [
        (branch.isCurrent ? .accent("▶") : " ") + StyledText("\(branch.number)", branch.ink),
        .text(branch.shortWords), loss ?? .faint("—"),
      ]
      if isWide { row.insert(.text(NumberFormat.integer(branch.history.count)), at: 2) }
      if let judge {
        let number = branch.history.epochs.last.flatMap(judge.number)
        let text = number.map {
          judge.title == "val loss"
            ? NumberFormat.compact($0, digits: 3) : NumberFormat.share($0)
        }
        row.append(text.map { .text($0) } ?? .faint("—"))
      }
      if showsDead { row.append(deadText(branch)) }
      return row
    }
    let index = branches.firstIndex { $0 == chosen } ?? 0
    return Table(columns: columns, rows: rows, selection: ListSelection(index: index), gap: 1)
  }

  /// Units that are dead at its end: a sign of sickness where there are any.
  private func deadText(_ branch: BranchSummary) -> StyledText {
    guard let dead = branch.dead else { return .faint("—") }
    return dead > 0 ? .bad(NumberFormat.integer(dead)) : .text("0")
  }

  /// What is said of the chosen one takes the lower lines.
  private var notes: [StyledText] {
    guard let chosen, let here = branches.current else { return [] }
    var notes: [StyledText] = []
    if let parent = chosen.parent {
      notes.append(
        .secondary("grew from \(parent) at step ") + .text(NumberFormat.integer(chosen.step))
          + .secondary(chosen.words.isEmpty ? "" : ", after"))
      if !chosen.words.isEmpty { notes.append(.strong(chosen.words)) }
    } else {
      notes.append(.secondary("the run as it began"))
    }
    // By number: a loss that is no number makes no branch another one.
    if chosen.number != here.number {
      let step = branches.parting(of: chosen.number, and: here.number)
      notes.append(
        .secondary("parts from \(here.number) at step ") + .text(NumberFormat.integer(step)))
    }
    return notes
  }

  private var listArea: Rect {
    let wanted = branches.count + 1
    let needed = notes.reduce(0) { $0 + $1.wrapped(to: tableArea.width).count } + 2
    let room = max(3, tableArea.height - needed)
    return Rect(tableArea.x, tableArea.y, tableArea.width, min(wanted, room))
  }

  private func drawTable(_ isFocused: Bool, on grid: inout CellGrid) {
    let list = listArea
    var table = table
    table.isFocused = isFocused
    table.draw(in: list, on: &grid)
    let keys = StyledText.joined(
      [
        .hint("Enter", "switch"), .hint("=", state.step.comparesBranches ? "chart" : "compare"),
        .hint("l", isLogarithmic ? "linear" : "log"),
      ] + (hasValidation ? [.hint("v", showsValidation ? "loss" : "val_loss")] : []))
    let rest = tableArea.trimmed(top: list.height, bottom: 1)
    let lines = notes.flatMap { $0.wrapped(to: rest.width) }
    let gap = rest.height > lines.count ? 1 : 0
    for (row, line) in lines.prefix(rest.height - gap).enumerated() {
      grid.write(line, at: Point(rest.x, rest.y + gap + row))
    }
    grid.write(keys, at: Point(tableArea.x, tableArea.bottom - 1), width: tableArea.width)
  }

  func branch(at point: Point) -> Int? {
    guard branches.count > 1 else { return nil }
    return table.row(at: point, in: listArea).map { branches[$0].number }
  }

  /// How one makes a branch, before there is any.
  private func drawPromise(on grid: inout CellGrid) {
    let lines: [StyledText] = [
      .strong("One way so far."),
      .secondary(
        "What you change by hand lets another branch grow from this moment; this one stays."),
      .hint("Enter", "on a weight or an example: its numbers"),
      .hint("x", "drop the example under the lens"),
      .hint("X", "skip the update of this step"),
      .key(":") + .secondary(" set learning_rate = 0.3"),
    ]
    var row = tableArea.y
    for line in lines.flatMap({ $0.wrapped(to: tableArea.width) }) where row < tableArea.bottom {
      grid.write(line, at: Point(tableArea.x, row))
      row += 1
    }
  }
}
