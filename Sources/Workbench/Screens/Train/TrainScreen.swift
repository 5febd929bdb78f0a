import Datasets
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// Train: the loss as it falls, what has been learned, what each layer does, and the pace of it all.
package enum TrainScreen: Screen {
  package static let name = ScreenName.train

  static func kind(_ state: AppState) -> TrainLayout.Kind {
    let data = state.workpiece.dataset
    let input = state.lab.network?.inputShape ?? data.exampleShape
    if input == [2] { return .plane }
    let classes =
      state.lab.settings == nil ? data.task.classes ?? [] : state.lab.shownClasses
    return classes.count > 1 ? .classes : .numbers
  }

  static func layout(_ state: AppState, in area: Rect) -> TrainLayout {
    TrainLayout(
      kind(state),
      classCount: state.lab.settings == nil
        ? state.workpiece.dataset.task.classes?.count ?? 0 : state.lab.shownClasses.count,
      in: area, isCompact: state.isCompact,
      hasAccuracy: state.lab.settings == nil || Chart.all(for: state.lab).contains(.accuracy))
  }

  package static func panels(_ state: AppState, in area: Rect) -> [Panel] {
    if state.train.program != nil { return [Panel(LoopPanel.id, area)] }
    guard state.openCloseUp == nil else {
      let run = state.isCompact ? 3 : 5
      return [
        Panel(CloseUpPanel.id, area.trimmed(bottom: run)),
        Panel(TrainPart.run.rawValue, area.trimmed(top: area.height - run)),
      ]
    }
    return layout(state, in: area).places.panels(focused: state.focus[.train])
  }

  package static func bindings(_ state: AppState) -> [Binding] { TrainKeys.bindings(state) }

  package static func draw(_ state: AppState, _ panels: [Panel], on grid: inout CellGrid) {
    let layout = layout(state, in: state.body)
    let focused = state.focusedPanel
    var view = PanelView(state: state, area: state.body, isFocused: false)
    for panel in panels where !panel.area.isEmpty {
      view.area = panel.area
      view.isFocused = focused == panel.id
      if panel.id == CloseUpPanel.id {
        grid.clipped(to: panel.area) { CloseUpPanel.draw(view, on: &$0) }
        continue
      }
      if let loop = state.train.program {
        grid.clipped(to: panel.area) { LoopPanel.draw(view, loop, on: &$0) }
        continue
      }
      guard let part = TrainPart(rawValue: panel.id) else { continue }
      view.others = state.namesOthers ? layout.places.hidden(beside: panel.id) : []
      grid.clipped(to: panel.area) { grid in
        draw(part, view, on: &grid)
        view.noteOthers(on: &grid)
      }
    }
  }

  private static func draw(
    _ part: TrainPart, _ view: PanelView, on grid: inout CellGrid
  ) {
    guard view.state.lab.settings != nil || part == .settings else {
      view.drawEmpty(part.title, on: &grid)
      return
    }
    switch part {
    case .loss: CurvesPanel.draw(view, on: &grid)
    case .accuracy: AccuracyPanel.draw(view, on: &grid)
    case .rates: RatesPanel.draw(view, on: &grid)
    case .happened: HappenedPanel.draw(view, on: &grid)
    case .learned: LearnedPanel.draw(view, on: &grid)
    case .fit: FitPanel.draw(view, on: &grid)
    case .confusion: ConfusionPanel.draw(view, on: &grid)
    case .classes: ClassesPanel.draw(view, on: &grid)
    case .worst: WorstPanel.draw(view, on: &grid)
    case .layers: LayersPanel.draw(view, on: &grid)
    case .settings: SettingsPanel.draw(view, on: &grid)
    case .run: RunPanel.draw(view, on: &grid)
    }
  }

  /// The loss goes with the step.
  package static let following: Set = [TrainPart.loss.rawValue, TrainPart.run.rawValue]

  package static func handle(_ stroke: KeyStroke, _ state: inout AppState) -> [Effect]? {
    if state.focusedPanel == CloseUpPanel.id { return CloseUpKeys.press(stroke.key, &state) }
    return switch TrainPart(rawValue: state.focusedPanel) {
    case .loss, .accuracy, .rates: CurvesPanel.press(stroke, &state)
    case .happened: HappenedPanel.press(stroke.key, &state)
    case .layers: LayersPanel.press(stroke.key, &state)
    case .settings: SettingsPanel.press(stroke.key, &state)
    case .worst: WorstPanel.press(stroke.key, &state)
    case .confusion: ConfusionPanel.press(stroke.key, &state)
    default: nil
    }
  }

  package static func wholeSize(of panel: String, _ state: AppState) -> Size? {
    panel == TrainPart.confusion.rawValue ? ConfusionPanel.wholeSize(state) : nil
  }

  package static func status(_ state: AppState, isCompact: Bool) -> StyledText {
    let lab = state.lab
    if let loop = state.train.program {
      return .good("●") + .text(" \(loop.name)") + .secondary(" · ") + LoopPanel.count(loop)
    }
    guard let settings = lab.settings else { return .secondary("no run yet") }
    let activity: StyledText =
      switch lab.activity {
      case .training where lab.position.step < lab.history.count:
        .good("●") + .text(" replaying")
      case .training: .good("●") + .text(" training")
      case .finished: .accent("■") + .text(" finished")
      case .paused, .idle: .warning("○") + .text(" paused")
      }
    // The names of the screens take the rest of the line.
    let room = state.size.width - (isCompact ? 62 : 69)
    if lab.activity != .training,
      let reason = lab.stopReason(width: room)
        ?? lab.stopWords(isShort: isCompact)
    {
      return reason
    }
    let pace = StyledText.secondary(lab.paceWords)
    let mark = lab.faultMark(isShort: isCompact)
    return mark
      + (isCompact
        ? activity
        : .joined([activity, .text(settings.data.name), pace], separator: .secondary(" · ")))
  }

  /// Opens the run of the workpiece, paused, when there is none or when nothing would be lost by it.
  package static func arrive(_ state: inout AppState) -> [Effect] {
    guard !state.awaitsKeptRun, state.train.program == nil else { return [] }
    let isUntouched = state.lab.history.steps.isEmpty
    return state.lab.settings == nil || (isUntouched && !state.runIsCurrent) ? state.openRun() : []
  }

  package static func click(
    _ point: Point, _ panel: Panel, _ state: inout AppState
  ) -> [Effect] {
    switch TrainPart(rawValue: panel.id) {
    case .happened: HappenedPanel.click(point, panel.area, &state)
    case .run: RunPanel.click(point, panel.area, &state)
    case .settings: SettingsPanel.click(point, panel.area, &state)
    case .layers: LayersPanel.click(point, panel.area, &state)
    case .worst: WorstPanel.click(point, panel.area, &state)
    case .confusion: ConfusionPanel.click(point, panel.area, &state)
    default: []
    }
  }
}

extension LabSnapshot {
  /// `90 steps/s`; where the machine does not reach what is wanted `18 of 72 steps/s`.
  var paceWords: String {
    let words = pace.words(inPasses: pass != nil)
    guard activity == .training, case .steps(let wanted) = pace, let stepsPerSecond,
      stepsPerSecond < 0.9 * wanted
    else { return words }
    let measured =
      stepsPerSecond < 1
      ? NumberFormat.fixed(stepsPerSecond, decimals: 1)
      : NumberFormat.integer(Int(stepsPerSecond.rounded()))
    return "\(measured) of \(words)"
  }
}

extension Pace {
  /// `90 steps/s`, `full speed`; of a run of passes these are what is counted.
  func words(inPasses: Bool) -> String {
    let unit = inPasses ? "pass" : "step"
    return switch self {
    case .steps(let count):
      "\(Axis.label(count)) \(count == 1 ? unit : unit + (inPasses ? "es" : "s"))/s"
    case .full: "full speed"
    }
  }
}
