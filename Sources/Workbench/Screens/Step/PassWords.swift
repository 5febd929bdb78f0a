import TerminalGraphics
import Training

extension ShownPass {
  /// `step 12, 2 of 3: gan`
  var words: String {
    "step \(NumberFormat.integer(step)), \(pass + 1) of \(of): \(network)"
  }
}

extension StepMoment {
  /// How many steps are done where it stands: at the end of a step that one too.
  var stepsDone: Int { step + (isDone ? 1 : 0) }
}
