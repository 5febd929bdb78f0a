import FileFormats
import Foundation
import LabRuntime
import RunStore
import Training

/// Keeps what was trained in the record; a record that cannot be kept is said and gone without.
struct TrainRecord {
  private let store: RunStore
  private let number: RunNumber

  /// Begins a run in the record under the XDG data directory; nil when there can be none.
  init?(_ session: Session, name: String?) {
    do {
      store = try RunStore(directory: Directories.data)
      var entry = RunRecorder.entry(of: session)
      entry.name = name
      number = try store.begin(entry)
    } catch {
      Output.complain("backstep: the run is not recorded: \(error)")
      return nil
    }
  }

  /// Keeps numbers and weights of a run that has ended.
  /// - Returns: what the run is called, nil when it could not be kept.
  func finish(_ session: Session, _ weights: Safetensors, isWhole: Bool) -> String? {
    do {
      let history = session.history
      // A curve of some thousand points says it all: long runs keep every so many steps.
      let spacing = max(1, history.steps.count / 20_000)
      let points = history.metricPoints(from: 0, stepsPerEpoch: session.stepsPerEpoch)
        .filter { Self.isOfEpoch($0.series) || $0.step % spacing == 0 }
      try store.append(points, to: number)
      try store.update(number, history.outcome(isWhole ? .finished : .stopped), at: Date())
      try store.saveWeights(weights, of: number)
      return "\(number)"
    } catch {
      Output.complain("backstep: the run is not recorded: \(error)")
      return nil
    }
  }

  private static func isOfEpoch(_ series: String) -> Bool {
    series.hasPrefix("epoch_") || series.hasPrefix("val_")
  }
}
