import Tensors
import TerminalGraphics
import Training

/// What the run at hand has learned: the plane of a two-feature set, or who is taken for whom.
enum LastRunPanel {
  static func hasPicture(_ state: AppState) -> Bool { !state.lab.history.steps.isEmpty }

  static func draw(
    _ state: AppState, _ area: Rect, _ isFocused: Bool, on grid: inout CellGrid
  ) {
    let pictures = state.lab.pictures
    if let pictures, pictures.plane == nil, pictures.confusion == nil, pictures.fit.count > 0 {
      FitPanel.draw(PanelView(state: state, area: area, isFocused: isFocused), on: &grid)
      return
    }
    let name = state.home.openRun.map { "run r\($0)" } ?? "the run at hand"
    let inside = grid.box(
      area, title: "What \(name) has learned",
      detail: .secondary(state.lab.settings?.data.name ?? ""), isFocused: isFocused
    ).inset(columns: 1, rows: 0)
    guard let pictures, pictures.plane != nil || pictures.confusion != nil else {
      return drawLoss(state, inside, on: &grid)
    }
    let footnote = right(pictures, isHeldBack: state.lab.settings?.data.validation != nil)
    let picture = inside.trimmed(bottom: footnote.isEmpty ? 0 : 1)
    grid.write(footnote, at: Point(inside.x, inside.bottom - 1), width: inside.width)
    if let plane = pictures.plane {
      drawPlane(plane, state, picture, on: &grid)
    } else if let table = pictures.confusion {
      drawConfusion(table, state, picture, on: &grid)
    }
  }

  /// The loss of the run at hand, where there is no picture of what it says.
  private static func drawLoss(_ state: AppState, _ area: Rect, on grid: inout CellGrid) {
    let steps = state.lab.history.steps
    guard steps.count > 1 else {
      grid.write(.secondary("one step is done; the loss shows from the second on"), at: area.origin)
      return
    }
    // A curve this small needs no more points than it has dots.
    let stride = max(1, steps.count / 400)
    let shown = steps.indices.filter { $0 % stride == 0 || $0 == steps.count - 1 }
    let losses = shown.map { steps[$0].loss }
    LinePlot(
      series: [
        LinePlot.Series(
          name: "loss", x: shown.map { Float($0 + 1) }, y: losses, ink: MetricInk.loss)
      ],
      isLogarithmic: losses.allSatisfy { $0 > 0 && $0.isFinite }, xLabel: "loss · step",
      hasWholeX: true
    ).draw(in: area, on: &grid)
  }

  private static func right(_ pictures: LabPictures, isHeldBack: Bool) -> StyledText {
    guard let right = pictures.right else { return StyledText() }
    let count = pictures.judged.count
    let examples = isHeldBack ? "unseen examples" : "examples"
    let what = count > pictures.unseenCount ? "places of \(examples)" : examples
    return .strong(NumberFormat.integer(right))
      + .secondary(" of \(NumberFormat.integer(count)) \(what) are right")
  }

  private static func drawPlane(
    _ plane: PlanePicture, _ state: AppState, _ area: Rect, on grid: inout CellGrid
  ) {
    let extents = plane.field.shape.extents
    let legend = Rect(area.x, area.y, 20, area.height)
    let room = area.trimmed(right: legend.width + 2)
    let map = Heatmap(
      values: plane.parted, rows: extents[0], columns: extents[1],
      scale: plane.meaning == .value ? .diverging(fitting: plane.parted) : .diverging(limit: 1),
      largestZoom: 1)
    map.draw(in: room, on: &grid)
    let classes = state.lab.shownClasses
    let x = area.x + map.size(in: room).width + 2
    let ability = state.ability
    // What fills an area: a color, else a character of its own.
    let marks = [Float(1), -1].map { value -> StyledText in
      guard !ability.hasHalfBlocks else {
        return StyledText("■ ", value > 0 ? .positive : .negative)
      }
      let shade = ColorScale.diverging(limit: 1).shade(of: value, ability: ability)
      return StyledText(String(Character(shade.scalar)) + " ", shade.ink)
    }
    var lines: [StyledText] =
      classes.count == 2
      ? [
        marks[0] + .text("class \(classes[0])"), marks[1] + .text("class \(classes[1])"),
        .secondary("faint: unsure"),
      ] : [marks[0] + .text("high"), marks[1] + .text("low")]
    let span =
      "\(NumberFormat.compact(plane.across.lowerBound, digits: 2)) … "
      + NumberFormat.compact(plane.across.upperBound, digits: 2)
    lines += [
      StyledText(), .secondary("across x₁, up x₂,"), .secondary("each " + span), StyledText(),
      .hint("Enter", "on Train"),
    ]
    for (i, line) in lines.prefix(area.height).enumerated() {
      grid.write(line, at: Point(x, area.y + i), width: max(0, area.right - x))
    }
  }

  /// A row for each class: how many of its unseen examples are read right, and what the others are
  /// taken for.
  private static func drawConfusion(
    _ table: [[Int]], _ state: AppState, _ area: Rect, on grid: inout CellGrid
  ) {
    let names = state.lab.classNames
    let label = min(14, names.map(\.count).max() ?? 2)
    let columns = area.width >= 96 ? 2 : 1
    let perColumn = max(1, (table.count + columns - 1) / columns)
    for (i, row) in table.enumerated() {
      let line = i % perColumn
      guard line < area.height else { continue }
      let width = area.width / columns
      let x = area.x + i / perColumn * width
      let total = row.reduce(0, +)
      let name = names.indices.contains(i) ? names[i] : "\(i)"
      grid.write(.text(name), at: Point(x, area.y + line), width: label)
      let bar = ProgressBar(Double(row[i]) / Double(max(total, 1)))
        .styled(width: width < 48 ? 6 : 12)
      grid.write(
        bar + .text("  " + padded(row[i], in: table))
          + .secondary(" of " + padded(total, in: table))
          + mistakes(row, i, names, isShort: width < 48),
        at: Point(x + label + 2, area.y + line), width: max(0, width - label - 3))
    }
  }

  /// A count as wide as that of the largest class, so that the words behind it stand in a column.
  private static func padded(_ count: Int, in table: [[Int]]) -> String {
    let largest = table.map { $0.reduce(0, +) }.max() ?? 0
    return NumberFormat.padded("\(count)", to: "\(largest)".count)
  }

  /// ` as 8 ×3, as 2`: what the others of a class are taken for.
  private static func mistakes(
    _ row: [Int], _ own: Int, _ names: [String], isShort: Bool
  ) -> StyledText {
    let others = row.indices.filter { $0 != own && row[$0] > 0 }.sorted { row[$0] > row[$1] }
    return others.reduce(into: StyledText()) { text, other in
      let name = names.indices.contains(other) ? names[other] : "\(other)"
      text +=
        (text.isEmpty ? .secondary(isShort ? "  said " : "   it said ") : .secondary(", "))
        + .text(name)
      if row[other] > 1 { text += .secondary(" ×\(row[other])") }
    }
  }
}
