import Foundation
import Tensors

// The area under a curve over thresholds.

extension MetricKind {
  static let auc = MetricKind(
    "AUC", ["auc"], name: nil,
    first: [
      thresholdCount(2),
      ArgumentSpec(
        "curve", .choice(["ROC", "PR", "PRGAIN", "roc", "pr", "prgain"]), default: .text("ROC"),
        "which curve"),
      ArgumentSpec(
        "summation_method",
        .choice(
          ["interpolation", "minoring", "majoring", "Interpolation", "Minoring", "Majoring"]),
        default: .text("interpolation"), "how the area between two thresholds is taken"),
    ],
    last: [
      ArgumentSpec(
        "thresholds", .numbers, default: ArgumentValue.none, "where on the curve it looks"),
      .flag("multi_label", false, "whether each column has a curve of its own"),
      ArgumentSpec(
        "num_labels", .integer(1...1_000_000), default: ArgumentValue.none,
        "how many columns there are"),
      ArgumentSpec(
        "label_weights", .numbers, default: ArgumentValue.none, "how much each column counts"),
      .flag("from_logits", false, "whether predictions come before the sigmoid"),
    ], "the area under the curve of hits over false alarms"
  ) { arguments throws(MetricFailure) in
    let separates = arguments.boolean("multi_label")
    let labels = arguments["num_labels"].asNumber.map { Int($0) }
    guard separates || labels == nil else {
      throw MetricFailure(
        "is told num_labels but takes all columns together", remedy: "multi_label=True too")
    }
    let weights = arguments["label_weights"].eachNumber
    let curve = AreaUnderCurve(
      curve: arguments.text("curve").uppercased(),
      summation: arguments.text("summation_method").lowercased(),
      weights: separates ? weights : nil)
    return ConfusionMetric(
      try counts(arguments),
      ConfusionMetric.Options(
        isLogit: arguments.boolean("from_logits"), separatesLabels: separates,
        labelCount: labels, columnWeights: weights?.map { Float($0) })
    ) { [curve.area(under: $0)] }
  }

  private static func counts(_ arguments: Arguments) throws(MetricFailure) -> ConfusionCounts {
    guard let given = arguments["thresholds"].eachNumber else {
      return .even(arguments.integer("num_thresholds"), beyond: true)
    }
    guard given.allSatisfy({ $0 >= 0 && $0 <= 1 }) else {
      throw MetricFailure("has thresholds outside 0 to 1", remedy: "thresholds=[0.2, 0.5, 0.8]")
    }
    return ConfusionCounts([0] + given.sorted() + [1], beyond: true)
  }
}

/// The area under a curve, averaged over labels.
private struct AreaUnderCurve: Sendable {
  let curve: String
  let summation: String
  let weights: [Double]?

  /// One threshold's counts of a label.
  private struct Point {
    let tp, fp, tn, fn: Double
  }

  func area(under counts: ConfusionCounts) -> Double {
    let areas = (0..<counts.labels).map { label in
      area(
        stride(from: label, to: counts.truePositives.count, by: counts.labels).map {
          Point(
            tp: counts.truePositives[$0], fp: counts.falsePositives[$0],
            tn: counts.trueNegatives[$0], fn: counts.falseNegatives[$0])
        })
    }
    guard let weights, weights.count == areas.count else {
      return areas.reduce(0, +) / Double(areas.count)
    }
    return quotient(zip(areas, weights).reduce(0) { $0 + $1.0 * $1.1 }, weights.reduce(0, +))
  }

  private func area(_ points: [Point]) -> Double {
    let steps = zip(points, points.dropFirst())
    if curve == "PR", summation == "interpolation" {
      return steps.reduce(0) { $0 + precisionArea(from: $1.1, to: $1.0) }
    }
    return steps.reduce(0) { sum, step in
      let ((x, y), (nextX, nextY)) = (place(step.0), place(step.1))
      let height =
        switch summation {
        case "minoring": min(y, nextY)
        case "majoring": max(y, nextY)
        default: (y + nextY) / 2
        }
      return sum + (x - nextX) * height
    }
  }

  /// Where a threshold lies on the curve.
  private func place(_ point: Point) -> (x: Double, y: Double) {
    let recall = quotient(point.tp, point.tp + point.fn)
    switch curve {
    case "PR": return (recall, quotient(point.tp, point.tp + point.fp))
    case "PRGAIN":
      guard point.tp != 0 else { return (0, 1) }
      // Precision and recall above those of a coin. (Flach & Kull 2015.)
      let scale = quotient(point.tp + point.fn, point.tn + point.fp)
      return (max(1 - scale * point.fn / point.tp, 0), 1 - scale * point.fp / point.tp)
    default: return (quotient(point.fp, point.fp + point.tn), recall)
    }
  }

  /// The area between two thresholds where hits grow evenly with the predicted:
  ///
  ///     s·(Δtp + c·log(p₁/p₀)) / (tp₀ + fn₀),  s = Δtp/Δp,  c = tp₀ − s·p₀
  ///
  /// (Davis & Goadrich 2006.)
  private func precisionArea(from low: Point, to high: Point) -> Double {
    let (p0, p1) = (low.tp + low.fp, high.tp + high.fp)
    let hits = high.tp - low.tp
    let slope = quotient(hits, max(p1 - p0, 0))
    let ratio = p1 > 0 && p0 > 0 ? p1 / p0 : 1
    return quotient(
      slope * (hits + (low.tp - slope * p0) * log(ratio)), max(low.tp + low.fn, 0))
  }
}
