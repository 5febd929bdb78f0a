import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// One unit large: its map over the plane, or its numbers, one of them chosen.
struct UnitView {
  let view: PanelView
  let scene: LayerScene

  init(_ view: PanelView, _ scene: LayerScene) {
    self.view = view
    self.scene = scene
  }

  private static let cellWidth = 8

  func draw(on grid: inout CellGrid) {
    guard let layer = scene.layer else { return }
    let unit = scene.chosenUnit
    let inside = view.box(
      "Layers", detail: LayersPanel.heading(view, scene),
      note: .accent("PgUp PgDn") + .secondary(" other units"), on: &grid)
    grid.write(
      UnitWords(scene, layer, unit).text(width: inside.width), at: inside.origin,
      width: inside.width)
    let room = inside.trimmed(top: 1, bottom: 1)
    if scene.isPlane && layer.quantity == .activation {
      drawMap(layer, unit, room, on: &grid)
    } else {
      drawNumbers(layer, unit, room, on: &grid)
    }
    grid.write(foot(layer, unit), at: Point(inside.x, inside.bottom - 1), width: inside.width)
  }

  private func drawMap(
    _ layer: LayerPicture, _ unit: Int, _ room: Rect, on grid: inout CellGrid
  ) {
    let shape = layer.tensor.shape
    let area = Rect(room.x, room.y, min(room.width, room.height * 2 + 1), room.height)
    Heatmap(
      values: scene.numbers(layer, unit: unit), rows: shape[1], columns: shape[2],
      scale: layer.scale
    ).drawFilling(area, on: &grid)
    let rest = room.trimmed(left: area.width + 3)
    guard rest.width >= 14, rest.height >= 4 else { return }
    grid.write(.secondary("how often it gives what"), at: rest.origin, width: rest.width)
    Histogram(values: scene.numbers(layer, unit: unit), bins: rest.width).draw(
      in: rest.trimmed(top: 1), on: &grid)
  }

  private func drawNumbers(
    _ layer: LayerPicture, _ unit: Int, _ room: Rect, on grid: inout CellGrid
  ) {
    let numbers = scene.numbers(layer, unit: unit)
    let columns = Self.columns(scene, in: room.size)
    let chosen = chosenNumber(layer)
    var matrix = NumberMatrix(
      values: numbers, rows: (numbers.count + columns - 1) / columns, columns: columns,
      scale: NumberFacts(numbers).scale,
      chosen: NumberMatrix.Place(row: chosen / columns, column: chosen % columns),
      cellWidth: Self.cellWidth, decimals: 3)
    matrix.hasHeadings = room.height > 1
    matrix.rowNames = rowNames(layer, numbers.count, columns)
    if columns == 1 { matrix.columnNames = [layer.symbol] }
    matrix.revealChosen(in: room)
    matrix.draw(in: room, on: &grid)
  }

  private func chosenNumber(_ layer: LayerPicture) -> Int {
    let count = scene.numbers(layer, unit: scene.chosenUnit).count
    return max(0, min(scene.state.train.layers.number, count - 1))
  }

  /// The room for numbers in a panel: a line of words stands above them and one below.
  static func room(in panel: Rect) -> Size { Size(panel.width - 4, panel.height - 4) }

  /// The columns in which the numbers of the chosen unit stand: those of a picture, one for a number
  /// each probe where they have room below each other, else as many as fit.
  static func columns(_ scene: LayerScene, in room: Size) -> Int {
    guard let layer = scene.layer else { return 1 }
    let shape = layer.tensor.shape
    let fitting = max(1, (room.width - 6) / cellWidth)
    if !layer.quantity.isOfKernel {
      // The symbol stands over a column of its own.
      let isHigh = shape.rank == 2 && shape[0] < room.height
      return isHigh ? 1 : max(1, min(fitting, shape.rank == 4 ? shape[2] : shape[shape.rank - 2]))
    }
    if shape.rank == 4, shape[2] == 1 { return shape[1] }
    let image = WorstPanel.imageShape(
      PanelView(state: scene.state, area: Rect(0, 0, 0, 0), isFocused: false))
    if let image, image.count == shape[0], image[1] <= fitting { return image[1] }
    return max(1, min(fitting, 8, shape[0]))
  }

  private func rowNames(_ layer: LayerPicture, _ count: Int, _ columns: Int) -> [String] {
    let rows = (count + columns - 1) / columns
    if !layer.quantity.isOfKernel, layer.tensor.shape.rank == 2, columns == 1 {
      return (0..<rows).map { scene.state.lab.pictures?.probeLabels[safe: $0] ?? "\($0)" }
        .map { String($0.prefix(10)) }
    }
    return (0..<rows).map { "\($0 * columns)" }
  }

  /// The chosen number under its name, and what can be done with it.
  private func foot(_ layer: LayerPicture, _ unit: Int) -> StyledText {
    if scene.isPlane && layer.quantity == .activation {
      let names = LayersPanel.axes(scene.state)
      let scale = layer.scale
      let high = NumberFormat.compact(scale.high, digits: 3)
      let low = scale.ramp == .diverging ? "−\(high)" : "0"
      return .secondary("across \(names.across), up \(names.up)  ")
        + LayersPanel.swatches(scale, low, high, scene.state.ability, steps: 9)
    }
    let number = chosenNumber(layer)
    let value = scene.numbers(layer, unit: unit)[safe: number] ?? 0
    let name: String
    if layer.quantity.isOfKernel {
      name = "\(layer.symbol)[\(number), \(unit)]"
    } else {
      let label = scene.state.lab.pictures?.probeLabels[safe: number] ?? "\(number)"
      name = layer.tensor.shape.rank == 2 ? "\(layer.symbol) of probe \(label)" : "number \(number)"
    }
    let text: StyledText =
      .secondary("\(name) = ") + .strong(NumberFormat.compact(value, digits: 6))
    let hint = StyledText("  ") + .hint("Enter", "type another")
    return scene.look == .weights && text.width + hint.width <= view.area.width - 4
      ? text + hint : text
  }
}

extension Array {
  /// The element, nil beyond the ends.
  subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}

/// Typing into one weight.
enum WeightField {
  /// The name and the place of the chosen weight in its kernel.
  static func chosen(_ state: AppState) -> (name: String, offset: Int, value: Float)? {
    let scene = LayerScene(state)
    guard scene.look == .weights, let layer = scene.layer,
      let path = state.lab.network?.layers.first(where: { $0.name == layer.name })?
        .weights.first?.path
    else { return nil }
    let numbers = scene.numbers(layer, unit: scene.chosenUnit)
    let number = max(0, min(state.train.layers.number, numbers.count - 1))
    guard numbers.indices.contains(number) else { return nil }
    return (
      "\(layer.name)/\(path)", number * scene.unitCount(layer) + scene.chosenUnit, numbers[number]
    )
  }

  @Sendable static func open(_ state: inout AppState) -> [Effect] {
    guard let weight = chosen(state) else { return [] }
    state.field = TextField(
      "\(weight.name), now \(NumberFormat.compact(weight.value, digits: 4))",
      allows: TextField.digits
    ) { text, state in
      guard !text.isEmpty else { return [] }
      guard let number = Float(text), number.isFinite, abs(number) <= 1e6 else {
        state.say("\(text) does not fit a weight; right would be a number, as -0.25", .warning)
        return []
      }
      state.say("\(weight.name)[\(weight.offset)] is \(text) from here on", .good)
      return [.lab(.setWeight(weight.name, at: weight.offset, to: number))]
    }
    return []
  }
}
