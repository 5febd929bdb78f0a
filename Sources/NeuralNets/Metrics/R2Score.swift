import Tensors

/// The share of the variance of each column that is explained:
///
///     1 − Σ w (t − p)² / (Σ w t² − (Σ w t)² / Σ w)
struct R2Score: MetricClass {
  private let aggregation: String?
  private let regressors: Int
  private var sums: [Double] = []
  private var squares: [Double] = []
  private var errors: [Double] = []
  private var counts: [Double] = []
  /// How many numbers there were, in all columns.
  private var samples = 0

  init(_ arguments: Arguments) {
    regressors = arguments.integer("num_regressors")
    if case .text(let name) = arguments["class_aggregation"] {
      aggregation = name
    } else {
      aggregation = nil
    }
  }

  func check(prediction: Shape, target: Shape) throws(MetricFailure) {
    let shape = try MetricBatch.alike(prediction, target)
    guard shape.rank == 2 else {
      throw MetricFailure(
        "takes predictions [batch, outputs], these have shape \(shape.tuple)",
        remedy: "a last layer as Dense(1)")
    }
  }

  mutating func update(_ batch: MetricBatch) throws(MetricFailure) {
    try check(prediction: batch.predictions.shape, target: batch.targets.shape)
    let (predictions, targets) = try batch.alike()
    let weights = try batch.weights?.spread(over: predictions.shape)
    let columns = predictions.shape.last
    if sums.count != columns { start(columns) }
    for i in predictions.scalars.indices {
      let (p, t) = (Double(predictions.scalars[i]), Double(targets.scalars[i]))
      let weight = weights.map { Double($0[i]) } ?? 1
      sums[i % columns] += weight * t
      squares[i % columns] += weight * t * t
      errors[i % columns] += weight * (t - p) * (t - p)
      counts[i % columns] += weight
    }
    samples += predictions.count
  }

  private mutating func start(_ columns: Int) {
    sums = [Double](repeating: 0, count: columns)
    (squares, errors, counts, samples) = (sums, sums, sums, 0)
  }

  mutating func reset() { start(sums.count) }

  var result: MetricResult {
    let totals = sums.indices.map { squares[$0] - sums[$0] * sums[$0] / counts[$0] }
    let scores = zip(errors, totals).map { error, total in
      let score = 1 - error / total
      return score.isInfinite ? 0 : score
    }
    switch aggregation {
    case "uniform_average": return .number(adjusted(scores.sum / Double(scores.count)))
    case "variance_weighted_average":
      return .number(
        adjusted(zip(scores, totals).reduce(0) { $0 + $1.0 * $1.1 } / totals.sum))
    default: return .numbers(scores.map(adjusted))
    }
  }

  /// `1 − (1 − R²)(n − 1) / (n − p − 1)` for p regressors; Keras counts the numbers of all columns.
  private func adjusted(_ score: Double) -> Double {
    guard regressors > 0, regressors < samples - 1 else { return score }
    return 1 - (1 - score) * Double(samples - 1) / Double(samples - regressors - 1)
  }
}

extension MetricKind {
  static let r2Score = MetricKind(
    "R2Score", ["r2_score"], name: "r2_score",
    first: [
      ArgumentSpec(
        "class_aggregation", .choice(["uniform_average", "variance_weighted_average"]),
        default: .text("uniform_average"), orNone: true, "how columns become one number"),
      ArgumentSpec(
        "num_regressors", .integer(0...1_000_000), default: .integer(0),
        "how many inputs to correct for"),
    ], "the share of the variance that is explained"
  ) { arguments throws(MetricFailure) in R2Score(arguments) }
}
