import RunStore

/// What tells runs of the record apart.
package enum RunDifferences {
  /// A setting and what it is in each of some runs.
  package struct Setting: Hashable, Sendable {
    package let name: String
    /// In the order of the runs.
    package let values: [String]
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
