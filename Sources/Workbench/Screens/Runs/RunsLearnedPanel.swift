import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// What each of the compared runs has learned, one small picture beside the other.
enum RunsLearnedPanel {
  /// As many as stand beside each other.
  static let most = 3

  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    let state = view.state
    let runs = Array(state.comparedRuns.prefix(most))
    let known = runs.compactMap { state.runs.learned[$0.run.number]?.picture }
    let title = runs.count > 1 ? "What each one has learned" : "What it has learned"
    let inside = view.box(
      view.area.width < 38 ? "Learned" : title, detail: .secondary(axes(known)), on: &grid)
    guard !runs.isEmpty else {
      grid.writeWrapped(
        .secondary("Here stands a picture of each run you mark."), in: inside)
      return
    }
    let count = runs.count
    let hasWords = inside.height >= 5
    let room = inside.trimmed(bottom: hasWords ? 1 : 0)
    let places = room.columns(runs.map { _ in .share(1) }, gap: 1)
    for (place, entry) in zip(places, runs) {
      let width = count == 1 ? min(place.width, 40) : place.width
      draw(entry.run, entry.mark, state, Rect(place.x, place.y, width, place.height), on: &grid)
    }
    guard hasWords else { return }
    grid.write(
      words(runs.map(\.run), state, width: inside.width),
      at: Point(inside.x, inside.bottom - 1), width: inside.width)
  }

  /// `x₁ × x₂, ±1.1`
  private static func axes(_ pictures: [LearnedPicture]) -> String {
    let limits = pictures.compactMap(\.plane?.across.upperBound)
    guard let first = limits.first else { return "" }
    let isSame = limits.allSatisfy { $0 == first }
    return "x₁ × x₂" + (isSame ? ", ±" + NumberFormat.compact(first, digits: 2) : "")
  }

  private static func draw(
    _ run: RunSummary, _ mark: RunMark, _ state: AppState, _ area: Rect, on grid: inout CellGrid
  ) {
    let picture = area.trimmed(bottom: 1)
    let known = state.runs.learned[run.number]
    if let learned = known?.picture {
      draw(learned, in: picture, on: &grid)
    } else {
      let reason =
        run.isRunning
        ? "it trains" : known == nil ? "reading …" : "it cannot be made again from its record"
      grid.writeWrapped(.secondary(reason), in: picture)
    }
    let share = known?.picture.flatMap { learned in
      learned.right.map { NumberFormat.share(Double($0) / Double(max(1, learned.said.count))) }
    }
    grid.write(
      StyledText("r\(run.number)", mark.ink) + .secondary(share == nil ? "" : " acc ")
        + .text(share ?? ""),
      at: Point(area.x, area.bottom - 1), width: area.width)
  }

  // MARK: A picture

  private static func draw(
    _ learned: LearnedPicture, in area: Rect, on grid: inout CellGrid
  ) {
    if let plane = learned.plane {
      LearnedPanel.drawField(plane, in: area, on: &grid)
    } else if let table = learned.confusion {
      // In the colors of Confusion on Train: right ones blue, wrong ones orange.
      let places = table.enumerated().flatMap { row, counts in
        counts.enumerated().map { column, count in
          ConfusionPanel.place(
            of: count, share: Float(count) / Float(max(1, counts.reduce(0, +))),
            isRight: row == column)
        }
      }
      Heatmap(
        values: places, rows: table.count, columns: table.count, scale: .diverging(limit: 1)
      ).drawFilling(area, on: &grid)
    } else if learned.fit.count > 0 {
      drawFit(learned.fit.dots, in: area, on: &grid)
    } else {
      grid.writeWrapped(.secondary("there is no picture of such answers"), in: area)
    }
  }

  /// What it says over what is true: right ones lie on the diagonal.
  private static func drawFit(
    _ fitted: [Fitted.Dot], in area: Rect, on grid: inout CellGrid
  ) {
    let numbers = fitted.flatMap { [$0.target, $0.said] }.filter(\.isFinite)
    guard let low = numbers.min(), let high = numbers.max(), low < high else { return }
    let axis = Axis(low: Double(low), high: Double(high))
    ScatterPlot(
      dots: fitted.map { ScatterPlot.Dot(x: $0.target, y: $0.said, group: 0) }, xAxis: axis,
      yAxis: axis
    ).draw(in: area, on: &grid)
  }

  // MARK: Words

  /// `r12, r11 differ on 4 of 80 unseen`, or what the pictures show.
  private static func words(
    _ runs: [RunSummary], _ state: AppState, width: Int
  ) -> StyledText {
    let pictures = runs.map { state.runs.learned[$0.number]?.picture }
    if runs.count > 1, let one = pictures[0], let other = pictures[1],
      let count = one.differences(from: other)
    {
      return .secondary("r\(runs[0].number), r\(runs[1].number) differ on ")
        + .text(NumberFormat.integer(count))
        + .secondary(" of \(NumberFormat.integer(one.said.count)) unseen")
    }
    let first = pictures.lazy.compactMap(\.self).first
    guard let first else { return StyledText() }
    if first.plane != nil { return .secondary("the color is what it says there") }
    guard first.confusion != nil else { return .secondary("across: true; up: what it says") }
    let axes = StyledText.secondary("is ↓  said →")
    guard state.ability.depth != .none else { return axes }
    let colors =
      StyledText("  ■", .positive) + .secondary(" right  ") + StyledText("■", .negative)
      + .secondary(" wrong")
    return Fitting.first([axes + colors], width: width) ?? axes
  }
}

extension AppState {
  /// Asks for pictures of the compared runs that nobody has made yet; one that trains waits.
  mutating func readLearned() -> [Effect] {
    guard screen == .runs else { return [] }
    var wanted: [Int] = []
    for (run, _) in comparedRuns.prefix(RunsLearnedPanel.most) where !run.isRunning && run.steps > 0
    {
      guard runs.learned[run.number]?.revision != run.revision,
        runs.askedLearned[run.number] != run.revision
      else { continue }
      runs.askedLearned[run.number] = run.revision
      wanted.append(run.number)
    }
    return wanted.isEmpty ? [] : [.runs(.learned(wanted))]
  }
}
