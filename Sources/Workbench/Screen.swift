import TerminalGraphics

/// A framed part of a screen that can have the focus.
package struct Panel: Hashable, Sendable {
  /// Stable name within the screen: `loss`, `layers`.
  package let id: String
  package let area: Rect

  package init(_ id: String, _ area: Rect) {
    self.id = id
    self.area = area
  }
}

/// One of the lab's screens: where its panels lie, what can be done, how it is drawn.
///
/// Screens keep nothing: they are functions of the state. At 100 × 30 and more they lay out fully,
/// below that compactly, each panel's content one Tab or `z` away.
package protocol Screen: Sendable {
  static var name: ScreenName { get }

  /// The panels in Tab order; the first has the focus when one arrives.
  static func panels(_ state: AppState, in area: Rect) -> [Panel]

  /// What can be done on this screen, in the order hints show it; may depend on the focused panel.
  static func bindings(_ state: AppState) -> [Binding]

  /// Draws the panels; when one is zoomed, `panels` holds it alone.
  static func draw(_ state: AppState, _ panels: [Panel], on grid: inout CellGrid)

  /// The panels that a run that trains changes in every frame; the others come now and then. None
  /// where all of them are to be drawn each time.
  static var following: Set<String> { get }

  /// Keys that no binding took: movement within the focused panel. Nil when it has no use for it.
  static func handle(_ stroke: KeyStroke, _ state: inout AppState) -> [Effect]?

  /// What the right end of the top line says.
  static func status(_ state: AppState, isCompact: Bool) -> StyledText

  /// What one is looking at, in a sentence or two, for the help; nil for the screen's standard one.
  static func about(_ state: AppState) -> String?

  /// What a search in a panel looks through; nil for what the panel shows.
  static func searchable(_ panel: String, _ state: AppState) -> Searchable?

  /// Called when one goes to this screen.
  static func arrive(_ state: inout AppState) -> [Effect]

  /// What a click in a panel does, after it has the focus.
  static func click(_ point: Point, _ panel: Panel, _ state: inout AppState) -> [Effect]

  /// What the mouse does in a panel besides choosing: draws, drags, its right button. Nil when the
  /// panel has no use for it.
  static func mouse(_ mouse: Mouse, _ panel: Panel, _ state: inout AppState) -> [Effect]?

  /// How small a panel may be made by moving its borders, before it drops words; nil for most of
  /// what its layout gives it.
  static func leastSize(of panel: String, _ state: AppState) -> Size?

  /// How large a panel has to be for nothing of it to be cut, for pictures of it; nil for the size
  /// that it has.
  static func wholeSize(of panel: String, _ state: AppState) -> Size?
}

extension Screen {
  package static var following: Set<String> { [] }
  package static func handle(_ stroke: KeyStroke, _ state: inout AppState) -> [Effect]? { nil }
  package static func about(_ state: AppState) -> String? { nil }
  package static func searchable(_ panel: String, _ state: AppState) -> Searchable? { nil }
  package static func arrive(_ state: inout AppState) -> [Effect] { [] }
  package static func click(
    _ point: Point, _ panel: Panel, _ state: inout AppState
  ) -> [Effect] { [] }
  package static func mouse(
    _ mouse: Mouse, _ panel: Panel, _ state: inout AppState
  ) -> [Effect]? { nil }
  package static func leastSize(of panel: String, _ state: AppState) -> Size? { nil }
  package static func wholeSize(of panel: String, _ state: AppState) -> Size? { nil }
}

/// Every screen: one line registers one.
package enum ScreenCatalog {
  package static let all: [any Screen.Type] = [
    HomeScreen.self, LearnScreen.self, BuildScreen.self, TrainScreen.self, StepScreen.self,
    DataScreen.self, RunsScreen.self,
  ]

  package static func screen(_ name: ScreenName) -> any Screen.Type {
    all.first { $0.name == name } ?? HomeScreen.self
  }
}
