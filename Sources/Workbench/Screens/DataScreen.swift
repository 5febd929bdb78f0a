import TerminalGraphics
import Training

/// What the Data screen remembers.
package struct DataState: Sendable {
  package init() {}
}

/// Data.
package enum DataScreen: Screen {
  package static let name = ScreenName.data

  package static func panels(_ state: AppState, in area: Rect) -> [Panel] {
    [Panel("main", area)]
  }

  package static func bindings(_ state: AppState) -> [Binding] { [] }

  package static func draw(_ state: AppState, _ panels: [Panel], on grid: inout CellGrid) {
    for panel in panels {
      grid.box(panel.area, title: "Data", isFocused: state.focusedPanel == panel.id)
    }
  }

  package static func status(_ state: AppState, isCompact: Bool) -> StyledText { StyledText() }
}
