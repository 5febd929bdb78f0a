import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// How often the numbers of each layer fall where: one histogram a layer, with its axis.
struct LayerHistograms {
  let view: PanelView
  let scene: LayerScene

  init(_ view: PanelView, _ scene: LayerScene) {
    self.view = view
    self.scene = scene
  }

  func draw(on grid: inout CellGrid) {
    let inside = view.area.inset().inset(columns: 1, rows: 0)
    let perRow = max(1, min(scene.layers.count, (inside.width + 2) / 34))
    let lines = (scene.layers.count + perRow - 1) / perRow
    let shownLines = max(1, min(lines, inside.height / 4))
    let chosenLine = scene.chosenLayer / perRow
    let firstLine = max(0, min(chosenLine - shownLines / 2, lines - shownLines))
    let shown = firstLine * perRow..<min(scene.layers.count, (firstLine + shownLines) * perRow)
    let note: StyledText =
      shown.count < scene.layers.count
      ? .secondary("\(shown.lowerBound + 1)–\(shown.upperBound) of \(scene.layers.count) ")
        + .accent("↑↓") : StyledText()
    _ = view.box(
      "Layers",
      detail: LayersPanel.heading(view, scene)
        + .secondary(view.area.width < 46 ? "" : ", how often"), note: note,
      on: &grid)
    let width = (inside.width + 2) / perRow
    let height = inside.height / shownLines
    for (place, index) in shown.enumerated() {
      let area = Rect(
        inside.x + place % perRow * width, inside.y + place / perRow * height, width - 2, height)
      draw(
        scene.layers[index], isChosen: view.isFocused && index == scene.chosenLayer, area, on: &grid
      )
    }
  }

  private func draw(
    _ layer: LayerPicture, isChosen: Bool, _ area: Rect, on grid: inout CellGrid
  ) {
    let facts = layer.facts
    var line = isChosen ? StyledText.accent(layer.name) : .text(layer.name)
    var parts: [StyledText] = [
      .secondary("mean ") + .text(LayerHead.number(facts.mean, 6)),
      .secondary("σ ") + .text(LayerHead.number(facts.deviation, 5)),
    ]
    let zeros = NumberFormat.padded(
      NumberFormat.percent(Double(facts.zeroShare), decimals: 0), to: 5)
    parts.append(.secondary("zeros ") + .text(zeros))
    let isHigh = area.height >= 6
    if let sickness = LayerHead(layer, scene, layer.scale).sickness {
      if isHigh { line += "  " + sickness } else { parts.append(sickness) }
    }
    if isHigh {
      grid.write(line, at: area.origin, width: area.width)
      line = StyledText()
    }
    for part in parts where line.width + 2 + part.width <= area.width + (line.isEmpty ? 2 : 0) {
      line += (line.isEmpty ? "" : "  ") + part
    }
    grid.write(line, at: Point(area.x, area.y + (isHigh ? 1 : 0)), width: area.width)
    let bars = area.trimmed(top: isHigh ? 2 : 1)
    guard bars.height > 0, facts.count > 0 else {
      grid.write(.bad("no number is finite"), at: Point(area.x, area.y + 1), width: area.width)
      return
    }
    Histogram(
      values: layer.tensor.scalars, bins: bars.width, ink: isChosen ? .accent : .series(0)
    ).draw(in: bars, on: &grid)
  }
}
