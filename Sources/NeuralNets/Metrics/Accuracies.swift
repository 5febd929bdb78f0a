import Tensors

// The share of what is predicted right.

extension MetricKind {
  static let accuracy = MetricKind(
    "Accuracy", ["accuracy"], name: "accuracy", "the share of predictions that equal the target"
  ) { _ throws(MetricFailure) in MeanMetric(Measure.elements { p, t in p == t ? 1 : 0 }) }

  static let binaryAccuracy = MetricKind(
    "BinaryAccuracy", ["binary_accuracy"], name: "binary_accuracy",
    last: [.number("threshold", -1e6...1e6, 0.5, "above it a prediction means 1")],
    "the share of predictions on the right side of one half"
  ) { arguments throws(MetricFailure) in
    let threshold = Float(arguments.number("threshold"))
    return MeanMetric(
      Measure(
        .elements(
          { p, t in isRight(p, t, above: threshold) ? 1 : 0 },
          mean: { p, t in
            var right = 0
            for i in p.indices { right += isRight(p[i], t[i], above: threshold) ? 1 : 0 }
            return Float(right) / Float(p.count)
          })))
  }

  @inline(__always)
  private static func isRight(_ p: Float, _ t: Float, above threshold: Float) -> Bool {
    t == (p > threshold ? 1 : 0)
  }

  static let categoricalAccuracy = MetricKind(
    "CategoricalAccuracy", ["categorical_accuracy"], name: "categorical_accuracy",
    "the share of rows whose largest prediction is at the place of the largest target"
  ) { _ throws(MetricFailure) in
    MeanMetric(Measure(.rows { _ in { p, t in p.firstLargest == t.firstLargest ? 1 : 0 } }))
  }

  static let sparseCategoricalAccuracy = MetricKind(
    "SparseCategoricalAccuracy", ["sparse_categorical_accuracy"],
    name: "sparse_categorical_accuracy",
    "the share of rows whose largest prediction is that of the target's class"
  ) { _ throws(MetricFailure) in
    MeanMetric(Measure(.labels { p, t in Float(p.firstLargest) == t[0] ? 1 : 0 }))
  }

  private static let k = ArgumentSpec(
    "k", .integer(1...1_000_000), default: .integer(5), "among how many it may be")

  static let topKCategoricalAccuracy = MetricKind(
    "TopKCategoricalAccuracy", ["top_k_categorical_accuracy"],
    name: "top_k_categorical_accuracy", first: [k],
    "the share of rows with the right class, one-hot, among the k largest predictions"
  ) { arguments throws(MetricFailure) in
    let k = arguments.integer("k")
    return MeanMetric(Measure(.rows { _ in { p, t in isAmongLargest(t.firstLargest, k, p) } }))
  }

  static let sparseTopKCategoricalAccuracy = MetricKind(
    "SparseTopKCategoricalAccuracy", ["sparse_top_k_categorical_accuracy"],
    name: "sparse_top_k_categorical_accuracy", first: [k],
    last: [.flag("from_sorted_ids", false, "whether predictions are classes, best first")],
    "the share of rows with the right class among the k largest predictions"
  ) { arguments throws(MetricFailure) in
    let k = arguments.integer("k")
    if arguments.boolean("from_sorted_ids") {
      return MeanMetric(Measure(.labels { p, t in p.prefix(k).contains(t[0]) ? 1 : 0 }))
    }
    var measure = Measure(.labels { p, t in isAmongLargest(Int(t[0]), k, p) })
    measure.needsClasses = true
    return MeanMetric(measure)
  }

  /// Whether fewer than k predictions are larger than that of a class; equal ones do no harm.
  private static func isAmongLargest(
    _ place: Int, _ k: Int, _ p: UnsafeBufferPointer<Float>
  ) -> Float {
    let own = p[place]
    return !own.isNaN && p.count(where: { $0 > own }) < k ? 1 : 0
  }
}
