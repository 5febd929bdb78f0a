import Foundation
import RunStore
import Training
import Workbench

/// Has what one is at kept for the next start: at most once a second while it changes, and in the
/// end. A lab in which nothing happens keeps nothing and wakes for nothing.
@MainActor
package final class Keeper {
  private let record: Record
  private let recorder: RunRecorder
  private let runner: EffectRunner
  private var lastLook = -Double.infinity
  private var hasChanged = false

  /// Seconds that can be lost.
  private static let spacing = 1.0

  package init(record: Record, recorder: RunRecorder, runner: EffectRunner) {
    self.record = record
    self.recorder = recorder
    self.runner = runner
  }

  /// Says that something happened; keeps it when the last time is long enough ago.
  func look(at state: AppState) {
    hasChanged = true
    if state.now >= lastLook + Self.spacing { keep(state) }
  }

  /// When something waits to be kept, on the clock of `AppState.now`.
  var deadline: Double? { hasChanged ? lastLook + Self.spacing : nil }

  /// Keeps what has changed when its time has come.
  func tick(_ state: AppState) {
    if let deadline, state.now >= deadline { keep(state) }
  }

  /// Keeps everything, and waits until it is written. The run has ended by then.
  package func finish(_ state: AppState) {
    keep(state)
    record.flush()
  }

  private func keep(_ state: AppState) {
    lastLook = state.now
    hasChanged = false
    let left = state.isRunWaiting ? runner.waitingRun : nil
    record.keep(state.ownWorkpiece, KeptLab(KeptState(of: state), moment(state), left: left))
  }

  private func moment(_ state: AppState) -> KeptMoment? {
    // Cut off on the way back to a moment, the lab goes back to it next time.
    if let wanted = runner.resuming { return wanted }
    let lab = state.lab
    guard lab.settings != nil, state.tour == nil else { return nil }
    return KeptMoment(
      lab, recorder, lesson: state.learn.open,
      isOfWorkpiece: state.runIsCurrent && state.lab.pass == nil)
  }
}
