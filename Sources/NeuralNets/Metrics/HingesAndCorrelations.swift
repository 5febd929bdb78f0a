import Tensors

// Means of margins and of how alike rows are.

extension MetricKind {
  static let hinge = margins("Hinge", "hinge", "max(1 − t·p, 0), averaged") { $0 }

  static let squaredHinge = margins(
    "SquaredHinge", "squared_hinge", "max(1 − t·p, 0)², averaged"
  ) { $0 * $0 }

  /// Keras: targets that are all 0 or 1 become −1 or 1.
  private static func margins(
    _ kind: String, _ name: String, _ summary: String, of cost: @escaping @Sendable (Float) -> Float
  ) -> MetricKind {
    MetricKind(kind, [name], name: name, summary) { _ throws(MetricFailure) in
      MeanMetric(
        Measure(
          .rows { batch in
            let isBinary = batch.targets.scalars.allSatisfy { $0 == 0 || $0 == 1 }
            return Measure.mean { p, t in cost(max(1 - (isBinary ? 2 * t - 1 : t) * p, 0)) }
          }))
    }
  }

  static let categoricalHinge = MetricKind(
    "CategoricalHinge", ["categorical_hinge"], name: "categorical_hinge",
    "how far the right class is from being ahead by 1, averaged"
  ) { _ throws(MetricFailure) in
    MeanMetric(
      Measure(
        .rows { _ in
          { p, t in
            var right: Float = 0
            var wrong = -Float.infinity
            for i in p.indices {
              right += t[i] * p[i]
              wrong = max(wrong, (1 - t[i]) * p[i])
            }
            return max(wrong - right + 1, 0)
          }
        }))
  }

  static let cosineSimilarity = alongAxis(
    "CosineSimilarity", "cosine_similarity", "the cosine of the angle between p and t, averaged"
  ) { p, t in
    var (pp, tt, pt) = (0.0, 0.0, 0.0)
    for i in p.indices {
      let (p, t) = (Double(p[i]), Double(t[i]))
      (pp, tt, pt) = (pp + p * p, tt + t * t, pt + p * t)
    }
    // Keras divides by no less than ε.
    return Float(pt * min(1 / pp.squareRoot(), 1e7) * min(1 / tt.squareRoot(), 1e7))
  }

  static let pearsonCorrelation = alongAxis(
    "PearsonCorrelation", "pearson_correlation", "the correlation of p and t, averaged"
  ) { p, t in
    let (mp, mt) = (p.average, t.average)
    var (pp, tt, pt) = (0.0, 0.0, 0.0)
    for i in p.indices {
      let (p, t) = (Double(p[i]) - mp, Double(t[i]) - mt)
      (pp, tt, pt) = (pp + p * p, tt + t * t, pt + p * t)
    }
    return Float(pt / (pp.squareRoot() * tt.squareRoot()))
  }

  /// `2 (t − p̄)(p − p̄) / (σₜ² + σₚ² + (t̄ − p̄)²)`: Keras takes the mean of p from t too.
  static let concordanceCorrelation = alongAxis(
    "ConcordanceCorrelation", "concordance_correlation",
    "how near p and t are to being equal, averaged"
  ) { p, t in
    let (mp, mt, n) = (p.average, t.average, Double(p.count))
    var (pp, tt, pt) = (0.0, 0.0, 0.0)
    for i in p.indices {
      let (p, t) = (Double(p[i]), Double(t[i]))
      pp += (p - mp) * (p - mp)
      tt += (t - mt) * (t - mt)
      pt += (t - mp) * (p - mp)
    }
    return Float(2 * pt / n / ((pp + tt) / n + (mt - mp) * (mt - mp) + 1e-7))
  }

  private static func alongAxis(
    _ kind: String, _ name: String, _ summary: String, row: @escaping Measure.Row
  ) -> MetricKind {
    MetricKind(kind, [name], name: name, last: [axis], summary) {
      arguments throws(MetricFailure) in
      MeanMetric(Measure(.rows { _ in row }, axis: arguments.integer("axis")))
    }
  }
}

extension UnsafeBufferPointer<Float> {
  fileprivate var average: Double { reduce(0) { $0 + Double($1) } / Double(count) }
}
