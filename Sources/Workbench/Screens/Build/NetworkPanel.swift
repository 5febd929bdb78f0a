import Datasets
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// The network as columns of units and what connects them; images are stacks of maps.
struct NetworkPanel {
  /// A column of the diagram: the input, or a layer that makes something new.
  private struct Column {
    let name: String
    let shape: Shape
    let isChosen: Bool
    /// [inputs, units] of the layer, when a run has them.
    let kernel: Tensor?

    var isImage: Bool { shape.rank == 3 }
    /// The units of a row; the maps of an image; the features of a sequence.
    var count: Int { shape.last }
    var drawn: Int { min(count, 8) }
    var label: String {
      isImage
        ? "\(shape[0])×\(shape[1]) × \(count)"
        : shape.rank == 2 ? "\(shape[0]) × \(count)" : "× \(NumberFormat.integer(count))"
    }
  }

  private let view: BuildView

  init(_ view: BuildView) { self.view = view }

  func draw(in area: Rect, isFocused: Bool, on grid: inout CellGrid) {
    guard view.blueprint.model.isChain else {
      return drawGraph(in: area, isFocused: isFocused, on: &grid)
    }
    let all = columns
    let most = max(2, (area.width - 2) / 10)
    let shown = window(of: all, most: most)
    let weights = all.contains { $0.kernel != nil }
    let inside = grid.box(
      area, title: "Network", detail: .secondary(detail(all, shown.count, weights: weights)),
      isFocused: isFocused)
    guard inside.height >= 5, !shown.isEmpty else { return }
    let places = inside.inset(rows: 0).columns(
      Array(repeating: Extent.share(1), count: shown.count))
    let legend = weights && inside.height >= 16
    let body = inside.trimmed(top: 1, bottom: legend ? 2 : 1)
    for (i, (column, place)) in zip(shown, places).enumerated() {
      let rect = Rect(place.x, body.y, place.width, body.height)
      let next = i + 1 < shown.count ? shown[i + 1] : nil
      drawHeading(column, in: Rect(place.x, inside.y, place.width, 1), on: &grid)
      drawFoot(column, in: Rect(place.x, body.bottom, place.width, 1), on: &grid)
      if column.isImage {
        drawStack(column, in: rect, on: &grid)
      } else {
        drawUnits(column, in: rect, on: &grid)
      }
      if let next { drawConnections(column, next, from: rect, to: places[i + 1].x, on: &grid) }
    }
    if legend { drawLegend(in: inside.row(-1), on: &grid) }
  }

  // MARK: Graphs

  /// A graph as a list of what flows where: a row of columns would say what is not so.
  private func drawGraph(in area: Rect, isFocused: Bool, on grid: inout CellGrid) {
    let blueprint = view.blueprint
    let count = blueprint.model.layers.count
    let scroll = ListSelection(index: max(0, min(view.line - 1, count - 1)))
      .scroll(shown: area.height - 2, count: count)
    let inside = grid.box(
      area, title: "Network", detail: .secondary("a graph of \(count) layers"),
      isFocused: isFocused, scroll: scroll)
    let width = min(24, (blueprint.names.map(\.count).max() ?? 0) + 1)
    for row in 0..<min(inside.height, count - scroll.first) {
      let i = row + scroll.first
      let line = inside.row(row)
      let isChosen = view.line == i + 1
      grid.write(
        isChosen ? .accent(blueprint.names[i]) : .text(blueprint.names[i]),
        at: Point(line.x + 1, line.y), width: width)
      let taken = "← " + blueprint.sources[i].joined(separator: ", ")
      let shape = blueprint.placed.indices.contains(i) ? blueprint.placed[i].outputShape.tuple : "—"
      grid.write(
        .secondary(taken), at: Point(line.x + 1 + width, line.y),
        width: max(0, line.width - 3 - width - shape.count))
      grid.writeTrailing(.secondary(shape), in: line.trimmed(right: 1))
    }
  }

  // MARK: What is drawn

  private var columns: [Column] {
    let input = Column(
      name: "Input", shape: view.blueprint.inputShape, isChosen: view.line == 0, kernel: nil)
    return [input]
      + view.blueprint.placed.enumerated().compactMap { i, layer in
        let isChosen = view.line == i + 1
        let changes = layer.inputShape != layer.outputShape || !layer.weights.isEmpty
        guard changes || isChosen else { return nil }
        return Column(
          name: layer.name, shape: layer.outputShape, isChosen: isChosen,
          kernel: kernel(of: layer))
      }
  }

  /// The weights of the run at hand, when it is a run of this very network.
  private func kernel(of layer: Network.PlacedLayer) -> Tensor? {
    let lab = view.state.lab
    guard lab.settings?.model.layers == view.blueprint.model.layers,
      let picture = lab.pictures?.layers.first(where: { $0.name == layer.name }),
      picture.quantity == .weights, picture.tensor.shape == layer.weights.first?.shape,
      picture.tensor.shape.rank == 2
    else { return nil }
    return picture.tensor
  }

  /// The columns around the chosen one, when there are more than fit.
  private func window(of all: [Column], most: Int) -> [Column] {
    guard all.count > most else { return all }
    let chosen = all.firstIndex(where: \.isChosen) ?? all.count - 1
    let first = max(0, min(chosen - most / 2, all.count - most))
    return Array(all[first..<first + most])
  }

  private func detail(_ all: [Column], _ shown: Int, weights: Bool) -> String {
    var parts: [String] = []
    if shown < all.count { parts.append("\(shown) of \(all.count) shown") }
    if let widest = all.filter({ !$0.isImage }).map(\.count).max(), widest > 8 {
      parts.append("8 of \(NumberFormat.integer(widest)) drawn")
    }
    if weights { parts.append("weights of step \(view.state.lab.position.step)") }
    return parts.joined(separator: " · ")
  }

  // MARK: Drawing

  private func drawHeading(_ column: Column, in row: Rect, on grid: inout CellGrid) {
    grid.write(
      column.isChosen ? .accent(column.name) : .text(column.name), at: row.origin,
      width: row.width - 1, alignment: .center)
  }

  private func drawFoot(_ column: Column, in row: Rect, on grid: inout CellGrid) {
    grid.write(
      column.isChosen ? .accent(column.label) : .secondary(column.label), at: row.origin,
      width: row.width - 1, alignment: .center)
  }

  /// The rows of the units of a column, evenly over the height.
  private func rows(_ column: Column, in rect: Rect) -> [Int] {
    let count = min(column.drawn, max(1, rect.height))
    let step = max(1, min(2, rect.height / count))
    let top = rect.y + max(0, (rect.height - (step * (count - 1) + 1)) / 2)
    return (0..<count).map { top + step * $0 }
  }

  /// The column of the screen in which units stand.
  private func center(of rect: Rect) -> Int { rect.x + (rect.width - 1) / 2 }

  private func drawUnits(_ column: Column, in rect: Rect, on grid: inout CellGrid) {
    let x = center(of: rect)
    let rows = rows(column, in: rect)
    for y in rows {
      if column.isChosen {
        grid.write(.accent("(●)"), at: Point(x - 1, y))
      } else {
        grid.put("●", at: Point(x, y), ink: .secondary)
      }
    }
    if column.count > column.drawn, let last = rows.last, last + 1 < rect.bottom {
      grid.put("┊", at: Point(x, last + 1), ink: .secondary)
    }
  }

  /// Maps lie behind one another.
  private func drawStack(_ column: Column, in rect: Rect, on grid: inout CellGrid) {
    let depth = min(3, column.count)
    let widest = max(1, view.blueprint.inputShape.rank == 3 ? view.blueprint.inputShape[1] : 1)
    let most = min(6, rect.width - 4 - depth)
    let side = max(3, min(most, (most * column.shape[1] + widest / 2) / widest))
    let height = max(3, min(side / 2 + 2, rect.height - depth))
    let x = rect.x + max(0, (rect.width - 1 - side - depth) / 2)
    let y = rect.y + max(0, (rect.height - height - depth) / 2)
    for layer in stride(from: depth - 1, through: 0, by: -1) {
      let frame = Rect(x + layer, y + depth - 1 - layer, side, height)
      grid.fill(frame)
      grid.drawFrame(frame, ink: column.isChosen ? .accent : layer == 0 ? .secondary : .border)
    }
  }

  /// A line out of every unit, one that gathers them, and a line into every unit of the next
  /// column in the color of the largest weight into it.
  private func drawConnections(
    _ column: Column, _ next: Column, from rect: Rect, to nextX: Int, on grid: inout CellGrid
  ) {
    if column.isImage || next.isImage {
      grid.write(.secondary("─▶"), at: Point(rect.right - 2, rect.y + rect.height / 2))
      return
    }
    let here = center(of: rect)
    let there = Rect(nextX, rect.y, rect.width, rect.height)
    let bus = rect.right - 1
    let left = rows(column, in: rect)
    let right = rows(next, in: there)
    let end = center(of: there) - 2
    guard let top = (left + right).min(), let bottom = (left + right).max(), here + 2 < bus,
      bus < end
    else { return }
    if bottom > top {
      for y in top...bottom { grid.put("│", at: Point(bus, y), ink: .border) }
    }
    for y in left {
      for x in here + 2..<bus { grid.put("─", at: Point(x, y), ink: .border) }
      grid.put(
        joint(y, top, bottom, isLeft: true, both: right.contains(y)), at: Point(bus, y),
        ink: .border)
    }
    let strongest = strongest(into: next)
    for (unit, y) in right.enumerated() {
      let weight = strongest.indices.contains(unit) ? strongest[unit] : nil
      for x in bus + 1...end { drawWeight(weight, at: Point(x, y), on: &grid) }
      if !left.contains(y) {
        grid.put(joint(y, top, bottom, isLeft: false, both: false), at: Point(bus, y), ink: .border)
      }
    }
  }

  private func joint(
    _ y: Int, _ top: Int, _ bottom: Int, isLeft: Bool, both: Bool
  ) -> Unicode.Scalar {
    if top == bottom { return "─" }
    switch (isLeft, both) {
    case (_, true): return y == top ? "┬" : y == bottom ? "┴" : "┼"
    case (true, _): return y == top ? "┐" : y == bottom ? "┘" : "┤"
    default: return y == top ? "┌" : y == bottom ? "└" : "├"
    }
  }

  /// The largest weight into each drawn unit, by size, over the largest of all.
  private func strongest(into column: Column) -> [Float] {
    guard let kernel = column.kernel else { return [] }
    let units = kernel.shape.last
    let limit = kernel.scalars.reduce(Float(0)) { $1.isFinite ? max($0, abs($1)) : $0 }
    guard limit > 0 else { return [] }
    return (0..<column.drawn).map { unit in
      let into = stride(from: unit, to: kernel.count, by: units).map { kernel.scalars[$0] }
      return (into.max { abs($0) < abs($1) } ?? 0) / limit
    }
  }

  /// A weight's line: blue and solid when positive, orange and dashed when negative.
  private func drawWeight(_ weight: Float?, at point: Point, on grid: inout CellGrid) {
    guard let weight else { return grid.put("─", at: point, ink: .border) }
    let isAscii = grid.ability.glyphs == .ascii
    let scalar: Unicode.Scalar = weight < 0 ? (isAscii ? "-" : "╌") : (isAscii ? "+" : "─")
    grid.put(scalar, at: point, ink: .diverging(weight))
  }

  private func drawLegend(in row: Rect, on grid: inout CellGrid) {
    let isAscii = grid.ability.glyphs == .ascii
    grid.write(
      .secondary(" lines: largest weight into a unit, ")
        + StyledText(isAscii ? "++ +" : "── +", .positive) + " "
        + StyledText(isAscii ? "-- -" : "╌╌ −", .negative), at: row.origin, width: row.width)
  }
}
