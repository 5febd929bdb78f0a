import TerminalGraphics
import Workbench

/// The loop of the lab: present, wait, update, run effects, take news. The order is part of the
/// contract: what a key does is on the screen before anything is waited for.
@MainActor
package final class EventLoop {
  private let terminal: any Terminal
  private let lab: LabThread
  private let runner: EffectRunner
  private let started = ContinuousClock.now
  package var state: AppState

  package init(terminal: any Terminal, state: AppState, lab: LabThread, runner: EffectRunner) {
    self.terminal = terminal
    self.state = state
    self.lab = lab
    self.runner = runner
  }

  /// Runs until one leaves; returns the exit status: 0, or 128 + the signal that asked.
  package func run(first: [Effect] = []) -> Int32 {
    if let status = perform(first) { return status }
    while true {
      state.now = seconds
      let frame = state.frame()
      terminal.present(frame, cursor: frame.cursor)
      for event in terminal.wait(for: deadline) {
        state.now = seconds
        if case .leave(let signal) = event { return 128 + signal }
        if let status = perform(state.handle(event)) { return status }
      }
      state.now = seconds
      if let status = perform(state.tick()) { return status }
      for news in lab.takeNews() + runner.takeNews() {
        if let status = perform(state.receive(news)) { return status }
      }
    }
  }

  private var seconds: Double {
    let passed = (ContinuousClock.now - started).components
    return Double(passed.seconds) + Double(passed.attoseconds) * 1e-18
  }

  /// When the screen changes by itself: a message goes away, the tour goes on.
  private var deadline: Duration? {
    state.nextDeadline.map { .seconds($0 - state.now + 0.01) }
  }

  /// Carries out effects; returns a status when one of them is to leave.
  private func perform(_ effects: [Effect]) -> Int32? {
    for effect in effects {
      switch effect {
      case .quit: return 0
      case .suspend: terminal.suspend()
      case .redraw: terminal.invalidate()
      case .copy(let text):
        terminal.copyToClipboard(text)
        state.say("copied \(text.count) characters", .good)
      default: runner.run(effect)
      }
    }
    return nil
  }
}
