import Tensors

// How arrays of different shapes meet, as Keras's metrics do it.

extension MetricBatch {
  /// Predictions and targets of one shape.
  ///
  /// Keras: where one has an axis of 1 more than the other at its end, it goes or comes.
  func alike() throws(MetricFailure) -> (predictions: Tensor, targets: Tensor) {
    let shape = try Self.alike(predictions.shape, targets.shape)
    return (predictions.reshaped(to: shape), targets.reshaped(to: shape))
  }

  /// The shape in which two arrays can be compared.
  static func alike(_ prediction: Shape, _ target: Shape) throws(MetricFailure) -> Shape {
    if prediction == target { return prediction }
    let (longer, shorter) =
      prediction.rank > target.rank ? (prediction, target) : (target, prediction)
    guard longer.rank == shorter.rank + 1, longer.last == 1,
      longer.extents.dropLast().elementsEqual(shorter.extents)
    else { throw .unlike(prediction, target) }
    return shorter.rank == 1 ? longer : shorter
  }

  /// Checks that there is one class number for each row of predictions.
  static func checkLabels(_ prediction: Shape, _ target: Shape) throws(MetricFailure) {
    let rows = prediction.extents.dropLast()
    guard prediction.rank > 0,
      target.extents.elementsEqual(rows)
        || target.rank == prediction.rank && target.last == 1
          && target.extents.dropLast().elementsEqual(rows)
    else {
      throw MetricFailure(
        "takes a class number for each row of predictions of shape \(prediction.tuple); "
          + "the targets have shape \(target.tuple)",
        remedy: "class numbers, or a metric of one-hot targets as \"categorical_accuracy\"")
    }
  }

  /// Checks that class numbers are below the number of classes.
  static func checkClasses(
    _ labels: [Float], below count: Int, except ignored: Int? = nil
  ) throws(MetricFailure) {
    let limit = Float(count)
    for label in labels where !(label > -1 && label < limit) {
      if let ignored, label == Float(ignored) { continue }
      throw MetricFailure(
        "meets the class \(label) where there are \(count) predictions for each example",
        remedy: "class numbers from 0 to \(count - 1)")
    }
  }
}

extension Tensor {
  /// The same numbers with one axis moved to the end.
  func movingToEnd(_ axis: Int) -> Tensor {
    let rank = shape.rank
    let from = axis < 0 ? axis + rank : axis
    guard from != rank - 1 else { return self }
    let order = (0..<rank).filter { $0 != from } + [from]
    let extents = Shape(order.map { shape[$0] })
    let strides = shape.strides
    let moved = (0..<count).map { place in
      zip(extents.index(ofOffset: place), order).reduce(0) { $0 + $1.0 * strides[$1.1] }
    }
    return Tensor(shape: extents, scalars: moved.map { scalars[$0] })
  }

  /// The place of the first largest number along an axis, which vanishes.
  func places(ofLargestAlong axis: Int) -> Tensor {
    let rows = movingToEnd(axis)
    let columns = rows.shape.last
    let shape = Shape(Array(rows.shape.extents.dropLast()))
    let places = rows.scalars.withUnsafeBufferPointer { all in
      (0..<shape.count).map { r in
        Float(UnsafeBufferPointer(rebasing: all[r * columns..<(r + 1) * columns]).firstLargest)
      }
    }
    return Tensor(shape: shape, scalars: places)
  }

  /// Weights of the first axes, or of all with some of 1, repeated for every number of a shape.
  func spread(over shape: Shape) throws(MetricFailure) -> [Float] {
    if self.shape == shape { return scalars }
    var own = self.shape.extents
    while own.count > shape.rank, own.last == 1 { own.removeLast() }
    let fits =
      own.count <= shape.rank && zip(own, shape.extents).allSatisfy { $0 == $1 || $0 == 1 }
    guard fits else {
      throw MetricFailure(
        "gets weights of shape \(self.shape.tuple) for values of shape \(shape.tuple)",
        remedy: "one weight for each example")
    }
    let finest = own.lastIndex { $0 > 1 }.map { $0 + 1 } ?? 0
    if own.prefix(finest).elementsEqual(shape.extents.prefix(finest)) {
      let repeats = shape.extents.dropFirst(finest).reduce(1, *)
      return scalars.flatMap { repeatElement($0, count: repeats) }
    }
    let strides = Shape(own).strides
    return (0..<shape.count).map { place in
      let index = shape.index(ofOffset: place)
      return scalars[
        zip(zip(index, own), strides).reduce(0) { $0 + ($1.0.1 == 1 ? 0 : $1.0.0 * $1.1) }]
    }
  }
}

extension UnsafeBufferPointer<Float> {
  /// The place of the largest number, the first of several; a NaN counts as the largest, as in
  /// PyTorch.
  var firstLargest: Int {
    var best = 0
    for i in indices.dropFirst() where !(self[i] <= self[best]) {
      if self[best].isNaN { break }
      best = i
    }
    return best
  }
}

/// `a / b`, 0 where b is 0.
func quotient(_ a: Double, _ b: Double) -> Double { b == 0 ? 0 : a / b }
