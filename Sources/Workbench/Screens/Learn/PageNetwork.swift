import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// The network of a lesson's page as a diagram, below the arrays that the page shows: units, and the
/// weights of the run between them.
enum PageNetwork {
  /// The largest layer of which every unit shows.
  private static let mostUnits = 8
  private static let mostLayers = 4
  private static let height = 12

  /// Whether the open page is one to read, nothing is asked on it, and its network is small enough to
  /// be seen whole.
  static func isShown(_ state: AppState) -> Bool {
    let model = state.workpiece.model
    guard state.learn.page != nil, state.learn.task == nil, !state.isCompact,
      !SeeItPanel.views(state).isEmpty, state.runHasThisNetwork, !state.isRunForeign,
      state.hiddenNumbers.isEmpty, model.isChain, (1...mostLayers).contains(model.layers.count)
    else { return false }
    let shapes = Blueprint(state.workpiece)
    return ([shapes.inputShape] + shapes.placed.map(\.outputShape)).allSatisfy {
      $0.rank == 1 && $0.count <= mostUnits
    }
  }

  /// Draws it where it has room, below what takes the first rows.
  static func draw(_ state: AppState, in area: Rect, on grid: inout CellGrid) {
    guard area.height >= height + 1, isShown(state) else { return }
    // Nothing is chosen here, as it is on Build; of one neuron each line shows its own weight.
    let isOne = Blueprint(state.workpiece).placed.map(\.outputShape.count) == [1]
    var plain = state
    plain.build.line = isOne ? 1 : state.workpiece.model.layers.count + 1
    plain.build.unit = isOne ? 0 : nil
    let room = area.trimmed(top: max(0, area.height - height - 3))
    grid.write(
      .secondary(
        "the network of this page: "
          + "\(state.workpiece.model.summary), step \(NumberFormat.integer(state.lab.position.step))"
      ),
      at: room.origin, width: room.width)
    UnitDiagram(BuildView(plain), in: room.trimmed(top: 1), hasKeys: false).draw(on: &grid)
  }
}
