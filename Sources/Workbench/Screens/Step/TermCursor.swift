import Autodiff
import TerminalGraphics
import Training

/// In the panel of a sum the arrows up and down walk its terms; to the sides they choose the number.
enum TermCursor {
  static func handle(_ stroke: KeyStroke, _ state: inout AppState) -> [Effect]? {
    guard let moment = state.lab.moment, let name = moment.explanation?.name,
      let area = state.panels.first(where: { $0.id == "cell" })?.area,
      case (let terms, var list)? = listed(state, moment)
    else { return nil }
    switch stroke.key {
    case .left, .right: return nil
    default: break
    }
    let panel = CellPanel(scene: StepScene(state, moment, area))
    guard list.handle(stroke.key, count: terms.count, shown: panel.shown(terms)) else { return nil }
    state.step.term = (name, list.index)
    return []
  }

  /// Goes to the line that made a factor of the chosen term, and looks at that number; nil where no
  /// term is chosen, or none has a factor that this step has computed.
  static func following(_ state: AppState) -> Binding? {
    guard state.focusedPanel == "cell", let moment = state.lab.moment,
      let (terms, list) = listed(state, moment), factor(of: terms[0], moment) != nil
    else { return nil }
    return Binding(
      [KeyStroke(.enter)], "open the factor", hint: "where its factor is from",
      shortHint: "its factor",
      help: "go to the line that computed a factor of the chosen term; it says which"
    ) { state in
      let term = SumTable.Ordered(terms).terms[list.index]
      guard let (place, origin) = factor(of: term, moment) else { return [] }
      let name = moment.plan[place.value].name + CellExplainer.subscript(place.index)
      state.say("this is \(name), a factor of \(moment.explanation?.name ?? "the sum")")
      let results = moment.plan.instructions[origin].results
      return StepBindings.go(
        origin + 1, step: moment.step,
        choosing: (results.firstIndex { $0.value == place.value } ?? 0, place.offset), &state)
    }
  }

  private static func listed(
    _ state: AppState, _ moment: StepMoment
  ) -> (terms: [SumTerm], list: ListSelection)? {
    guard let area = state.panels.first(where: { $0.id == "cell" })?.area,
      GateCellPanel(moment, area) == nil, let terms = CellPanel.terms(moment)
    else { return nil }
    return (terms, CellPanel(scene: StepScene(state, moment, area)).selection(of: terms))
  }

  /// The factor of a term that was computed last before the line at hand, and the line that did.
  private static func factor(
    of term: SumTerm, _ moment: StepMoment
  ) -> (place: CellPlace, origin: Int)? {
    let here = moment.instruction ?? 0
    return term.factors.compactMap(\.place)
      .compactMap { place in
        moment.plan.origin(of: place.value).flatMap { $0 < here ? (place, $0) : nil }
      }
      .max { $0.1 < $1.1 }
  }
}
