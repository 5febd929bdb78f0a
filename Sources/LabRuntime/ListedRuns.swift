import Foundation
import RunStore
import Workbench

/// The kept runs as they were last listed: of a run that was not written to since, nothing but its
/// line is read again.
struct ListedRuns: Sendable {
  /// More than anybody trains by hand.
  private static let most = 20_000
  /// How many of the latest have their losses in the list itself.
  private static let withLosses = 60
  /// How many points a line of the list, or a chart, shows of a series.
  static let points = 120

  private var changes: Int?
  private var isRunning = false
  private var losses: [Int: (revision: Int, losses: [Float], total: Int?)] = [:]

  /// Whether anything was written since; a run of a process that ends without a word looks the same
  /// in the record, so that those that run are always looked at.
  func isOutdated(_ store: RunStore) throws -> Bool {
    isRunning ? true : try store.changeCount() != changes
  }

  mutating func read(_ store: RunStore) throws -> [RunSummary] {
    changes = try store.changeCount()
    let now = Date()
    let runs = try store.runs(limit: Self.most, hasCode: false)
    // Losses are kept of those alone that show them.
    let latest = Set(runs.prefix(Self.withLosses).map(\.number.value))
    losses = losses.filter { latest.contains($0.key) }
    isRunning = runs.contains { $0.outcome.status == .running }
    return try runs.enumerated().map { place, run in
      try summary(run, store, now, hasLosses: place < Self.withLosses)
    }
  }

  /// Changes whenever something was written of a run.
  static func revision(of run: Run) -> Int {
    Int(run.updated.timeIntervalSince1970 * 1000) &* 4
      &+ (RunOutcome.Status.allCases.firstIndex(of: run.outcome.status) ?? 0)
  }

  private mutating func summary(
    _ run: Run, _ store: RunStore, _ now: Date, hasLosses: Bool
  ) throws -> RunSummary {
    let number = run.number.value
    let revision = Self.revision(of: run)
    if hasLosses, losses[number]?.revision != revision {
      let points = try Self.losses(of: run.number, store)
      let first = try store.thinnedMetrics(of: run.number, series: "epoch_loss", most: 1).first
      losses[number] = (
        revision, points.map { Float($0.value) },
        first.map { ($0.step + 1) * run.record.epochs }
      )
    }
    let known = losses[number]
    var summary = RunSummary(
      number: number, name: run.record.name, data: run.record.dataName,
      model: run.record.modelSummary, losses: known?.losses ?? [],
      validationAccuracy: run.outcome.validationAccuracy, steps: run.outcome.steps,
      totalSteps: known?.total, ageSeconds: now.timeIntervalSince(run.updated),
      isFinished: run.outcome.status == .finished, loss: run.outcome.loss,
      validationLoss: run.outcome.validationLoss)
    summary.optimizer = run.record.optimizer
    summary.learningRate = run.record.learningRate
    summary.revision = revision
    summary.isRunning = run.outcome.status == .running
    summary.isOpenElsewhere = run.writer != nil
    return summary
  }

  /// The loss by epochs, or by steps of a run that has few.
  static func losses(of number: RunNumber, _ store: RunStore) throws -> [MetricPoint] {
    let epochs = try store.thinnedMetrics(of: number, series: "epoch_loss", most: points)
    return epochs.count >= 20
      ? epochs : try store.thinnedMetrics(of: number, series: "loss", most: points)
  }
}
