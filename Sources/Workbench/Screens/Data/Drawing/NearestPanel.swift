import Datasets
import Tensors
import TerminalGraphics
import Training

/// The learned example that is nearest to what is drawn.
enum NearestPanel {
  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    let inside = view.box("Nearest learned", on: &grid)
    guard view.state.data.drawing?.isEmptySheet != true, let answer = view.state.lab.answer,
      let nearest = answer.nearest
    else {
      grid.writeWrapped(
        .secondary(
          "The example it learned from that is most like yours, once one is drawn and there is a run."
        ),
        in: inside)
      return
    }
    let hasClasses = !(view.state.lab.settings?.data.classes.isEmpty ?? true)
    let count = view.state.lab.settings?.data.training.count ?? 0
    let learned = StyledText.secondary("of \(NumberFormat.integer(count)) learned")
    var lines: [StyledText] = [
      hasClasses
        ? .secondary("it is ") + .strong(nearest.label)
        : .secondary("its target ") + .strong(nearest.label),
      learned,
      .secondary("distance ") + .text(NumberFormat.compact(nearest.distance)),
    ]
    let isScaled = view.state.lab.settings?.data.scaler != nil
    if isScaled { lines.append(.secondary("as standardized")) }
    var left = 0
    if case .picture(let picture) = view.state.data.drawing,
      picture.ink.count == nearest.input.count
    {
      let area = Rect(inside.x, inside.y, min(inside.width / 2, 28), inside.height)
      let heatmap = Heatmap(
        values: nearest.input, rows: picture.rows, columns: picture.columns,
        scale: .ink(picture.range.lowerBound, picture.range.upperBound), largestZoom: 2)
      heatmap.draw(in: area, on: &grid)
      left = heatmap.size(in: area).width + 2
    } else if nearest.input.count >= 2 {
      lines.insert(
        .secondary("at ")
          + .text(
            nearest.input.prefix(2).map { NumberFormat.fixed($0, decimals: 2) }
              .joined(separator: ", ")), at: 1)
    }
    let words = inside.trimmed(left: left)
    if let place = lines.firstIndex(of: learned), learned.width > words.width {
      lines[place] = .secondary("of \(NumberFormat.integer(count))")
    }
    for (row, line) in lines.prefix(words.height).enumerated() {
      grid.write(line, at: Point(words.x, words.y + row), width: words.width)
    }
  }
}
