import TerminalGraphics

/// A place on a screen for one or several panels: it shows the focused one of them, else the first,
/// so that what a small window leaves out is a Tab away.
struct PanelPlace: Hashable, Sendable {
  let ids: [String]
  let area: Rect

  init(_ ids: [String], _ area: Rect) {
    self.ids = ids
    self.area = area
  }
}

extension [PanelPlace] {
  /// The panels in Tab order; those that give way to another one of their place are empty.
  func panels(focused: String?) -> [Panel] {
    flatMap { place in
      let shown = place.ids.first { $0 == focused } ?? place.ids.first
      return place.ids.map { id in
        Panel(id, id == shown ? place.area : Rect(place.area.x, place.area.y, 0, 0))
      }
    }
  }

  /// The other panels of a panel's place.
  func hidden(beside id: String) -> [String] {
    (first { $0.ids.contains(id) }?.ids ?? []).filter { $0 != id }
  }
}
