import Training

// What of a run's history the record keeps, and under which names.

extension History {
  /// The numbers of the steps from `step` on, and of the epochs that ended there.
  ///
  /// - Parameter every: keeps each so many-th step, for runs of very many.
  package func metricPoints(
    from step: Int, stepsPerEpoch: Int, every: Int = 1
  ) -> [MetricPoint] {
    precondition(stride == 1, "the record is made of what was measured, not of a picture")
    let first = max(0, step)
    var points: [MetricPoint] = []
    for i in Swift.stride(from: (first + every - 1) / every * every, to: steps.count, by: every) {
      let step = steps[i]
      points += Self.points(
        at: i,
        [
          ("loss", step.loss), ("accuracy", step.accuracy),
          ("gradient_norm", step.gradientNorm), ("learning_rate", step.learningRate),
        ])
    }
    for (i, epoch) in epochs.enumerated() {
      let last = (epoch.end ?? (i + 1) * stepsPerEpoch) - 1
      guard last >= first else { continue }
      points += Self.points(
        at: last,
        [
          ("epoch_loss", epoch.loss), ("epoch_accuracy", epoch.accuracy),
          ("val_loss", epoch.validationLoss), ("val_accuracy", epoch.validationAccuracy),
        ])
    }
    return points
  }

  private static func points(at step: Int, _ series: [(String, Float?)]) -> [MetricPoint] {
    series.compactMap { name, value in
      value.map { MetricPoint(series: name, step: step, value: Double($0)) }
    }
  }

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
