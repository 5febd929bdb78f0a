import TerminalGraphics
import Training

/// What the Build screen remembers.
package struct BuildState: Sendable {
  /// The Keras code of the network, as it stands beside the diagram.
  package func code(_ state: AppState) -> String { state.workpiece.source ?? "" }

  package init() {}
}

/// Build.
package enum BuildScreen: Screen {
  package static let name = ScreenName.build

  package static func panels(_ state: AppState, in area: Rect) -> [Panel] {
    [Panel("main", area)]
  }

  package static func bindings(_ state: AppState) -> [Binding] { [] }

  package static func draw(_ state: AppState, _ panels: [Panel], on grid: inout CellGrid) {
    for panel in panels {
      grid.box(panel.area, title: "Build", isFocused: state.focusedPanel == panel.id)
    }
  }

  package static func status(_ state: AppState, isCompact: Bool) -> StyledText { StyledText() }

  /// Takes Keras code from the clipboard.
  static func paste(_ text: String, _ state: inout AppState) -> [Effect] { [] }
}
