import Tensors

/// A mean over examples of what one row of predictions and targets gives:
///
///     Σ w·v / Σ w
///
/// Most of Keras's metrics are this with some function of a row.
package struct MeanMetric: MetricClass {
  private let measure: Measure
  private var total = 0.0
  private var count = 0.0

  init(_ measure: Measure) { self.measure = measure }

  /// The mean of what a function of the program gives, [batch, …].
  package init(
    of function: @escaping @Sendable (MetricBatch) throws(MetricFailure) -> Tensor
  ) {
    measure = Measure(.function(function))
  }

  /// Whether the masks of predictions say what counts.
  var goesByMasks: Bool { measure.goesByMasks }

  package func check(prediction: Shape, target: Shape) throws(MetricFailure) {
    switch measure.form {
    case .values, .function: return
    case .rows, .means, .elements:
      let shape = try MetricBatch.alike(prediction, target)
      guard shape.rank > 0 else { throw .unlike(prediction, target) }
      try checkAxis(shape)
    case .labels:
      try checkAxis(prediction)
      // With the classes on an axis of their own choice the targets are checked when they come.
      if measure.axis == -1 { try MetricBatch.checkLabels(prediction, target) }
    }
  }

  private func checkAxis(_ shape: Shape) throws(MetricFailure) {
    guard (-shape.rank..<shape.rank).contains(measure.axis) else {
      throw MetricFailure(
        "works along the axis \(measure.axis) of arrays of shape \(shape.tuple)",
        remedy: "axis=-1")
    }
  }

  package mutating func update(_ batch: MetricBatch) throws(MetricFailure) {
    if batch.weights == nil, try addEvenly(batch) { return }
    let values = try values(of: batch)
    guard values.count > 0 else { return }
    var weights = batch.weights
    if let ignored = measure.ignoredClass, let given = weights {
      // What is ignored counts as nothing; without weights it counts as a value of 0, as in Keras.
      let kept = zip(try given.spread(over: values.shape), batch.targets.scalars)
        .map { $1 == Float(ignored) ? 0 : $0 }
      weights = Tensor(shape: values.shape, scalars: kept)
    }
    try add(values, weights)
  }

  package mutating func reset() { (total, count) = (0, 0) }

  package var result: MetricResult {
    .number(measure.finish(count == 0 ? 0 : total / count))
  }

  // MARK: Values

  /// What each example gives, as the functions of keras.metrics give it: [batch, …].
  package func values(of batch: MetricBatch) throws(MetricFailure) -> Tensor {
    guard batch.predictions.count > 0 else { return Tensor(shape: [0], scalars: []) }
    switch measure.form {
    case .values: return batch.predictions
    case .function(let function): return try function(batch)
    case .rows(let make):
      let (predictions, targets) = try aligned(batch)
      return Self.rows(predictions, targets, make(batch))
    case .means(let row):
      let (predictions, targets) = try aligned(batch)
      return Self.rows(predictions, targets, row)
    case .elements(let function, let row):
      let (predictions, targets) = try aligned(batch)
      let isFine = predictions.shape.rank == 1 || (batch.weights?.shape.rank ?? 0) > 1
      guard isFine else { return Self.rows(predictions, targets, row) }
      let all = zip(predictions.scalars, targets.scalars).map { function($0, $1) }
      return Tensor(shape: predictions.shape, scalars: all)
    case .labels(let row):
      try check(prediction: batch.predictions.shape, target: batch.targets.shape)
      let predictions = batch.predictions.movingToEnd(measure.axis)
      let shape = Shape(Array(predictions.shape.extents.dropLast()))
      guard shape.count == batch.targets.count else {
        throw .unlike(batch.predictions.shape, batch.targets.shape)
      }
      if measure.needsClasses {
        try MetricBatch.checkClasses(
          batch.targets.scalars, below: predictions.shape.last, except: measure.ignoredClass)
      }
      return Self.rows(predictions, batch.targets.reshaped(to: Shape(shape.extents + [1])), row)
    }
  }

  private func aligned(
    _ batch: MetricBatch
  ) throws(MetricFailure) -> (predictions: Tensor, targets: Tensor) {
    try check(prediction: batch.predictions.shape, target: batch.targets.shape)
    let (predictions, targets) = try batch.alike()
    return (predictions.movingToEnd(measure.axis), targets.movingToEnd(measure.axis))
  }

  private static func rows(_ p: Tensor, _ t: Tensor, _ value: Measure.Row) -> Tensor {
    let (width, targetWidth) = (p.shape.last, t.shape.last)
    let shape = Shape(Array(p.shape.extents.dropLast()))
    let count = shape.count
    let scalars = p.scalars.withUnsafeBufferPointer { p in
      t.scalars.withUnsafeBufferPointer { t in
        [Float](unsafeUninitializedCapacity: count) { values, filled in
          for r in 0..<count {
            let row = UnsafeBufferPointer(rebasing: p[r * width..<(r + 1) * width])
            let target = UnsafeBufferPointer(
              rebasing: t[r * targetWidth..<(r + 1) * targetWidth])
            (values.baseAddress.unsafelyUnwrapped + r).initialize(to: value(row, target))
          }
          filled = count
        }
      }
    }
    return Tensor(shape: shape, scalars: scalars)
  }

  // MARK: Sums

  /// Adds a batch whose numbers all count the same, in one pass; false when the measure is of
  /// another form.
  private mutating func addEvenly(_ batch: MetricBatch) throws(MetricFailure) -> Bool {
    let mean: Measure.Row
    let isRow: Bool
    switch measure.form {
    case .means(let row): (mean, isRow) = (row, true)
    case .elements(_, let row): (mean, isRow) = (row, false)
    default: return false
    }
    let shape = batch.predictions.shape
    try check(prediction: shape, target: batch.targets.shape)
    guard batch.predictions.count > 0 else { return true }
    let value = batch.predictions.scalars.withUnsafeBufferPointer { p in
      batch.targets.scalars.withUnsafeBufferPointer { t in mean(p, t) }
    }
    // A vector without a batch is one row.
    let isOneRow = isRow && max(shape.rank, batch.targets.shape.rank) == 1
    let examples = isOneRow ? 1 : Double(shape[0])
    total += Double(value) * examples
    count += examples
    return true
  }

  /// Keras: values are averaged down to the axes of the weights; then each example is the mean of
  /// its weighted values, and counts as the mean of its weights.
  private mutating func add(_ values: Tensor, _ weights: Tensor?) throws(MetricFailure) {
    let shape = values.shape
    let examples = shape.extents.first ?? 1
    if measure.isSum {
      let all = try weights?.spread(over: shape)
      total += Self.sum(values.scalars, all)
      count = 1
      return
    }
    guard let weights else {
      total += Self.sum(values.scalars, nil) / Double(values.count) * Double(examples)
      count += Double(examples)
      return
    }
    // A single value, as of a vector without a batch, takes no more than one weight.
    let all = try weights.spread(over: shape)
    let inner = Double(values.count) / Double(examples)
    total += Self.sum(values.scalars, all) / inner
    count += Self.sum(all, nil) / inner
  }

  private static func sum(_ values: [Float], _ weights: [Float]?) -> Double {
    guard let weights else { return values.reduce(0) { $0 + Double($1) } }
    return zip(values, weights).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }
}

/// What is averaged.
struct Measure: Sendable {
  /// The value of a row of predictions and its targets.
  typealias Row = @Sendable (UnsafeBufferPointer<Float>, UnsafeBufferPointer<Float>) -> Float
  typealias Element = @Sendable (_ prediction: Float, _ target: Float) -> Float

  enum Form: Sendable {
    /// Rows of one shape, after a look at the whole batch.
    case rows(@Sendable (MetricBatch) -> Row)
    /// The mean over each row of a function of one number.
    case means(Row)
    /// Numbers by themselves: weights may differ within a row. Beside the function its mean.
    case elements(Element, mean: Row)
    /// A class number for each row.
    case labels(Row)
    /// The predictions as they are.
    case values
    case function(@Sendable (MetricBatch) throws(MetricFailure) -> Tensor)
  }

  let form: Form
  var axis = -1
  var needsClasses = false
  var ignoredClass: Int?
  var isSum = false
  /// Whether the masks of predictions say what counts; in Keras they do in means that are no more
  /// than that.
  var goesByMasks = true
  var finish: @Sendable (Double) -> Double = { $0 }

  init(_ form: Form, axis: Int = -1) {
    self.form = form
    self.axis = axis
  }

  /// The mean of a function of one number over a row; inlined, so that the loop has no calls.
  @inline(__always)
  static func mean(_ function: @escaping Element) -> Row {
    { p, t in
      var sum = 0.0
      for i in p.indices { sum += Double(function(p[i], t[i])) }
      return Float(sum / Double(p.count))
    }
  }

  /// Numbers by themselves.
  @inline(__always)
  static func elements(_ function: @escaping Element) -> Measure {
    Measure(.elements(function, mean: mean(function)))
  }
}
