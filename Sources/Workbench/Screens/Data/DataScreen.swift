import Datasets
import TerminalGraphics
import Training

/// Data: what there is to learn from, what it looks like, and how it is made; and examples of one's
/// own, drawn and put to the network.
package enum DataScreen: Screen {
  package static let name = ScreenName.data

  package static func panels(_ state: AppState, in area: Rect) -> [Panel] {
    DataLayout.places(state, in: area).panels(focused: state.focus[.data])
  }

  package static func bindings(_ state: AppState) -> [Binding] {
    state.data.drawing == nil ? DataKeys.bindings(state) : DrawingKeys.bindings(state)
  }

  package static func draw(_ state: AppState, _ panels: [Panel], on grid: inout CellGrid) {
    let places = DataLayout.places(state, in: state.body)
    for panel in panels where !panel.area.isEmpty {
      let view = PanelView(
        state: state, area: panel.area, isFocused: state.focusedPanel == panel.id,
        others: state.namesOthers ? places.hidden(beside: panel.id) : [])
      grid.clipped(to: panel.area) { grid in
        switch DataPart(rawValue: panel.id) {
        case .list: DataListPanel.draw(view, on: &grid)
        case .picture: DataPicturePanel.draw(view, on: &grid)
        case .shape: ShapePanel.draw(view, on: &grid)
        case .inputs: InputsPanel.draw(view, on: &grid)
        case .examples: ExamplesPanel.draw(view, on: &grid)
        case .canvas: CanvasPanel.draw(view, on: &grid)
        case .said: SaidPanel.draw(view, on: &grid)
        case .reasons: ReasonsPanel.draw(view, on: &grid)
        case .nearest: NearestPanel.draw(view, on: &grid)
        case .layers: SeenPanel.draw(view, on: &grid)
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
    case .canvas, .said, .reasons, .nearest, .layers, nil: nil
    }
  }

  package static func status(_ state: AppState, isCompact: Bool) -> StyledText {
    if state.data.drawing != nil {
      return .text("draw") + .secondary(isCompact ? "" : " · asks the run")
    }
    return .secondary(state.size.width < 70 ? "" : isCompact ? "use: " : "in use: ")
      + .text(state.data.listedName(of: state.workpiece.dataset.name))
  }

  package static func about(_ state: AppState) -> String? {
    guard let drawing = state.data.drawing else { return state.data.view.about }
    switch drawing {
    case .picture:
      return "What you draw is put to the run after every stroke, with the weights it has now."
        + " A picture that looks like none of those it learned from gets an answer all the same."
    case .points:
      return "Points of your own: each has a class. Enter keeps them as a data set and learns from"
        + " it. What the run says of the place under the cursor stands on the right."
    }
  }

  /// Lists what there is and shows what is in use.
  package static func arrive(_ state: inout AppState) -> [Effect] {
    state.data.entries = state.library.names.compactMap { try? state.library.entry(named: $0) }
    let inUse = state.workpiece.dataset.name
    let listed = state.data.listedName(of: inUse)
    if state.data.entries.contains(where: { $0.name == listed }) {
      // Another screen may have put the same data to use with other options.
      let known = state.data.specifications[listed]?.description ?? listed
      if known != inUse {
        state.data.specifications[listed] =
          listed == inUse ? nil : try? DataSpecification(parsing: inUse)
        if state.data.name == listed { state.data.preview = nil }
      }
    } else if !state.data.opened.contains(where: { $0.name == listed }) {
      state.data.opened.append(state.workpiece.dataset)
    }
    if state.data.preview == nil, state.data.drawing == nil { state.showData(named: listed) }
    let place = state.listedData.firstIndex { $0.name == state.data.name } ?? 0
    state.data.list.select(place, count: state.listedData.count)
    return []
  }

  package static func click(
    _ point: Point, _ panel: Panel, _ state: inout AppState
  ) -> [Effect] {
    switch DataPart(rawValue: panel.id) {
    case .list: DataListPanel.click(point, panel.area, &state)
    case .shape: ShapePanel.click(point, panel.area, &state)
    case .picture: DataPicturePanel.click(point, panel.area, &state)
    default: []
    }
  }

  package static func mouse(
    _ mouse: Mouse, _ panel: Panel, _ state: inout AppState
  ) -> [Effect]? {
    switch DataPart(rawValue: panel.id) {
    case .canvas: CanvasPanel.mouse(mouse, panel.area, &state)
    case .shape: ShapePanel.mouse(mouse, panel.area, &state)
    default: nil
    }
  }
}

extension DataView {
  /// What one is looking at.
  var about: String {
    switch self {
    case .plot: "The examples a network learns from, and those held back to judge it."
    case .columns:
      "How the numbers of each input are spread, class by class: where the bars of two classes"
        + " overlap, this input alone cannot tell them apart."
    case .pairs:
      "Each input against each other. r says how well a straight line fits: 1 and −1 perfectly,"
        + " 0 not at all."
    case .classes:
      "How many examples each answer has. A network that always says the most frequent one is"
        + " right that often: be better than that."
    case .advice: "What may make learning harder or its results doubtful, and what to do about it."
    }
  }
}
