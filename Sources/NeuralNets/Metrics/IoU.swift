import Tensors

/// How far predicted and true members of classes are the same, averaged over classes:
///
///     |A ∩ B| / |A ∪ B|
struct IntersectionOverUnion: MetricClass {
  private let classes: Int
  private let targets: [Int]
  private let form: Form
  /// Rows are true classes, columns predicted ones.
  private var matrix: [Double]

  struct Form: Sendable {
    var ignoredClass: Int?
    /// Whether targets and predictions are class numbers, not one number for each class.
    var hasSparseTargets = true
    var hasSparsePredictions = true
    var axis = -1
    /// From which prediction on it means class 1, where there are two.
    var threshold: Float?
    /// Whether Keras counts in whole numbers, and so rounds weights down.
    var countsWhole = true
  }

  init(classes: Int, targets: [Int], _ form: Form) throws(MetricFailure) {
    guard !targets.isEmpty, targets.allSatisfy({ (-classes..<classes).contains($0) }) else {
      throw MetricFailure(
        "looks at the classes \(targets) of \(classes)",
        remedy: "target_class_ids from 0 to \(classes - 1)")
    }
    self.classes = classes
    self.targets = targets.map { $0 < 0 ? $0 + classes : $0 }
    self.form = form
    matrix = [Double](repeating: 0, count: classes * classes)
  }

  func check(prediction: Shape, target: Shape) throws(MetricFailure) {
    let reduced = try (
      reduced(prediction, form.hasSparsePredictions), reduced(target, form.hasSparseTargets)
    )
    guard reduced.0 == reduced.1 else { throw .unlike(prediction, target) }
  }

  /// How many classes an array speaks of.
  private func reduced(_ shape: Shape, _ isSparse: Bool) throws(MetricFailure) -> Int {
    if isSparse { return shape.count }
    guard (-shape.rank..<shape.rank).contains(form.axis) else {
      throw MetricFailure(
        "works along the axis \(form.axis) of an array of shape \(shape.tuple)", remedy: "axis=-1")
    }
    let extent = shape[form.axis < 0 ? form.axis + shape.rank : form.axis]
    return extent == 0 ? 0 : shape.count / extent
  }

  mutating func update(_ batch: MetricBatch) throws(MetricFailure) {
    try check(prediction: batch.predictions.shape, target: batch.targets.shape)
    let found =
      form.hasSparsePredictions
      ? batch.predictions : batch.predictions.places(ofLargestAlong: form.axis)
    let right =
      form.hasSparseTargets ? batch.targets : batch.targets.places(ofLargestAlong: form.axis)
    let weights = try batch.weights?.spread(
      over: found.shape.rank > right.shape.rank ? found.shape : right.shape)
    for i in found.scalars.indices {
      let said = form.threshold.map { found.scalars[i] >= $0 ? 1 : 0 } ?? found.scalars[i]
      guard let row = place(right.scalars[i]), let column = place(said),
        row != form.ignoredClass
      else { continue }
      let weight = weights.map { Double($0[i]) } ?? 1
      matrix[row * classes + column] += form.countsWhole ? weight.rounded(.towardZero) : weight
    }
  }

  /// The class of a number, rounded toward zero; nil when there is none.
  private func place(_ number: Float) -> Int? {
    guard number > -1, number < Float(classes) else { return nil }
    return Int(number)
  }

  mutating func reset() { matrix = [Double](repeating: 0, count: classes * classes) }

  var result: MetricResult {
    var (sum, count) = (0.0, 0.0)
    for i in targets {
      let both = matrix[i * classes + i]
      let either =
        (0..<classes).reduce(0) { $0 + matrix[i * classes + $1] + matrix[$1 * classes + i] } - both
      // A class that occurs nowhere does not count.
      guard either > 1e-9 else { continue }
      sum += both / (either + 1e-7)
      count += 1
    }
    return .number(sum / (count + 1e-7))
  }
}

extension MetricKind {
  static let ioU = overlap(
    "IoU", ["io_u"], [classes, ids()], sparse: (true, true),
    "how far predicted and true members of classes are the same")

  static let meanIoU = overlap(
    "MeanIoU", ["mean_io_u"], [classes], sparse: (true, true),
    "how far predicted and true members of all classes are the same")

  static let oneHotIoU = overlap(
    "OneHotIoU", ["one_hot_io_u"], [classes, ids()], sparse: (false, false),
    "how far predicted and true members of classes are the same, targets one-hot")

  static let oneHotMeanIoU = overlap(
    "OneHotMeanIoU", ["one_hot_mean_io_u"], [classes], sparse: (false, false),
    "how far predicted and true members of all classes are the same, targets one-hot")

  static let binaryIoU = MetricKind(
    "BinaryIoU", ["binary_io_u"], name: nil,
    first: [
      ids(default: .integers([0, 1])),
      .number("threshold", -1e6...1e6, 0.5, "from which on a prediction means 1"),
    ], dtypes: dtypes, "how far predicted and true zeros and ones are the same"
  ) { arguments throws(MetricFailure) in
    try IntersectionOverUnion(
      classes: 2, targets: arguments.axes("target_class_ids"),
      IntersectionOverUnion.Form(
        threshold: Float(arguments.number("threshold")),
        countsWhole: arguments["dtype"] != .text("float32")))
  }

  private static let dtypes = ["float32", "int32", "int"]

  private static let classes = ArgumentSpec(
    "num_classes", .integer(1...10_000), "how many classes there are")

  private static func ids(default value: ArgumentValue? = nil) -> ArgumentSpec {
    ArgumentSpec(
      "target_class_ids", .wholeNumbers, default: value, "the classes that count")
  }

  /// - Parameter sparse: whether targets and predictions are class numbers by default; targets can
  ///   only be told otherwise where they are.
  private static func overlap(
    _ kind: String, _ names: [String], _ own: [ArgumentSpec],
    sparse: (targets: Bool, predictions: Bool), _ summary: String
  ) -> MetricKind {
    var last = [ignoredClass]
    if sparse.targets {
      last.append(.flag("sparse_y_true", true, "whether targets are class numbers"))
    }
    last += [
      .flag("sparse_y_pred", sparse.predictions, "whether predictions are class numbers"), axis,
    ]
    return MetricKind(
      kind, names, name: nil, first: own, last: last, dtypes: dtypes, summary
    ) { arguments throws(MetricFailure) in
      let count = arguments.integer("num_classes")
      return try IntersectionOverUnion(
        classes: count,
        targets: own.count > 1 ? arguments.axes("target_class_ids") : Array(0..<count),
        IntersectionOverUnion.Form(
          ignoredClass: arguments["ignore_class"].asNumber.map { Int($0) },
          hasSparseTargets: arguments["sparse_y_true"] == .boolean(true),
          hasSparsePredictions: arguments.boolean("sparse_y_pred"),
          axis: arguments.integer("axis"),
          countsWhole: arguments["dtype"] != .text("float32")))
    }
  }
}
