import TerminalGraphics
import Training

extension AppState {
  /// Says once that a breakpoint stopped the run, when the news of it comes.
  mutating func noteStop(before: Stop?) {
    guard let stop = lab.stop, stop != before, let first = stop.lines.first else { return }
    let isShown = screen == .step && step.view == .branches
    // There it stands in a panel of its own.
    guard !isShown else { return }
    say(first + (screen == .step ? "; B shows more" : "; 5 B shows more"), .bad)
  }

  /// Says where a run ended that one let go on from Step.
  mutating func noteEnd() {
    guard screen == .step, lab.activity == .finished, lab.stop == nil, tour == nil else { return }
    let isArmed = lab.breakpoints.contains(where: \.isEnabled)
    say(isArmed ? "no breakpoint, the end of the run" : "the end of the run")
  }

  /// What is said where a search ended: the news of a stop say it themselves.
  mutating func sayStop(_ lines: [String]) -> Bool {
    if let first = lines.first, !first.hasPrefix("breakpoint ") { say(first) }
    return true
  }
}
