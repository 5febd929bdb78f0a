import Datasets
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// What each layer does, on the plane or on pinned probe examples, or what it has learned: pictures,
/// histograms, one unit large, or the network whole.
enum LayersPanel {
  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    let scene = LayerScene(view.state)
    let inside = view.area.inset().inset(columns: 1, rows: 0)
    guard !scene.layers.isEmpty, inside.height > 1 else {
      _ = view.box("Layers", detail: heading(view, scene), on: &grid)
      grid.writeWrapped(.secondary(whyEmpty(view)), in: inside)
      return
    }
    if view.state.train.layers.isOpen {
      UnitView(view, scene).draw(on: &grid)
    } else if scene.look == .network {
      NetworkView(view, scene).draw(on: &grid)
    } else if view.state.train.layers.asHistogram {
      LayerHistograms(view, scene).draw(on: &grid)
    } else {
      LayerPictures(view, scene).draw(on: &grid)
    }
  }

  /// `− █████ +   v shows: activation on probes`: what the colors mean of the layers that are shown,
  /// each on a scale of its own, and the key to other looks.
  ///
  /// - Parameter shown: those whose colors nothing else explains.
  static func heading(
    _ view: PanelView, _ scene: LayerScene, explaining shown: [LayerPicture] = []
  ) -> StyledText {
    withColors(view, scene, explaining: shown) ?? keys(view, scene)[0]
  }

  /// The heading with the colors of layers; nil where it has no room for them.
  private static func withColors(
    _ view: PanelView, _ scene: LayerScene, explaining shown: [LayerPicture]
  ) -> StyledText? {
    let scales = scales(shown, view.state.ability)
    // What two kinds of colors mean is less known than the look that is shown.
    guard let last = scales.last else { return nil }
    let forms = keys(view, scene).flatMap { key in scales.map { $0 + "   " + key } }
    let fitting = Fitting.detail(
      forms + [last + "   " + .key("v") + .secondary(" look")] + [last], beside: "Layers",
      in: view.area)
    return fitting.isEmpty ? nil : fitting
  }

  /// What the colors mean, where the heading has no room for it.
  static func scaleBelow(
    _ view: PanelView, _ scene: LayerScene, explaining shown: [LayerPicture], width: Int
  ) -> StyledText? {
    guard withColors(view, scene, explaining: shown) == nil else { return nil }
    return Fitting.first(scales(shown, view.state.ability), width: width)
  }

  /// What is shown and the key to other looks, long and short where there is room for both.
  private static func keys(_ view: PanelView, _ scene: LayerScene) -> [StyledText] {
    let look = scene.look
    let symbol = scene.layers.first?.symbol ?? ""
    let optimizer = view.lab.settings?.model.compilation?.optimizer.kind ?? "optimizer"
    let long =
      switch look {
      case .activation: scene.isPlane ? "activation over the plane" : "activation on probes"
      case .weights: "weights W"
      case .gradient: "gradient ∂L/∂W"
      case .state, .secondState:
        symbol.isEmpty ? look.words : "\(symbol) that \(optimizer) keeps"
      case .update: "update ΔW"
      case .network: "network"
      }
    let short =
      [.state, .secondState].contains(look) && !symbol.isEmpty ? symbol : look.words
    return (view.area.width < 46 ? [] : [" shows: \(long)"]).map { .key("v") + .secondary($0) }
      + [.key("v") + .secondary(": \(short)")]
  }

  /// The colors of some layers, from long to short.
  static func scales(_ layers: [LayerPicture], _ ability: Ability) -> [StyledText] {
    let ramps = Set(layers.map(\.scale.ramp))
    func signed(_ steps: Int) -> StyledText {
      swatches(.diverging(limit: 1), "−", "+", ability, steps: steps)
    }
    func unsigned(_ steps: Int, _ most: String) -> StyledText {
      swatches(.sequential(0, 1), "0", most, ability, steps: steps)
    }
    guard ramps.contains(.diverging) else {
      return ramps.isEmpty ? [] : [unsigned(5, "most"), unsigned(3, "most"), unsigned(3, "+")]
    }
    return ramps.count > 1
      ? [signed(3) + "  " + unsigned(3, "most"), signed(3) + "  " + unsigned(3, "+")]
      : [signed(5), signed(3)]
  }

  private static func whyEmpty(_ view: PanelView) -> String {
    guard view.lab.pictures != nil else {
      return "The pictures come with the next news of the run."
    }
    let optimizer = view.lab.settings?.model.compilation?.optimizer
    switch view.state.train.layers.look {
    case .gradient: return "No gradient yet: . does a step, and each kernel has one."
    case .update: return "No update yet: . does a step, and each kernel has one."
    case .state, .secondState:
      let kind = optimizer?.kind ?? "The optimizer"
      let isFirst = view.state.train.layers.look == .state
      return isFirst
        ? "\(kind) as it is set remembers nothing of a weight from step to step."
        : "\(kind) remembers only one number of each weight."
    case .activation, .weights, .network: return "No layer has pictures."
    }
  }

  static func activation(_ layer: LayerPicture, _ state: AppState) -> String {
    guard layer.quantity == .activation,
      let placed = state.lab.network?.layers.first(where: { $0.name == layer.name }),
      case .text(let name)? = placed.component.arguments[ifTaken: "activation"], name != "linear"
    else { return "" }
    return name
  }

  /// Draws blocks from left to right, then below; returns how many had room.
  static func flow(
    _ blocks: [LayerBlock], in area: Rect, on grid: inout CellGrid
  ) -> Int {
    let places = places(blocks, in: area)
    for (block, place) in zip(blocks, places) { block.draw(in: place, on: &grid) }
    return places.count
  }

  /// Where the blocks lie that have room.
  static func places(_ blocks: [LayerBlock], in area: Rect) -> [Rect] {
    var (x, y, rowHeight) = (area.x, area.y, 0)
    var places: [Rect] = []
    for (index, block) in blocks.enumerated() {
      if x > area.x, x + block.width > area.right {
        (x, y, rowHeight) = (area.x, y + rowHeight, 0)
        // A little air between rows where there is some.
        if y + block.height + 1 <= area.bottom { y += index > 0 && area.height > 9 ? 1 : 0 }
      }
      let height = min(block.height, area.bottom - y)
      guard height >= min(block.height, 3) else { return places }
      places.append(Rect(x, y, min(block.width, area.right - x), height))
      x += block.width + 2
      rowHeight = max(rowHeight, height)
    }
    return places
  }

  // MARK: The mouse

  /// A click chooses the layer and the unit under it.
  static func click(_ point: Point, _ area: Rect, _ state: inout AppState) -> [Effect] {
    let scene = LayerScene(state)
    guard !scene.layers.isEmpty, !state.train.layers.isOpen, !state.train.layers.asHistogram,
      scene.look != .network
    else { return [] }
    let view = PanelView(state: state, area: area, isFocused: true)
    guard let spot = LayerPictures(view, scene).spot(at: point) else { return [] }
    state.train.layers.layer = spot.layer
    if let unit = spot.unit { state.train.layers.unit = unit }
    state.train.layers.number = 0
    return []
  }

  // MARK: Words

  /// A row of the colors of a scale between its ends.
  static func swatches(
    _ scale: ColorScale, _ low: String, _ high: String, _ ability: Ability, steps: Int = 5
  ) -> StyledText {
    let cells = (0..<steps).reduce(StyledText()) { text, step in
      let part = Float(step) / Float(max(1, steps - 1))
      let value =
        scale.ramp == .diverging
        ? (2 * part - 1) * scale.high : scale.low + part * (scale.high - scale.low)
      if ability.hasHalfBlocks { return text + StyledText("█", scale.ink(of: value)) }
      let shade = scale.shade(of: value, ability: ability)
      return text + StyledText(String(Character(shade.scalar)), shade.ink)
    }
    return .secondary(low.isEmpty ? "" : low + " ") + cells
      + .secondary(high.isEmpty ? "" : " " + high)
  }

  /// The names of the two inputs of a plane.
  static func axes(_ state: AppState) -> (across: String, up: String) {
    let features = state.train.opened?.dataset.features ?? []
    return features.count == 2 ? (features[0], features[1]) : ("x₁", "x₂")
  }

  // MARK: Keys

  static func press(_ key: Key, _ state: inout AppState) -> [Effect]? {
    let scene = LayerScene(state)
    let isOpen = state.train.layers.isOpen
    switch key {
    case .up, .character("k"):
      if isOpen { moveNumber(-row(scene), scene, &state) } else { moveLayer(-1, scene, &state) }
    case .down, .character("j"):
      if isOpen { moveNumber(row(scene), scene, &state) } else { moveLayer(1, scene, &state) }
    case .left:
      if isOpen && !isMap(scene) {
        moveNumber(-1, scene, &state)
      } else {
        moveUnit(-1, scene, &state)
      }
    case .right:
      if isOpen && !isMap(scene) {
        moveNumber(1, scene, &state)
      } else {
        moveUnit(1, scene, &state)
      }
    case .pageUp: moveUnit(isOpen ? -1 : -10, scene, &state)
    case .pageDown: moveUnit(isOpen ? 1 : 10, scene, &state)
    case .home: moveUnit(-1_000_000, scene, &state)
    case .end: moveUnit(1_000_000, scene, &state)
    default: return nil
    }
    return []
  }

  private static func isMap(_ scene: LayerScene) -> Bool {
    scene.isPlane && scene.look == .activation
  }

  /// The numbers between one and the one below it.
  private static func row(_ scene: LayerScene) -> Int {
    let area = scene.state.panels.first { $0.id == TrainPart.layers.rawValue }?.area
    return UnitView.columns(scene, in: UnitView.room(in: area ?? Rect(0, 0, 4, 4)))
  }

  private static func moveLayer(_ places: Int, _ scene: LayerScene, _ state: inout AppState) {
    state.train.layers.layer = max(0, min(scene.chosenLayer + places, scene.layers.count - 1))
    let count = LayerScene(state).layer.map { scene.unitCount($0) } ?? 1
    state.train.layers.unit = min(state.train.layers.unit, count - 1)
    state.train.layers.number = 0
  }

  private static func moveUnit(_ places: Int, _ scene: LayerScene, _ state: inout AppState) {
    let count = scene.layer.map { scene.unitCount($0) } ?? 1
    state.train.layers.unit = max(0, min(scene.chosenUnit + places, count - 1))
  }

  private static func moveNumber(_ places: Int, _ scene: LayerScene, _ state: inout AppState) {
    guard let layer = scene.layer else { return }
    let count = scene.numbers(layer, unit: scene.chosenUnit).count
    state.train.layers.number = max(0, min(state.train.layers.number + places, count - 1))
  }
}
