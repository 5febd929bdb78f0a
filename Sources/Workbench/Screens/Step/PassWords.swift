import TerminalGraphics
import Training

extension ShownPass {
  /// `step 12, 2 of 3: gan`
  var words: String {
    "step \(NumberFormat.integer(step)), \(pass + 1) of \(of): \(network)"
  }
}
