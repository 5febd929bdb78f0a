import FileFormats
import Foundation
import LabRuntime
import RunStore
import Training

/// Keeps what was trained in the record while it trains, so that a process that is killed loses a
/// second; a record that cannot be kept is said and gone without.
final class TrainRecord {
  private let store: RunStore
  private let number: RunNumber
  /// Of long runs each so many-th step is kept: a curve of some thousand points says it all.
  private let spacing: Int
  private var steps = 0
  private var lastTime = ContinuousClock.now
  private var hasFailed = false

  /// Begins a run in the record under the XDG data directory; nil when there can be none.
  init?(_ session: Session, name: String?) {
    spacing = max(1, session.settings.totalSteps / 20_000)
    do {
      store = try RunStore(directory: Directories.data)
      var entry = RunRecorder.entry(of: session)
      entry.name = name
      number = try RunRecorder.begin(entry, session.settings, in: store)
    } catch {
      Output.complain("backstep: the run is not recorded: \(error)")
      return nil
    }
  }

  /// Keeps the numbers so far when a second has passed since the last time.
  func look(at session: Session) {
    guard lastTime.duration(to: .now) > .seconds(1), !hasFailed else { return }
    do { try keep(session, .running) } catch {
      hasFailed = true
      Output.complain("backstep: the run is not recorded: \(error)")
    }
    lastTime = .now
  }

  private func keep(_ session: Session, _ status: RunOutcome.Status) throws {
    let history = session.history
    try store.append(
      history.metricPoints(from: steps, stepsPerEpoch: session.stepsPerEpoch, every: spacing),
      history.outcome(status), to: number, at: Date())
    steps = history.steps.count
  }

  /// Keeps numbers and weights of a run that has ended.
  /// - Returns: what the run is called, nil when it could not be kept.
  func finish(_ session: Session, _ weights: Safetensors, isWhole: Bool) -> String? {
    do {
      try keep(session, isWhole ? .finished : .stopped)
      try store.saveWeights(weights, of: number)
      return "\(number)"
    } catch {
      if !hasFailed { Output.complain("backstep: the run is not recorded: \(error)") }
      return nil
    }
  }
}
