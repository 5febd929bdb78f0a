import Tensors

/// A number that tells how good predictions are, gathered batch by batch.
package protocol MetricClass: Sendable {
  /// Whether predictions and targets of these shapes, batch included, can be compared.
  func check(prediction: Shape, target: Shape) throws(MetricFailure)

  /// Adds a batch. Nothing is added when it throws.
  mutating func update(_ batch: MetricBatch) throws(MetricFailure)

  /// Forgets what was gathered.
  mutating func reset()

  /// What was gathered so far.
  var result: MetricResult { get }
}

/// What one batch gives to a metric.
package struct MetricBatch: Sendable {
  /// [batch, …]
  package let predictions: Tensor
  /// As the program gives them: [batch, …], [batch] or [batch, 1].
  package let targets: Tensor
  /// How much each example counts: [batch], or more finely [batch, …]; all alike when nil.
  package let weights: Tensor?

  package init(predictions: Tensor, targets: Tensor, weights: Tensor? = nil) {
    self.predictions = predictions
    self.targets = targets
    self.weights = weights
  }
}

/// One number, or one for each class or threshold.
package enum MetricResult: Hashable, Sendable {
  case number(Double)
  case numbers([Double])

  /// A single number stands for itself.
  init(_ numbers: [Double]) {
    self = numbers.count == 1 ? .number(numbers[0]) : .numbers(numbers)
  }

  /// The number, or the mean of several, which is what a progress line shows.
  package var mean: Double {
    switch self {
    case .number(let x): x
    case .numbers(let all): all.reduce(0, +) / Double(all.count)
    }
  }

  /// As Float32 has its numbers.
  package var single: MetricResult {
    switch self {
    case .number(let x): .number(Double(Float(x)))
    case .numbers(let all): .numbers(all.map { Double(Float($0)) })
    }
  }

  package var numbers: [Double] {
    switch self {
    case .number(let x): [x]
    case .numbers(let all): all
    }
  }
}

/// Why a metric cannot be made, or cannot judge what it is given.
package struct MetricFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// As the logs call it; nil where only one is spoken of.
  package let metric: String?
  package let problem: String
  package let remedy: String

  package init(_ problem: String, remedy: String, metric: String? = nil) {
    self.metric = metric
    self.problem = problem
    self.remedy = remedy
  }

  func named(_ name: String) -> MetricFailure {
    MetricFailure(problem, remedy: remedy, metric: name)
  }

  package var description: String {
    "the metric\(metric.map { " \"\($0)\"" } ?? "") \(problem); right would be \(remedy)"
  }

  /// Arrays that cannot be compared.
  static func unlike(_ prediction: Shape, _ target: Shape) -> MetricFailure {
    MetricFailure(
      "compares predictions of shape \(prediction.tuple) with targets of \(target.tuple)",
      remedy: target.count < prediction.count && prediction.last > 1
        ? "one-hot targets, or a metric of class numbers as \"sparse_categorical_accuracy\""
        : "equal shapes")
  }
}

/// A metric that Keras has a class for.
package struct MetricKind: Sendable {
  package let entry: ComponentClass
  /// What Keras names it by default; nil when it counts the metrics of the class:
  /// `precision`, `precision_1`.
  package let defaultName: String?
  let make: @Sendable (Arguments) throws(MetricFailure) -> any MetricClass

  /// - Parameters:
  ///   - first: the arguments before `name` and `dtype`.
  ///   - last: those after them.
  init(
    _ kind: String, _ shortNames: [String], name: String?, first: [ArgumentSpec] = [],
    last: [ArgumentSpec] = [], dtypes: [String] = ["float32"], _ summary: String,
    make: @escaping @Sendable (Arguments) throws(MetricFailure) -> any MetricClass
  ) {
    let common = [
      ArgumentSpec(
        "name", .text, default: name.map { .text($0) } ?? ArgumentValue.none,
        "what the logs call it"),
      ArgumentSpec(
        "dtype", .choice(dtypes), default: ArgumentValue.none, "the precision of its numbers"),
    ]
    entry = ComponentClass(kind, shortNames, first + common + last, summary)
    defaultName = name
    self.make = make
  }
}
