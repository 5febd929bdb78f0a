import Autodiff
import NeuralNets
import Tensors

// Training on, step by step, until something stops it.

extension Lab {
  /// Trains up to `count` steps if it is playing; returns how many were done.
  package func train(steps count: Int) -> Int {
    guard activity == .training, let session else { return 0 }
    var done = 0
    let trap = armed()
    while done < count && !session.isFinished {
      // The next picture is of the last one: where one looks into a step, it shows its updates too.
      let saves = interest.step != nil && done == count - 1
      if let clock, isTimed(session.done) {
        session.trainStep(clock: clock, tester: trap?.tester, saving: saves)
      } else {
        session.trainStep(tester: trap?.tester, saving: saves)
      }
      done += 1
      if let trap, debugger?.isStopped(by: trap) == true {
        activity = .paused
        self.trap = nil
        break
      }
      if session.done % stepsAtATime == 0, session.history.count == session.done { restForMemory() }
      guard activity == .training else { break }
    }
    speedometer.count(done)
    if session.isFinished {
      takeAverages(session)
      activity = .finished
    }
    endContinuing()
    return done
  }

  private func restForMemory() {
    guard let session, !session.isFinished else { return }
    activity = .paused
    let megabytes = session.history.count * MemoryLayout<History.Step>.stride / 1_000_000
    failure =
      "paused after \(session.done) steps: what they measured fills \(megabytes) MB; Space goes on"
  }

  /// After `continue` the pace is what it was.
  func endContinuing() {
    guard let before = paceBefore, activity != .training else { return }
    (pace, paceBefore) = (before, nil)
  }

  /// What looks for the breakpoints of this run; nil where none is set.
  private func armed() -> BreakpointTrap? {
    guard let debugger, debugger.breakpoints.isArmed else { return nil }
    let armed = trap ?? debugger.trap()
    trap = armed
    return armed
  }

  /// Whether the phases of a step are timed: of all at a pace one can watch, else of each 32nd, which
  /// costs less than a thousandth of the time.
  private func isTimed(_ step: Int) -> Bool {
    if case .steps(let rate) = pace, rate <= 1000 { return true }
    return step % 32 == 0
  }

  /// A run with averaged weights ends with them, as a fit does.
  func takeAverages(_ session: Session) {
    guard session.isFinished, session.position == session.end else { return }
    session.useAverages()
  }
}
