import RunStore
import Training

/// What a kept run has of its past: what was measured, and its checkpoints. A session takes it up
/// change by change, and need not train again what lies before a checkpoint.
struct KeptPast: Sendable {
  private let store: RunStore
  private let number: RunNumber
  private let history: History

  /// Steps that were measured. Of a run that an older version recorded none are: it is trained
  /// again.
  var steps: Int { history.count }

  /// - Throws: `FileFailure` when the record is damaged.
  init(_ number: RunNumber, _ store: RunStore) throws {
    (self.number, self.store) = (number, store)
    history = try store.history(of: number)
  }

  /// Gives a session what is known up to a step; what lies behind it may be of other settings.
  func adopt(into session: Session, upTo step: Int) {
    let known = min(step, history.count)
    guard known >= session.history.count else { return }
    session.adopt(history.prefix(steps: known, stepsPerEpoch: session.stepsPerEpoch))
    // Without checkpoints it trains again.
    if let archive = try? store.archive(of: number, upTo: known) { session.adopt(archive) }
  }

  /// The numbers of a step, as they were measured.
  func measured(_ step: Int) -> History.Step? {
    history.steps.indices.contains(step) ? history.steps[step] : nil
  }
}
