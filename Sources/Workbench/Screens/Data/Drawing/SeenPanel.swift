import Tensors
import TerminalGraphics
import Training

/// What each layer makes of what is drawn.
enum SeenPanel {
  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    let inside = view.box(
      view.area.width < 34 ? "Layers" : "What the layers see of it",
      detail: view.area.width < 60 ? "" : .secondary("what each unit gives, layer by layer"),
      on: &grid)
    guard let layers = view.state.lab.answer?.layers, !layers.isEmpty else {
      grid.writeWrapped(
        .secondary("What each layer gives for your drawing, once there is an answer."), in: inside)
      return
    }
    let blocks = layers.compactMap { block($0, view, columns: inside.width) }
    _ = LayersPanel.flow(blocks, in: inside, on: &grid)
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
