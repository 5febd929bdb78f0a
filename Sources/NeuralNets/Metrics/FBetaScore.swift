import Tensors

/// The harmonic mean of precision and recall, recall counting β² times, for each class:
///
///     (1 + β²) · P·R / (β²·P + R)
struct FBetaScore: MetricClass {
  private let beta: Double
  private let threshold: Float?
  private let average: String?
  private var truePositives: [Double] = []
  private var falsePositives: [Double] = []
  private var falseNegatives: [Double] = []
  private var weights: [Double] = []

  init(_ arguments: Arguments, beta: Double) {
    self.beta = beta
    threshold = arguments["threshold"].asNumber.map { Float($0) }
    if case .text(let name) = arguments["average"] { average = name } else { average = nil }
  }

  func check(prediction: Shape, target: Shape) throws(MetricFailure) {
    guard prediction.rank == 2, prediction == target else {
      throw MetricFailure(
        "takes predictions and one-hot targets [batch, classes]; predictions have shape "
          + "\(prediction.tuple), targets \(target.tuple)",
        remedy:
          "targets as keras.utils.to_categorical makes them, loss=\"categorical_crossentropy\"")
    }
  }

  mutating func update(_ batch: MetricBatch) throws(MetricFailure) {
    let shape = batch.predictions.shape
    try check(prediction: shape, target: batch.targets.shape)
    let counts = try batch.weights?.spread(over: shape)
    let classes = shape.last
    if truePositives.count != classes { start(classes) }
    for start in stride(from: 0, to: shape.count, by: max(classes, 1)) {
      let row = batch.predictions.scalars[start..<start + classes]
      let largest = row.max() ?? 0
      for i in row.indices {
        let said = threshold.map { row[i] > $0 } ?? (row[i] >= largest && abs(row[i]) > 1e-9)
        let target = Double(batch.targets.scalars[i])
        let weight = counts.map { Double($0[i]) } ?? 1
        if said {
          truePositives[i - start] += weight * target
          falsePositives[i - start] += weight * (1 - target)
        } else {
          falseNegatives[i - start] += weight * target
        }
        weights[i - start] += weight * target
      }
    }
  }

  private mutating func start(_ classes: Int) {
    truePositives = [Double](repeating: 0, count: classes)
    (falsePositives, falseNegatives, weights) = (truePositives, truePositives, truePositives)
  }

  mutating func reset() { start(truePositives.count) }

  var result: MetricResult {
    if average == "micro" {
      return .number(
        score(truePositives.sum, falsePositives.sum, falseNegatives.sum))
    }
    let scores = truePositives.indices.map {
      score(truePositives[$0], falsePositives[$0], falseNegatives[$0])
    }
    switch average {
    case "macro": return .number(quotient(scores.sum, Double(scores.count)))
    case "weighted":
      let total = weights.sum + 1e-7
      return .number(zip(scores, weights).reduce(0) { $0 + $1.0 * $1.1 / total })
    default: return .numbers(scores)
    }
  }

  private func score(_ tp: Double, _ fp: Double, _ fn: Double) -> Double {
    let (precision, recall) = (tp / (tp + fp + 1e-7), tp / (tp + fn + 1e-7))
    return (1 + beta * beta) * precision * recall / (beta * beta * precision + recall + 1e-7)
  }
}

extension [Double] {
  var sum: Double { reduce(0, +) }
}

extension MetricKind {
  static let fBetaScore = MetricKind(
    "FBetaScore", ["f_beta_score"], name: "fbeta_score",
    first: [
      average, .number("beta", 1e-6...1e6, 1, "how much more recall counts than precision"),
      threshold,
    ], "precision and recall in one, recall β times as important"
  ) { arguments throws(MetricFailure) in
    FBetaScore(arguments, beta: arguments.number("beta"))
  }

  static let f1Score = MetricKind(
    "F1Score", ["f1_score"], name: "f1_score", first: [average, threshold],
    "precision and recall in one"
  ) { arguments throws(MetricFailure) in FBetaScore(arguments, beta: 1) }

  private static let average = ArgumentSpec(
    "average", .choice(["micro", "macro", "weighted"]), default: ArgumentValue.none,
    "how classes become one number")

  private static let threshold = ArgumentSpec(
    "threshold", .number(1e-9...1), default: ArgumentValue.none,
    "above which a prediction means yes; the largest of a row when None")
}
