import Datasets
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// What each layer does, on the plane or on pinned probe examples, or its weights.
enum LayersPanel {
  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    let layers = layers(view.state)
    let quantity = view.state.train.quantity
    let isShort = view.area.width < 46
    let what =
      quantity == .weights
      ? "weights" : isPlane(view.state) ? "activation over the plane" : "activation on probes"
    let detail: StyledText =
      .accent("v") + .secondary(isShort ? ": \(quantity.rawValue)" : " shows: \(what)")
    let inside = view.area.inset().inset(columns: 1, rows: 0)
    guard !layers.isEmpty, inside.height > 2 else {
      _ = view.box("Layers", detail: detail, on: &grid)
      grid.writeWrapped(
        .secondary(
          view.lab.pictures == nil
            ? "The pictures come with the next news of the run." : "No layer has pictures."),
        in: inside)
      return
    }
    let first = max(0, min(view.state.train.firstLayer, layers.count - 1))
    let blocks = blocks(Array(layers[first...]), view.state, inside)
    // In a low panel the caption stands in the border, so that no probe is left out.
    let caption = caption(view, share: blocks.map(\.share).max() ?? 1)
    let isLow =
      inside.height < 7 && view.others.isEmpty && caption.width + 20 < view.area.width + 16
    let room = inside.trimmed(bottom: isLow ? 0 : 1)
    let shown = flow(blocks, in: room, on: &grid)
    var note = StyledText()
    if first > 0 || shown < blocks.count {
      let last = first + max(1, shown) - 1
      note =
        .secondary("layer\(last > first ? "s \(first)–\(last)" : " \(first)") of \(layers.count) ")
        + .accent("↑↓")
    }
    if isLow {
      let both = StyledText.joined([caption, note])
      note =
        both.width + 6 <= view.area.width || note.isEmpty ? both : caption + " " + .accent("↑↓")
      _ = view.box("Layers", detail: detail, note: note, on: &grid)
      return
    }
    _ = view.box("Layers", detail: detail, note: note, on: &grid)
    grid.write(caption, at: Point(inside.x, inside.bottom - 1), width: inside.width)
  }

  private static func isPlane(_ state: AppState) -> Bool {
    state.train.quantity == .activation && state.lab.pictures?.plane != nil
  }

  private static func layers(_ state: AppState) -> [LayerPicture] {
    guard let pictures = state.lab.pictures else { return [] }
    return isPlane(state) ? pictures.plane?.units ?? [] : pictures.layers
  }

  static func activation(_ layer: LayerPicture, _ state: AppState) -> String {
    guard layer.quantity == .activation, let model = state.lab.network?.description,
      let index = model.layerNames.firstIndex(of: layer.name),
      case .text(let name) = model.layers[index].arguments["activation"], name != "linear"
    else { return "" }
    return name
  }

  /// Blocks of all layers; the widest matrices are drawn with several units a column until all fit
  /// side by side, when there is height for one row only.
  private static func blocks(
    _ layers: [LayerPicture], _ state: AppState, _ area: Rect
  ) -> [LayerBlock] {
    for cap in [64, 48, 32, 28, 24, 20, 16] {
      let result = layers.compactMap { block($0, state, columns: area.width, cap: cap) }
      let needed = result.reduce(-2) { $0 + $1.width + 2 }
      if needed <= area.width || area.height >= 10 { return result }
    }
    // They do not all fit: the first as large as it can be.
    return layers.compactMap { block($0, state, columns: area.width, cap: area.width) }
  }

  private static func block(
    _ layer: LayerPicture, _ state: AppState, columns: Int, cap: Int
  ) -> LayerBlock? {
    let activation = activation(layer, state)
    if isPlane(state) {
      return .plane(
        layer, activation: activation, first: state.train.firstUnit, columns: columns)
    }
    switch (layer.tensor.shape.rank, layer.quantity) {
    case (4, _):
      return .maps(
        layer, activation: activation, probe: 0, first: state.train.firstUnit, columns: columns)
    case (3, .activation): return .overTime(layer, activation: activation, probe: 0)
    default: return .matrix(layer, activation: activation, cap: cap)
    }
  }

  /// Draws blocks from left to right, then below; returns how many had room.
  static func flow(
    _ blocks: [LayerBlock], in area: Rect, on grid: inout CellGrid
  ) -> Int {
    var (x, y, rowHeight) = (area.x, area.y, 0)
    for (index, block) in blocks.enumerated() {
      if x > area.x, x + block.width > area.right {
        (x, y, rowHeight) = (area.x, y + rowHeight, 0)
        // A little air between rows where there is some.
        if y + block.height + 1 <= area.bottom { y += index > 0 && area.height > 9 ? 1 : 0 }
      }
      let height = min(block.height, area.bottom - y)
      guard height >= min(block.height, 3) else { return index }
      block.draw(in: Rect(x, y, min(block.width, area.right - x), height), on: &grid)
      x += block.width + 2
      rowHeight = max(rowHeight, height)
    }
    return blocks.count
  }

  /// What lies across and down, and where the examples come from.
  private static func caption(_ view: PanelView, share: Int) -> StyledText {
    let state = view.state
    let isShort = view.area.width < 70
    let units = share > 1 ? "up to \(share) units a column" : "units"
    if isPlane(state) {
      let features = state.train.opened?.dataset.features ?? []
      let names = features.count == 2 ? features : ["x₁", "x₂"]
      return .secondary(
        "\(view.area.width < 46 ? "" : "each unit: ")across \(names[0]), up \(names[1])  ")
        + swatches(.diverging(limit: 1), "−", "+", state.ability)
    }
    if state.train.quantity == .weights {
      return .secondary("down: inputs, across: \(isShort ? "units" : units)\(isShort ? " " : "  ")")
        + swatches(.diverging(limit: 1), "−", "+", state.ability)
    }
    let count = state.lab.pictures?.probeRows.count ?? 0
    let classes = state.lab.settings?.data.classes.count ?? 0
    let part = state.lab.settings?.data.validation == nil ? "" : "unseen "
    let which = state.train.probe
    let probes =
      classes > 1
      ? "\(part)example \(which) of each class" : "\(count) \(part)examples from \(which * count)"
    if isShort {
      let narrow = share > 1 ? "\(share) units a column" : "units"
      let across = view.area.width < 52 ? narrow : units
      return .secondary(
        "down: probes, \(share > 1 && view.area.width < 52 ? "" : "across: ")\(across)  ")
        + .accent("P")
    }
    let layers = layers(state)
    let isMatrix = layers.contains { $0.tensor.shape.rank == 2 }
    return .secondary(isMatrix ? "down: \(probes), across: \(units)  " : "probe: \(probes)  ")
      + .accent("P") + .secondary(share > 1 ? "" : " other probes")
  }

  private static func swatches(
    _ scale: ColorScale, _ low: String, _ high: String, _ ability: Ability
  ) -> StyledText {
    let values: [Float] = [-1, -0.5, 0, 0.5, 1]
    let cells = values.reduce(StyledText()) { text, value in
      if ability.hasHalfBlocks { return text + StyledText("█", scale.ink(of: value)) }
      let shade = scale.shade(of: value, ability: ability)
      return text + StyledText(String(Character(shade.scalar)), shade.ink)
    }
    return .secondary(low + " ") + cells + .secondary(" " + high)
  }

  static func press(_ key: Key, _ state: inout AppState) -> [Effect]? {
    let count = layers(state).count
    switch key {
    case .up, .character("k"): state.train.firstLayer -= 1
    case .down, .character("j"): state.train.firstLayer += 1
    case .left: state.train.firstUnit -= 1
    case .right: state.train.firstUnit += 1
    case .home: (state.train.firstLayer, state.train.firstUnit) = (0, 0)
    default: return nil
    }
    let units = layers(state).map { $0.tensor.shape.extents.max() ?? 1 }.max() ?? 1
    state.train.firstLayer = max(0, min(state.train.firstLayer, count - 1))
    state.train.firstUnit = max(0, min(state.train.firstUnit, units - 1))
    return []
  }
}
