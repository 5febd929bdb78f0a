import Autodiff
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// Arrows choose the number that is opened.
enum CellCursor {
  static func handle(_ stroke: KeyStroke, _ state: inout AppState) -> [Effect]? {
    guard let moment = state.lab.moment, moment.result < moment.results.count else { return nil }
    if let recurrent = moment.recurrent { return turnUnit(stroke, moment, recurrent, &state) }
    let shape = moment.results[moment.result].tensor.shape
    let columns = max(1, shape.last)
    let rows = max(1, shape.rows)
    let (window, page) = window(state, moment)
    let here = min(state.step.interest.cell ?? moment.cell, rows * columns - 1)
    var (row, column) = here.quotientAndRemainder(dividingBy: columns)
    let isLong = stroke.modifiers.contains(.shift)
    switch stroke.key {
    case .up, .character("k"): row -= isLong ? page.rows : 1
    case .down, .character("j"): row += isLong ? page.rows : 1
    case .left: column -= isLong ? page.columns : 1
    case .right: column += isLong ? page.columns : 1
    case .pageUp: row -= page.rows
    case .pageDown: row += page.rows
    case .home: column = 0
    case .end: column = columns - 1
    default: return nil
    }
    state.step.window = window
    state.step.interest.cell =
      min(max(0, row), rows - 1) * columns + min(max(0, column), columns - 1)
    return [.lab(.look(state.interest))]
  }

  /// In a recurrent layer arrows choose the unit, which stays chosen from line to line; z has four
  /// numbers a unit, one a gate.
  private static func turnUnit(
    _ stroke: KeyStroke, _ moment: StepMoment, _ recurrent: RecurrentMoment,
    _ state: inout AppState
  ) -> [Effect]? {
    let columns = max(1, moment.results[moment.result].tensor.shape.last)
    var column = (state.step.interest.cell ?? moment.cell) % columns
    switch stroke.key {
    case .up, .left, .character("k"): column -= 1
    case .down, .right, .character("j"): column += 1
    case .home: column = 0
    case .end: column = columns - 1
    default: return nil
    }
    column = min(max(0, column), columns - 1)
    state.step.interest.unit = column % max(1, recurrent.units)
    state.step.interest.cell = recurrent.example * columns + column
    return [.lab(.look(state.interest))]
  }

  /// The window as it lies now, and how many rows and columns a page has.
  private static func window(
    _ state: AppState, _ moment: StepMoment
  ) -> (NumberMatrix.Place, page: (rows: Int, columns: Int)) {
    let mode = StepLayout(state, in: state.body).mode
    guard mode == .large, let panel = state.panels.first(where: { $0.id == "result" }),
      !panel.area.isEmpty
    else { return (state.step.window, (8, 8)) }
    let result = ResultPanel(scene: StepScene(state, moment, panel.area))
    let shown = result.visible
    return (result.matrix.offset, (max(1, shown.rows.count), max(1, shown.columns.count)))
  }

  /// Goes to the number under a point of the overview.
  static func clickOverview(
    _ point: Point, _ area: Rect, _ state: inout AppState
  ) -> [Effect] {
    guard let moment = state.lab.moment,
      let cell = OverviewPanel.cell(at: point, moment, area)
    else { return [] }
    state.step.interest.cell = cell
    return [.lab(.look(state.interest))]
  }

  static func click(_ point: Point, _ area: Rect, _ state: inout AppState) -> [Effect] {
    guard let moment = state.lab.moment, moment.result < moment.results.count else { return [] }
    let columns = max(1, moment.results[moment.result].tensor.shape.last)
    switch StepLayout(state, in: state.body).mode {
    case .large:
      let result = ResultPanel(scene: StepScene(state, moment, area))
      guard let place = result.place(at: point) else { return [] }
      state.step.window = result.matrix.offset
      state.step.interest.cell = place.row * columns + place.column
    case .whole:
      guard
        let (result, cell) = OperandsPanel(scene: StepScene(state, moment, area)).place(at: point)
      else {
        return []
      }
      state.step.interest.result = result
      state.step.interest.cell = cell
    case .update:
      guard let column = UpdatePanel(scene: StepScene(state, moment, area)).column(at: point) else {
        return []
      }
      state.step.interest.cell = moment.cell / columns * columns + column
    case .noRun, .start, .recurrent: return []
    }
    return [.lab(.look(state.interest))]
  }
}
