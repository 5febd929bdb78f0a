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

  private var state: AppState { view.state }
  private var inside: Rect { view.area.inset().inset(columns: 1, rows: 0) }

  func draw(on grid: inout CellGrid) {
    scene.isPlane ? drawPlane(on: &grid) : drawBlocks(on: &grid)
  }

  /// What the colors and the axes mean; and with the focus the chosen unit, below it or in its place.
  private var captionLines: Int { view.isFocused && inside.height >= 14 ? 2 : 1 }
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

  /// Blocks of all layers; the widest matrices are drawn with several units a column until all fit
  /// side by side, when there is height for one row only.
  private func blocks(_ first: Int) -> [LayerBlock] {
    let layers = Array(scene.layers.enumerated().dropFirst(first))
    var result: [LayerBlock] = []
    for cap in [64, 48, 32, 28, 24, 20, 16] {
      // Those that are no wider than that stay as they are.
      result = layers.enumerated().map { place, layer in
        result.isEmpty || result[place].pictureSpan > cap
          ? block(layer.element, index: layer.offset, cap: cap) : result[place]
      }
      let needed = result.reduce(-2) { $0 + $1.width + 2 }
      guard needed <= inside.width || inside.height >= 10 else { continue }
      let large = enlarged(result)
      let wide = large.reduce(-2) { $0 + $1.width + 2 }
      return titled(large, first, wide)
    }
    // They do not all fit: the first as large as it can be.
    return layers.map { block($1, index: $0, cap: inside.width) }
  }

  /// As large as all of them fit, where there is much room.
  private func enlarged(_ blocks: [LayerBlock]) -> [LayerBlock] {
    guard inside.height >= 12 else { return blocks }
    let room = inside.trimmed(bottom: captionLines)
    for times in [4, 3, 2] {
      let large = blocks.map { $0.enlarged(times) }
      let places = LayersPanel.places(large, in: room)
      if places.count == large.count, zip(places, large).allSatisfy({ $0.height == $1.height }),
        large.allSatisfy({ $0.width <= room.width })
      {
        return large
      }
    }
    return blocks
  }

  /// Titles with as much as the room between the blocks allows, those with sick units first.
  private func titled(_ blocks: [LayerBlock], _ first: Int, _ needed: Int) -> [LayerBlock] {
    var (blocks, spare) = (blocks, max(0, inside.width - needed))
    let places =
      blocks.indices.filter { !blocks[$0].sick.isEmpty }
      + blocks.indices.filter { blocks[$0].sick.isEmpty }
    for (place, isLeast) in places.map({ ($0, true) }) + places.map({ ($0, false) }) {
      let layer = scene.layers[first + place]
      let before = blocks[place].width
      blocks[place].title = LayerHead(layer, scene, layer.scale)
        .text(
          width: before + spare, isChosen: view.isFocused && first + place == scene.chosenLayer,
          isLeast: isLeast)
      spare = max(0, spare - max(0, blocks[place].width - before))
    }
    return blocks
  }

  private func block(_ layer: LayerPicture, index: Int, cap: Int) -> LayerBlock {
    let isChosen = view.isFocused && index == scene.chosenLayer
    let chosen = isChosen ? scene.chosenUnit : nil
    let sick = scene.sickUnits(layer)
    let scale = layer.scale
    let head = LayerHead(layer, scene, scale)
    var block: LayerBlock
    switch (layer.tensor.shape.rank, layer.quantity) {
    case (4, .activation): block = probeMaps(layer, scale, chosen: chosen)
    case (4, _): block = .kernels(layer, scale, chosen: chosen, columns: inside.width)
    case (3, .activation): block = .overTime(layer, activation: "", probe: 0)
    case (2, _) where isTemplates(layer): block = templates(layer, scale, chosen: chosen)
    default: block = .matrix(layer, activation: "", cap: cap)
    }
    block.chosen = chosen
    block.sick = sick
    // Beside pictures that take more than half of the room there are no others.
    let isWide = layer.tensor.shape.rank == 4 && 2 * block.pictureSpan > inside.width
    block.title = head.text(
      width: isWide ? inside.width : max(block.pictureSpan, 14), isChosen: isChosen)
    return block
  }

  /// Whether each unit's weights are a picture of the examples, and there is height for it.
  private func isTemplates(_ layer: LayerPicture) -> Bool {
    guard layer.quantity.isOfKernel, let image = WorstPanel.imageShape(view),
      image.count == layer.tensor.shape[0]
    else { return false }
    return inside.height - 2 >= (image[0] + 1) / 2
  }

  /// The weights into each unit, as pictures of what it looks for.
  private func templates(_ layer: LayerPicture, _ scale: ColorScale, chosen: Int?) -> LayerBlock {
    let image = WorstPanel.imageShape(view) ?? [1, 1]
    return LayerBlock.row(
      count: scene.unitCount(layer), chosen: chosen ?? state.train.layers.unit,
      rows: image[0], columns: image[1], width: inside.width, caption: "unit"
    ) { unit in
      Heatmap(
        values: scene.numbers(layer, unit: unit), rows: image[0], columns: image[1], scale: scale,
        largestZoom: 1)
    }
  }

  /// For each probe its picture and the maps that a convolution makes of it.
  private func probeMaps(_ layer: LayerPicture, _ scale: ColorScale, chosen: Int?) -> LayerBlock {
    let shape = layer.tensor.shape
    let (probes, height, width, count) = (shape[0], shape[1], shape[2], shape[3])
    let image = WorstPanel.imageShape(view)
    let size = scaled(Size(width, height))
    let pictureSize = image.map { scaled(Size($0[1], $0[0])) }
    let pictureWidth = pictureSize.map { $0.width + 2 } ?? 0
    let step = max(size.width, 6) + 1
    // As many probes as have room for four maps each, then as many maps as have room.
    let least = pictureWidth + min(4, count) * step + 1
    let groups = max(1, min(probes, (inside.width + 2) / least))
    let share = (inside.width + 2) / groups
    let perProbe = max(1, min(count, (share - pictureWidth - 1) / step))
    let group = pictureWidth + perProbe * step + 1
    let first = max(0, min(state.train.layers.unit - perProbe + 1, count - perProbe))
    var pictures: [LayerBlock.Placed] = []
    let numbers = layer.tensor.scalars
    for probe in 0..<groups {
      var x = probe * group
      if let image, let input = state.input(ofProbe: probe) {
        pictures.append(
          LayerBlock.Placed(
            x: x, picture: WorstPanel.picture(input, image), size: pictureSize,
            caption: .secondary(state.lab.pictures?.probeLabels[probe] ?? "")))
        x += pictureWidth
      }
      for map in first..<first + perProbe {
        let values = (0..<height * width).map {
          numbers[(probe * height * width + $0) * count + map]
        }
        pictures.append(
          LayerBlock.Placed(
            x: x,
            picture: Heatmap(
              values: values, rows: height, columns: width, scale: scale, largestZoom: 1),
            size: size, caption: .secondary("map \(map)"), unit: map))
        x += step
      }
    }
    return LayerBlock(pictures: pictures)
  }

  /// The pixels of a picture as it is drawn: all of them, or as many as leave it whole, in its shape,
  /// and a place for another beside it.
  private func scaled(_ size: Size) -> Size {
    let lines = inside.height < 7 && view.others.isEmpty ? 0 : captionLines
    let room = Size((inside.width - 3) / 2, 2 * max(1, inside.height - 2 - lines))
    let part = min(
      1, Double(room.width) / Double(max(1, size.width)),
      Double(room.height) / Double(max(1, size.height)))
    return Size(
      max(1, Int(Double(size.width) * part)), max(1, Int(Double(size.height) * part)))
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
        return .secondary("a unit: its weights from each pixel  ") + signs
      }
      let words = ["down: inputs, across: \(across)  ", "down: inputs, across: units  ", ""]
      let ways = words.flatMap { word in scales.map { .secondary(word) + $0 } }
      return Fitting.first(ways, width: inside.width) ?? signs
    }
    let probes = probeWords
    let isMatrix = scene.layers[safe: firstLayer]?.tensor.shape.rank == 2
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

extension AppState {
  /// An unseen (else a training) example of the run, as the network gets it.
  func input(ofRow row: Int) -> [Float]? {
    guard let data = lab.settings?.data else { return nil }
    let inputs = (data.validation ?? data.training).inputs
    let width = inputs.count / max(inputs.shape[0], 1)
    guard row >= 0, (row + 1) * width <= inputs.count else { return nil }
    return Array(inputs.scalars[row * width..<(row + 1) * width])
  }

  func input(ofProbe probe: Int) -> [Float]? {
    guard let rows = lab.pictures?.probeRows, rows.indices.contains(probe) else { return nil }
    return input(ofRow: rows[probe])
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
