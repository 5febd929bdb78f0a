import Foundation
import Tensors

/// A metric of how often predictions above thresholds are right.
struct ConfusionMetric: MetricClass {
  private var counts: ConfusionCounts
  private let options: Options
  private let score: @Sendable (ConfusionCounts) -> [Double]

  struct Options: Sendable {
    /// Only the k largest predictions of a row may mean yes.
    var topK: Int?
    /// Only this column counts.
    var column: Int?
    var isLogit = false
    /// Whether columns are counted by themselves.
    var separatesLabels = false
    /// How many columns there have to be.
    var labelCount: Int?
    /// How much each column counts in the counts.
    var columnWeights: [Float]?
  }

  init(
    _ counts: ConfusionCounts, _ options: Options = Options(),
    score: @escaping @Sendable (ConfusionCounts) -> [Double]
  ) {
    self.counts = counts
    self.options = options
    self.score = score
  }

  func check(prediction: Shape, target: Shape) throws(MetricFailure) {
    let shape = try MetricBatch.alike(prediction, target)
    if let column = options.column {
      guard shape.rank > 1, -shape.last..<shape.last ~= column else {
        throw MetricFailure(
          "looks at the class \(column) of predictions of shape \(shape.tuple)",
          remedy: "class_id below the number of predictions for each example")
      }
    }
    if let k = options.topK, shape.rank == 0 || shape.last < k {
      throw MetricFailure(
        "looks at the \(k) largest of predictions of shape \(shape.tuple)",
        remedy: "top_k of at most \(shape.last)")
    }
    if options.separatesLabels, shape.rank != 2 {
      throw MetricFailure(
        "counts labels by themselves in predictions of shape \(shape.tuple)",
        remedy: "predictions [batch, labels], or multi_label=False")
    }
    if let count = options.labelCount ?? options.columnWeights?.count,
      shape.rank == 0 || shape.last != count
    {
      throw MetricFailure(
        "speaks of \(count) labels where predictions have shape \(shape.tuple)",
        remedy: "one for each of the \(shape.last) columns")
    }
  }

  mutating func update(_ batch: MetricBatch) throws(MetricFailure) {
    try check(prediction: batch.predictions.shape, target: batch.targets.shape)
    var (predictions, targets) = try batch.alike()
    let shape = predictions.shape
    var weights = try batch.weights?.spread(over: shape)
    if options.isLogit {
      predictions = Tensor(
        shape: shape, scalars: predictions.scalars.map { 1 / (1 + exp(-$0)) })
    }
    if let k = options.topK { predictions = predictions.keepingLargest(k) }
    if let column = options.column {
      let place = column < 0 ? column + shape.last : column
      predictions = predictions.column(place)
      targets = targets.column(place)
      weights = weights.map { Tensor(shape: shape, scalars: $0).column(place).scalars }
    }
    if let factors = options.columnWeights, !options.separatesLabels {
      weights = predictions.scalars.indices.map {
        (weights?[$0] ?? 1) * factors[$0 % factors.count]
      }
    }
    if options.separatesLabels { counts.separate(shape.last) }
    counts.add(predictions.scalars, targets.scalars, weights)
  }

  mutating func reset() { counts.reset() }

  var result: MetricResult { MetricResult(score(counts)) }
}

extension Tensor {
  /// One column, as [rows].
  fileprivate func column(_ place: Int) -> Tensor {
    let width = shape.last
    return Tensor(
      shape: [count / width], scalars: stride(from: place, to: count, by: width).map { scalars[$0] }
    )
  }

  /// All but the k largest numbers of each row made very small, as Keras does.
  fileprivate func keepingLargest(_ k: Int) -> Tensor {
    let width = shape.last
    var kept = [Float](repeating: -1e10, count: count)
    for start in stride(from: 0, to: count, by: width) {
      let order = (start..<start + width).sorted {
        scalars[$0] != scalars[$1] ? scalars[$0] > scalars[$1] : $0 < $1
      }
      for place in order.prefix(k) { kept[place] = scalars[place] }
    }
    return Tensor(shape: shape, scalars: kept)
  }
}

extension MetricKind {
  static let truePositives = counted("TruePositives", "true_positives", "hits") {
    $0.truePositives
  }
  static let trueNegatives = counted("TrueNegatives", "true_negatives", "rightly refused") {
    $0.trueNegatives
  }
  static let falsePositives = counted("FalsePositives", "false_positives", "false alarms") {
    $0.falsePositives
  }
  static let falseNegatives = counted("FalseNegatives", "false_negatives", "misses") {
    $0.falseNegatives
  }

  private typealias Score = @Sendable (ConfusionCounts) -> [Double]

  private static let thresholds = ArgumentSpec(
    "thresholds", .numbers, default: ArgumentValue.none, "above which a prediction means yes")

  private static let column = ArgumentSpec(
    "class_id", .integer(-1_000_000...1_000_000), default: ArgumentValue.none,
    "the only class that counts")

  private static func counted(
    _ kind: String, _ name: String, _ summary: String, of score: @escaping Score
  ) -> MetricKind {
    MetricKind(kind, [name], name: nil, first: [thresholds], "the number of \(summary)") {
      arguments throws(MetricFailure) in
      ConfusionMetric(ConfusionCounts(try arguments.thresholds(orElse: 0.5)), score: score)
    }
  }

  // MARK: Shares

  static let precision = share(
    "Precision", "precision", "the share of hits among all predicted"
  ) { $0.precisions }

  static let recall = share("Recall", "recall", "the share of hits among all to be found") {
    $0.recalls
  }

  private static func share(
    _ kind: String, _ name: String, _ summary: String, of score: @escaping Score
  ) -> MetricKind {
    let topK = ArgumentSpec(
      "top_k", .integer(1...1_000_000), default: ArgumentValue.none,
      "how many predictions of a row may mean yes")
    return MetricKind(kind, [name], name: nil, first: [thresholds, topK, column], summary) {
      arguments throws(MetricFailure) in
      let k = arguments["top_k"].asNumber.map { Int($0) }
      return ConfusionMetric(
        ConfusionCounts(try arguments.thresholds(orElse: k == nil ? 0.5 : -1e10)),
        ConfusionMetric.Options(topK: k, column: arguments.column), score: score)
    }
  }

  // MARK: The best of one where the other is good enough

  static let precisionAtRecall = best(
    "PrecisionAtRecall", "precision_at_recall", "recall", { $0.precisions }, { $0.recalls })

  static let recallAtPrecision = best(
    "RecallAtPrecision", "recall_at_precision", "precision", { $0.recalls }, { $0.precisions })

  static let sensitivityAtSpecificity = best(
    "SensitivityAtSpecificity", "sensitivity_at_specificity", "specificity", { $0.recalls },
    { $0.specificities })

  static let specificityAtSensitivity = best(
    "SpecificityAtSensitivity", "specificity_at_sensitivity", "sensitivity",
    { $0.specificities }, { $0.recalls })

  private static func best(
    _ kind: String, _ name: String, _ given: String, _ wanted: @escaping Score,
    _ held: @escaping Score
  ) -> MetricKind {
    let words = name.split(separator: "_")
    return MetricKind(
      kind, [name], name: nil,
      first: [
        .number(given, 0...1, nil, "how much \(given) there has to be"),
        thresholdCount(1), column,
      ], "the best \(words[0]) with that much \(given)"
    ) { arguments throws(MetricFailure) in
      let limit = Float(arguments.number(given))
      return ConfusionMetric(
        .even(arguments.integer("num_thresholds")),
        ConfusionMetric.Options(column: arguments.column)
      ) { counts in
        [zip(wanted(counts), held(counts)).reduce(0) { Float($1.1) >= limit ? max($0, $1.0) : $0 }]
      }
    }
  }

  static func thresholdCount(_ least: Int) -> ArgumentSpec {
    ArgumentSpec(
      "num_thresholds", .integer(least...1_000_000), default: .integer(200),
      "at how many thresholds it looks")
  }
}

extension Arguments {
  fileprivate var column: Int? { self["class_id"].asNumber.map { Int($0) } }

  /// The thresholds given, or one of its own.
  fileprivate func thresholds(orElse standard: Double) throws(MetricFailure) -> [Double] {
    guard let all = self["thresholds"].eachNumber else { return [standard] }
    guard !all.isEmpty, all.allSatisfy({ $0 >= 0 && $0 <= 1 }) else {
      throw MetricFailure("has thresholds outside 0 to 1", remedy: "thresholds=[0.2, 0.5, 0.8]")
    }
    return all
  }
}

extension ArgumentValue {
  /// The numbers that it is, if it is one or a tensor of some.
  var eachNumber: [Double]? {
    if case .tensor(let tensor) = self { return tensor.scalars.map { Double($0) } }
    return asNumber.map { [$0] }
  }
}
