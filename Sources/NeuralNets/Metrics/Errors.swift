import Foundation
import Tensors

// Means of what each number is off by.

/// What Keras keeps away from 0 with.
let kerasEpsilon: Float = 1e-7

extension MetricKind {
  static let meanSquaredError = rows(
    "MeanSquaredError", ["mean_squared_error", "mse", "MSE"], "(p − t)², averaged"
  ) { p, t in (p - t) * (p - t) }

  static let meanAbsoluteError = rows(
    "MeanAbsoluteError", ["mean_absolute_error", "mae", "MAE"], "|p − t|, averaged"
  ) { p, t in abs(p - t) }

  static let meanAbsolutePercentageError = rows(
    "MeanAbsolutePercentageError", ["mean_absolute_percentage_error", "mape", "MAPE"],
    "|p − t| in percent of |t|, averaged"
  ) { p, t in 100 * abs((t - p) / max(abs(t), kerasEpsilon)) }

  static let meanSquaredLogarithmicError = rows(
    "MeanSquaredLogarithmicError", ["mean_squared_logarithmic_error", "msle", "MSLE"],
    "(log(1 + p) − log(1 + t))², averaged"
  ) { p, t in
    let difference = log(max(p, kerasEpsilon) + 1) - log(max(t, kerasEpsilon) + 1)
    return difference * difference
  }

  /// `log cosh e = e + log(1 + e^(−2e)) − log 2`
  static let logCoshError = rows(
    "LogCoshError", ["log_cosh_error"], name: "logcosh", "log cosh(p − t), averaged"
  ) { p, t in (p - t) + softplus(-2 * (p - t)) - log(2) }

  static let poisson = rows("Poisson", ["poisson"], "p − t log p, averaged") { p, t in
    p - t * log(p + kerasEpsilon)
  }

  static let rootMeanSquaredError = MetricKind(
    "RootMeanSquaredError", ["root_mean_squared_error"], name: "root_mean_squared_error",
    "the root of the mean squared error"
  ) { _ throws(MetricFailure) in
    var measure = Measure.elements { p, t in (p - t) * (p - t) }
    measure.finish = { $0.squareRoot() }
    measure.goesByMasks = false
    return MeanMetric(measure)
  }

  static let mean = MetricKind("Mean", ["mean"], name: "mean", "the mean of numbers") {
    _ throws(MetricFailure) in MeanMetric(Measure(.values))
  }

  static let sum = MetricKind("Sum", ["sum"], name: "sum", "the sum of numbers") {
    _ throws(MetricFailure) in
    var measure = Measure(.values)
    measure.isSum = true
    return MeanMetric(measure)
  }

  /// A mean over rows of the mean over each row.
  @inline(__always)
  private static func rows(
    _ kind: String, _ names: [String], name: String? = nil, _ summary: String,
    of element: @escaping Measure.Element
  ) -> MetricKind {
    let row = Measure.mean(element)
    return MetricKind(kind, names, name: name ?? names[0], summary) {
      _ throws(MetricFailure) in MeanMetric(Measure(.means(row)))
    }
  }
}

/// `log(1 + eˣ)`, x itself where it is large, as PyTorch.
func softplus(_ x: Float) -> Float { x > 20 ? x : log1p(exp(x)) }
