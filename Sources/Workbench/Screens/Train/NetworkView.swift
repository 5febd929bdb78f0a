import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// The network whole: each unit as a small map over the plane, each weight as a line whose color is
/// its sign and which is drawn only when it is strong; of a chosen unit all its lines.
struct NetworkView {
  let view: PanelView
  let scene: LayerScene

  init(_ view: PanelView, _ scene: LayerScene) {
    self.view = view
    self.scene = scene
  }

  /// Units above one another, with what they are.
  private struct Column {
    let name: String
    /// Nil for the inputs.
    let layer: Int?
    let count: Int
    /// Where each drawn unit lies.
    var places: [Rect] = []
    /// The first unit drawn.
    var first = 0
  }

  func draw(on grid: inout CellGrid) {
    let inside = view.box("Layers", detail: LayersPanel.heading(view, scene), on: &grid)
    let columns = columns(in: inside.trimmed(top: 1, bottom: 1))
    guard columns.count > 1 else { return }
    for (from, to) in zip(columns, columns.dropFirst()) { drawLines(from, to, on: &grid) }
    for column in columns { drawColumn(column, inside, on: &grid) }
    grid.write(caption(inside.width), at: Point(inside.x, inside.bottom - 1), width: inside.width)
  }

  private func columns(in area: Rect) -> [Column] {
    let counts = [2] + scene.layers.map { scene.unitCount($0) }
    let names = ["inputs"] + scene.layers.map(\.name)
    let step = max(1, area.width / counts.count)
    // Each map as large as the fullest column allows, at least one row.
    let least = area.height >= 15 ? 3 : 2
    let most = min(counts.max() ?? 1, max(1, (area.height + 1) / least))
    let rows = max(1, min(4, (area.height + 1) / most - (most > 1 ? 1 : 0)))
    let width = max(2, min(rows * 2 + (rows == 1 ? 1 : 0), step - 5))
    return counts.indices.map { index in
      var column = Column(
        name: names[index], layer: index == 0 ? nil : index - 1, count: counts[index])
      let drawn = min(counts[index], max(1, (area.height + 1) / (rows + 1)))
      if let layer = column.layer, layer == scene.chosenLayer {
        column.first = max(0, min(scene.chosenUnit - drawn / 2, counts[index] - drawn))
      }
      let pitch = max(rows + 1, min(rows + 3, area.height / max(1, drawn)))
      let top = area.y + max(0, (area.height - (drawn * pitch - (pitch - rows))) / 2)
      let x = area.x + index * step + (index == 0 ? 0 : (step - width) / 2)
      column.places = (0..<drawn).map { Rect(x, top + $0 * pitch, width, rows) }
      return column
    }
  }

  private func drawColumn(_ column: Column, _ inside: Rect, on grid: inout CellGrid) {
    guard let firstPlace = column.places.first else { return }
    let isChosenLayer = column.layer == scene.chosenLayer && view.isFocused
    let hasRoom = inside.width / (scene.layers.count + 1) > column.name.count + 7
    let some =
      !hasRoom
      ? "" : column.places.count < column.count ? " \(column.places.count)/\(column.count)" : ""
    let step = inside.width / (scene.layers.count + 1)
    let name = String((column.name + some).suffix(max(3, step - 1)))
    let x = max(
      inside.x, min(firstPlace.x + (firstPlace.width - name.count) / 2, inside.right - name.count))
    grid.write(isChosenLayer ? .accent(name) : .secondary(name), at: Point(x, inside.y))
    for (place, area) in column.places.enumerated() {
      let unit = column.first + place
      map(column, unit).drawFilling(area, on: &grid)
      guard let index = column.layer else { continue }
      if let sickness = scene.sickness(scene.layers[index], unit: unit) {
        let sign = LayerScene.sign(sickness)
        grid.put(
          sign.scalar, at: Point(area.right - 1, area.y), ink: sign.ink, background: .plain,
          attributes: .bold)
      }
      guard isChosenLayer, unit == scene.chosenUnit else { continue }
      grid.bracket(area)
    }
  }

  private func map(_ column: Column, _ unit: Int) -> Heatmap {
    guard let index = column.layer else {
      // An input over the plane is its own axis.
      let values = (0..<8).flatMap { row in
        (0..<8).map { unit == 0 ? Float($0) - 3.5 : 3.5 - Float(row) }
      }
      return Heatmap(values: values, rows: 8, columns: 8, scale: .diverging(limit: 4))
    }
    let layer = scene.layers[index]
    return Heatmap(
      values: scene.numbers(layer, unit: unit), rows: layer.tensor.shape[1],
      columns: layer.tensor.shape[2], scale: layer.scale)
  }

  // MARK: Lines

  /// The kernel between two columns, [inputs, units].
  private func kernel(into column: Column) -> Tensor? {
    guard let index = column.layer else { return nil }
    let name = scene.layers[index].name
    let kernel = scene.state.lab.pictures?.layers.first { $0.name == name }?.tensor
    return kernel.flatMap { $0.shape.rank == 2 ? $0 : nil }
  }

  private func drawLines(_ from: Column, _ to: Column, on grid: inout CellGrid) {
    guard let kernel = kernel(into: to), kernel.shape[0] == from.count,
      kernel.shape[1] == to.count
    else { return }
    let limit = kernel.scalars.reduce(Float(0)) { $1.isFinite ? max($0, abs($1)) : $0 }
    guard limit > 0 else { return }
    var lines: [(weight: Float, from: Rect, to: Rect)] = []
    for (i, source) in from.places.enumerated() {
      for (j, target) in to.places.enumerated() {
        let (a, b) = (from.first + i, to.first + j)
        let weight = kernel.scalars[a * to.count + b] / limit
        let isChosen =
          view.isFocused
          && (to.layer == scene.chosenLayer && b == scene.chosenUnit
            || from.layer == scene.chosenLayer && a == scene.chosenUnit)
        if isChosen || (!view.isFocused && abs(weight) > 0.35) {
          lines.append((weight, source, target))
        }
      }
    }
    var canvas = WeightLines()
    for line in lines.sorted(by: { abs($0.weight) < abs($1.weight) }) {
      canvas.add(
        from: Point(line.from.right + 1, line.from.y + line.from.height / 2),
        to: Point(line.to.x - 2, line.to.y + line.to.height / 2), weight: line.weight)
    }
    canvas.draw(on: &grid)
  }

  private func caption(_ width: Int) -> StyledText {
    if view.isFocused, let layer = scene.layer {
      return UnitWords(scene, layer, scene.chosenUnit).text(width: width)
    }
    let isAscii = scene.state.ability.glyphs == .ascii
    return .secondary("lines: strong weights ")
      + StyledText(isAscii ? "+++ +" : "⠒⠒ +", .positive) + " "
      + StyledText(isAscii ? "--- -" : "⠂⠂ −", .negative)
  }
}

/// Straight lines in the dots of braille cells; a cell has the color of the strongest line through it.
struct WeightLines {
  private var cells: [Point: (dots: UInt32, weight: Float)] = [:]

  private static let dots: [[UInt32]] = [
    [0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80],
  ]

  /// A line from the middle of one cell to that of another; a negative one has gaps.
  mutating func add(from: Point, to: Point, weight: Float) {
    let (x0, y0) = (from.x * 2, from.y * 4 + 1)
    let (x1, y1) = (to.x * 2 + 1, to.y * 4 + 1)
    let steps = max(1, x1 - x0)
    guard x1 >= x0 else { return }
    for step in 0...steps {
      if weight < 0, step % 4 > 1 { continue }
      let (x, y) = (x0 + step, y0 + (y1 - y0) * step / steps)
      let cell = Point(x / 2, y / 4)
      let old = cells[cell] ?? (0, 0)
      cells[cell] = (
        old.dots | Self.dots[y % 4][x % 2], abs(weight) >= abs(old.weight) ? weight : old.weight
      )
    }
  }

  func draw(on grid: inout CellGrid) {
    for (point, cell) in cells {
      // Weak lines stay visible.
      let strength = cell.weight < 0 ? min(-0.25, cell.weight) : max(0.25, cell.weight)
      let scalar: Unicode.Scalar =
        grid.ability.glyphs == .full
        ? Unicode.Scalar(0x2800 + cell.dots) ?? "·" : (cell.weight < 0 ? "-" : "+")
      grid.put(scalar, at: point, ink: .diverging(strength))
    }
  }
}
