import Datasets
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// A row of pictures for each layer, under a line of its facts.
struct LayerPictures {
  let view: PanelView
  let scene: LayerScene

  init(_ view: PanelView, _ scene: LayerScene) {
    self.view = view
    self.scene = scene
  }

  var state: AppState { view.state }
  var inside: Rect { view.area.inset().inset(columns: 1, rows: 0) }

  func draw(on grid: inout CellGrid) {
    scene.isPlane ? drawPlane(on: &grid) : drawBlocks(on: &grid)
  }

  /// What the colors and the axes mean; and with the focus the chosen unit, below it or in its place.
  var captionLines: Int { view.isFocused && inside.height >= 14 ? 2 : 1 }
  private var showsUnit: Bool { view.isFocused && captionLines == 1 }

  private func drawUnitWords(on grid: inout CellGrid) {
    guard captionLines == 2 else { return }
    grid.write(unitWords, at: Point(inside.x, inside.bottom - 1), width: inside.width)
  }

  private func box(
    _ note: StyledText, explaining shown: [LayerPicture] = [], on grid: inout CellGrid
  ) {
    _ = view.box(
      "Layers", detail: LayersPanel.heading(view, scene, explaining: shown), note: note, on: &grid)
  }

  // MARK: Over the plane

  /// How high the maps of each layer are, and how many layers there is room for.
  private struct Strips {
    let count: Int
    let height: Int
    let rows: Int
    let hasHeads: Bool

    init(layers: Int, room: Int) {
      let each = room / max(1, layers)
      // Lines of facts are worth more than a third layer.
      if each >= 4 || room >= 8 || room < 4 {
        count = max(1, min(layers, room / 4))
        height = room / count
        hasHeads = room >= 4
        rows = max(1, min(14, hasHeads ? height - (height >= 5 ? 2 : 1) : height))
      } else {
        hasHeads = false
        count = max(1, min(layers, room / 2))
        height = room / count
        rows = height
      }
    }

    /// As wide as high: a cell is about half as wide as high.
    var width: Int { max(2, rows * 2 - (rows > 2 ? 1 : 0)) }
  }

  /// Which layers over the plane are shown.
  private func shownLayers(_ strips: Strips) -> Range<Int> {
    let first = max(0, min(scene.chosenLayer - strips.count / 2, scene.layers.count - strips.count))
    return first..<min(scene.layers.count, first + strips.count)
  }

  private func drawPlane(on grid: inout CellGrid) {
    let room = inside.trimmed(bottom: captionLines)
    let strips = Strips(layers: scene.layers.count, room: room.height)
    let shown = shownLayers(strips)
    var note = StyledText()
    if shown.count < scene.layers.count {
      note =
        .secondary(
          "layers \(shown.lowerBound + 1)–\(shown.upperBound) of \(scene.layers.count) ")
        + .accent("↑↓")
    }
    box(note, on: &grid)
    for (line, index) in shown.enumerated() {
      let strip = Rect(room.x, room.y + line * strips.height, room.width, strips.height)
      drawStrip(index, strips, in: strip, on: &grid)
    }
    grid.write(planeCaption(strips), at: Point(inside.x, room.bottom), width: inside.width)
    drawUnitWords(on: &grid)
  }

  private func drawStrip(
    _ index: Int, _ strips: Strips, in strip: Rect, on grid: inout CellGrid
  ) {
    let layer = scene.layers[index]
    let isChosen = view.isFocused && index == scene.chosenLayer
    let scale = layer.scale
    var maps = strip
    if strips.hasHeads {
      grid.write(
        LayerHead(layer, scene, scale).text(width: strip.width, isChosen: isChosen),
        at: strip.origin, width: strip.width)
      maps = strip.trimmed(top: 1)
    } else {
      let name = isChosen ? StyledText.accent(layer.name) : .text(layer.name)
      grid.write(name, at: strip.origin, width: 9)
      if strip.height > 1, let marks = LayerHead(layer, scene, scale).sickness {
        grid.write(marks, at: Point(strip.x, strip.y + 1), width: 9)
      }
      maps = strip.trimmed(left: 10)
    }
    let (rows, columns) = (layer.tensor.shape[1], layer.tensor.shape[2])
    for (place, unit) in window(layer, strips, maps.width).enumerated() {
      let area = Rect(
        maps.x + place * (strips.width + 1), maps.y, strips.width, min(strips.rows, maps.height))
      Heatmap(
        values: scene.numbers(layer, unit: unit), rows: rows, columns: columns, scale: scale
      ).drawFilling(area, on: &grid)
      mark(unit, layer, isChosen: isChosen && unit == scene.chosenUnit, area, on: &grid)
    }
  }

  /// The units that have room, the chosen one among them.
  private func window(_ layer: LayerPicture, _ strips: Strips, _ width: Int) -> Range<Int> {
    let fitting = max(1, (width + 1) / (strips.width + 1))
    let count = scene.unitCount(layer)
    let first = max(0, min(scene.state.train.layers.unit - fitting + 1, count - fitting))
    return first..<min(count, first + fitting)
  }

  /// The sign of a sick unit, and bars at both sides of the chosen one.
  private func mark(
    _ unit: Int, _ layer: LayerPicture, isChosen: Bool, _ area: Rect, on grid: inout CellGrid
  ) {
    if let sickness = scene.sickness(layer, unit: unit) {
      let sign = LayerScene.sign(sickness)
      grid.put(
        sign.scalar, at: Point(area.right - 1, area.y), ink: sign.ink, background: .plain,
        attributes: .bold)
    }
    guard isChosen else { return }
    grid.bracket(area)
  }

  /// What lies across and up, which units are shown; of the chosen one its numbers.
  private func planeCaption(_ strips: Strips) -> StyledText {
    if showsUnit { return unitWords }
    let names = LayersPanel.axes(state)
    let most = scene.layers.map { scene.unitCount($0) }.max() ?? 1
    let widest = scene.layers.max { scene.unitCount($0) < scene.unitCount($1) }
    let left = strips.hasHeads ? 0 : 10
    let shown = widest.map { window($0, strips, inside.width - left) } ?? 0..<1
    let which =
      shown.count < most
      ? "units \(shown.lowerBound)–\(shown.upperBound - 1) of \(most); " : ""
    let scales = LayersPanel.scales(Array(scene.layers[shownLayers(strips)]), state.ability)
    let axes = StyledText.secondary("\(which)across \(names.across), up \(names.up)  ")
    let brief = StyledText.secondary(which.isEmpty ? "\(names.across) × \(names.up) " : which)
    let forms = [axes, brief, ""].flatMap { words in scales.map { words + $0 } }
    return Fitting.first(forms, width: inside.width) ?? StyledText()
  }

  /// The chosen unit and its statistics.
  private var unitWords: StyledText {
    guard let layer = scene.layer else { return StyledText() }
    return UnitWords(scene, layer, scene.chosenUnit).text(width: inside.width)
  }

  // MARK: The mouse

  /// The layer at a point, and the unit where it is one.
  func spot(at point: Point) -> (layer: Int, unit: Int?)? {
    guard inside.contains(point) else { return nil }
    return scene.isPlane ? planeSpot(point) : blockSpot(point)
  }

  private func planeSpot(_ point: Point) -> (layer: Int, unit: Int?)? {
    let room = inside.trimmed(bottom: captionLines)
    let strips = Strips(layers: scene.layers.count, room: room.height)
    let shown = shownLayers(strips)
    let index = shown.lowerBound + (point.y - room.y) / max(1, strips.height)
    guard shown.contains(index) else { return nil }
    let left = strips.hasHeads ? 0 : 10
    let units = window(scene.layers[index], strips, room.width - left)
    let place = point.x - room.x - left
    let isHead = strips.hasHeads && (point.y - room.y) % max(1, strips.height) == 0
    guard place >= 0, !isHead else { return (index, nil) }
    let unit = units.lowerBound + place / (strips.width + 1)
    return (index, units.contains(unit) ? unit : nil)
  }

  private func blockSpot(_ point: Point) -> (layer: Int, unit: Int?)? {
    let first = firstLayer
    let blocks = blocks(first)
    let places = LayersPanel.places(blocks, in: inside)
    guard let hit = places.firstIndex(where: { $0.contains(point) }) else { return nil }
    let unit = blocks[hit].unit(at: point, in: places[hit])
    let count = scene.unitCount(scene.layers[first + hit])
    return (first + hit, unit.flatMap { (0..<count).contains($0) ? $0 : nil })
  }

  // MARK: Matrices and maps

  private func drawBlocks(on grid: inout CellGrid) {
    let first = firstLayer
    let blocks = blocks(first)
    // In a low panel the caption stands in the border, so that no probe is left out.
    let share = blocks.map(\.share).max() ?? 1
    let full = inside.trimmed(bottom: captionLines)
    let seen = shownLayers(first, blocks, in: full)
    let caption = blockCaption(share: share, seen)
    let isLow =
      inside.height < 7 && view.others.isEmpty && caption.width + 20 < view.area.width + 16
    let room = isLow ? inside : full
    let shown = LayersPanel.flow(blocks, in: room, on: &grid)
    // A look at kernels has its colors in the caption.
    let explained =
      scene.look.quantity.isOfKernel ? [] : shownLayers(first, blocks, in: room)
    var note = StyledText()
    if first > 0 || shown < blocks.count {
      let last = first + max(1, shown) - 1
      note =
        .secondary(
          "layer\(last > first ? "s \(first + 1)–\(last + 1)" : " \(last + 1)") of \(scene.layers.count) "
        )
        + .accent("↑↓")
    }
    if isLow {
      let both = StyledText.joined([caption, note])
      box(
        both.width + 6 <= view.area.width || note.isEmpty ? both : caption,
        explaining: explained, on: &grid)
      return
    }
    box(note, explaining: explained, on: &grid)
    let colors = LayersPanel.scaleBelow(
      view, scene, explaining: explained, width: inside.width - caption.width - 2)
    grid.write(
      colors.map { caption + "  " + $0 } ?? caption, at: Point(inside.x, room.bottom),
      width: inside.width)
    drawUnitWords(on: &grid)
  }

  /// The layers whose blocks have room.
  private func shownLayers(
    _ first: Int, _ blocks: [LayerBlock], in room: Rect
  ) -> [LayerPicture] {
    Array(scene.layers.dropFirst(first).prefix(LayersPanel.places(blocks, in: room).count))
  }

  /// The layer that the pictures begin with: the first, or the chosen one where that has no room.
  private var firstLayer: Int {
    guard scene.chosenLayer > 0 else { return 0 }
    let room = inside.trimmed(bottom: captionLines)
    for first in 0..<scene.chosenLayer
    where first + LayersPanel.places(blocks(first), in: room).count > scene.chosenLayer {
      return first
    }
    return scene.chosenLayer
  }

  /// What a picture of a unit's kernel shows at a pixel.
  private static func templateWords(_ quantity: LayerPicture.Quantity) -> String {
    switch quantity {
    case .activation, .weights: "the weight"
    case .gradient: "the gradient of the weight"
    case .state, .secondState: "what the optimizer keeps for the weight"
    case .update: "the last update of the weight"
    }
  }

  /// What lies across and down, and where the examples come from.
  private func blockCaption(share: Int, _ shown: [LayerPicture]) -> StyledText {
    if showsUnit, inside.height >= 4 { return unitWords }
    let isShort = view.area.width < 70
    let units = share > 1 ? "up to \(share) units a column" : "units"
    if scene.look.quantity.isOfKernel {
      let gates = scene.layers.lazy.map { LayerCatalog.gates(of: $0.kind) }.first { !$0.isEmpty }
      let across =
        gates.map { "gates \($0.joined(separator: " ")), each its units" }
        ?? (isShort ? "units" : units)
      let scales = LayersPanel.scales(shown, state.ability)
      let signs = scales.first ?? StyledText()
      if scene.layers.contains(where: { isTemplates($0) }) {
        return .secondary("a unit: \(Self.templateWords(scene.look.quantity)) of each pixel  ")
          + signs
      }
      let words = ["down: inputs, across: \(across)  ", "down: inputs, across: units  ", ""]
      let ways = words.flatMap { word in scales.map { .secondary(word) + $0 } }
      return Fitting.first(ways, width: inside.width) ?? signs
    }
    let probes = probeWords
    let rank = scene.layers[safe: firstLayer]?.tensor.shape.rank
    let ranks = Set(shown.map { $0.tensor.shape.rank })
    if ranks == [2, 3] {
      // Sequences have another axis than what comes of them.
      let ways = [
        "sequences: time across, units down; else units across, probes down  ",
        "across: time in sequences, else units  ", "across: time, else units  ",
      ]
      let all = ways.map { StyledText.secondary($0) + .key("P") + .secondary(" others") }
      return Fitting.first(all + ways.map { .secondary($0) }, width: inside.width) ?? ""
    }
    let isMatrix = rank == 2
    if rank == 3 {
      let axes = "down: units, across: time"
      return Fitting.first(
        [.secondary("\(axes); probe: \(probes)  ") + .key("P") + .secondary(" other probes")],
        width: inside.width) ?? probeHint(axes)
    }
    if isShort, !isMatrix { return probeHint("each probe, then its maps") }
    if isShort {
      let narrow = share > 1 ? "\(share) units a column" : "units"
      let across = view.area.width < 52 ? narrow : units
      return probeHint(
        "down: probes, \(share > 1 && view.area.width < 52 ? "" : "across: ")\(across)")
    }
    if isMatrix, share > 1 {
      return .secondary("down: \(probes); a column: up to \(share) units  ") + .key("P")
        + .secondary(" others")
    }
    return .secondary(isMatrix ? "down: \(probes), across: units  " : "probe: \(probes)  ")
      + .key("P") + .secondary(" other probes")
  }

  /// Words, and behind them the key to other probes where it has room with its word.
  private func probeHint(_ words: String) -> StyledText {
    let full = StyledText.secondary(words + "  ") + .key("P") + .secondary(" others")
    return full.width <= inside.width ? full : .secondary(words)
  }

  private var probeWords: String {
    let count = state.lab.pictures?.probeRows.count ?? 0
    let data = state.lab.settings?.data
    let part = data?.validation == nil ? "" : "unseen "
    let which = state.train.probe
    // A block over time shows the first of them.
    let isOne = count == 1 || scene.layers[safe: firstLayer]?.tensor.shape.rank == 3
    if let data, data.classes.count > 1, data.training.targets.count == data.training.count {
      let label = state.lab.pictures?.probeLabels.first ?? ""
      return "\(part)example \(which) of \(isOne ? "class \(label)" : "each class")"
    }
    return isOne
      ? "\(part)example \(which * count)" : "\(count) \(part)examples from \(which * count)"
  }
}

extension Heatmap {
  /// Draws it over all of an area, each place the value of the nearest: also larger than it is.
  func drawFilling(_ area: Rect, on grid: inout CellGrid) {
    let (height, width) = Self.resolution(of: area)
    guard rows > 0, columns > 0, height > 0, width > 0 else { return }
    if height <= rows && width <= columns {
      var free = self
      free.largestZoom = 1
      free.draw(in: area, on: &grid)
      return
    }
    let values = (0..<height).flatMap { row in
      (0..<width).map { column in
        let index = row * rows / height * columns + column * columns / width
        return index < self.values.count ? self.values[index] : 0
      }
    }
    Heatmap(values: values, rows: height, columns: width, scale: scale).draw(in: area, on: &grid)
  }
}
