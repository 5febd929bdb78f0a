import Tensors
import TerminalGraphics
import Training

/// What each layer makes of what is drawn.
enum SeenPanel {
  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    let title = view.area.width < 34 ? "Layers" : "What the layers see of it"
    let details = ["what each unit gives, layer by layer", "what each unit gives"]
    let inside = view.box(
      title,
      detail: view.area.width < 60
        ? "" : Fitting.detail(details, beside: title, in: view.area), on: &grid)
    guard let layers = view.state.lab.answer?.layers, !layers.isEmpty else {
      grid.writeWrapped(
        .secondary("What each layer gives for your drawing, once there is an answer."), in: inside)
      return
    }
    let blocks = layers.compactMap { block($0, view, columns: inside.width) }
    let scales = LayersPanel.scales(layers, grid.ability)
    // Where a row is left below, it says what the colors mean.
    for (room, hasScale) in [(inside.trimmed(bottom: 1), true), (inside, false)] {
      let places = LayersPanel.places(blocks, in: room)
      let isWhole =
        places.count == blocks.count
        && zip(places, blocks).allSatisfy { $0.height == $1.height }
      guard isWhole || !hasScale else { continue }
      _ = LayersPanel.flow(isWhole ? enlarged(blocks, in: room) : blocks, in: room, on: &grid)
      if hasScale, let scale = Fitting.first(scales, width: inside.width) {
        grid.write(scale, at: Point(inside.x, inside.bottom - 1))
      }
      return
    }
  }

  /// As large as all of them fit.
  private static func enlarged(_ blocks: [LayerBlock], in area: Rect) -> [LayerBlock] {
    [4, 3, 2].lazy.map { times in blocks.map { $0.enlarged(times) } }.first { large in
      let places = LayersPanel.places(large, in: area)
      return places.count == large.count
        && zip(places, large).allSatisfy { $0.height == $1.height }
        && large.allSatisfy { $0.width <= area.width }
    } ?? blocks
  }

  private static func block(
    _ layer: LayerPicture, _ view: PanelView, columns: Int
  ) -> LayerBlock? {
    let activation = LayersPanel.activation(layer, view.state)
    switch layer.tensor.shape.rank {
    case 4: return .maps(layer, activation: activation, probe: 0, first: 0, columns: columns)
    case 3: return .overTime(layer, activation: activation, probe: 0)
    default: return .matrix(layer, activation: activation, cap: min(64, columns))
    }
  }
}
