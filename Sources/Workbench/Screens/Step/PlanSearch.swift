import Autodiff
import Training

extension StepScreen {
  /// The listing is searched line by line; a closed fold is found by what is in it.
  package static func searchable(_ panel: String, _ state: AppState) -> Searchable? {
    guard panel == "plan", let moment = state.lab.moment,
      let area = state.panels.first(where: { $0.id == "plan" })?.area
    else { return nil }
    let plan = PlanPanel(scene: StepScene(state, moment, area))
    let lines = plan.rows.map { text(of: $0, moment.plan) }
    return Searchable(lines, chosen: plan.chosen) { line, state in
      state.step.planRow = line
      return []
    }
  }

  private static func text(of row: PlanRow, _ plan: Plan) -> String {
    switch row.content {
    case .phase(let phase): phase.rawValue
    case .fold(let fold, isOpen: true): fold.scopes.last ?? ""
    case .fold(let fold, isOpen: false):
      (fold.scopes.last ?? "") + " "
        + row.range.map { plan.instructions[$0].title }.joined(separator: " ")
    case .instruction:
      "\(row.range.upperBound) " + (plan.instructions[row.range.lowerBound].layer ?? "") + " "
        + plan.instructions[row.range.lowerBound].title
    }
  }
}
