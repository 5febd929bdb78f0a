import TerminalGraphics
import Training

/// The mouse on the curves: a click sets the crosshair, a drag chooses a span to be shown, the wheel
/// zooms at the pointer, a double click shows all.
enum CurvesMouse {
  /// Two presses within this time, at the same place, are a double click.
  private static let doubleClick = 0.4

  static func take(_ mouse: Mouse, _ panel: Panel, _ state: inout AppState) -> [Effect]? {
    let stack = stack(state, panel)
    let step = stack.step(atColumn: mouse.point.x)
    switch mouse.action {
    case .wheelUp, .wheelDown:
      guard let step else { return nil }
      state.train.curves.zoom(
        in: mouse.action == .wheelUp, around: step, total: state.shownSteps,
        newest: state.lab.position.step)
      return []
    case .press:
      guard mouse.button == .left, let step, isInside(mouse.point, panel) else { return nil }
      press(mouse.point.x, step, panel, &state)
      return []
    case .drag:
      guard var drag = state.train.curves.drag, let step else { return nil }
      drag.to = step
      drag.hasMoved = drag.hasMoved || abs(mouse.point.x - drag.column) >= 2
      state.train.curves.drag = drag
      return []
    case .release:
      guard let drag = state.train.curves.drag else { return nil }
      state.train.curves.drag = nil
      guard drag.hasMoved else { return [] }
      show(drag.from, step ?? drag.to, &state)
      return []
    }
  }

  private static func stack(_ state: AppState, _ panel: Panel) -> CurveStack {
    panel.id == TrainPart.accuracy.rawValue
      ? AccuracyPanel.stack(state, panel.area) : CurvesPanel.stack(state, panel.area)
  }

  private static func isInside(_ point: Point, _ panel: Panel) -> Bool {
    panel.area.inset().contains(point)
  }

  private static func press(
    _ column: Int, _ step: Int, _ panel: Panel, _ state: inout AppState
  ) {
    state.focus[.train] = panel.id
    if let last = state.train.curves.lastPress, last.column == column,
      state.now - last.time < doubleClick
    {
      state.train.curves.showAll()
      state.train.curves.cursor = nil
      state.train.curves.lastPress = nil
      state.train.curves.drag = nil
      return
    }
    state.train.curves.lastPress = (column, state.now)
    state.train.curves.drag = CurveState.Drag(
      panel: panel.id, from: step, to: step, column: column)
    let count = state.lab.history.count
    if count > 0 { state.train.curves.cursor = min(step, count - 1) }
  }

  private static func show(_ a: Int, _ b: Int, _ state: inout AppState) {
    state.train.curves.follows = false
    state.train.curves.show(min(a, b), length: abs(a - b) + 1, total: state.shownSteps)
    state.train.curves.cursor = nil
    let window = state.window
    state.say(
      "steps \(NumberFormat.integer(window.lowerBound)) to "
        + "\(NumberFormat.integer(window.upperBound)); a double click or f shows all")
  }
}
