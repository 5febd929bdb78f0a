import Autodiff
import TerminalGraphics
import Training

/// In the panel of a sum the arrows up and down walk its terms; to the sides they choose the number.
enum TermCursor {
  static func handle(_ stroke: KeyStroke, _ state: inout AppState) -> [Effect]? {
    guard let moment = state.lab.moment, let name = moment.explanation?.name,
      let area = state.panels.first(where: { $0.id == "cell" })?.area,
      GateCellPanel(moment, area) == nil, let terms = CellPanel.terms(moment)
    else { return nil }
    switch stroke.key {
    case .left, .right: return nil
    default: break
    }
    let panel = CellPanel(scene: StepScene(state, moment, area))
    var list = panel.selection(of: terms)
    guard list.handle(stroke.key, count: terms.count, shown: panel.shown(terms)) else { return nil }
    state.step.term = (name, list.index)
    return []
  }
}
