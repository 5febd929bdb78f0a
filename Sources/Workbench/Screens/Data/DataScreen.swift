import Datasets
import TerminalGraphics
import Training

/// Data: what there is to learn from, what it looks like, and how it is made.
package enum DataScreen: Screen {
  package static let name = ScreenName.data

  package static func panels(_ state: AppState, in area: Rect) -> [Panel] {
    DataLayout.places(in: area, isCompact: state.isCompact).panels(focused: state.focus[.data])
  }

  package static func bindings(_ state: AppState) -> [Binding] { DataKeys.bindings(state) }

  package static func draw(_ state: AppState, _ panels: [Panel], on grid: inout CellGrid) {
    let places = DataLayout.places(in: state.body, isCompact: state.isCompact)
    for panel in panels where !panel.area.isEmpty {
      let view = PanelView(
        state: state, area: panel.area, isFocused: state.focusedPanel == panel.id,
        others: state.isZoomed ? [] : places.hidden(beside: panel.id))
      grid.clipped(to: panel.area) { grid in
        switch DataPart(rawValue: panel.id) {
        case .list: DataListPanel.draw(view, on: &grid)
        case .picture: DataPicturePanel.draw(view, on: &grid)
        case .shape: ShapePanel.draw(view, on: &grid)
        case .inputs: InputsPanel.draw(view, on: &grid)
        case .examples: ExamplesPanel.draw(view, on: &grid)
        case nil: break
        }
        view.noteOthers(on: &grid)
      }
    }
  }

  package static func handle(_ stroke: KeyStroke, _ state: inout AppState) -> [Effect]? {
    switch DataPart(rawValue: state.focusedPanel) {
    case .list: DataListPanel.press(stroke.key, &state)
    case .picture: DataPicturePanel.press(stroke.key, &state)
    case .shape: ShapePanel.press(stroke.key, &state)
    case .inputs: InputsPanel.press(stroke.key, &state)
    case .examples: ExamplesPanel.press(stroke.key, &state)
    case nil: nil
    }
  }

  package static func status(_ state: AppState, isCompact: Bool) -> StyledText {
    .secondary(state.size.width < 70 ? "" : isCompact ? "use: " : "in use: ")
      + .text(state.workpiece.dataset.name)
  }

  /// Lists what there is and shows what is in use.
  package static func arrive(_ state: inout AppState) -> [Effect] {
    state.data.entries = state.library.names.compactMap { try? state.library.entry(named: $0) }
    let inUse = state.workpiece.dataset
    if !state.data.entries.contains(where: { $0.name == inUse.name }),
      !state.data.opened.contains(where: { $0.name == inUse.name })
    {
      state.data.opened.append(inUse)
    }
    if state.data.preview == nil { state.showData(named: inUse.name) }
    let place = state.listedData.firstIndex { $0.name == state.data.name } ?? 0
    state.data.list.select(place, count: state.listedData.count)
    return []
  }

  package static func click(
    _ point: Point, _ panel: Panel, _ state: inout AppState
  ) -> [Effect] {
    panel.id == DataPart.list.rawValue
      ? DataListPanel.click(point, panel.area, &state)
      : panel.id == DataPart.shape.rawValue
        ? ShapePanel.click(point, panel.area, &state) : []
  }
}
