import TerminalGraphics
import Training

/// What the Step screen remembers.
package struct StepState: Sendable {
  package var interest = StepInterest()

  package init() {}
}

/// Step.
package enum StepScreen: Screen {
  package static let name = ScreenName.step

  package static func panels(_ state: AppState, in area: Rect) -> [Panel] {
    [Panel("main", area)]
  }

  package static func bindings(_ state: AppState) -> [Binding] { [] }

  package static func draw(_ state: AppState, _ panels: [Panel], on grid: inout CellGrid) {
    for panel in panels {
      grid.box(panel.area, title: "Step", isFocused: state.focusedPanel == panel.id)
    }
  }

  package static func status(_ state: AppState, isCompact: Bool) -> StyledText { StyledText() }
}
