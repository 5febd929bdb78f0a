import TerminalGraphics

extension TrainScreen {
  package static func mouse(
    _ mouse: Mouse, _ panel: Panel, _ state: inout AppState
  ) -> [Effect]? {
    // A span that is being chosen goes on wherever the mouse is.
    if let drag = state.train.curves.drag, mouse.action == .drag || mouse.action == .release,
      let own = state.panels.first(where: { $0.id == drag.panel })
    {
      return CurvesMouse.take(mouse, own, &state)
    }
    switch TrainPart(rawValue: panel.id) {
    case .loss, .accuracy: return CurvesMouse.take(mouse, panel, &state)
    case .run: return RunPanel.mouse(mouse, panel.area, &state)
    default: return nil
    }
  }
}
