import RunStore

/// What the screen of runs knows: the runs that are meant, in order, what tells the marked ones apart,
/// and their curves.
package struct RunsOverview: Hashable, Sendable {
  /// A setting and what it is in each of some runs.
  package struct Setting: Hashable, Sendable {
    package let name: String
    /// In the order of the runs.
    package let values: [String]
  }

  /// Numbers over steps, few enough to be drawn.
  package struct Curve: Hashable, Sendable {
    package let run: RunNumber
    /// `loss`, `val_accuracy`.
    package let series: String
    /// Each was measured; NaN too.
    package let points: [MetricPoint]

    package init(run: RunNumber, series: String, points: [MetricPoint], limit: Int = 512) {
      (self.run, self.series) = (run, series)
      var stride = 1
      while points.count / stride > limit { stride *= 2 }
      var thin = Swift.stride(from: 0, to: points.count, by: stride).map { points[$0] }
      if let last = points.last, thin.last != last { thin.append(last) }
      self.points = thin
    }
  }

  package let runs: [Run]
  package let curves: [Curve]
  /// What was set by hand in each of the marked runs.
  package let changes: [RunNumber: [LiveChange]]

  package init(runs: [Run], curves: [Curve] = [], changes: [RunNumber: [LiveChange]] = [:]) {
    (self.runs, self.curves, self.changes) = (runs, curves, changes)
  }

  /// The settings of runs, as a student names them.
  package static func settings(
    of runs: [Run], changes: [RunNumber: [LiveChange]] = [:]
  ) -> [Setting] {
    let all: [(String, (Run) -> String)] = [
      ("model", { $0.record.modelSummary }), ("code", { $0.record.modelCode }),
      ("data", { $0.record.dataName }), ("examples", { $0.record.dataFingerprint }),
      ("optimizer", { $0.record.optimizer }),
      ("learning_rate", { "\(Float($0.record.learningRate))" }),
      ("batch_size", { "\($0.record.batchSize)" }), ("epochs", { "\($0.record.epochs)" }),
      ("seed", { "\($0.record.seed)" }), ("parameters", { "\($0.record.parameterCount)" }),
      ("changes", { words(changes[$0.number] ?? []) }),
    ]
    return all.map { name, value in Setting(name: name, values: runs.map(value)) }
  }

  /// What was set by hand, in words: `learning_rate = 0.01 at step 120`.
  package static func words(_ changes: [LiveChange]) -> String {
    changes.map { change in
      let value = change.name == "settings" ? "" : " = \(change.value)"
      return "\(change.name)\(value) at step \(change.step)"
    }.joined(separator: ", ")
  }

  /// The settings in which runs are not all the same.
  package static func differing(
    _ runs: [Run], changes: [RunNumber: [LiveChange]] = [:]
  ) -> [Setting] {
    settings(of: runs, changes: changes).filter { Set($0.values).count > 1 }
  }

  /// The first step at which two runs measured other losses; nil where one has no step that the other
  /// has differently.
  package static func firstDifference(_ a: [MetricPoint], _ b: [MetricPoint]) -> Int? {
    let known = Dictionary(b.map { ($0.step, $0.value) }) { first, _ in first }
    return a.first { point in
      guard let other = known[point.step] else { return false }
      return other.bitPattern != point.value.bitPattern && !(other.isNaN && point.value.isNaN)
    }?.step
  }
}

/// What of the record is asked for: which runs, and of the marked ones which curves.
package struct RunsRequest: Sendable {
  package var query = RunQuery()
  package var marked: [Int] = []
  /// Empty: no curves.
  package var series: [String] = []
  package var limit = 1000

  package init() {}
}
