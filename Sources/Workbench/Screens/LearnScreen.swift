import TerminalGraphics
import Training

/// What the Learn screen remembers.
package struct LearnState: Sendable {
  package init() {}
}

/// Learn.
package enum LearnScreen: Screen {
  package static let name = ScreenName.learn

  package static func panels(_ state: AppState, in area: Rect) -> [Panel] {
    [Panel("main", area)]
  }

  package static func bindings(_ state: AppState) -> [Binding] { [] }

  package static func draw(_ state: AppState, _ panels: [Panel], on grid: inout CellGrid) {
    for panel in panels {
      grid.box(panel.area, title: "Learn", isFocused: state.focusedPanel == panel.id)
    }
  }

  package static func status(_ state: AppState, isCompact: Bool) -> StyledText { StyledText() }
}
