import Foundation
import RunStore
import Workbench

extension RunStore {
  /// What the screen of runs shows.
  /// - Throws: `FileFailure`, `ExpressionFailure`.
  package func overview(_ request: RunsRequest) throws -> RunsOverview {
    let runs = try request.query.apply(try self.runs(limit: request.limit))
    let marked = request.marked.map { RunNumber($0) }
    var curves: [RunsOverview.Curve] = []
    var changes: [RunNumber: [LiveChange]] = [:]
    for number in marked {
      changes[number] = try self.changes(of: number)
      for series in request.series {
        let points = try metrics(of: number, series: series)
        guard !points.isEmpty else { continue }
        curves.append(RunsOverview.Curve(run: number, series: series, points: points))
      }
    }
    return RunsOverview(runs: runs, curves: curves, changes: changes)
  }

  /// Deletes for good what was removed a month ago, with the copies of examples that no run needs
  /// any more.
  package func clean(at time: Date) throws {
    try purge(removedBefore: time.addingTimeInterval(-30 * 86_400))
    let names = try allNeeds().compactMap { ReplayNote(json: $0)?.examples }
    ExamplesCopy(self).removeUnused(
      keeping: Set(names), olderThan: time.addingTimeInterval(-86_400))
  }
}
