import TerminalGraphics
import Training

/// What a panel of Step is drawn from: the state, the moment of the run, and where the panel lies.
protocol StepView {
  var scene: StepScene { get }
}

/// Shared by the parts of a panel: the state is too large to be copied into each of them.
final class StepScene {
  let state: AppState
  let moment: StepMoment
  let area: Rect

  init(_ state: AppState, _ moment: StepMoment, _ area: Rect) {
    self.state = state
    self.moment = moment
    self.area = area
  }
}

extension StepView {
  var state: AppState { scene.state }
  var moment: StepMoment { scene.moment }
  var area: Rect { scene.area }
}
