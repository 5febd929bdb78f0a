import TerminalGraphics
import Training

/// What the Train screen remembers.
package struct TrainState: Sendable {
  /// What the pictures of layers show.
  package var quantity = LayerPicture.Quantity.activation

  package init() {}
}

/// Train.
package enum TrainScreen: Screen {
  package static let name = ScreenName.train

  package static func panels(_ state: AppState, in area: Rect) -> [Panel] {
    [Panel("main", area)]
  }

  package static func bindings(_ state: AppState) -> [Binding] { [] }

  package static func draw(_ state: AppState, _ panels: [Panel], on grid: inout CellGrid) {
    for panel in panels {
      grid.box(panel.area, title: "Train", isFocused: state.focusedPanel == panel.id)
    }
  }

  package static func status(_ state: AppState, isCompact: Bool) -> StyledText { StyledText() }
}
