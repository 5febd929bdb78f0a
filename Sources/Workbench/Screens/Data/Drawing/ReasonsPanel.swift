import Datasets
import Tensors
import TerminalGraphics
import Training

/// What the answer depends on: pixel by pixel for a picture; for points, how many there are.
enum ReasonsPanel {
  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    switch view.state.data.drawing {
    case .picture(let picture): draw(picture, view, on: &grid)
    case .points(let points): draw(points, view, on: &grid)
    case nil: break
    }
  }

  // MARK: Pixels

  private static func draw(
    _ picture: PictureDrawing, _ view: PanelView, on grid: inout CellGrid
  ) {
    guard !Drawing.picture(picture).isEmptySheet, let answer = view.state.lab.answer,
      answer.influence.count == picture.ink.count,
      let most = answer.influence.indices.max(by: {
        abs(answer.influence[$0]) < abs(answer.influence[$1])
      })
    else {
      let inside = view.box("Which pixels speak", on: &grid)
      grid.writeWrapped(
        .secondary(
          "Which pixels the answer depends on, once something is drawn and there is a run."),
        in: inside)
      return
    }
    let bars = SaidPanel.bars(answer, view.state)
    let said = bars.indices.contains(answer.said) ? bars[answer.said].name : "it"
    let title = "Which pixels speak for \(said)"
    let isNarrow = TextWidth.columns(title) + 6 > view.area.width
    let inside = view.box(isNarrow ? "Pixels for \(said)" : title, on: &grid)
    let limit = abs(answer.influence[most])
    guard limit > 0 else {
      grid.writeWrapped(.secondary("None: to clear a pixel changes nothing."), in: inside)
      return
    }
    let heatmap = Heatmap(
      values: answer.influence, rows: picture.rows, columns: picture.columns,
      scale: .diverging(limit: limit), sampling: .strongest, largestZoom: 2)
    let height = min(inside.height, max(4, inside.height - 3))
    let size = heatmap.size(in: Rect(inside.x, inside.y, inside.width * 3 / 5, height))
    heatmap.draw(in: Rect(inside.x, inside.y, inside.width * 3 / 5, height), on: &grid)
    let words = inside.trimmed(left: size.width + 2)
    let number = NumberFormat.compact(limit, digits: 3)
    let legend: [StyledText] = [
      mark(1, grid.ability) + .secondary(" p falls"),
      mark(-1, grid.ability) + .secondary(" p rises"),
      .secondary("± ") + .text(number),
    ]
    for (row, line) in legend.enumerated() where words.width >= 7 && row < words.height {
      grid.write(line, at: Point(words.x, words.y + row), width: words.width)
    }
    let below = inside.trimmed(top: size.height)
    guard below.height > 0 else { return }
    let place = "[\(most / picture.columns), \(most % picture.columns)]"
    let fall = NumberFormat.compact(answer.influence[most], digits: 3)
    let long = StyledText.secondary("when one pixel is cleared; most: ") + .text("\(place) \(fall)")
    let short = StyledText.secondary("most: ") + .text("\(place) \(fall)")
    grid.writeWrapped(
      long.wrapped(to: below.width).count <= below.height ? long : short, in: below)
  }

  /// A swatch of the scale; a sign where there are no colors.
  private static func mark(_ value: Float, _ ability: Ability) -> StyledText {
    guard !ability.hasHalfBlocks else {
      return StyledText("■", value < 0 ? .negative : .positive)
    }
    let shade = ColorScale.diverging(limit: 1).shade(of: value, ability: ability)
    return StyledText(String(Character(shade.scalar)), shade.ink)
  }

  // MARK: Points

  private static func draw(
    _ drawing: PointsDrawing, _ view: PanelView, on grid: inout CellGrid
  ) {
    let inside = view.box("Points", on: &grid)
    guard let points = drawing.points else {
      grid.writeWrapped(
        .secondary(
          "The targets of \(view.state.data.name) are numbers: move the cursor to ask"
            + " the run of any place."), in: inside)
      return
    }
    let shown = min(points.classes.count, inside.height)
    for group in 0..<shown {
      let count = points.points.count { $0.group == group }
      let isNext = group == drawing.group
      grid.write(
        (isNext ? .accent("▶ ") : .text("  "))
          + DotCloud.mark(of: group, among: points.classes.count, ability: grid.ability)
          + .text(" \(points.classes[group])"),
        at: Point(inside.x, inside.y + group), width: inside.width)
      grid.writeTrailing(
        .text(NumberFormat.integer(count)) + .secondary(count == 1 ? " point" : " points"),
        in: inside.row(group))
    }
    guard inside.height > shown + 1 else { return }
    let words: StyledText =
      points.points.count < 2
      ? .secondary("two points are the fewest to learn from")
      : .accent("Enter") + .secondary(" keeps them under a name and learns from them")
    grid.writeWrapped(words, in: inside.trimmed(top: shown + 1))
  }
}
