import TerminalGraphics
import Training

/// What the Home screen remembers.
package struct HomeState: Sendable {
  package init() {}
}

/// Home.
package enum HomeScreen: Screen {
  package static let name = ScreenName.home

  package static func panels(_ state: AppState, in area: Rect) -> [Panel] {
    [Panel("main", area)]
  }

  package static func bindings(_ state: AppState) -> [Binding] { [] }

  package static func draw(_ state: AppState, _ panels: [Panel], on grid: inout CellGrid) {
    for panel in panels {
      grid.box(panel.area, title: "Home", isFocused: state.focusedPanel == panel.id)
    }
  }

  package static func status(_ state: AppState, isCompact: Bool) -> StyledText { StyledText() }
}
