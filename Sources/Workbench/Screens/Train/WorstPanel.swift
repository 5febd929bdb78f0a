import Datasets
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// The examples with the largest loss: as pictures where they are pictures, else as a table.
enum WorstPanel {
  private static let cell = Size(16, 5)

  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    let isHeldBack = view.lab.settings?.data.validation != nil
    let long = isHeldBack ? "Unseen, worst first" : "Worst first"
    let title = view.area.width < 40 && view.state.isCompact ? "Worst first" : long
    let worst = view.lab.pictures?.worst ?? []
    guard !worst.isEmpty else {
      let inside = view.box(title, on: &grid)
      grid.writeWrapped(.secondary("The examples come with the next news of the run."), in: inside)
      return
    }
    let image = imageShape(view)
    let area = view.area.inset().inset(columns: 1, rows: 0)
    // With height for one row only, the words stand below the pictures, and more of them fit.
    let isUpright = image != nil && (7..<9).contains(area.height)
    let cell = isUpright ? Size(13, 7) : Self.cell
    let perRow = image == nil ? 1 : max(1, (area.width + 2) / cell.width)
    let rows = image == nil ? max(0, area.height - 1) : (area.height + 1) / cell.height
    let first = max(0, min(view.state.train.firstWorst, worst.count - 1)) / perRow * perRow
    let shown = worst.dropFirst(first).prefix(max(1, rows * perRow))
    let last = first + shown.count
    let inside = view.box(
      title, detail: "loss L",
      note: "\(first + 1)–\(last) of \(worst.count)\(last < worst.count ? " ↓" : "")", on: &grid)
    guard let image else {
      drawTable(Array(shown), view, inside.inset(columns: -1, rows: 0), on: &grid)
      return
    }
    for (index, example) in shown.enumerated() {
      let place = Rect(
        inside.x + index % perRow * (inside.width / perRow),
        inside.y + index / perRow * cell.height, inside.width / perRow, cell.height)
      draw(example, image, view, isUpright: isUpright, in: place, on: &grid)
    }
  }

  /// [rows, columns] when the examples of the run are pictures of one channel or more.
  static func imageShape(_ view: PanelView) -> Shape? {
    if let opened = view.state.train.opened, let shape = opened.dataset.imageShape,
      shape.count == view.lab.network?.inputShape.count
    {
      return shape
    }
    guard let input = view.lab.network?.inputShape, input.rank == 3 else { return nil }
    return input
  }

  private static func name(_ index: Int, _ view: PanelView) -> String {
    let classes = view.lab.settings?.data.classes ?? []
    return classes.indices.contains(index) ? classes[index] : "\(index)"
  }

  private static func draw(
    _ example: JudgedExample, _ image: Shape, _ view: PanelView, isUpright: Bool,
    in area: Rect, on grid: inout CellGrid
  ) {
    drawImage(
      example.input.scalars, image, in: Rect(area.x, area.y, 8, min(4, area.height)), on: &grid)
    let isRight = example.isClass == example.saidClass
    let lines: [StyledText] = [
      .secondary("is ") + .text(name(example.isClass, view)),
      .secondary("said ")
        + StyledText(name(example.saidClass, view), isRight ? .good : .bad),
      .secondary("p ") + .text(NumberFormat.fixed(example.probability, decimals: 2)),
      .secondary("L ") + .text(NumberFormat.compact(example.loss, digits: 3)),
    ]
    if isUpright {
      let upright = [lines[0] + " " + lines[1], lines[2], lines[3]]
      for (row, line) in upright.enumerated() {
        grid.write(line, at: Point(area.x, area.y + 4 + row), width: area.width - 1)
      }
      return
    }
    for (row, line) in lines.enumerated() {
      grid.write(line, at: Point(area.x + 9, area.y + row), width: area.width - 9)
    }
  }

  /// A picture of [rows, columns, channels], the first channel, as ink on paper.
  static func drawImage(
    _ numbers: [Float], _ shape: Shape, in area: Rect, on grid: inout CellGrid
  ) {
    let channels = shape.rank > 2 ? shape[2] : 1
    let values = stride(from: 0, to: numbers.count, by: max(1, channels)).map { numbers[$0] }
    let low = min(0, values.min() ?? 0)
    let high = max(low + 1e-6, values.max() ?? 1)
    Heatmap(
      values: values, rows: shape[0], columns: shape[1], scale: .ink(low, high), largestZoom: 1
    ).draw(in: area, on: &grid)
  }

  private static func drawTable(
    _ examples: [JudgedExample], _ view: PanelView, _ area: Rect, on grid: inout CellGrid
  ) {
    Table(
      columns: [
        .init("#", .cells(4), .trailing), .init("is", .share(1)), .init("said", .share(1)),
        .init("p", .cells(4), .trailing), .init("L", .cells(7), .trailing),
      ],
      rows: examples.map { example in
        [
          .secondary("\(example.row)"), .text(name(example.isClass, view)),
          StyledText(
            name(example.saidClass, view), example.isClass == example.saidClass ? .good : .bad),
          .text(NumberFormat.fixed(example.probability, decimals: 2)),
          .text(NumberFormat.compact(example.loss, digits: 3)),
        ]
      }, gap: 1
    ).draw(in: area, on: &grid)
  }

  static func press(_ key: Key, _ state: inout AppState) -> [Effect]? {
    let count = state.lab.pictures?.worst.count ?? 0
    var first = state.train.firstWorst
    switch key {
    case .up, .character("k"): first -= 2
    case .down, .character("j"): first += 2
    case .pageUp: first -= 8
    case .pageDown: first += 8
    case .home: first = 0
    case .end: first = count - 1
    default: return nil
    }
    state.train.firstWorst = max(0, min(first, count - 1))
    return []
  }
}
