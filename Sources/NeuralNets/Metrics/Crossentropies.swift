import Foundation
import Tensors

// Means of how surprised predictions are.

extension MetricKind {
  static let binaryCrossentropy = MetricKind(
    "BinaryCrossentropy", ["binary_crossentropy", "bce", "BCE"], name: "binary_crossentropy",
    last: [fromLogits, smoothing], "−t log p − (1 − t) log(1 − p), averaged"
  ) { arguments throws(MetricFailure) in
    let isLogit = arguments.boolean("from_logits")
    let smoothing = Float(arguments.number("label_smoothing"))
    let row = Measure.mean { p, t in
      let t = t * (1 - smoothing) + 0.5 * smoothing
      if isLogit { return max(p, 0) - p * t + log1p(exp(-abs(p))) }
      let p = clipped(p)
      return -t * log(p) - (1 - t) * log(1 - p)
    }
    return MeanMetric(Measure(.means(row)))
  }

  static let categoricalCrossentropy = MetricKind(
    "CategoricalCrossentropy", ["categorical_crossentropy"], name: "categorical_crossentropy",
    last: [fromLogits, smoothing, axis], "−Σ t log p, averaged"
  ) { arguments throws(MetricFailure) in
    let isLogit = arguments.boolean("from_logits")
    let smoothing = Float(arguments.number("label_smoothing"))
    return MeanMetric(
      Measure(
        .rows { batch in
          let uniform = smoothing / Float(batch.targets.shape.last)
          return { p, t in
            let log = logarithm(of: p, isLogit: isLogit)
            return Float(
              -p.indices.reduce(0.0) {
                $0 + Double((t[$1] * (1 - smoothing) + uniform) * log(p[$1]))
              })
          }
        }, axis: arguments.integer("axis")))
  }

  static let sparseCategoricalCrossentropy = MetricKind(
    "SparseCategoricalCrossentropy", ["sparse_categorical_crossentropy"],
    name: "sparse_categorical_crossentropy", last: [fromLogits, ignoredClass, axis],
    "−log p of the target's class, averaged"
  ) { arguments throws(MetricFailure) in
    let isLogit = arguments.boolean("from_logits")
    let ignored = arguments["ignore_class"].asNumber.map { Int($0) }
    var measure = Measure(
      .labels { p, t in
        if let ignored, t[0] == Float(ignored) { return 0 }
        return -logarithm(of: p, isLogit: isLogit)(p[Int(t[0])])
      }, axis: arguments.integer("axis"))
    measure.needsClasses = true
    measure.ignoredClass = ignored
    return MeanMetric(measure)
  }

  static let klDivergence = MetricKind(
    "KLDivergence", ["kl_divergence"], name: "kl_divergence", "Σ t log(t / p), averaged"
  ) { _ throws(MetricFailure) in
    MeanMetric(
      Measure(
        .rows { _ in
          { p, t in
            Float(
              p.indices.reduce(0.0) { sum, i in
                let (t, p) = (min(max(t[i], kerasEpsilon), 1), min(max(p[i], kerasEpsilon), 1))
                return sum + Double(t * log(t / p))
              })
          }
        }))
  }

  private static let fromLogits = ArgumentSpec.flag(
    "from_logits", false, "whether predictions come before the softmax or sigmoid")

  private static let smoothing = ArgumentSpec.number(
    "label_smoothing", 0...1, 0, "how far targets are drawn to the middle")

  static let ignoredClass = ArgumentSpec(
    "ignore_class", .integer(-1_000_000...1_000_000), default: ArgumentValue.none,
    "a class that does not count")

  static let axis = ArgumentSpec(
    "axis", .integer(-32...32), default: .integer(-1), "along which it works")

  /// Away from 0 and 1, where logarithms end.
  private static func clipped(_ p: Float) -> Float {
    min(max(p, kerasEpsilon), Float(1 - 1e-7))
  }

  /// The logarithm of a row's probabilities: of logits after a softmax, of shares after their
  /// division by the sum.
  private static func logarithm(
    of row: UnsafeBufferPointer<Float>, isLogit: Bool
  ) -> (Float) -> Float {
    guard isLogit else {
      let sum = row.reduce(0, +)
      return { log(clipped($0 / sum)) }
    }
    let largest = row.max() ?? 0
    let shift = largest + log(row.reduce(0) { $0 + exp($1 - largest) })
    return { $0 - shift }
  }
}
