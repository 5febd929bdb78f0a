import FileFormats
import Foundation
import LabRuntime
import RunStore
import Synchronization
import Training
import Workbench

/// Keeps what was trained in the record while it trains, so that a process that is killed loses a
/// second at most; a record that cannot be kept is said and gone without.
///
/// A line that is given to `hold` is printed when the numbers it tells of are in the record: who has
/// read it can rely on them.
final class TrainRecord {
  private let record: Record
  private let pace = CheckpointPace()
  private var steps = 0
  private var changes = 0
  private var lines: [String] = []
  private var lastTime = ContinuousClock.now
  private let printer = HeldLines()

  /// The only run of its record.
  private static let run = 1

  /// Begins a run in the record under the XDG data directory; nil when there can be none.
  /// - Parameter program: what it came from, where that has more than the model.
  init?(_ session: Session, name: String?, program: KeptProgram?) {
    guard let record = Self.openRecord() else { return nil }
    self.record = record
    var entry = RunRecorder.entry(of: session)
    entry.name = name
    let isGiven = session.settings.initialWeights != nil
    record.begin(
      entry, session.settings, start: isGiven ? session.copyOfStart() : nil, program: program,
      as: Self.run)
    record.flush()
    guard record.number(Self.run) != nil else { return nil }
  }

  /// Goes on with a run that was recorded.
  init?(_ session: Session, resuming kept: KeptRun, name: String?) {
    guard let record = Self.openRecord() else { return nil }
    self.record = record
    (steps, changes) = (kept.steps, kept.changeCount)
    record.goOn(kept.number, as: Self.run)
    record.prolong(Self.run, epochs: session.settings.epochs, name: name)
  }

  private static func openRecord() -> Record? {
    do {
      let record = Record(store: try RunStore(directory: Directories.data))
      record.listen { news in
        for item in news {
          guard case .said(let text, _) = item else { continue }
          Output.complain("backstep: the run is \(text)")
        }
      }
      return record
    } catch {
      Output.complain("backstep: the run is not recorded: \(error)")
      return nil
    }
  }

  /// Prints a line when what was trained so far is kept.
  func hold(_ line: String) { lines.append(line) }

  /// Keeps the numbers so far when it is time.
  /// - Throws: `CommandFailure` when lines cannot be written.
  func look(at session: Session) throws {
    if let failure = printer.failure { throw failure }
    let since = lastTime.duration(to: .now)
    guard since > .milliseconds(lines.isEmpty ? 1000 : 200) else { return }
    guard !printer.isWaiting, session.history.steps.count >= steps else { return }
    keep(session, .running)
    if let state = pace.take({ session.copyState() }) { record.keep(state, of: Self.run, pace) }
  }

  private func keep(_ session: Session, _ status: RunOutcome.Status) {
    let all = RunRecorder.changes(session)
    if let first = all.dropFirst(changes).first {
      record.change(
        from: first.step, all.filter { $0.step >= first.step }, of: Self.run)
    }
    changes = all.count
    let history = session.history
    let (held, printer) = (lines, printer)
    lines = []
    printer.wait()
    record.append(
      Measurements(history, from: steps, stepsPerEpoch: session.stepsPerEpoch),
      history.outcome(status), to: Self.run
    ) { printer.print(held) }
    steps = history.steps.count
    lastTime = .now
  }

  /// Keeps what is left to be kept and the state that the run can be gone on from: before a fit is
  /// ended, which may replace weights by their averages.
  func keepLast(_ session: Session) {
    guard session.history.steps.count >= steps else { return }
    keep(session, .running)
    if let state = pace.take(isUrgent: true, { session.copyState() }) {
      record.keep(state, of: Self.run, pace)
    }
  }

  /// Keeps numbers and weights of a run that has ended.
  /// - Returns: what the run is called, nil when it could not be kept.
  /// - Throws: `CommandFailure` when lines cannot be written.
  func finish(_ session: Session, _ weights: Safetensors, isWhole: Bool) throws -> String? {
    // One that is broken off before it is where it was is left as it was.
    if session.history.steps.count >= steps {
      keep(session, isWhole ? .finished : .stopped)
      record.save(weights, of: Self.run)
    }
    record.leave()
    record.flush()
    if let failure = printer.failure { throw failure }
    return record.isSound ? record.number(Self.run).map { "\($0)" } : nil
  }
}

/// Prints lines when the record is written, on its thread.
private final class HeldLines: Sendable {
  private let waits = Mutex(false)
  private let trouble = Mutex<CommandFailure?>(nil)

  /// Whether the record is not written yet.
  var isWaiting: Bool { waits.withLock { $0 } }

  /// Why lines could not be written.
  var failure: CommandFailure? { trouble.withLock { $0 } }

  func wait() { waits.withLock { $0 = true } }

  func print(_ lines: [String]) {
    do throws(CommandFailure) {
      for line in lines { try Output.line(line) }
    } catch { trouble.withLock { $0 = error } }
    waits.withLock { $0 = false }
  }
}
