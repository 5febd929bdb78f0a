import Autodiff
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// What the Step screen remembers.
package struct StepState: Sendable {
  package var interest = StepInterest()
  /// The first row and column in the result's window, once one has moved in it.
  var window = NumberMatrix.Place(row: 0, column: 0)
  /// The chosen term of the sum that is opened, by size, and of which number that is.
  var term = (of: "", place: 0)
  /// Whether the graph holds an example that was not chosen: without it another may follow.
  var holdsExample = false
  /// The chosen row of the plan; nil follows the position.
  var planRow: Int?
  /// The number that one looked at before the run went on.
  var placeBefore: NumberPlace?
  /// What stands in the middle of the screen.
  var view: View = .line
  /// The chosen row of the watch list, and what was deleted from it, the latest last.
  var watchRow = 0
  var deletedWatches: [(place: Int, text: String)] = []
  /// The chosen branch, nil for the one at hand; whether it is compared with that.
  var branch: Int?
  var comparesBranches = false
  /// Whether the chart of the branches shows val_loss.
  var branchesShowValidation = false
  /// The chosen breakpoint, and what was deleted of them, the latest last; whether they stand above
  /// the branches also where there are none.
  var breakpointRow = 0
  var deletedBreakpoints: [String] = []
  var showsBreakpoints = false

  enum View: Hashable, Sendable {
    /// The line just done.
    case line
    /// One example through the whole step.
    case graph
    /// Everything that is watched.
    case watches
    /// All branches of the run.
    case branches
    /// A fault that was planted, and the evidence.
    case fault
  }

  package init() {}

  /// For another run: one watches the same.
  init(after other: StepState) {
    interest.watches = other.interest.watches
    deletedWatches = other.deletedWatches
  }
}

/// Step: a training step instruction by instruction, every number of it open to look into.
package enum StepScreen: Screen {
  package static let name = ScreenName.step

  package static func panels(_ state: AppState, in area: Rect) -> [Panel] {
    StepLayout(state, in: area).panels
  }

  package static func bindings(_ state: AppState) -> [Binding] { StepBindings.all(state) }

  package static func draw(_ state: AppState, _ panels: [Panel], on grid: inout CellGrid) {
    guard let moment = state.lab.moment else {
      NoRunPanel.draw(state, panels, on: &grid)
      return
    }
    let layout = StepLayout(state, in: state.body)
    if !state.isZoomed { PhaseRibbon.draw(moment, in: state.body.row(0), on: &grid) }
    for panel in panels where !panel.area.isEmpty {
      draw(panel, moment, layout.mode, state, on: &grid)
    }
  }

  private static func draw(
    _ panel: Panel, _ moment: StepMoment, _ mode: StepMode, _ state: AppState,
    on grid: inout CellGrid
  ) {
    let isFocused = state.focusedPanel == panel.id
    let scene = StepScene(state, moment, panel.area)
    grid.clipped(to: panel.area) { grid in
      switch panel.id {
      case "plan": PlanPanel(scene: scene).draw(isFocused, on: &grid)
      case "result": drawResult(scene, mode, isFocused, on: &grid)
      case "overview": OverviewPanel.draw(state, moment, panel.area, isFocused, on: &grid)
      case "cell":
        if let gate = GateCellPanel(moment, panel.area) {
          gate.draw(isFocused, on: &grid)
        } else {
          CellPanel(scene: scene).draw(isFocused, on: &grid)
        }
      case "example": ExamplePanel(state, moment).draw(panel.area, isFocused, on: &grid)
      case "words": WordsPanel.draw(state, moment, panel.area, isFocused, on: &grid)
      case "past": PastPanel(moment)?.draw(panel.area, isFocused, on: &grid)
      case "watches": WatchPanel(scene: scene).draw(isFocused, on: &grid)
      case WhatIfPanel.id: WhatIfPanel(state, panel.area).draw(isFocused, on: &grid)
      case BreakpointPanel.id: BreakpointPanel(state, panel.area).draw(isFocused, on: &grid)
      case StopPanel.id: StopPanel.draw(state, panel.area, isFocused, on: &grid)
      case FaultPanel.id: FaultPanel(state, panel.area).draw(isFocused, on: &grid)
      case ComparePanel.id: ComparePanel.draw(state, panel.area, isFocused, on: &grid)
      case CloseUpPanel.id:
        CloseUpPanel.draw(
          PanelView(state: state, area: panel.area, isFocused: isFocused), on: &grid)
      case "graph":
        if let graph = moment.graph {
          GraphPanel(state, moment, graph, panel.area).draw(isFocused, on: &grid)
        }
      case "timeline"
      where mode == .recurrent && state.step.view == .line && state.openCloseUp == nil:
        RecurrentTimeline(scene: scene).draw(isFocused, on: &grid)
      default: TimelinePanel(scene: scene).draw(mode, isFocused, on: &grid)
      }
    }
  }

  private static func drawResult(
    _ scene: StepScene, _ mode: StepMode, _ isFocused: Bool, on grid: inout CellGrid
  ) {
    switch mode {
    case .noRun, .start:
      StartPanel.draw(scene.state, scene.moment, scene.area, isFocused, on: &grid)
    case .whole: OperandsPanel(scene: scene).draw(isFocused, on: &grid)
    case .large: ResultPanel(scene: scene).draw(isFocused, on: &grid)
    case .recurrent:
      if let recurrent = scene.moment.recurrent {
        RecurrentPanel(scene: scene, recurrent: recurrent).draw(isFocused, on: &grid)
      }
    case .update: UpdatePanel(scene: scene).draw(isFocused, on: &grid)
    }
  }

  package static func handle(_ stroke: KeyStroke, _ state: inout AppState) -> [Effect]? {
    guard state.lab.moment != nil else { return nil }
    switch state.focusedPanel {
    case "plan": return PlanPanel.handle(stroke, &state)
    case "cell": return TermCursor.handle(stroke, &state) ?? CellCursor.handle(stroke, &state)
    case "result", "overview": return CellCursor.handle(stroke, &state)
    case "watches": return WatchKeys.handle(stroke, &state)
    case BreakpointPanel.id: return BreakpointKeys.handle(stroke, &state)
    case WhatIfPanel.id, ComparePanel.id: return BranchKeys.handle(stroke, &state)
    case "graph": return GraphKeys.handle(stroke, &state)
    case CloseUpPanel.id: return CloseUpKeys.press(stroke.key, &state)
    default: return nil
    }
  }

  package static func status(_ state: AppState, isCompact: Bool) -> StyledText {
    guard let moment = state.lab.moment else { return StyledText() }
    if let stop = state.lab.stopWords(isShort: isCompact) { return stop }
    let mark = state.lab.faultMark(isShort: isCompact)
    let room = TopLine.room(state).width - mark.width
    let unit = state.lab.pass == nil ? "step" : "pass"
    let step = "\(unit) \(NumberFormat.integer(moment.step))"
    if state.lab.activity == .training { return mark + trainingWords(state.lab, step, room) }
    let name = state.lab.settings.map { $0.data.name + " · " } ?? ""
    let count = moment.plan.instructions.count
    func forms(_ done: Int) -> [StyledText] {
      if moment.isDone {
        let end = StyledText.text(
          Words.count(moment.stepsDone, unit) + " done")
        return [.secondary(name) + end, end, "done"]
      }
      let long = StyledText.text("instruction \(done)") + .secondary(" of \(count)")
      return [.secondary("\(name)\(step) · ") + long, .secondary("\(step) · ") + long]
        + ["instr. \(done)/\(count)", "\(done) of \(count)", "\(done)/\(count)"]
        .map { .secondary("\(step) · ") + .text($0) } + [.text("\(done)/\(count)")]
    }
    // The same form at every instruction of a step, so that nothing jumps.
    let all = forms(count)
    return mark + forms(moment.done)[all.firstIndex { $0.width <= room } ?? all.count - 1]
  }

  /// `● training · 10 steps/s · step 9`: the run goes on, and this step of it is shown.
  private static func trainingWords(
    _ lab: LabSnapshot, _ step: String, _ room: Int
  ) -> StyledText {
    let pace = lab.paceWords
    let sign = StyledText.good("●")
    let forms: [StyledText] = [
      sign + .text(" training") + .secondary(" · \(pace) · ") + .text(step),
      sign + .text(" training") + .secondary(" · ") + .text(step), sign + .text(" " + step),
    ]
    // The same form at every step, so that nothing jumps.
    let last = NumberFormat.integer(lab.settings?.totalSteps ?? 0).count
    let missing = max(0, last - NumberFormat.integer(lab.moment?.step ?? 0).count)
    return forms.first { $0.width + missing <= room } ?? forms[2]
  }

  package static func arrive(_ state: inout AppState) -> [Effect] {
    state.lab.settings == nil && !state.awaitsKeptRun ? state.openRun() : []
  }

  package static func click(
    _ point: Point, _ panel: Panel, _ state: inout AppState
  ) -> [Effect] {
    guard let moment = state.lab.moment else { return [] }
    switch panel.id {
    case "plan":
      let row = PlanPanel(scene: StepScene(state, moment, panel.area)).row(at: point)
      // A second click opens or closes, or goes there.
      if row != nil, row == state.step.planRow { return PlanPanel.enter(&state) }
      state.step.planRow = row
      return []
    case "overview": return CellCursor.clickOverview(point, panel.area, &state)
    case "watches":
      if let row = WatchPanel(scene: StepScene(state, moment, panel.area)).row(at: point) {
        state.step.watchRow = row
      }
      return []
    case WhatIfPanel.id: return BranchKeys.click(point, panel.area, &state)
    case BreakpointPanel.id: return BreakpointKeys.click(point, panel.area, &state)
    case "graph": return GraphKeys.click(point, panel.area, &state)
    case "result": return CellCursor.click(point, panel.area, &state)
    default: return []
    }
  }

  package static func mouse(
    _ mouse: Mouse, _ panel: Panel, _ state: inout AppState
  ) -> [Effect]? {
    guard panel.id == "timeline", let moment = state.lab.moment else { return nil }
    let isTurned = mouse.action == .wheelUp || mouse.action == .wheelDown
    guard isTurned || mouse.button == .left && mouse.action != .release else { return nil }
    let mode = StepLayout(state, in: state.body).mode
    guard mode != .recurrent || state.step.view != .line || state.openCloseUp != nil else {
      return nil
    }
    let line = TimelinePanel(scene: StepScene(state, moment, panel.area))
    if isTurned {
      let unit = line.unit(at: mouse.point)
      return StepBindings.turn(forwards: mouse.action == .wheelDown, by: unit, &state)
    }
    guard let position = line.position(at: mouse.point) else { return nil }
    if state.step.view == .line { state.focus[.step] = panel.id }
    guard position.step <= state.lab.history.count else {
      if mouse.action == .press {
        state.say(
          "step \(NumberFormat.integer(position.step)) has not been trained yet: t trains on",
          .warning)
      }
      return []
    }
    let here = Position(step: moment.step, instruction: moment.done)
    return position == here
      ? [] : StepBindings.go(position.instruction, step: position.step, &state)
  }
}
