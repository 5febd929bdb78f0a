import Training

// How a run stands, as the record keeps it.

extension History {
  /// How the run stands after what is recorded here.
  package func outcome(_ status: RunOutcome.Status) -> RunOutcome {
    let epoch = epochs.last
    let step = steps.last
    return RunOutcome(
      status: status, steps: steps.count, loss: (epoch?.loss ?? step?.loss).map { Double($0) },
      accuracy: (epoch?.accuracy ?? step?.accuracy).map { Double($0) },
      validationLoss: epoch?.validationLoss.map { Double($0) },
      validationAccuracy: epoch?.validationAccuracy.map { Double($0) })
  }
}
